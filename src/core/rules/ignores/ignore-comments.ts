import type { Span } from "#core/text/span.ts";
import { lineIndex } from "#core/text/line-index.ts";

/** A comment that asks to leave findings alone: `cutover-ignore[rule-id, …]: reason`, or `cutover-ignore-file[…]: reason`. */
export interface IgnoreComment {
  /** From the word to the end of the reason. */
  readonly span: Span;
  readonly scope: "line" | "file";
  /** The rules' ids as written; none where the brackets are missing or empty. */
  readonly rules: readonly string[];
  /** Undefined where none is given. */
  readonly reason: string | undefined;
  /** Zero-based lines that a `line` comment speaks of: its own and, where it stands alone, the next one that is not such a comment. */
  readonly lines: readonly number[];
}

/** What begins a comment in the host languages and in SQL; a star at the start of a line goes on with a block comment. */
const directive = /(#+|\/\/+[!/]?|--+|\/\*+|<!--|(?<=^[ \t]*)\*)[ \t]*cutover-ignore(-file)?(?![\w-])[ \t]*(?:\[([^\]\n]*)\])?[ \t]*(:?)([^\r\n]*)/gm;
const opensLine = /^[ \t]*(?:#|\/\/|--|\/\*|\*|<!--)/;

/**
 * Reads the comments of a file in any language that ask to leave findings alone. It looks at lines, not at the host's
 * grammar: so it also finds those in the SQL of a string.
 */
export function ignoreComments(text: string): readonly IgnoreComment[] {
  if (!text.includes("cutover-ignore")) return [];
  const index = lineIndex(text);
  const lines = text.split(/\r\n|\r|\n/);
  const found: IgnoreComment[] = [];
  for (const match of text.matchAll(directive)) {
    const [whole, opener = "", file, ids, colon, rest = ""] = match;
    const word = match.index + whole.indexOf("cutover-ignore");
    const written = withoutEnd(opener, rest);
    const end = match.index + whole.length - rest.length + written.length;
    const line = index.positionAt(match.index).line;
    const alone = (lines[line] ?? "").slice(0, index.positionAt(match.index).character).trim() === "";
    found.push({
      span: { start: word, end },
      scope: file === undefined ? "line" : "file",
      rules: (ids ?? "").split(",").map((id) => id.trim()).filter((id) => id !== ""),
      reason: colon === ":" && /[\p{L}\p{N}]/u.test(written) ? written.trim() : undefined,
      lines: alone ? [line, lineBelow(lines, line)] : [line],
    });
  }
  return found;
}

/** What stands before the end of the comment, or of the literal that holds it. */
function withoutEnd(opener: string, rest: string): string {
  const close = opener === "<!--" ? "-->" : opener.startsWith("/*") || opener === "*" ? "*/" : undefined;
  const at = close === undefined ? -1 : rest.indexOf(close);
  if (at >= 0) return rest.slice(0, at).trimEnd();
  // The SQL of a string ends with the string, or with the line break that the string writes.
  if (opener.startsWith("--")) return rest.replace(/\\[nr].*$/, "").replace(/(?:"{1,3}|'{1,3}|`)[\s),;.+&\\]*$/, "").trimEnd();
  return rest.trimEnd();
}

/** The first line below that is not a comment of its own: several may stand above one statement. */
function lineBelow(lines: readonly string[], line: number): number {
  let below = line + 1;
  while (opensLine.test(lines[below] ?? "")) below++;
  return below;
}
