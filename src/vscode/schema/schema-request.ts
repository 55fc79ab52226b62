import { basename, isAbsolute, relative, resolve, sep } from "node:path";
import * as vscode from "vscode";
import type { SchemaRequest, SchemaSource } from "#protocol/worker.ts";
import { configUri } from "./write-choice.ts";

/** The source that a file or folder is, below the workspace folder that it lies in. */
export function sourceOf(uri: vscode.Uri, code = false): SchemaSource {
  const root = vscode.workspace.getWorkspaceFolder(uri)?.uri.fsPath ?? vscode.Uri.joinPath(uri, "..").fsPath;
  const path = relative(root, uri.fsPath);
  return { root, source: path === "" || path.startsWith(`..${sep}`) || isAbsolute(path) ? uri.fsPath : path.split(sep).join("/"), code };
}

/** The file or folder that a source is. */
export function uriOf({ root, source }: SchemaSource): vscode.Uri {
  return vscode.Uri.file(resolve(root, source));
}

/** What is the same for every panel of a source. */
export function keyOf(source: SchemaSource): string {
  return `${uriOf(source).toString()}${source.code ? "#code" : ""}`;
}

/** What the panel of a source is called. */
export function panelTitle({ source }: SchemaSource): string {
  return vscode.l10n.t("Schema: {0}", basename(source));
}

/** A source with what the editor holds and has not written: cutover.json's text, and the code's. */
export async function requestOf(source: SchemaSource): Promise<SchemaRequest> {
  return { ...source, config: openText(configUri(source.root)), text: source.code ? (await vscode.workspace.openTextDocument(uriOf(source))).getText() : undefined };
}

function openText(uri: vscode.Uri): string | undefined {
  return vscode.workspace.textDocuments.find((document) => !document.isClosed && document.uri.toString() === uri.toString())?.getText();
}
