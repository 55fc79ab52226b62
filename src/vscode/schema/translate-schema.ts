import { basename, isAbsolute, relative, sep } from "node:path";
import * as vscode from "vscode";
import type { Services } from "../contribution.ts";
import type { Databases } from "../databases/databases.ts";
import { pairOfNode } from "../databases/databases-view.ts";
import { showSchemaPanel } from "./schema-panel.ts";

/** A SQLite file or SQL text, and the folder whose cutover.json decides about it. */
export interface SchemaSource {
  readonly root: string;
  /** Relative to the root where it lies below it, else absolute. */
  readonly source: string;
}

/** Opens the panel with the translated schema of the file or node the command was called on, or of a picked source. */
export async function translateSchema(services: Services, argument: unknown): Promise<void> {
  const source = await chooseSource(services.databases, argument);
  if (source !== undefined) showSchemaPanel(services, source);
}

async function chooseSource(databases: Databases, argument: unknown): Promise<SchemaSource | undefined> {
  const pair = pairOfNode(argument);
  if (pair !== undefined) return { root: pair.folder.uri.fsPath, source: pair.source };
  if (argument instanceof vscode.Uri) return sourceOf(argument);
  const pairs = await databases.pairs();
  if (pairs.length === 0) return openDialog();
  if (pairs.length === 1 && pairs[0] !== undefined) return { root: pairs[0].folder.uri.fsPath, source: pairs[0].source };
  const other = { label: vscode.l10n.t("Another file…"), pair: undefined };
  const picked = await vscode.window.showQuickPick([...pairs.map((configured) => ({ label: configured.name, description: configured.source, pair: configured })), other], {
    placeHolder: vscode.l10n.t("Translate the schema of which database?"),
  });
  if (picked === undefined) return undefined;
  return picked.pair === undefined ? openDialog() : { root: picked.pair.folder.uri.fsPath, source: picked.pair.source };
}

async function openDialog(): Promise<SchemaSource | undefined> {
  const chosen = await vscode.window.showOpenDialog({
    canSelectMany: false,
    openLabel: vscode.l10n.t("Translate"),
    title: vscode.l10n.t("Translate the schema of a SQLite database or of SQL text"),
    filters: { [vscode.l10n.t("SQLite databases")]: ["db", "sqlite", "sqlite3", "db3"], SQL: ["sql"], [vscode.l10n.t("All files")]: ["*"] },
  });
  return chosen?.[0] === undefined ? undefined : sourceOf(chosen[0]);
}

function sourceOf(uri: vscode.Uri): SchemaSource {
  const root = vscode.workspace.getWorkspaceFolder(uri)?.uri.fsPath ?? vscode.Uri.joinPath(uri, "..").fsPath;
  const path = relative(root, uri.fsPath);
  return { root, source: path === "" || path.startsWith(`..${sep}`) || isAbsolute(path) ? uri.fsPath : path.split(sep).join("/") };
}

/** What the panel of a source is called. */
export function panelTitle({ source }: SchemaSource): string {
  return vscode.l10n.t("Schema: {0}", basename(source));
}
