import * as vscode from "vscode";
import type { UnwrittenTexts } from "#protocol/worker.ts";
import { isAnalysed } from "../diagnostics/languages.ts";

/** The texts of documents that have been changed and not saved: what is on disk is not what a person sees of them. */
export function unwrittenTexts(): UnwrittenTexts {
  return vscode.workspace.textDocuments.filter((document) => document.isDirty && isAnalysed(document)).map((document) => ({ path: document.uri.fsPath, text: document.getText() }));
}
