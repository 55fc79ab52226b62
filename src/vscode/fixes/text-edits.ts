import * as vscode from "vscode";
import { mergeEdits } from "#core/text/edit.ts";
import { lineIndex } from "#core/text/line-index.ts";
import type { TextChange } from "#protocol/worker.ts";
import { toEdit } from "../codeActions/to-edit.ts";

/** The editor's edits for a fix's changes of a text, those at one place in the order in which they nest. */
export function toTextEdits(changes: readonly TextChange[], text: string): vscode.TextEdit[] {
  const lines = lineIndex(text);
  const { edits } = mergeEdits([{ edits: changes.map((change) => toEdit(change, lines)) }]);
  return edits.map(({ span, newText }) => {
    const [start, end] = [lines.positionAt(span.start), lines.positionAt(span.end)];
    return new vscode.TextEdit(new vscode.Range(start.line, start.character, end.line, end.character), newText);
  });
}
