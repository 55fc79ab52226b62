import { modify } from "jsonc-parser";
import { lineIndex } from "#core/text/line-index.ts";
import type { TextChange, WorkerMethods } from "#protocol/worker.ts";
import { toRange } from "./analyze.ts";

/** The changes of a cutover.json's text that turn a rule off; its comments and layout stay. */
export function turnOff({ text, rule }: WorkerMethods["turnOff"]["request"]): readonly TextChange[] {
  const lines = lineIndex(text);
  const edits = modify(text, ["severity", rule], "off", { formattingOptions: { insertSpaces: true, tabSize: 2, eol: text.includes("\r\n") ? "\r\n" : "\n" } });
  return edits.map(({ offset, length, content }) => ({ range: toRange({ start: offset, end: offset + length }, lines), newText: content }));
}
