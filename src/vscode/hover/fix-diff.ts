import { applyEdits, type Edit } from "#core/text/edit.ts";
import { lineIndex } from "#core/text/line-index.ts";
import type { TextChange } from "#protocol/worker.ts";
import { toEdit } from "../codeActions/to-edit.ts";

/**
 * The lines that the changes of a fix touch, before (`- `) and after (`+ `), without their common indentation; undefined
 * when they span more than `limit` lines or change nothing.
 */
export function fixDiff(text: string, changes: readonly TextChange[], limit: number): string | undefined {
  if (changes.length === 0) return undefined;
  const first = Math.min(...changes.map((change) => change.range.start.line));
  const last = Math.max(...changes.map((change) => change.range.end.line));
  if (last - first >= limit) return undefined;
  const lines = lineIndex(text);
  const start = lines.offsetAt({ line: first, character: 0 });
  const end = lines.offsetAt({ line: last + 1, character: 0 });
  const edits = changes.map((change) => toEdit(change, lines));
  const before = toLines(text.slice(start, end));
  const after = toLines(applyEdits(text, edits).slice(start, end + grown(edits)));
  const indent = Math.min(...[...before, ...after].filter((line) => line.trim() !== "").map((line) => line.length - line.trimStart().length));
  const side = (mark: string, from: readonly string[], other: readonly string[]): string[] =>
    from.filter((line) => !other.includes(line)).map((line) => `${mark} ${line.slice(Number.isFinite(indent) ? indent : 0)}`);
  return [...side("-", before, after), ...side("+", after, before)].join("\n");
}

/** How many characters the edits add. */
function grown(edits: readonly Edit[]): number {
  return edits.reduce((sum, { span, newText }) => sum + newText.length - (span.end - span.start), 0);
}

function toLines(text: string): string[] {
  return text.replace(/\r\n?|\n$/g, (end) => (end === "\n" ? "" : "\n")).split("\n");
}
