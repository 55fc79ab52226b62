import type { Span } from "#core/text/span.ts";
import { hasCrlf, hexAt, keepsIndent, literalKind, restricted, unicodeEscaped } from "./host-string.ts";
import type { Escape, LiteralSyntax, TextFormat } from "./host-string.ts";
import { decodeLiteral } from "./literal.ts";
import type { DecodedLiteral } from "./literal.ts";

/** An interpolation as the grammar found it, braces included, and its expression. */
export interface Interpolation {
  readonly file: Span;
  readonly expression: Span;
}

const simple: Readonly<Record<string, string>> = { "'": "'", '"': '"', "\\": "\\", "0": "\0", a: "\x07", b: "\b", e: "\x1b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" };

/**
 * Decodes a string literal of C#: regular, verbatim, interpolated or raw. Reference: "String literals", "Interpolated
 * string expressions" and "Raw string literals" in the C# language reference.
 * @param span the literal with its prefix and delimiters
 * @returns undefined where it is not closed or does not read as a literal
 */
export function decodeCsharpString(source: string, span: Span, interpolations: readonly Interpolation[], format: TextFormat): DecodedLiteral | undefined {
  const opening = /^([$@]*)("+)/.exec(source.slice(span.start, Math.min(span.end, span.start + 40)));
  if (opening === null) return undefined;
  const [, prefix = "", quotes = ""] = opening;
  const braces = prefix.replaceAll("@", "").length;
  if (quotes.length >= 3 && !prefix.includes("@")) return rawString(source, span, prefix.length, quotes, braces, interpolations, format);
  const contents: Span = { start: span.start + prefix.length + 1, end: span.end - 1 };
  if (contents.end < contents.start || source.charAt(contents.end) !== '"') return undefined;
  const verbatim = prefix.includes("@");
  const doubled = (text: string): string => (braces > 0 ? text.replace(/[{}]/g, "$&$&") : text);
  const syntax: LiteralSyntax = verbatim
    ? {
        close: '"',
        multiline: true,
        carriageReturn: "kept",
        format: braces > 0 ? "none" : format,
        escape: (text, at, to) => (text.startsWith('""', at) && at + 2 <= to ? { text: '"', end: at + 2 } : braceEscape(text, at, to, braces)),
        writes: [(text) => (/\p{Cs}/u.test(text) ? undefined : doubled(text.replaceAll('"', '""')))],
      }
    : {
        close: '"',
        multiline: false,
        carriageReturn: "kept",
        format: braces > 0 ? "none" : format,
        escape: (text, at, to) => csharpEscape(text, at, to) ?? braceEscape(text, at, to, braces),
        writes: [(text) => doubled(escaped(text)), (text) => doubled(escaped(text).replace(/^[0-9a-fA-F]/, (c) => unicodeEscaped(c, /./g)))],
      };
  const literal = decodeLiteral(source, span, contents, interpolations, literalKind(syntax, false));
  return braces === 0 ? literal : besideHoles(literal, interpolations);
}

function rawString(source: string, span: Span, prefix: number, quotes: string, braces: number, interpolations: readonly Interpolation[], format: TextFormat): DecodedLiteral | undefined {
  const inner: Span = { start: span.start + prefix + quotes.length, end: span.end - quotes.length };
  if (inner.end < inner.start || !source.startsWith(quotes, inner.end)) return undefined;
  const text = source.slice(inner.start, inner.end);
  const opening = /^[ \t]*\r?\n/.exec(text)?.[0];
  const closing = /\r?\n([ \t]*)$/.exec(text);
  const multiline = opening !== undefined && closing !== null;
  if (!multiline && text.includes("\n")) return undefined;
  const indent = multiline ? (closing[1] ?? "") : "";
  const first = inner.start + (multiline ? opening.length : 0);
  // With a single line end between the quotes there is no line.
  if (multiline && inner.start + closing.index < first) return undefined;
  const end = multiline ? inner.start + closing.index : inner.end;
  const contents: Span = { start: source.startsWith(indent, first) ? Math.min(end, first + indent.length) : first, end };
  const syntax: LiteralSyntax = {
    close: quotes,
    multiline,
    carriageReturn: "kept",
    indent,
    format: braces > 0 ? "none" : format,
    // Fewer braces than the prefix has dollars are text.
    escape: (at, from) => (braces > 0 && /[{}]/.test(at.charAt(from)) && at.slice(from, from + braces) === at.charAt(from).repeat(braces) ? "invalid" : undefined),
    writes: [(written) => (/[\r\p{Cs}]/u.test(written) || (braces > 0 && /[{}]/.test(written)) || (multiline ? "" : written).includes("\n") ? undefined : written)],
  };
  const kind = literalKind(syntax, hasCrlf(source, contents));
  const literal = keepsIndent(source, decodeLiteral(source, span, contents, interpolations, kind), first, "outside");
  // On one line a quote at an edge would belong to the delimiter.
  return multiline ? literal : restricted(literal, (at, written) => !((at.start === contents.start && written.startsWith('"')) || (at.end === contents.end && (written.endsWith('"') || (written === "" && source.charAt(at.start - 1) === '"'))) || (at.start === contents.start && written === "" && source.charAt(at.end) === '"')) && !(written === "" && at.start === contents.start && at.end === contents.end));
}

/** Braces beside an interpolation may be read as part of it or of its format. */
function besideHoles(literal: DecodedLiteral | undefined, interpolations: readonly Interpolation[]): DecodedLiteral | undefined {
  return restricted(literal, (at, written) => !interpolations.some(({ file }) => (file.end === at.start && written.startsWith("}")) || (at.end === file.start && written.endsWith("{"))));
}

function braceEscape(source: string, at: number, to: number, braces: number): Escape | "invalid" | undefined {
  const c = source.charAt(at);
  if (braces === 0 || (c !== "{" && c !== "}")) return undefined;
  return source.charAt(at + 1) === c && at + 1 < to ? { text: c, end: at + 2 } : "invalid";
}

function escaped(text: string): string {
  const plain = text.replace(/[\\"\n\r\t]/g, (c) => ({ "\n": "\\n", "\r": "\\r", "\t": "\\t" })[c] ?? `\\${c}`);
  return unicodeEscaped(plain, /[\p{Cc}\u2028\u2029]|\p{Cs}/gu);
}

function csharpEscape(source: string, at: number, to: number): Escape | "invalid" | undefined {
  if (source.charAt(at) !== "\\") return undefined;
  const c = source.charAt(at + 1);
  const known = simple[c];
  if (known !== undefined) return { text: known, end: at + 2 };
  if (c === "x") {
    const digits = /^[0-9a-fA-F]{1,4}/.exec(source.slice(at + 2, Math.min(at + 6, to)))?.[0];
    return digits === undefined ? "invalid" : { text: String.fromCharCode(Number.parseInt(digits, 16)), end: at + 2 + digits.length };
  }
  const length = c === "u" ? 4 : c === "U" ? 8 : 0;
  const code = length === 0 ? undefined : hexAt(source, at + 2, length, to);
  return code === undefined || code > 0x10ffff ? "invalid" : { text: String.fromCodePoint(code), end: at + 2 + length };
}
