import type { Edit } from "#core/text/edit.ts";
import type { LineIndex } from "#core/text/line-index.ts";
import type { Span } from "#core/text/span.ts";
import type { Range, TextChange } from "#protocol/worker.ts";

/** An editor's change as an edit of the text whose lines these are. */
export function toEdit({ range, newText, around }: TextChange, lines: LineIndex): Edit {
  const span = (each: Range): Span => ({ start: lines.offsetAt(each.start), end: lines.offsetAt(each.end) });
  return { span: span(range), newText, ...(around === undefined ? {} : { around: span(around) }) };
}
