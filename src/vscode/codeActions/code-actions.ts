import * as vscode from "vscode";
import type { DocumentFinding, DocumentFix, TextChange } from "#protocol/worker.ts";
import type { Contribution } from "../contribution.ts";
import type { Analyses, Analysis } from "../diagnostics/analyses.ts";
import { toDiagnostic } from "../diagnostics/diagnostics.ts";
import { hostLanguages } from "../diagnostics/languages.ts";
import { ignoreCommentMeta } from "#core/rules/ignores/ignore-comment-meta.ts";
import type { AddressedFinding, RuleOfFile } from "../findings/finding-of.ts";
import { toTextEdits } from "../fixes/text-edits.ts";
import { commandIds, diagnosticSource, fixAllKind } from "../ids.ts";
import { actionTitle } from "./action-title.ts";
import type { Verdict } from "#core/rules/verdict.ts";
import type { Trials } from "../statements/trials.ts";
import { fixAll } from "./fix-all.ts";
import { quickFixes, repeatedRules, touches } from "./quick-fixes.ts";

const fixAllActions = vscode.CodeActionKind.Empty.append(fixAllKind);

/** Quick fixes of the findings under the cursor, ways to leave them alone, and `source.fixAll.cutover` for the file. */
export const codeActions: Contribution = ({ analyses, trials }) =>
  vscode.languages.registerCodeActionsProvider(
    hostLanguages.map((language) => ({ language, scheme: "file" })),
    createProvider(analyses, trials),
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

function createProvider(analyses: Analyses, trials: Trials): vscode.CodeActionProvider {
  return {
    async provideCodeActions(document, range, context, token) {
      const analysis = await analyses.of(document);
      if (analysis === undefined || token.isCancellationRequested) return [];
      const wanted = context.only;
      const actions: vscode.CodeAction[] = [];
      if (wanted === undefined || wanted.contains(vscode.CodeActionKind.QuickFix)) {
        actions.push(...quickFixActions(document, range, analysis, context.diagnostics, trials), ...otherActions(document, range, analysis));
      }
      if (wanted !== undefined && wanted.contains(fixAllActions)) actions.push(...fixAllOf(document, analysis));
      return actions;
    },
    resolveCodeAction(action) {
      // The document went on: the ranges no longer hold, so nothing is changed rather than something else.
      if (!(action instanceof LazyAction) || action.document.version !== action.version) return action;
      const edit = new vscode.WorkspaceEdit();
      edit.set(action.document.uri, toTextEdits(action.changes(), action.document.getText()));
      action.edit = edit;
      return action;
    },
  };
}

function quickFixActions(document: vscode.TextDocument, range: vscode.Range, analysis: Analysis, shown: readonly vscode.Diagnostic[], trials: Trials): vscode.CodeAction[] {
  const verdictOf = (finding: DocumentFinding): Verdict["verdict"] | undefined => {
    const site = analysis.sites.find((each) => touches(each.range, finding.range));
    return site === undefined ? undefined : trials.known(document, site.range)?.verdict.verdict;
  };
  const single = quickFixes(analysis.findings, range).map(({ finding, fix, preferred }) => {
    const action = new LazyAction(actionTitle(fix, finding, verdictOf(finding)), vscode.CodeActionKind.QuickFix, document, () => fix.changes);
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
    if (review) return [commandAction(vscode.l10n.t("Fix all {0} of {1} in this file (review: each is shown first)", made.fixed, rule), commandIds.fixRule, { uri: document.uri, rule } satisfies RuleOfFile)];
    return [new LazyAction(vscode.l10n.t("Fix all {0} of {1} in this file (safe)", made.fixed, rule), vscode.CodeActionKind.QuickFix, document, () => made.changes)];
  });
  return [...single, ...all];
}

/** What reaches beyond one fix: the rule in the whole workspace, and the ways to leave a finding alone. */
function otherActions(document: vscode.TextDocument, range: vscode.Range, analysis: Analysis): vscode.CodeAction[] {
  const here = analysis.findings.filter((finding) => touches(finding.range, range));
  const firsts = here.filter((finding, i) => here.findIndex(({ rule }) => rule === finding.rule) === i);
  const addressed = (finding: DocumentFinding): AddressedFinding => ({ uri: document.uri, finding });
  const ignorable = firsts.filter(({ rule }) => rule !== ignoreCommentMeta.id);
  return [
    ...firsts.filter(({ fixes }) => fixes.length > 0).map(({ rule }) => commandAction(vscode.l10n.t("Fix all of {0} in the workspace…", rule), commandIds.fixRule, rule)),
    ...ignorable.map((finding) => commandAction(vscode.l10n.t("Ignore this {0} here (with a reason)…", finding.rule), commandIds.ignoreFinding, addressed(finding))),
    ...ignorable.map((finding) => commandAction(vscode.l10n.t("Ignore {0} in this file (with a reason)…", finding.rule), commandIds.ignoreRuleInFile, addressed(finding))),
    ...firsts.map((finding) => commandAction(vscode.l10n.t("Turn {0} off in cutover.json", finding.rule), commandIds.turnRuleOff, addressed(finding))),
  ];
}

/** An action that a command carries out. */
function commandAction(title: string, command: string, argument: AddressedFinding | RuleOfFile | string): vscode.CodeAction {
  const made = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  made.command = { command, title, arguments: [argument] };
  return made;
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
