import type { Encode } from "#core/text/offset-map.ts";
import type { Span } from "#core/text/span.ts";
import { pushVerbatim } from "./literal.ts";
import type { DecodedLiteral, LiteralKind, Segment } from "./literal.ts";

/**
 * How a literal's text is used further: on its own, as the template of a `%` formatter (`fmt.Sprintf`, `String.format`,
 * `sprintf`), or of one with braces (`string.Format`, `format!`).
 */
export type TextFormat = "none" | "percent" | "braces";

/** An escape as read: what it stands for and where it ends. A `hole` is one whose meaning is not a character (a lone byte). */
export interface Escape {
  readonly text: string;
  readonly end: number;
  readonly hole?: boolean;
}

/** What a kind of literal is made of; each language's file says it once for each of its literals. */
export interface LiteralSyntax {
  /** What closes the literal. */
  readonly close: string;
  /** Whether line ends may stand in it. */
  readonly multiline: boolean;
  /** What a CR is read as before LF: kept, or part of the line end, which is read as LF. */
  readonly carriageReturn: "kept" | "dropped";
  /** Whether blanks at the end of a line are not part of the text (Java's text blocks). */
  readonly stripsLineEnds?: boolean;
  /** The indentation that the host takes off every line but the first (where the contents begin behind it). */
  readonly indent?: string;
  readonly format: TextFormat;
  /** Reads what stands at an offset, if it is an escape; `invalid` where the literal cannot go on so. */
  readonly escape: (source: string, at: number, to: number) => Escape | "invalid" | undefined;
  /** Ways to write a text that holds neither line ends nor format characters of its own; the plainest first. */
  readonly writes: readonly Encode[];
}

/** What `fmt`, `java.util.Formatter` and PHP's and Ruby's `sprintf` replace. */
const percentPattern = /%(?:\d+\$|<[^>]*>|\{[^}]*\})?[-#+ 0,(]*(?:'.)?(?:\*|\d+)?(?:\.(?:\*|\d+)?)?([a-zA-Z%])/y;
/** What `string.Format` and `format!` replace. */
const bracesPattern = /\{[^{}\n]*\}/y;

/** Makes the reader and writer of a kind of literal. */
export function literalKind(syntax: LiteralSyntax, crlf: boolean): LiteralKind {
  const scan = scanner(syntax);
  const newline = (crlf ? "\r\n" : "\n") + (syntax.indent ?? "");
  const { format, multiline } = syntax;
  const encodes = syntax.writes.map((write): Encode => {
    return (text) => {
      const doubled = format === "percent" ? text.replaceAll("%", "%%") : format === "braces" ? text.replace(/[{}]/g, "$&$&") : text;
      if (!multiline) return write(doubled);
      const lines = doubled.split("\n").map(write);
      return lines.every((line) => line !== undefined) ? lines.join(newline) : undefined;
    };
  });
  return { scan, close: syntax.close, encodes, encode: (text) => encodes.at(-1)?.(text) };
}

function scanner(syntax: LiteralSyntax) {
  const { close, multiline, carriageReturn, stripsLineEnds = false, indent = "", format, escape } = syntax;
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
    /** Where the line that begins here has its text; undefined where it is indented less than it must be. */
    const lineText = (start: number): number | undefined => {
      if (indent === "") return start;
      if (source.startsWith(indent, start) && start + indent.length <= to) return start + indent.length;
      let end = start;
      while (end < to && /[ \t]/.test(source.charAt(end))) end++;
      // A blank line may be shorter.
      return end < to && /[\r\n]/.test(source.charAt(end)) ? end : end === to && indent.startsWith(source.slice(start, end)) ? end : undefined;
    };
    while (at < to) {
      const c = source.charAt(at);
      if (stripsLineEnds && /[ \t]/.test(c)) {
        let end = at;
        while (end < to && /[ \t]/.test(source.charAt(end))) end++;
        if (end === to && close !== "" && source.startsWith(close, to)) {
          put("escape", "", end);
          continue;
        }
        if (end < to && /[\r\n]/.test(source.charAt(end))) put("escape", "", end);
        else at = end;
        continue;
      }
      if (c === "\n" || (c === "\r" && source.charAt(at + 1) === "\n" && at + 1 < to)) {
        if (!multiline) return undefined;
        const end = c === "\r" ? at + 2 : at + 1;
        const text = lineText(end);
        if (text === undefined) return undefined;
        if (carriageReturn === "kept" ? text === end : c === "\n" && text === end) at = end;
        else put("escape", carriageReturn === "kept" ? source.slice(at, end) : "\n", text);
        continue;
      }
      if (c === "\r" && !multiline) return undefined;
      const read = escape(source, at, to);
      if (read === "invalid" || (read !== undefined && read.end > to)) return undefined;
      if (read !== undefined) {
        put(read.hole === true ? "hole" : "escape", read.text, read.end);
        continue;
      }
      if (close !== "" && source.startsWith(close, at)) return undefined;
      if (format === "percent" && c === "%") {
        percentPattern.lastIndex = at;
        const match = percentPattern.exec(source);
        if (match === null || percentPattern.lastIndex > to) return undefined;
        if (match[0] === "%%") put("escape", "%", at + 2);
        else put("hole", match[0], percentPattern.lastIndex);
        continue;
      }
      if (format === "braces" && (c === "{" || c === "}")) {
        if (source.charAt(at + 1) === c && at + 1 < to) {
          put("escape", c, at + 2);
          continue;
        }
        bracesPattern.lastIndex = at;
        const match = bracesPattern.exec(source);
        if (match === null || bracesPattern.lastIndex > to) return undefined;
        put("hole", match[0], bracesPattern.lastIndex);
        continue;
      }
      at++;
    }
    pushVerbatim(segments, source, plain, Math.min(at, to));
    return segments;
  };
}

/** Whether the contents of a literal have Windows line ends. */
export function hasCrlf(source: string, { start, end }: Span): boolean {
  return source.slice(start, end).includes("\r\n");
}

/** Restricts how a literal may be edited by a test of the place and of the source that would be written there. */
export function restricted(literal: DecodedLiteral | undefined, allowed: (at: Span, written: string) => boolean): DecodedLiteral | undefined {
  const write = literal?.write;
  if (literal === undefined || write === undefined) return literal;
  return {
    ...literal,
    write(at, newText) {
      const written = write(at, newText);
      return written !== undefined && allowed(at, written) ? written : undefined;
    },
  };
}

/**
 * Restricts a literal whose lines lose their common indentation. What fixes how much: the closing delimiter's line, which
 * is outside of the contents or their last line; else the least indented line, and any line might be that one.
 */
export function keepsIndent(source: string, literal: DecodedLiteral | undefined, firstLine: number, anchor: "outside" | "last-line" | "none"): DecodedLiteral | undefined {
  if (literal === undefined) return undefined;
  const { contents } = literal;
  // Where the first line is blank and shorter than the indentation, nothing can be put at its start.
  const firstBlank = /^[ \t]*(?:\r?\n|$)/.test(source.slice(firstLine, contents.end));
  return restricted(literal, (at, written) => {
    const lineStart = Math.max(firstLine, source.lastIndexOf("\n", at.start - 1) + 1);
    if (firstBlank && lineStart === firstLine && written !== "") return false;
    if (anchor === "outside") return true;
    // The line end before the closing delimiter keeps it on a line of its own.
    if (anchor === "last-line") return at.end < contents.end || (at.start === at.end && /^\S/.test(written));
    const lineEnd = source.indexOf("\n", at.end);
    const end = lineEnd < 0 || lineEnd > contents.end ? contents.end : lineEnd;
    const before = source.slice(lineStart, end);
    // Lines that go away altogether, become blank, or are indented more may have been the least indented.
    if (before.includes("\n")) return false;
    const after = (source.slice(lineStart, at.start) + written + source.slice(at.end, end)).split("\n");
    const blank = (line: string): boolean => line.trim() === "";
    const margin = (line: string): string => /^[ \t]*/.exec(line)?.[0] ?? "";
    return blank(before) ? after.every(blank) : !after.some(blank) && margin(before) === margin(after[0] ?? "");
  });
}

/** The indentation that all lines of a text have in common, blank ones left out; undefined where blanks and tabs are mixed. */
export function commonIndent(lines: readonly string[]): string | undefined {
  const indents = lines.map((line) => /^[ \t]*/.exec(line)?.[0] ?? "");
  if (indents.some((i) => i.includes(" ")) && indents.some((i) => i.includes("\t"))) return undefined;
  return indents.reduce<string | undefined>((least, i) => (least === undefined || i.length < least.length ? i : least), undefined) ?? "";
}

/** `\uXXXX` for whatever a pattern matches. */
export function unicodeEscaped(text: string, pattern: RegExp): string {
  return text.replace(pattern, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** Reads exactly `length` hexadecimal digits. */
export function hexAt(source: string, at: number, length: number, to: number): number | undefined {
  const digits = source.slice(at, Math.min(at + length, to));
  return digits.length === length && /^[0-9a-fA-F]+$/.test(digits) ? Number.parseInt(digits, 16) : undefined;
}
