import * as vscode from "vscode";
import type { Services } from "../contribution.ts";
import { rootOf } from "../diagnostics/analyses.ts";
import { toRange } from "../diagnostics/editor-range.ts";
import { findingOf } from "../findings/finding-of.ts";
import { problemOf, problemText } from "../problem.ts";

/** Asks for the reason and writes the comment that leaves a finding alone, or its rule in the whole file. The file is not saved. */
export async function ignoreFinding({ worker, log }: Services, argument: unknown, scope: "here" | "file"): Promise<void> {
  const addressed = findingOf(argument);
  if (addressed === undefined) return;
  const { uri, finding } = addressed;
  const document = await vscode.workspace.openTextDocument(uri);
  const reason = await vscode.window.showInputBox({
    title: scope === "here" ? vscode.l10n.t("Ignore {0} here", finding.rule) : vscode.l10n.t("Ignore {0} in this file", finding.rule),
    prompt: vscode.l10n.t("Why? The reason stands in the comment, for those who come later."),
    placeHolder: finding.message,
    validateInput: (text) => (/[\p{L}\p{N}]/u.test(text) ? undefined : vscode.l10n.t("A comment without a reason ignores nothing.")),
  });
  if (reason === undefined) return;
  const { version } = document;
  try {
    const change = await worker.ask("ignore", { root: rootOf(uri), path: uri.fsPath, text: document.getText(), rule: finding.rule, range: finding.range, scope, reason });
    if (change === undefined) {
      void vscode.window.showWarningMessage(
        scope === "here"
          ? vscode.l10n.t("No comment above this statement would be one: it may stand inside a longer text. Ignore the rule in the file, or write -- cutover-ignore[{0}]: reason into the SQL yourself.", finding.rule)
          : vscode.l10n.t("No place was found for the comment. Name the file in cutover.json's ignores."),
      );
      return;
    }
    if (document.version !== version) {
      void vscode.window.showWarningMessage(vscode.l10n.t("The file has changed meanwhile; nothing was written. Try again."));
      return;
    }
    const edit = new vscode.WorkspaceEdit();
    edit.replace(uri, toRange(change.range), change.newText);
    await vscode.workspace.applyEdit(edit);
    await vscode.window.showTextDocument(document, { preserveFocus: true, selection: new vscode.Range(change.range.start.line, 0, change.range.start.line, 0) });
  } catch (error) {
    const text = problemText(problemOf(error));
    log.error(text);
    void vscode.window.showErrorMessage(text);
  }
}
