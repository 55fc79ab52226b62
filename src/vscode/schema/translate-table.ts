import * as vscode from "vscode";
import type { Services } from "../contribution.ts";
import { pairOfNode } from "../databases/databases-view.ts";
import { isAnalysed } from "../diagnostics/languages.ts";
import { problemOf, problemText } from "../problem.ts";
import type { CodePlace } from "./panel-session.ts";
import { createdTable } from "./created-table.ts";
import { showSchemaPanel } from "./schema-panel.ts";
import { requestOf, sourceOf } from "./schema-request.ts";
import { pickSource } from "./translate-schema.ts";

/** A place in a document, as a code action and a code lens name it. */
export interface AddressedPlace extends CodePlace {
  /** A text, because links carry it as JSON. */
  readonly uri: string;
}

/**
 * Opens the panel at one table: the one whose node or CREATE TABLE the command was called on, the one that is created under the cursor,
 * or a picked one.
 */
export async function translateTable(services: Services, argument: unknown): Promise<void> {
  const pair = pairOfNode(argument);
  if (pair !== undefined) {
    showSchemaPanel(services, { root: pair.folder.uri.fsPath, source: pair.source, code: false }, tableOfNode(argument));
    return;
  }
  const place = isPlace(argument) ? argument : placeOfCursor();
  if (place !== undefined) {
    showSchemaPanel(services, sourceOf(vscode.Uri.parse(place.uri, true), true), undefined, { line: place.line, character: place.character });
    return;
  }
  const source = await pickSource(services.databases);
  if (source === undefined) return;
  try {
    const { tables } = await services.worker.ask("schema", { ...(await requestOf(source)), table: undefined, at: undefined });
    const picked = await vscode.window.showQuickPick(
      tables.map(({ name, columns, look }) => ({ label: name, description: vscode.l10n.t("{0} columns", columns.length) + (look === 0 ? "" : vscode.l10n.t(", {0} to look at", look)) })),
      { placeHolder: vscode.l10n.t("Translate which table of {0}?", source.source) },
    );
    if (picked !== undefined) showSchemaPanel(services, source, picked.label);
  } catch (error) {
    const text = problemText(problemOf(error));
    services.log.error(text);
    void vscode.window.showErrorMessage(text);
  }
}

/** The cursor's place, where it stands in a CREATE TABLE. */
function placeOfCursor(): AddressedPlace | undefined {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined || !isAnalysed(editor.document)) return undefined;
  const { document, selection } = editor;
  const { line, character } = selection.active;
  return createdTable(document.getText(), document.offsetAt(selection.active)) === undefined ? undefined : { uri: document.uri.toString(), line, character };
}

function tableOfNode(argument: unknown): string | undefined {
  if (typeof argument !== "object" || argument === null || !("table" in argument)) return undefined;
  const { table } = argument;
  return typeof table === "object" && table !== null && "name" in table && typeof table.name === "string" ? table.name : undefined;
}

function isPlace(value: unknown): value is AddressedPlace {
  return typeof value === "object" && value !== null && "uri" in value && typeof value.uri === "string" && "line" in value && typeof value.line === "number" && "character" in value && typeof value.character === "number";
}
