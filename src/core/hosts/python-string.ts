import type { Encode } from "#core/text/offset-map.ts";
import type { Span } from "#core/text/span.ts";
import { decodeLiteral, pushVerbatim } from "./literal.ts";
import type { DecodedLiteral, LiteralKind, Segment } from "./literal.ts";

/** How the literal is used: on its own, as the left side of `%`, or as the receiver of `.format`. */
export type PythonFormat = "none" | "percent" | "braces";

/** The parts of a Python string's opening: `rb"""` has prefix `rb`, quote `"` and is triple. */
export interface PythonOpening {
  readonly prefix: string;
  readonly quote: "'" | '"';
  readonly triple: boolean;
}

const openingPattern = /^([a-zA-Z]*)('''|"""|'|")/;

/** Reads a string's opening (prefix and delimiter), or undefined where there is none. */
export function pythonOpening(start: string): PythonOpening | undefined {
  const match = openingPattern.exec(start);
  if (match === null) return undefined;
  const delimiter = match[2] ?? "";
  return { prefix: (match[1] ?? "").toLowerCase(), quote: delimiter.startsWith("'") ? "'" : '"', triple: delimiter.length === 3 };
}

/**
 * Decodes one Python string literal. Reference: "String and Bytes literals" and "Formatted string literals" in Python's
 * language reference, "printf-style String Formatting" and "Format String Syntax" in its library reference.
 * @param source the file's text
 * @param span the literal, prefix and delimiters included
 * @param interpolations the f-string's replacement fields, braces included, as the grammar found them
 * @returns undefined for bytes and for literals that are not closed
 */
export function decodePythonString(
  source: string,
  span: Span,
  interpolations: readonly { readonly file: Span; readonly expression: Span }[],
  format: PythonFormat = "none",
): DecodedLiteral | undefined {
  const opening = pythonOpening(source.slice(span.start, span.start + 6));
  if (opening === undefined || opening.prefix.includes("b")) return undefined;
  const delimiter = opening.triple ? opening.quote.repeat(3) : opening.quote;
  const contents: Span = { start: span.start + opening.prefix.length + delimiter.length, end: span.end - delimiter.length };
  if (contents.end < contents.start || source.slice(contents.end, span.end) !== delimiter) return undefined;
  const crlf = opening.triple && source.slice(contents.start, contents.end).includes("\r\n");
  return decodeLiteral(source, span, contents, interpolations, pythonKind(opening, format, crlf));
}

/** The way to write new text in a fresh Python literal of the given opening. */
export function pythonEncode(opening: PythonOpening, format: PythonFormat = "none"): Encode {
  return pythonKind(opening, format, false).encode;
}

function pythonKind(opening: PythonOpening, format: PythonFormat, crlf: boolean): LiteralKind {
  const { quote, triple } = opening;
  const raw = opening.prefix.includes("r");
  const formatted = opening.prefix.includes("f") || opening.prefix.includes("t");
  const close = triple ? quote.repeat(3) : quote;
  const doubled = (text: string): string => {
    let out = text;
    if (formatted || format === "braces") out = out.replace(/[{}]/g, "$&$&");
    if (format === "percent") out = out.replaceAll("%", "%%");
    return out;
  };
  const newline = triple ? (crlf ? "\r\n" : "\n") : "\\n";
  /** Escapes everything but the quote, which `quotes` sees to. */
  const cooked = (quotes: (text: string) => string): Encode => {
    return (text) => {
      const escaped = text.replace(/[\\\p{Cc}\p{Cs}]/gu, (c) => {
        if (c === "\\") return "\\\\";
        if (c === "\n") return newline;
        if (c === "\t") return "\t";
        if (c === "\r") return "\\r";
        const code = c.charCodeAt(0);
        return code < 256 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
      });
      return doubled(quotes(escaped));
    };
  };
  const everyQuote = (text: string): string => text.replaceAll(quote, `\\${quote}`);
  /** In a triple-quoted literal a quote is only in the way at an edge and in a run of three. */
  const quotesInTheWay = (text: string): string =>
    text.replace(new RegExp(`${quote}+`, "g"), (run, at: number) =>
      run.length < 3 && at > 0 && at + run.length < text.length ? run : `\\${quote}`.repeat(run.length),
    );
  const asIs: Encode = (text) => (/[\r\0\p{Cs}]/u.test(text) ? undefined : doubled(crlf ? text.replaceAll("\n", "\r\n") : text));
  if (raw) {
    const rawSafe: Encode = (text) => (text.includes(quote) || /\\$/.test(text) || (!triple && text.includes("\n")) ? undefined : asIs(text));
    return { close, scan: scanPython(close, true, triple, formatted, format), encodes: [asIs], encode: rawSafe };
  }
  const everywhere = cooked(triple ? quotesInTheWay : everyQuote);
  return {
    close,
    scan: scanPython(close, false, triple, formatted, format),
    encodes: [...(triple ? [cooked((text) => text)] : []), everywhere, cooked(everyQuote), cooked((text) => octalSafe(everyQuote(text)))],
    encode: everywhere,
  };
}

/** A digit at the start would lengthen an octal escape before it. */
function octalSafe(text: string): string {
  return text.replace(/^[0-7]/, (digit) => `\\x${digit.charCodeAt(0).toString(16)}`);
}

const simpleEscapes: Readonly<Record<string, string>> = {
  "\\": "\\",
  "'": "'",
  '"': '"',
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

const percentPattern = /%(?:\([^)]*\))?[#0\- +]*(?:\*|\d+)?(?:\.(?:\*|\d+))?[hlL]?([diouxXeEfFgGcrsa%])/y;
const hexLengths: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

function scanPython(close: string, raw: boolean, triple: boolean, formatted: boolean, format: PythonFormat) {
  return (source: string, from: number, to: number): Segment[] | undefined => {
    const segments: Segment[] = [];
    let plain = from;
    let at = from;
    const put = (kind: "escape" | "hole", text: string, end: number): void => {
      pushVerbatim(segments, source, plain, at);
      const file = { start: at, end };
      segments.push(kind === "hole" ? { kind, text, file, expression: file } : { kind, text, file });
      at = end;
      plain = end;
    };
    while (at < to) {
      const c = source.charCodeAt(at);
      if (c === 92 /* \ */) {
        const next = source.charCodeAt(at + 1);
        if (formatted && (next === 123 || next === 125)) {
          // No escape: the backslash stands for itself before a field or a doubled brace.
          put("escape", "\\", at + 1);
          continue;
        }
        if (at + 1 >= to) return undefined;
        if (raw) {
          // The backslash stays, and keeps what follows from ending the literal.
          at++;
          if (next === 13) put("escape", "\n", source.charCodeAt(at + 1) === 10 && at + 1 < to ? at + 2 : at + 1);
          else at++;
          continue;
        }
        const escape = pythonEscape(source, at, to);
        if (escape === undefined) return undefined;
        put(escape.hole ? "hole" : "escape", escape.text, escape.end);
        continue;
      }
      if (c === close.charCodeAt(0) && source.startsWith(close, at)) return undefined;
      if (c === 13 /* \r */) {
        if (!triple) return undefined;
        // Python reads every line ending of a file as \n.
        put("escape", "\n", source.charCodeAt(at + 1) === 10 && at + 1 < to ? at + 2 : at + 1);
        continue;
      }
      if (c === 10 && !triple) return undefined;
      if (c === 123 /* { */ && (formatted || format === "braces")) {
        if (source.charCodeAt(at + 1) === 123 && at + 1 < to) {
          put("escape", "{", at + 2);
          continue;
        }
        if (formatted) return undefined;
        const end = fieldEnd(source, at, to);
        if (end === undefined) return undefined;
        put("hole", source.slice(at, end), end);
        continue;
      }
      if (c === 125 /* } */ && (formatted || format === "braces")) {
        if (source.charCodeAt(at + 1) !== 125 || at + 1 >= to) return undefined;
        put("escape", "}", at + 2);
        continue;
      }
      if (c === 37 /* % */ && format === "percent") {
        percentPattern.lastIndex = at;
        const match = percentPattern.exec(source);
        if (match === null || percentPattern.lastIndex > to) return undefined;
        if (match[1] === "%") put("escape", "%", percentPattern.lastIndex);
        else put("hole", match[0], percentPattern.lastIndex);
        continue;
      }
      at++;
    }
    pushVerbatim(segments, source, plain, Math.min(at, to));
    return segments;
  };
}

/** Reads the escape at a backslash. An unknown one stands for itself, yet must not be torn apart. */
function pythonEscape(source: string, at: number, to: number): { text: string; end: number; hole: boolean } | undefined {
  const c = source.charAt(at + 1);
  const simple = simpleEscapes[c];
  if (simple !== undefined) return { text: simple, end: at + 2, hole: false };
  if (c === "\n") return { text: "", end: at + 2, hole: false };
  if (c === "\r") return { text: "", end: source.charAt(at + 2) === "\n" && at + 2 < to ? at + 3 : at + 2, hole: false };
  const hex = hexLengths[c];
  if (hex !== undefined) {
    const digits = source.slice(at + 2, Math.min(at + 2 + hex, to));
    const code = Number.parseInt(digits, 16);
    if (digits.length !== hex || !/^[0-9a-fA-F]+$/.test(digits) || code > 0x10ffff) return undefined;
    return { text: String.fromCodePoint(code), end: at + 2 + hex, hole: false };
  }
  if (c >= "0" && c <= "7") {
    let end = at + 2;
    while (end < to && end < at + 4 && source.charAt(end) >= "0" && source.charAt(end) <= "7") end++;
    return { text: String.fromCodePoint(Number.parseInt(source.slice(at + 1, end), 8)), end, hole: false };
  }
  if (c === "N" && source.charAt(at + 2) === "{") {
    // The names of Unicode's characters are a table of their own: what it stands for is left to Python.
    const end = source.indexOf("}", at + 3) + 1;
    return end > 0 && end <= to ? { text: source.slice(at, end), end, hole: true } : undefined;
  }
  const width = (source.codePointAt(at + 1) ?? 0) > 0xffff ? 2 : 1;
  return { text: source.slice(at, at + 1 + width), end: at + 1 + width, hole: false };
}

/** Where the replacement field of a `.format` string ends; fields may nest once, in the format specification. */
function fieldEnd(source: string, at: number, to: number): number | undefined {
  let depth = 0;
  for (let i = at; i < to; i++) {
    const c = source.charAt(i);
    if (c === "{") depth++;
    else if (c === "}" && --depth === 0) return i + 1;
  }
  return undefined;
}
