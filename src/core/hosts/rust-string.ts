import type { Span } from "#core/text/span.ts";
import { hasCrlf, hexAt, literalKind } from "./host-string.ts";
import type { Escape, TextFormat } from "./host-string.ts";
import { decodeLiteral } from "./literal.ts";
import type { DecodedLiteral } from "./literal.ts";

const simple: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", "0": "\0", "\\": "\\", "'": "'", '"': '"' };

/**
 * Decodes a string literal of Rust. Reference: "String literals" and "Raw string literals" in the Rust reference.
 * @param span the literal with its delimiters
 * @returns undefined for bytes and C strings, and where it is not closed
 */
export function decodeRustString(source: string, span: Span, format: TextFormat): DecodedLiteral | undefined {
  const opening = /^(?:r(#*))?"/.exec(source.slice(span.start, Math.min(span.end, span.start + 260)));
  if (opening === null) return undefined;
  const raw = opening[1];
  const close = `"${raw ?? ""}`;
  const contents: Span = { start: span.start + opening[0].length, end: span.end - close.length };
  if (contents.end < contents.start || !source.startsWith(close, contents.end)) return undefined;
  const crlf = hasCrlf(source, contents);
  if (raw !== undefined) {
    const asIs = (text: string): string | undefined => (/[\r\p{Cs}]/u.test(text) ? undefined : text);
    return decodeLiteral(source, span, contents, [], literalKind({ close, multiline: true, carriageReturn: "dropped", format, escape: () => undefined, writes: [asIs] }, crlf));
  }
  const write = (text: string): string | undefined =>
    /\p{Cs}/u.test(text)
      ? undefined
      : text.replace(/[\\"\0\r]|(?!\t)\p{Cc}/gu, (c) => {
          if (c === "\\" || c === '"') return `\\${c}`;
          if (c === "\r") return "\\r";
          if (c === "\0") return "\\0";
          return `\\u{${c.charCodeAt(0).toString(16)}}`;
        });
  // A line continuation takes the blanks behind it away.
  const blankSafe = (text: string): string | undefined => write(text)?.replace(/^[ \t]/, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, "0")}`);
  const plainKind = literalKind({ close, multiline: true, carriageReturn: "dropped", format, escape: (text, at, to) => inTemplate(rustEscape(text, at, to), format), writes: [write, blankSafe] }, crlf);
  return decodeLiteral(source, span, contents, [], plainKind);
}

/** In a template an escape that stands for a brace would begin or end a hole. */
function inTemplate(escape: Escape | "invalid" | undefined, format: TextFormat): Escape | "invalid" | undefined {
  return format === "braces" && typeof escape === "object" && /[{}]/.test(escape.text) ? "invalid" : escape;
}

function rustEscape(source: string, at: number, to: number): Escape | "invalid" | undefined {
  if (source.charAt(at) !== "\\") return undefined;
  const c = source.charAt(at + 1);
  const known = simple[c];
  if (known !== undefined) return { text: known, end: at + 2 };
  if (c === "x") {
    const code = hexAt(source, at + 2, 2, to);
    return code === undefined || code > 127 ? "invalid" : { text: String.fromCharCode(code), end: at + 4 };
  }
  if (c === "u") {
    const digits = /^\{([0-9a-fA-F][0-9a-fA-F_]*)\}/.exec(source.slice(at + 2, Math.min(to, at + 16)));
    const code = Number.parseInt((digits?.[1] ?? "").replaceAll("_", ""), 16);
    if (digits === null || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return "invalid";
    return { text: String.fromCodePoint(code), end: at + 2 + digits[0].length };
  }
  // A backslash at the end of a line takes the line end and all blanks and line ends behind it away.
  if (c !== "\n" && !(c === "\r" && source.charAt(at + 2) === "\n")) return "invalid";
  let end = at + 2;
  while (end < to && /[ \t\r\n]/.test(source.charAt(end))) end++;
  return { text: "", end };
}
