import type { Encode } from "#core/text/offset-map.ts";
import type { Span } from "#core/text/span.ts";
import { decodeLiteral, pushVerbatim } from "./literal.ts";
import type { DecodedLiteral, LiteralKind, Segment } from "./literal.ts";

/** A literal's delimiter; `raw` for the template of String.raw. */
export type JsQuote = "'" | '"' | "`" | "raw";

/**
 * Decodes one string or template of JavaScript or TypeScript. Reference: ECMAScript, "String Literals" and "Template
 * Literal Lexical Components"; octal escapes as in its annex B.
 * @param span the literal with its delimiters (without the tag of a tagged template)
 * @param substitutions `${…}` as the grammar found them
 * @param raw whether it is the template of String.raw
 * @returns undefined for literals that are not closed
 */
export function decodeJsString(
  source: string,
  span: Span,
  substitutions: readonly { readonly file: Span; readonly expression: Span }[],
  raw = false,
): DecodedLiteral | undefined {
  const quote = source.charAt(span.start);
  if (quote !== "'" && quote !== '"' && quote !== "`") return undefined;
  const contents: Span = { start: span.start + 1, end: span.end - 1 };
  if (contents.end < contents.start || source.charAt(contents.end) !== quote) return undefined;
  const crlf = quote === "`" && source.slice(contents.start, contents.end).includes("\r\n");
  return decodeLiteral(source, span, contents, substitutions, jsKind(raw && quote === "`" ? "raw" : quote, crlf));
}

/** The way to write new text in a fresh literal with the given delimiter. */
export function jsEncode(quote: JsQuote): Encode {
  return jsKind(quote, false).encode;
}

function jsKind(quote: JsQuote, crlf: boolean): LiteralKind {
  const close = quote === "raw" ? "`" : quote;
  const scan = scanJs(close, quote === "raw");
  const newline = crlf ? "\r\n" : "\n";
  if (quote === "raw") {
    const asIs: Encode = (text) => (/\r|\p{Cs}/u.test(text) ? undefined : text.replaceAll("\n", newline));
    const safe: Encode = (text) => (/[`\\$]/.test(text) ? undefined : asIs(text));
    return { close, scan, encodes: [asIs], encode: safe };
  }
  const template = quote === "`";
  const cooked = (special: RegExp): Encode => {
    return (text) =>
      text
        .replace(/[\\\p{Cc}\p{Cs}]/gu, (c) => {
          if (c === "\\") return "\\\\";
          if (c === "\n") return template ? newline : "\\n";
          if (c === "\t") return "\t";
          if (c === "\r") return "\\r";
          const code = c.charCodeAt(0);
          return code < 256 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
        })
        .replace(special, "\\$&");
  };
  const digitSafe =
    (encode: Encode): Encode =>
    (text) =>
      encode(text)?.replace(/^[0-9]/, (digit) => `\\x${digit.charCodeAt(0).toString(16)}`);
  if (!template) {
    const encode = cooked(quote === "'" ? /'/g : /"/g);
    return { close, scan, encodes: [encode, digitSafe(encode)], encode };
  }
  // On its own `$` is harmless, unless the text before or behind completes `${`.
  const plain = cooked(/`|\$(?=\{)/g);
  const everyDollar = cooked(/[`$]/g);
  const braces: Encode = (text) => everyDollar(text)?.replace(/^\{/, "\\{");
  return {
    close,
    scan,
    encodes: [plain, everyDollar, braces, digitSafe(everyDollar)],
    encode: (text) => (/\$$|^\{/.test(text) ? braces(text) : plain(text)),
  };
}

const simpleEscapes: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" };

function scanJs(close: string, raw: boolean) {
  const template = close === "`";
  return (source: string, from: number, to: number): Segment[] | undefined => {
    const segments: Segment[] = [];
    let plain = from;
    let at = from;
    const put = (text: string, end: number): void => {
      pushVerbatim(segments, source, plain, at);
      segments.push({ kind: "escape", text, file: { start: at, end } });
      at = end;
      plain = end;
    };
    while (at < to) {
      const c = source.charCodeAt(at);
      if (c === 92 /* \ */) {
        if (at + 1 >= to) return undefined;
        if (raw) {
          at += source.charCodeAt(at + 1) === 13 ? 1 : 2;
          continue;
        }
        const escape = jsEscape(source, at, to, template);
        if (escape === undefined) return undefined;
        put(escape.text, escape.end);
        continue;
      }
      if (c === close.charCodeAt(0)) return undefined;
      if (template && c === 36 /* $ */ && source.charCodeAt(at + 1) === 123 && at + 1 < to) return undefined;
      if (c === 13) {
        if (!template) return undefined;
        // A template's line endings are read as \n, also in its raw form.
        put("\n", source.charCodeAt(at + 1) === 10 && at + 1 < to ? at + 2 : at + 1);
        continue;
      }
      if (c === 10 && !template) return undefined;
      at++;
    }
    pushVerbatim(segments, source, plain, Math.min(at, to));
    return segments;
  };
}

function jsEscape(source: string, at: number, to: number, template: boolean): { text: string; end: number } | undefined {
  const c = source.charAt(at + 1);
  const simple = simpleEscapes[c];
  if (simple !== undefined) return { text: simple, end: at + 2 };
  if (c === "\n" || c === "\u2028" || c === "\u2029") return { text: "", end: at + 2 };
  if (c === "\r") return { text: "", end: source.charAt(at + 2) === "\n" && at + 2 < to ? at + 3 : at + 2 };
  if (c === "x" || (c === "u" && source.charAt(at + 2) !== "{")) {
    const length = c === "x" ? 2 : 4;
    const digits = source.slice(at + 2, Math.min(at + 2 + length, to));
    if (digits.length !== length || !/^[0-9a-fA-F]+$/.test(digits)) return undefined;
    return { text: String.fromCharCode(Number.parseInt(digits, 16)), end: at + 2 + length };
  }
  if (c === "u") {
    const end = source.indexOf("}", at + 3);
    const digits = end < 0 || end >= to ? "" : source.slice(at + 3, end);
    const code = Number.parseInt(digits, 16);
    return /^[0-9a-fA-F]+$/.test(digits) && code <= 0x10ffff ? { text: String.fromCodePoint(code), end: end + 1 } : undefined;
  }
  if (c >= "0" && c <= "7") {
    const next = source.charAt(at + 2);
    if (template && !(c === "0" && !(at + 2 < to && next >= "0" && next <= "9"))) return undefined;
    // Three digits from \0 to \3, two from \4 to \7.
    let end = at + 2;
    const longest = at + (c <= "3" ? 4 : 3);
    while (end < to && end < longest && source.charAt(end) >= "0" && source.charAt(end) <= "7") end++;
    return { text: String.fromCharCode(Number.parseInt(source.slice(at + 1, end), 8)), end };
  }
  const width = (source.codePointAt(at + 1) ?? 0) > 0xffff ? 2 : 1;
  return { text: source.slice(at + 1, at + 1 + width), end: at + 1 + width };
}
