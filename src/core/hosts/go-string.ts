import type { Span } from "#core/text/span.ts";
import { hasCrlf, hexAt, literalKind } from "./host-string.ts";
import type { Escape, TextFormat } from "./host-string.ts";
import { decodeLiteral } from "./literal.ts";
import type { DecodedLiteral } from "./literal.ts";

const simple: Readonly<Record<string, string>> = { a: "\x07", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v", "\\": "\\", '"': '"' };

/**
 * Decodes a string literal of Go. Reference: "String literals" in the language's specification.
 * @param span the literal with its delimiters
 * @returns undefined where it is not closed
 */
export function decodeGoString(source: string, span: Span, format: TextFormat): DecodedLiteral | undefined {
  const quote = source.charAt(span.start);
  const contents: Span = { start: span.start + 1, end: span.end - 1 };
  if ((quote !== '"' && quote !== "`") || contents.end < contents.start || source.charAt(contents.end) !== quote) return undefined;
  if (quote === "`") {
    const kind = literalKind(
      {
        close: "`",
        multiline: true,
        carriageReturn: "dropped",
        format,
        escape: (text, at) => (text.charAt(at) === "\r" ? { text: "", end: at + 1 } : undefined),
        writes: [(text) => (/[`\r\0\uFEFF\p{Cs}]/u.test(text) ? undefined : text)],
      },
      hasCrlf(source, contents),
    );
    return decodeLiteral(source, span, contents, [], kind);
  }
  const write = (text: string): string | undefined => {
    if (/\p{Cs}/u.test(text)) return undefined;
    return text.replace(/[\\"\p{Cc}\uFEFF]/gu, (c) => {
      if (c === "\\" || c === '"') return `\\${c}`;
      if (c === "\n") return "\\n";
      if (c === "\t") return "\\t";
      if (c === "\r") return "\\r";
      return `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`;
    });
  };
  return decodeLiteral(source, span, contents, [], literalKind({ close: '"', multiline: false, carriageReturn: "kept", format, escape: goEscape, writes: [write] }, false));
}

function goEscape(source: string, at: number, to: number): Escape | "invalid" | undefined {
  if (source.charAt(at) !== "\\") return undefined;
  const c = source.charAt(at + 1);
  const known = simple[c];
  if (known !== undefined) return { text: known, end: at + 2 };
  const length = { x: 2, u: 4, U: 8 }[c];
  if (length !== undefined) {
    const code = hexAt(source, at + 2, length, to);
    if (code === undefined || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return "invalid";
    const end = at + 2 + length;
    // \x80 is a byte, not a character.
    return c === "x" && code > 127 ? { text: source.slice(at, end), end, hole: true } : { text: String.fromCodePoint(code), end };
  }
  const octal = /^[0-3][0-7]{2}/.exec(source.slice(at + 1, Math.min(at + 4, to)))?.[0];
  if (octal === undefined) return "invalid";
  const code = Number.parseInt(octal, 8);
  return code > 127 ? { text: source.slice(at, at + 4), end: at + 4, hole: true } : { text: String.fromCharCode(code), end: at + 4 };
}
