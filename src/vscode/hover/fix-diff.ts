import { applyEdits } from "#core/text/edit.ts";
import { lineIndex } from "#core/text/line-index.ts";
import type { TextChange } from "#protocol/worker.ts";

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
  const edits = changes.map(({ range, newText }) => ({ span: { start: lines.offsetAt(range.start) - start, end: lines.offsetAt(range.end) - start }, newText }));
  const excerpt = text.slice(start, end);
  const before = toLines(excerpt);
  const after = toLines(applyEdits(excerpt, edits));
  const indent = Math.min(...[...before, ...after].filter((line) => line.trim() !== "").map((line) => line.length - line.trimStart().length));
  const side = (mark: string, from: readonly string[], other: readonly string[]): string[] =>
    from.filter((line) => !other.includes(line)).map((line) => `${mark} ${line.slice(Number.isFinite(indent) ? indent : 0)}`);
  return [...side("-", before, after), ...side("+", after, before)].join("\n");
}

function toLines(text: string): string[] {
  return text.replace(/\r\n?|\n$/g, (end) => (end === "\n" ? "" : "\n")).split("\n");
}
