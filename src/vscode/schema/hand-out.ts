import { basename, resolve } from "node:path";
import * as vscode from "vscode";
import type { SchemaSource } from "#protocol/worker.ts";
import type { Services } from "../contribution.ts";
import { requestOf } from "./schema-request.ts";

/** Asks where to, and writes PostgreSQL's DDL there. */
export async function saveSchema(services: Services, source: SchemaSource): Promise<void> {
  const path = resolve(source.root, source.source).replace(/\.[^./\\]+$/, "");
  const target = await vscode.window.showSaveDialog({ defaultUri: vscode.Uri.file(`${path}.postgres.sql`), filters: { SQL: ["sql"] }, saveLabel: vscode.l10n.t("Save Schema") });
  if (target === undefined) return;
  await vscode.workspace.fs.writeFile(target, Buffer.from((await textOf(services, source)).postgres));
  await vscode.window.showTextDocument(target, { viewColumn: vscode.ViewColumn.Active });
}

/** Puts PostgreSQL's DDL into the clipboard. */
export async function copySchema(services: Services, source: SchemaSource): Promise<void> {
  await vscode.env.clipboard.writeText((await textOf(services, source)).postgres);
  vscode.window.setStatusBarMessage(vscode.l10n.t("PostgreSQL schema of {0} copied", source.source), 3000);
}

/** Opens PostgreSQL's DDL as a document that is not on disk yet. */
export async function openSchema(services: Services, source: SchemaSource, column: vscode.ViewColumn | undefined): Promise<void> {
  const document = await vscode.workspace.openTextDocument({ language: "sql", content: (await textOf(services, source)).postgres });
  await vscode.window.showTextDocument(document, column ?? vscode.ViewColumn.Active);
}

/** Shows both schemas side by side. */
export async function compareSchema(services: Services, source: SchemaSource): Promise<void> {
  const { sqlite, postgres } = await textOf(services, source);
  const name = basename(source.source);
  await services.statements.compare(name, vscode.l10n.t("{0}: SQLite ↔ PostgreSQL", name), sqlite, postgres);
}

async function textOf({ worker }: Services, source: SchemaSource): Promise<{ readonly sqlite: string; readonly postgres: string }> {
  return worker.ask("schemaText", { ...(await requestOf(source)), table: undefined });
}
