import * as vscode from "vscode";
import { lineIndex } from "#core/text/line-index.ts";
import { applyEdits } from "#core/text/edit.ts";
import type { SchemaSource, TextChange } from "#protocol/worker.ts";
import { configText } from "../commands/config-text.ts";
import type { Services } from "../contribution.ts";
import { toRange } from "../diagnostics/editor-range.ts";

/** A type that a person chooses for a column; undefined takes the choice back. */
export interface Choice {
  readonly table: string;
  readonly column: string;
  readonly type: string | undefined;
}

/** The cutover.json that decides about a source. */
export function configUri(root: string): vscode.Uri {
  return vscode.Uri.joinPath(vscode.Uri.file(root), "cutover.json");
}

/**
 * Writes a choice into cutover.json, as an edit that VS Code's undo takes back, too; a file that is not there is made. A file with changes
 * that nobody has saved yet stays unsaved.
 * @param seen called as soon as the editor holds the choice, before it is on disk
 * @throws WorkerFailure when the file cannot be read as it stands
 */
export async function writeChoice({ worker, databases }: Services, { root, source, code }: SchemaSource, choice: Choice, seen: () => Promise<void>): Promise<void> {
  const uri = configUri(root);
  const there = await vscode.workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );
  const edit = new vscode.WorkspaceEdit();
  if (!there) {
    if (choice.type === undefined) return;
    const text = code || /\.sql$/i.test(source) || (await isFolder(root, source)) ? "{\n}\n" : configText(source);
    const changes = await worker.ask("override", { text, ...choice });
    // Refuses to overwrite in the same step in which it writes, whoever else made the file meanwhile.
    edit.createFile(uri, { overwrite: false, ignoreIfExists: false, contents: Buffer.from(changed(text, changes)) });
    if (!(await vscode.workspace.applyEdit(edit))) throw new Error(vscode.l10n.t("cutover.json could not be made in {0}", root));
    databases.refresh();
    await seen();
    return;
  }
  const document = await vscode.workspace.openTextDocument(uri);
  const changes = await worker.ask("override", { text: document.getText(), ...choice });
  if (changes.length === 0) return;
  edit.set(uri, changes.map(({ range, newText }) => new vscode.TextEdit(toRange(range), newText)));
  const wasDirty = document.isDirty;
  if (!(await vscode.workspace.applyEdit(edit))) throw new Error(vscode.l10n.t("cutover.json could not be changed"));
  await Promise.all([seen(), ...(wasDirty ? [] : [document.save()])]);
}

async function isFolder(root: string, source: string): Promise<boolean> {
  return vscode.workspace.fs.stat(vscode.Uri.joinPath(vscode.Uri.file(root), source)).then(
    ({ type }) => (type & vscode.FileType.Directory) !== 0,
    () => false,
  );
}

function changed(text: string, changes: readonly TextChange[]): string {
  const lines = lineIndex(text);
  return applyEdits(text, changes.map(({ range, newText }) => ({ span: { start: lines.offsetAt(range.start), end: lines.offsetAt(range.end) }, newText })));
}
