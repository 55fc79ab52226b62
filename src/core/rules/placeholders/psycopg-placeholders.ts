import { tokenize } from "#core/sql/tokenize.ts";
import type { Token } from "#core/sql/token.ts";
import type { Span } from "#core/text/span.ts";

/**
 * Where psycopg's placeholders (`%s`, `%(name)s`) stand in a text: not in literals and comments, where SQLite has no operand before
 * them. `a %s` with an operand before it is the remainder of a division by s.
 * @see https://www.psycopg.org/docs/usage.html#passing-parameters-to-sql-queries
 */
export function psycopgPlaceholders(text: string, holes: readonly Span[]): Span[] {
  if (!text.includes("%")) return [];
  const tokens = tokenize(text, holes).filter((token) => token.kind !== "blank" && token.kind !== "comment");
  const found: Span[] = [];
  let behindPlaceholder = -1;
  for (const [i, token] of tokens.entries()) {
    if (token.symbol !== "%") continue;
    const before = tokens[i - 1];
    if (before !== undefined && (isOperand(before) || before.end === behindPlaceholder)) continue;
    const end = endOf(text, tokens, i);
    if (end === undefined) continue;
    found.push({ start: token.start, end });
    behindPlaceholder = end;
  }
  return found;
}

/** Where `s`, or `(name)s`, directly behind a percent sign ends. */
function endOf(text: string, tokens: readonly Token[], at: number): number | undefined {
  const start = tokens[at]?.end ?? 0;
  const named = /^\([A-Za-z_]\w*\)s(?!\w)/.exec(text.slice(start, start + 100));
  if (named !== null) return start + named[0].length;
  const next = tokens[at + 1];
  return next?.kind === "name" && next.start === start && text.slice(next.start, next.end) === "s" ? next.end : undefined;
}

function isOperand(token: Token): boolean {
  switch (token.kind) {
    case "name":
    case "quoted":
    case "string":
    case "blob":
    case "number":
    case "variable":
    case "hole":
      return true;
    case "operator":
      return token.symbol === ")";
    default:
      return token.symbol === "NULL" || token.symbol === "END";
  }
}
