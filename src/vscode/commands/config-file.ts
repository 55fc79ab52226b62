import * as vscode from "vscode";
import type { Services } from "../contribution.ts";
import { configText } from "./config-text.ts";
import { pickFolder } from "./pick.ts";

const fileName = "cutover.json";

/** Where SQLite files are looked for, and how they are mostly called. */
const sqliteFiles = "**/*.{db,sqlite,sqlite3,db3}";
const elsewhere = "**/{node_modules,.git,.venv,venv,dist,.cutover}/**";

/** Writes a first cutover.json, naming a SQLite file of the folder, and opens it. One that exists is opened as it is. */
export async function createConfig(services: Services): Promise<void> {
  const folder = await pickFolder();
  if (folder === undefined) return;
  const uri = vscode.Uri.joinPath(folder.uri, fileName);
  if (await exists(uri)) {
    await showExisting(folder);
    return;
  }
  const source = await findSource(folder);
  if (source === undefined) return;
  const edit = new vscode.WorkspaceEdit();
  // Refuses to overwrite in the same step in which it writes, whoever else made the file meanwhile.
  edit.createFile(uri, { overwrite: false, ignoreIfExists: false, contents: Buffer.from(configText(source)) });
  if (!(await vscode.workspace.applyEdit(edit))) {
    await showExisting(folder);
    return;
  }
  services.databases.refresh();
  await vscode.window.showTextDocument(uri);
}

async function showExisting(folder: vscode.WorkspaceFolder): Promise<void> {
  void vscode.window.showInformationMessage(vscode.l10n.t("{0} has a cutover.json already; it is left as it is.", folder.name));
  await openConfig(folder.uri);
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  return vscode.workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );
}

/** Opens the cutover.json of a folder given by its address, or of a picked one. */
export async function openConfig(argument: unknown): Promise<void> {
  const folder = argument instanceof vscode.Uri ? argument : (await pickFolder())?.uri;
  if (folder !== undefined) await vscode.window.showTextDocument(vscode.Uri.joinPath(folder, fileName));
}

/** The SQLite file that the new configuration names, relative to the folder; undefined when the pick was left. */
async function findSource(folder: vscode.WorkspaceFolder): Promise<string | undefined> {
  const found = await vscode.workspace.findFiles(new vscode.RelativePattern(folder, sqliteFiles), elsewhere, 50);
  const paths = found.map((uri) => vscode.workspace.asRelativePath(uri, false)).sort();
  if (paths.length > 1) return vscode.window.showQuickPick(paths, { placeHolder: vscode.l10n.t("Which SQLite database is to move?") });
  return paths[0] ?? "app.db";
}
