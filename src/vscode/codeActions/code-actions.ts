import * as vscode from "vscode";
import type { DocumentFix, TextChange } from "#protocol/worker.ts";
import type { Contribution } from "../contribution.ts";
import type { Analyses, Analysis } from "../diagnostics/analyses.ts";
import { toDiagnostic } from "../diagnostics/diagnostics.ts";
import { toRange } from "../diagnostics/editor-range.ts";
import { hostLanguages } from "../diagnostics/languages.ts";
import { diagnosticSource, fixAllKind } from "../ids.ts";
import { fixAll } from "./fix-all.ts";
import { quickFixes, repeatedRules } from "./quick-fixes.ts";

const fixAllActions = vscode.CodeActionKind.Empty.append(fixAllKind);

/** Quick fixes of the findings under the cursor, and `source.fixAll.cutover` for the file. */
export const codeActions: Contribution = ({ analyses }) =>
  vscode.languages.registerCodeActionsProvider(
    hostLanguages.map((language) => ({ language, scheme: "file" })),
    createProvider(analyses),
    { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix, fixAllActions] },
  );

/** An action whose edit is made when it is chosen, from the analysis it was offered for. */
class LazyAction extends vscode.CodeAction {
  readonly document: vscode.TextDocument;
  readonly version: number;
  readonly changes: () => readonly TextChange[];

  constructor(title: string, kind: vscode.CodeActionKind, document: vscode.TextDocument, changes: () => readonly TextChange[]) {
    super(title, kind);
    this.document = document;
    this.version = document.version;
    this.changes = changes;
  }
}

function createProvider(analyses: Analyses): vscode.CodeActionProvider<LazyAction> {
  return {
    async provideCodeActions(document, range, context, token) {
      const analysis = await analyses.of(document);
      if (analysis === undefined || token.isCancellationRequested) return [];
      const wanted = context.only;
      const actions: LazyAction[] = [];
      if (wanted === undefined || wanted.contains(vscode.CodeActionKind.QuickFix)) actions.push(...quickFixActions(document, range, analysis, context.diagnostics));
      if (wanted !== undefined && wanted.contains(fixAllActions)) actions.push(...fixAllOf(document, analysis));
      return actions;
    },
    resolveCodeAction(action) {
      // The document went on: the ranges no longer hold, so nothing is changed rather than something else.
      if (action.document.version !== action.version) return action;
      const edit = new vscode.WorkspaceEdit();
      edit.set(action.document.uri, action.changes().map(toTextEdit));
      action.edit = edit;
      return action;
    },
  };
}

function quickFixActions(document: vscode.TextDocument, range: vscode.Range, analysis: Analysis, shown: readonly vscode.Diagnostic[]): LazyAction[] {
  const single = quickFixes(analysis.findings, range).map(({ title, finding, fix, preferred }) => {
    const action = new LazyAction(title, vscode.CodeActionKind.QuickFix, document, () => fix.changes);
    action.isPreferred = preferred;
    const made = toDiagnostic(finding);
    action.diagnostics = shown.filter((diagnostic) => diagnostic.source === diagnosticSource && diagnostic.range.isEqual(made.range) && diagnostic.message === made.message);
    return action;
  });
  const all = repeatedRules(analysis.findings, range).flatMap((rule) => {
    const text = document.getText();
    const ofRule = analysis.findings.filter((finding) => finding.rule === rule);
    const made = fixAll(text, ofRule, takesAny);
    if (made.fixed < 2) return [];
    const review = ofRule.some((finding) => finding.fixes[0]?.applicability === "review");
    const title = vscode.l10n.t("Fix all {0} of {1} in this file", made.fixed, rule);
    return [new LazyAction(review ? `${title} (review)` : title, vscode.CodeActionKind.QuickFix, document, () => made.changes)];
  });
  return [...single, ...all];
}

function fixAllOf(document: vscode.TextDocument, analysis: Analysis): LazyAction[] {
  const made = fixAll(document.getText(), analysis.findings, isSafe);
  if (made.fixed === 0) return [];
  return [new LazyAction(vscode.l10n.t("Cutover: apply the {0} safe fixes of this file", made.fixed), fixAllActions, document, () => made.changes)];
}

function isSafe(fix: DocumentFix): boolean {
  return fix.applicability === "safe";
}

function takesAny(): boolean {
  return true;
}

function toTextEdit({ range, newText }: TextChange): vscode.TextEdit {
  return new vscode.TextEdit(toRange(range), newText);
}
