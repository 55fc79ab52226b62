import assert from "node:assert/strict";
import { join } from "node:path";
import * as vscode from "vscode";
import type { Check } from "../check.ts";

/** The file that the workspace of these checks has. */
export const fixAllFile = "queue.py";

const kind = vscode.CodeActionKind.Source.append("fixAll").append("cutover");

export const fixesAll: Check = {
  name: "source.fixAll.cutover rewrites what is safe and then has nothing left to do",
  async run({ folder }) {
    const document = await vscode.workspace.openTextDocument(vscode.Uri.file(join(folder, fixAllFile)));
    const action = await fixAllOf(document);
    assert.ok(action?.edit, "there is no action with an edit");
    const before = document.getText();
    assert.ok(await vscode.workspace.applyEdit(action.edit), "the edit was not applied");
    const after = document.getText();
    assert.equal(after, before.replace("INSERT OR ABORT", "INSERT"));
    assert.equal(await fixAllOf(document), undefined, `a second round would change it again:\n${after}`);
  },
};

async function fixAllOf(document: vscode.TextDocument): Promise<vscode.CodeAction | undefined> {
  const everything = new vscode.Range(0, 0, document.lineCount, 0);
  // The last argument asks for that many actions to be resolved, so that they come with their edits.
  const actions = await vscode.commands.executeCommand<readonly vscode.CodeAction[]>("vscode.executeCodeActionProvider", document.uri, everything, kind.value, 10);
  return actions.find((action) => action.kind !== undefined && kind.contains(action.kind));
}
