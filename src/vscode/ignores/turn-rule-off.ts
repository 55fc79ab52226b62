import * as vscode from "vscode";
import type { Services } from "../contribution.ts";
import { toRange } from "../diagnostics/editor-range.ts";
import { findingOf, ruleOf } from "../findings/finding-of.ts";
import { pickFolder } from "../commands/pick.ts";
import { problemOf, problemText } from "../problem.ts";

/** Writes `"severity": { rule: "off" }` into the cutover.json of the finding's folder, which is made when there is none, and shows it. */
export async function turnRuleOff({ worker, log, databases }: Services, argument: unknown): Promise<void> {
  const rule = ruleOf(argument);
  if (rule === undefined) return;
  const addressed = findingOf(argument);
  const folder = (addressed === undefined ? undefined : vscode.workspace.getWorkspaceFolder(addressed.uri)) ?? (await pickFolder());
  if (folder === undefined) return;
  const uri = vscode.Uri.joinPath(folder.uri, "cutover.json");
  try {
    const there = await vscode.workspace.fs.stat(uri).then(
      () => true,
      () => false,
    );
    const document = there ? await vscode.workspace.openTextDocument(uri) : undefined;
    const changes = await worker.ask("turnOff", { text: document?.getText() ?? "", rule });
    const edit = new vscode.WorkspaceEdit();
    if (document === undefined) edit.createFile(uri, { overwrite: false, ignoreIfExists: false, contents: Buffer.from(`${changes.map(({ newText }) => newText).join("")}\n`) });
    else edit.set(uri, changes.map(({ range, newText }) => new vscode.TextEdit(toRange(range), newText)));
    const wasDirty = document?.isDirty === true;
    if (!(await vscode.workspace.applyEdit(edit))) return;
    // It counts as soon as it is written; what a person had not saved yet stays theirs to save.
    if (document !== undefined && !wasDirty) await document.save();
    const shown = await vscode.window.showTextDocument(uri);
    const at = shown.document.getText().indexOf(`"${rule}": "off"`);
    if (at >= 0) shown.selection = new vscode.Selection(shown.document.positionAt(at), shown.document.positionAt(at + rule.length + 9));
    if (document === undefined) databases.refresh();
  } catch (error) {
    const text = problemText(problemOf(error));
    log.error(text);
    void vscode.window.showErrorMessage(text);
  }
}
