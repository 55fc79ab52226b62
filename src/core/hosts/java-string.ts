import type { Span } from "#core/text/span.ts";
import { commonIndent, hasCrlf, hexAt, keepsIndent, literalKind, restricted } from "./host-string.ts";
import type { Escape, TextFormat } from "./host-string.ts";
import { decodeLiteral } from "./literal.ts";
import type { DecodedLiteral } from "./literal.ts";

const simple: Readonly<Record<string, string>> = { b: "\b", s: " ", t: "\t", n: "\n", f: "\f", r: "\r", '"': '"', "'": "'", "\\": "\\" };

/**
 * Decodes a string literal or text block of Java. Reference: "String Literals", "Text Blocks", "Escape Sequences" and
 * "Unicode Escapes" in the Java language specification (3.10.5 to 3.10.7 and 3.3).
 * @param span the literal with its delimiters
 * @returns undefined where it is not closed, or where a Unicode escape stands for a quote, a backslash or a line end
 */
export function decodeJavaString(source: string, span: Span, format: TextFormat): DecodedLiteral | undefined {
  return source.startsWith('"""', span.start) ? textBlock(source, span, format) : plainString(source, span, format);
}

function plainString(source: string, span: Span, format: TextFormat): DecodedLiteral | undefined {
  const contents: Span = { start: span.start + 1, end: span.end - 1 };
  if (contents.end < contents.start || source.charAt(contents.end) !== '"') return undefined;
  const write = (text: string): string | undefined => escaped(text.replace(/[\\"]/g, "\\$&"));
  return decodeLiteral(source, span, contents, [], literalKind({ close: '"', multiline: false, carriageReturn: "kept", format, escape: javaEscape(undefined), writes: [write, (text) => digitSafe(write(text))] }, false));
}

function textBlock(source: string, span: Span, format: TextFormat): DecodedLiteral | undefined {
  const opening = /^"""[ \t\f]*\r?\n/.exec(source.slice(span.start, Math.min(span.end, span.start + 200)))?.[0];
  if (opening === undefined || !source.startsWith('"""', span.end - 3) || span.end - 3 < span.start + opening.length) return undefined;
  const first = span.start + opening.length;
  const end = span.end - 3;
  const lines = source.slice(first, end).split(/\r?\n/);
  const last = lines.at(-1) ?? "";
  // Every line that is not blank counts, and the last one always.
  const indent = commonIndent(lines.filter((line, i) => line.trim() !== "" || i === lines.length - 1));
  if (indent === undefined) return undefined;
  const anchored = last.trim() === "" && last.length === indent.length;
  const start = Math.min(end, source.startsWith(indent, first) ? first + indent.length : first + (/^[ \t]*/.exec(lines[0] ?? "")?.[0].length ?? 0));
  const contents: Span = { start, end };
  // A quote is in the way at the end and in a run of three.
  const write = (text: string): string | undefined => escaped(text.replaceAll("\\", "\\\\").replace(/"""|"$/g, (run) => run.replaceAll('"', '\\"')));
  const everyQuote = (text: string): string | undefined => escaped(text.replace(/[\\"]/g, "\\$&"));
  // Blanks at the end of a line are not part of the text unless escaped.
  const blanks = (text: string): string | undefined => everyQuote(text)?.replace(/^[ \t]|[ \t]$/g, (c) => (c === " " ? "\\s" : "\\t"));
  const kind = literalKind(
    { close: '"""', multiline: true, carriageReturn: "dropped", stripsLineEnds: true, indent, format, escape: javaEscape(indent), writes: [write, everyQuote, blanks, (text) => digitSafe(blanks(text))] },
    hasCrlf(source, contents),
  );
  const literal = keepsIndent(source, decodeLiteral(source, span, contents, [], kind), first, anchored ? "last-line" : "none");
  // Blanks that the end of the line takes away would come back behind them.
  return restricted(literal, (at) => !(/[ \t]/.test(source.charAt(at.start - 1)) && (at.start === end || /[\r\n]/.test(source.charAt(at.start)))));
}

/** Control characters as octal escapes of full length. Halves of characters are refused: javac reads their escapes by what stands before them. */
function escaped(text: string): string | undefined {
  if (/\p{Cs}/u.test(text)) return undefined;
  return text.replace(/[\0-\x1f\x7f]/g, (c) => {
    if (c === "\n") return "\\n";
    if (c === "\r") return "\\r";
    if (c === "\t") return "\\t";
    return `\\${c.charCodeAt(0).toString(8).padStart(3, "0")}`;
  });
}

/** A digit at the start would lengthen an octal escape before it. */
function digitSafe(text: string | undefined): string | undefined {
  return text?.replace(/^[0-7]/, (digit) => `\\${digit.charCodeAt(0).toString(8).padStart(3, "0")}`);
}

/** @param indent of a text block, where a line may be continued; undefined in a string */
function javaEscape(indent: string | undefined) {
  return (source: string, at: number, to: number): Escape | "invalid" | undefined => {
    if (source.charAt(at) !== "\\") return undefined;
    const c = source.charAt(at + 1);
    const known = simple[c];
    if (known !== undefined) return { text: known, end: at + 2 };
    if (c === "u") {
      let digits = at + 2;
      while (source.charAt(digits) === "u") digits++;
      const code = hexAt(source, digits, 4, to);
      const text = code === undefined ? "" : String.fromCharCode(code);
      return code === undefined || /["\\\r\n]/.test(text) ? "invalid" : { text, end: digits + 4 };
    }
    const octal = /^(?:[0-3][0-7]{0,2}|[4-7][0-7]?)/.exec(source.slice(at + 1, Math.min(at + 4, to)))?.[0];
    if (octal !== undefined) return { text: String.fromCharCode(Number.parseInt(octal, 8)), end: at + 1 + octal.length };
    const lineEnd = /^\r?\n/.exec(source.slice(at + 1, Math.min(at + 3, to)))?.[0];
    if (indent === undefined || lineEnd === undefined) return "invalid";
    const line = at + 1 + lineEnd.length;
    return { text: "", end: source.startsWith(indent, line) ? line + indent.length : line };
  };
}
