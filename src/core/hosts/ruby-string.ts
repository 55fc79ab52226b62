import type { Span } from "#core/text/span.ts";
import { hasCrlf, hexAt, keepsIndent, literalKind, restricted } from "./host-string.ts";
import type { Escape, TextFormat } from "./host-string.ts";
import { decodeLiteral } from "./literal.ts";
import type { DecodedLiteral, LiteralKind } from "./literal.ts";

/** An interpolation `#{…}` and its expression. */
export interface RubyInterpolation {
  readonly file: Span;
  readonly expression: Span;
}

const simple: Readonly<Record<string, string>> = { n: "\n", t: "\t", s: " ", r: "\r", a: "\x07", b: "\b", e: "\x1b", f: "\f", v: "\v" };
const closers: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}", "<": ">" };

/**
 * Decodes a string literal of Ruby: quoted, or with a percent sign. Reference: "String Literals" and "Percent Literals" in
 * Ruby's syntax documentation (doc/syntax/literals.rdoc).
 * @param span the literal with its delimiters
 * @returns undefined where it is not closed or does not read as a literal
 */
export function decodeRubyString(source: string, span: Span, interpolations: readonly RubyInterpolation[], format: TextFormat): DecodedLiteral | undefined {
  const opening = /^(?:'|"|%[qQ]?[^\w\s])/.exec(source.slice(span.start, span.start + 3))?.[0];
  if (opening === undefined) return undefined;
  const open = opening.slice(-1);
  const close = closers[open] ?? open;
  const contents: Span = { start: span.start + opening.length, end: span.end - 1 };
  if (contents.end < contents.start || source.charAt(contents.end) !== close) return undefined;
  const crlf = hasCrlf(source, contents);
  const single = open === "'" || opening.startsWith("%q");
  const paired = open !== close;
  const kind = single ? singleQuoted(open, close, paired, format, crlf) : doubleQuoted(close, paired, undefined, format, crlf);
  const literal = decodeLiteral(source, span, contents, interpolations, kind);
  // Brackets that pair stand for themselves: an edit must leave them in pairs.
  return paired ? restricted(literal, (at, written) => pairs(source.slice(at.start, at.end), open, close) && pairs(written, open, close)) : literal;
}

/**
 * Decodes a heredoc.
 * @param span the opening, `<<~SQL`
 * @param body its lines, up to the line of the closing name
 */
export function decodeRubyHeredoc(source: string, span: Span, body: Span, interpolations: readonly RubyInterpolation[], format: TextFormat): DecodedLiteral | undefined {
  const opening = /^<<([~-]?)(["'`]?)(\w+)/.exec(source.slice(span.start, span.end));
  if (opening === null || opening[2] === "`") return undefined;
  const [, sign = "", quote = "", name = ""] = opening;
  const text = source.slice(body.start, body.end);
  const indent = sign === "~" ? commonOf(source, body, interpolations) : "";
  if (indent === undefined) return undefined;
  // What a continued line loses of its indentation is told nowhere.
  if (sign === "~" && quote !== "'" && /(?<!\\)(?:\\\\)*\\\r?\n/.test(text)) return undefined;
  const contents: Span = { start: source.startsWith(indent, body.start) ? Math.min(body.end, body.start + indent.length) : body.start, end: body.end };
  const crlf = hasCrlf(source, contents);
  const kind =
    quote === "'"
      ? literalKind({ close: "", multiline: true, carriageReturn: "dropped", indent, format, escape: () => undefined, writes: [(t) => (/[\r\p{Cs}]/u.test(t) ? undefined : t)] }, crlf)
      : doubleQuoted("", false, indent, format, crlf);
  const literal = decodeLiteral(source, span, contents, quote === "'" ? [] : interpolations, kind);
  const kept = sign === "~" ? keepsIndent(source, literal, body.start, "none") : literal;
  // The last line end belongs to the text, and a line of the closing name would end it.
  return restricted(kept, (at, written) => {
    if (at.end >= contents.end) return false;
    return !new RegExp(`(?:^|\\n)[ \\t]*${name}[ \\t]*(?:\\r?\\n|$)`).test(source.slice(Math.max(body.start, at.start - 80), at.start) + written + source.slice(at.end, Math.min(body.end, at.end + 80)));
  });
}

function commonOf(source: string, body: Span, interpolations: readonly RubyInterpolation[]): string | undefined {
  let least: string | undefined;
  for (let at = body.start; at < body.end; ) {
    const next = source.indexOf("\n", at);
    const end = next < 0 || next >= body.end ? body.end : next;
    const line = source.slice(at, end);
    const inside = interpolations.some(({ file }) => file.start < at && at < file.end);
    if (!inside && line.trim() !== "") {
      const margin = /^[ \t]*/.exec(line)?.[0] ?? "";
      // A tab is as wide as to the next multiple of eight: not followed here.
      if (margin.includes("\t")) return undefined;
      if (least === undefined || margin.length < least.length) least = margin;
    }
    at = end + 1;
  }
  return least ?? "";
}

function pairs(text: string, open: string, close: string): boolean {
  let depth = 0;
  for (const c of text) {
    if (c === open) depth++;
    else if (c === close && --depth < 0) return false;
  }
  return depth === 0;
}

function singleQuoted(open: string, close: string, paired: boolean, format: TextFormat, crlf: boolean): LiteralKind {
  return literalKind(
    {
      close: paired ? "" : close,
      multiline: true,
      carriageReturn: "dropped",
      format,
      escape: (source, at, to) => {
        const next = at + 1 < to ? source.charAt(at + 1) : "";
        return source.charAt(at) === "\\" && (next === "\\" || (next !== "" && (next === close || next === open))) ? { text: next, end: at + 2 } : undefined;
      },
      writes: [
        (text) => {
          if (/[\r\p{Cs}]/u.test(text)) return undefined;
          const escaped = text.replaceAll("\\", "\\\\");
          return paired ? escaped : escaped.replaceAll(close, `\\${close}`);
        },
      ],
    },
    crlf,
  );
}

function doubleQuoted(close: string, paired: boolean, indent: string | undefined, format: TextFormat, crlf: boolean): LiteralKind {
  const write = (text: string): string | undefined => {
    if (/\p{Cs}/u.test(text)) return undefined;
    const escaped = text.replaceAll("\\", "\\\\").replace(/#(?=[{@$])|#$/g, "\\#");
    const quoted = close === "" || paired ? escaped : escaped.replaceAll(close, `\\${close}`);
    return quoted.replace(/[\0-\x08\x0b-\x1f\x7f]/g, (c) => (c === "\r" ? "\\r" : `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`));
  };
  const digitSafe = (text: string): string | undefined => write(text)?.replace(/^[0-9a-fA-F{@$]/, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return literalKind({ close: paired ? "" : close, multiline: true, carriageReturn: "dropped", ...(indent === undefined ? {} : { indent }), format, escape: rubyEscape, writes: [write, digitSafe] }, crlf);
}

function rubyEscape(source: string, at: number, to: number): Escape | "invalid" | undefined {
  const c = source.charAt(at);
  const next = at + 1 < to ? source.charAt(at + 1) : "";
  if (c === "#" && /[{@$]/.test(next)) return "invalid";
  if (c !== "\\") return undefined;
  if (next === "") return "invalid";
  const known = simple[next];
  if (known !== undefined) return { text: known, end: at + 2 };
  if (next === "\n") return { text: "", end: at + 2 };
  if (next === "\r") return { text: "", end: source.charAt(at + 2) === "\n" ? at + 3 : at + 2 };
  const bytes = /^(?:[0-7]{1,3}|x[0-9a-fA-F]{1,2})/.exec(source.slice(at + 1, Math.min(to, at + 4)))?.[0];
  if (bytes !== undefined) {
    const code = (bytes.startsWith("x") ? Number.parseInt(bytes.slice(1), 16) : Number.parseInt(bytes, 8)) & 255;
    const end = at + 1 + bytes.length;
    return code > 127 ? { text: source.slice(at, end), end, hole: true } : { text: String.fromCharCode(code), end };
  }
  if (next === "u") {
    const braced = source.charAt(at + 2) === "{";
    const end = braced ? source.indexOf("}", at) : at + 6;
    const code = end < 0 || end > to ? undefined : braced ? hexAt(source, at + 3, end - at - 3, to) : hexAt(source, at + 2, 4, to);
    return code === undefined || code > 0x10ffff ? "invalid" : { text: String.fromCodePoint(code), end: braced ? end + 1 : end };
  }
  if (/[cCMx]/.test(next)) return "invalid";
  const width = (source.codePointAt(at + 1) ?? 0) > 0xffff ? 2 : 1;
  return { text: source.slice(at + 1, at + 1 + width), end: at + 1 + width };
}
