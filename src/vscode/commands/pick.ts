import * as vscode from "vscode";
import type { Databases, PairOfFolder } from "../databases/databases.ts";
import { commandIds } from "../ids.ts";
import { problemText } from "../problem.ts";

/** The only folder on disk, or the one a person picks; undefined when there is none or the pick was left. */
export async function pickFolder(): Promise<vscode.WorkspaceFolder | undefined> {
  const folders = (vscode.workspace.workspaceFolders ?? []).filter((folder) => folder.uri.scheme === "file");
  if (folders.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t("Cutover works on a folder: open the one that holds your application."));
    return undefined;
  }
  if (folders.length === 1) return folders[0];
  const picked = await vscode.window.showQuickPick(
    folders.map((folder) => ({ label: folder.name, description: folder.uri.fsPath, folder })),
    { placeHolder: vscode.l10n.t("In which folder?") },
  );
  return picked?.folder;
}

/** The only configured pair, or the one a person picks; undefined when the pick was left or there is none, which is said. */
export async function pickPair(databases: Databases, placeHolder: string): Promise<PairOfFolder | undefined> {
  const pairs = await databases.pairs();
  if (pairs.length === 0) {
    await offerConfig(databases);
    return undefined;
  }
  if (pairs.length === 1) return pairs[0];
  const picked = await vscode.window.showQuickPick(
    pairs.map((pair) => ({ label: pair.name, description: `${pair.source} → ${pair.target}`, detail: pair.folder.name, pair })),
    { placeHolder },
  );
  return picked?.pair;
}

/** Says why there is no pair to work on, with the way out as a button. */
async function offerConfig(databases: Databases): Promise<void> {
  const folders = await databases.folders();
  const broken = folders.find((folder) => folder.problem !== undefined);
  if (broken?.problem !== undefined) {
    const open = vscode.l10n.t("Open cutover.json");
    const chosen = await vscode.window.showErrorMessage(problemText(broken.problem), open);
    if (chosen === open) await vscode.commands.executeCommand("vscode.open", vscode.Uri.joinPath(broken.folder.uri, "cutover.json"));
    return;
  }
  const present = folders.find((folder) => folder.configuration?.present === true);
  const action = present === undefined ? vscode.l10n.t("Create cutover.json") : vscode.l10n.t("Open cutover.json");
  const chosen = await vscode.window.showInformationMessage(vscode.l10n.t("No database is configured: cutover.json names a SQLite file and the PostgreSQL it goes to."), action);
  if (chosen !== action) return;
  if (present === undefined) await vscode.commands.executeCommand(commandIds.createConfig);
  else await vscode.commands.executeCommand("vscode.open", vscode.Uri.joinPath(present.folder.uri, "cutover.json"));
}
