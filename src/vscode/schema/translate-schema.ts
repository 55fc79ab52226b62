import * as vscode from "vscode";
import type { SchemaSource } from "#protocol/worker.ts";
import type { Services } from "../contribution.ts";
import { pairOfNode } from "../databases/databases-view.ts";
import type { Databases } from "../databases/databases.ts";
import { showSchemaPanel } from "./schema-panel.ts";
import { sourceOf } from "./schema-request.ts";

/** Opens the panel with the translated schema of the file, folder or node the command was called on, or of a picked source. */
export async function translateSchema(services: Services, argument: unknown): Promise<void> {
  const pair = pairOfNode(argument);
  const source = pair !== undefined ? { root: pair.folder.uri.fsPath, source: pair.source, code: false } : argument instanceof vscode.Uri ? sourceOf(argument) : await pickSource(services.databases);
  if (source !== undefined) showSchemaPanel(services, source);
}

/** The only configured source, or the one a person picks: another configured one, a file, a folder of migrations; undefined when the pick was left. */
export async function pickSource(databases: Databases): Promise<SchemaSource | undefined> {
  const configured = (await databases.pairs()).map((pair) => ({ label: pair.name, description: pair.source, source: { root: pair.folder.uri.fsPath, source: pair.source, code: false } }));
  if (configured.length === 1) return configured[0]?.source;
  const file = { label: vscode.l10n.t("$(file) A file…"), description: vscode.l10n.t("a SQLite database or SQL text"), source: undefined };
  const folder = { label: vscode.l10n.t("$(folder) A folder of migrations…"), description: vscode.l10n.t("its .sql files in their order"), source: undefined };
  const picked = await vscode.window.showQuickPick([...configured, file, folder], { placeHolder: vscode.l10n.t("Translate which schema?") });
  if (picked === undefined) return undefined;
  return picked.source ?? openDialog(picked === folder);
}

async function openDialog(folder: boolean): Promise<SchemaSource | undefined> {
  const chosen = await vscode.window.showOpenDialog({
    canSelectMany: false,
    canSelectFiles: !folder,
    canSelectFolders: folder,
    openLabel: vscode.l10n.t("Translate"),
    title: folder ? vscode.l10n.t("Translate the schema that a folder of migrations makes") : vscode.l10n.t("Translate the schema of a SQLite database or of SQL text"),
    ...(folder ? {} : { filters: { [vscode.l10n.t("SQLite databases")]: ["db", "sqlite", "sqlite3", "db3"], SQL: ["sql"], [vscode.l10n.t("All files")]: ["*"] } }),
  });
  return chosen?.[0] === undefined ? undefined : sourceOf(chosen[0]);
}
