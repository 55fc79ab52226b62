import * as vscode from "vscode";
import type { Services } from "../contribution.ts";
import { rootOf } from "../diagnostics/analyses.ts";
import { problemOf, problemText } from "../problem.ts";
import { statementOf } from "./statement-of.ts";

/** Shows a statement as it stands beside what its fixes would make of it. */
export async function previewStatement({ worker, log, statements }: Services, argument: unknown): Promise<void> {
  const statement = statementOf(argument);
  if (statement === undefined) return;
  const { range } = statement;
  const uri = vscode.Uri.parse(statement.uri, true);
  const document = await vscode.workspace.openTextDocument(uri);
  try {
    const preview = await worker.ask("preview", { root: rootOf(uri), path: uri.fsPath, text: document.getText(), range });
    if (preview === undefined) {
      void vscode.window.showInformationMessage(vscode.l10n.t("The statement is not there any more."));
      return;
    }
    const place = `${vscode.workspace.asRelativePath(uri)}:${range.start.line + 1}`;
    const made = preview.fixed === 1 ? vscode.l10n.t("1 fix") : vscode.l10n.t("{0} fixes", preview.fixed);
    const title = preview.left === 0 ? vscode.l10n.t("{0} ({1})", place, made) : vscode.l10n.t("{0} ({1}, {2} left to a person)", place, made, preview.left);
    await statements.compare(place, title, preview.before, preview.after);
  } catch (error) {
    const text = problemText(problemOf(error));
    log.error(text);
    void vscode.window.showErrorMessage(text);
  }
}
