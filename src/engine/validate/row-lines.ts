import type { PostgresType } from "#core/schema/decision.ts";
import { delimiter, quote } from "../migrate/copy-format.ts";
import { canonicalForms } from "./canonical-value.ts";

const quoteByte = quote.charCodeAt(0);
const delimiterByte = delimiter.charCodeAt(0);
const lineFeed = 0x0a;

/** The offset of the delimiter or line feed that ends the field. */
function fieldEnd(buffer: Buffer, start: number): number {
  let inside = false;
  let at = start;
  for (; at < buffer.length; at++) {
    const byte = buffer[at];
    if (byte === quoteByte) inside = !inside;
    else if (!inside && (byte === delimiterByte || byte === lineFeed)) break;
  }
  return at;
}

function fieldText(buffer: Buffer, start: number, end: number): string {
  if (buffer[start] !== quoteByte) return buffer.toString("latin1", start, end);
  const text = buffer.toString("utf8", start + 1, end - 1);
  return text.includes(quote) ? text.replaceAll(quote + quote, quote) : text;
}

/** The rows of whole lines, every value as its canonical text or null. */
export function* readRows(lines: Uint8Array, types: readonly PostgresType[]): Generator<(string | null)[]> {
  const buffer = Buffer.from(lines.buffer, lines.byteOffset, lines.byteLength);
  let at = 0;
  while (at < buffer.length) {
    const row: (string | null)[] = [];
    for (;;) {
      const end = fieldEnd(buffer, at);
      const type = types[row.length];
      const text = end === at ? null : fieldText(buffer, at, end);
      row.push(text === null || type === undefined ? text : (canonicalForms[type]?.(text) ?? text));
      at = end + 1;
      if (buffer[end] !== delimiterByte) break;
    }
    yield row;
  }
}

/** Cuts a stream of bytes so that every piece ends where a row ends. */
export async function* wholeLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const buffer = rest.length === 0 ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength) : Buffer.concat([rest, chunk]);
    // A row begins outside of quotes: the last line feed outside of them ends the last whole row.
    let end = 0;
    let inside = false;
    for (let at = 0; at < buffer.length; at++) {
      const byte = buffer[at];
      if (byte === quoteByte) inside = !inside;
      else if (byte === lineFeed && !inside) end = at + 1;
    }
    if (end > 0) yield buffer.subarray(0, end);
    rest = buffer.subarray(end);
  }
  if (rest.length > 0) yield rest;
}
