import * as vscode from "vscode";
import type { Range } from "#protocol/worker.ts";

/** The editor's range of a worker's. */
export function toRange({ start, end }: Range): vscode.Range {
  return new vscode.Range(start.line, start.character, end.line, end.character);
}
