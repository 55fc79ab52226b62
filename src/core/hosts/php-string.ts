import type { Span } from "#core/text/span.ts";
import { hasCrlf, hexAt, keepsIndent, literalKind, restricted } from "./host-string.ts";
import type { Escape, TextFormat } from "./host-string.ts";
import { decodeLiteral } from "./literal.ts";
import type { DecodedLiteral, LiteralKind } from "./literal.ts";

/** An interpolation: `{$x}`, `${x}` or a bare `$x`, and its expression. */
export interface PhpInterpolation {
  readonly file: Span;
  readonly expression: Span;
}

const simple: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", v: "\v", e: "\x1b", f: "\f", "\\": "\\", $: "$" };

/**
 * Decodes a quoted string of PHP. Reference: "Strings" in the PHP manual.
 * @param span the literal with its quotes
 * @returns undefined where it is not closed or does not read as a literal
 */
export function decodePhpString(source: string, span: Span, interpolations: readonly PhpInterpolation[], format: TextFormat): DecodedLiteral | undefined {
  const quote = source.charAt(span.start);
  const contents: Span = { start: span.start + 1, end: span.end - 1 };
  if ((quote !== "'" && quote !== '"') || contents.end < contents.start || source.charAt(contents.end) !== quote) return undefined;
  if (quote === '"') return besideHoles(source, decodeLiteral(source, span, contents, interpolations, doubleQuoted('"', "", format, false)), interpolations);
  const kind = literalKind(
    {
      close: "'",
      multiline: true,
      carriageReturn: "kept",
      format,
      escape: (text, at, to) => (/^\\[\\']/.test(text.slice(at, Math.min(to, at + 2))) ? { text: text.charAt(at + 1), end: at + 2 } : undefined),
      writes: [(text) => (/\p{Cs}/u.test(text) ? undefined : text.replace(/[\\']/g, "\\$&"))],
    },
    false,
  );
  return decodeLiteral(source, span, contents, [], kind);
}

/**
 * Decodes a heredoc or nowdoc.
 * @param span from `<<<` to the closing name
 * @param body what lies between the line of the opening and the line end before the closing name
 * @param indent the blanks before the closing name, which every line loses
 */
export function decodePhpHeredoc(source: string, span: Span, body: Span, indent: string, nowdoc: boolean, interpolations: readonly PhpInterpolation[], format: TextFormat): DecodedLiteral | undefined {
  const contents: Span = { start: source.startsWith(indent, body.start) ? Math.min(body.end, body.start + indent.length) : body.start, end: body.end };
  const crlf = hasCrlf(source, contents);
  const kind = nowdoc
    ? literalKind({ close: "", multiline: true, carriageReturn: "kept", indent, format, escape: () => undefined, writes: [(text) => (/[\r\p{Cs}]/u.test(text) ? undefined : text)] }, crlf)
    : doubleQuoted("", indent, format, crlf);
  const name = /\w+$/.exec(source.slice(span.start, span.end))?.[0] ?? "";
  const literal = keepsIndent(source, decodeLiteral(source, span, contents, nowdoc ? [] : interpolations, kind), body.start, "outside");
  // A line that begins with the closing name would end it.
  return besideHoles(source, restricted(literal, (at, written) => name !== "" && !new RegExp(`(?:^|\\n)[ \\t]*${name}`).test(source.slice(Math.max(contents.start, at.start - 80), at.start) + written + source.slice(at.end, Math.min(contents.end, at.end + 80)))), interpolations);
}

function doubleQuoted(close: string, indent: string, format: TextFormat, crlf: boolean): LiteralKind {
  const write = (dollars: RegExp) => {
    return (text: string): string | undefined => {
      if (/\p{Cs}/u.test(text)) return undefined;
      const escaped = text.replace(close === "" ? /\\/g : /[\\"]/g, "\\$&").replace(dollars, "\\$$");
      return escaped.replace(/[\0-\x08\x0b-\x1f\x7f]/g, (c) => (c === "\r" ? "\\r" : `\\x${c.charCodeAt(0).toString(16).padStart(2, "0")}`));
    };
  };
  const everyDollar = write(/\$/g);
  const digitSafe = (text: string): string | undefined => everyDollar(text)?.replace(/^[0-9a-fA-F]/, (c) => `\\x${c.charCodeAt(0).toString(16)}`);
  return literalKind({ close, multiline: true, carriageReturn: "kept", indent, format, escape: phpEscape(close), writes: [write(/\$(?=[A-Za-z_{\x80-\u{10ffff}])/gu), everyDollar, digitSafe] }, crlf);
}

function phpEscape(close: string) {
  return (source: string, at: number, to: number): Escape | "invalid" | undefined => {
    const c = source.charAt(at);
    const next = at + 1 < to ? source.charAt(at + 1) : "";
    // These would begin an interpolation, and the grammar has found those.
    if ((c === "$" && /[A-Za-z_{\x80-\uffff]/.test(next)) || (c === "{" && next === "$")) return "invalid";
    if (c !== "\\") return undefined;
    const known = simple[next];
    if (known !== undefined) return { text: known, end: at + 2 };
    if (next === '"' && close === '"') return { text: '"', end: at + 2 };
    const bytes = /^(?:[0-7]{1,3}|x[0-9a-fA-F]{1,2})/.exec(source.slice(at + 1, Math.min(to, at + 4)))?.[0];
    if (bytes !== undefined) {
      const code = (bytes.startsWith("x") ? Number.parseInt(bytes.slice(1), 16) : Number.parseInt(bytes, 8)) & 255;
      const end = at + 1 + bytes.length;
      return code > 127 ? { text: source.slice(at, end), end, hole: true } : { text: String.fromCharCode(code), end };
    }
    if (next === "u" && source.charAt(at + 2) === "{") {
      const end = source.indexOf("}", at);
      const code = end < 0 || end >= to ? undefined : hexAt(source, at + 3, end - at - 3, to);
      return code === undefined || code > 0x10ffff ? "invalid" : { text: String.fromCodePoint(code), end: end + 1 };
    }
    // Any other backslash is one, and must stay apart from what might give it a meaning.
    return { text: "\\", end: at + 1 };
  };
}

/** What follows a bare `$x` may become part of it; a brace or dollar before an interpolation too. */
function besideHoles(source: string, literal: DecodedLiteral | undefined, interpolations: readonly PhpInterpolation[]): DecodedLiteral | undefined {
  return restricted(literal, (at, written) => {
    return !interpolations.some(({ file }) => {
      const bare = /^\$[^{]/.test(source.slice(file.start, file.start + 2));
      const behind = written + source.slice(at.end, at.end + 3);
      if (file.end === at.start && bare && /^(?:[A-Za-z0-9_[\x80-\uffff]|->|\?->|-$|\?-?$)/.test(behind)) return true;
      const before = source.slice(Math.max(0, at.start - 1), at.start) + written;
      return at.end === file.start && /[{$\\]$/.test(before);
    });
  });
}
