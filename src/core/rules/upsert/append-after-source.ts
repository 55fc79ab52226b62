import type { Site } from "#core/hosts/site.ts";
import type { InsertStatement } from "#core/sql/nodes.ts";
import type { Edit } from "#core/text/edit.ts";
import { closing } from "../rewrite.ts";

/**
 * Puts a clause behind the rows of an INSERT; undefined where their end cannot be seen, or nothing can stand behind it. Behind
 * a SELECT that ends in its FROM clause the word ON would be read as a join's: SQLite asks for `WHERE true` there
 * (https://www.sqlite.org/lang_upsert.html#parsing_ambiguity).
 */
export function appendAfterSource(insert: InsertStatement, clause: string, site: Site): Edit[] | undefined {
  const { source } = insert;
  if (source.kind !== "SelectStatement" || insert.holes.length > 0 || insert.rest !== undefined || insert.problem !== undefined) return undefined;
  if (source.holes.length > 0) return undefined;
  const last = source.terms.at(-1);
  if (last?.kind === "ValuesClause") return [closing(source.span, `${gapBefore(last.span.start, site)}${clause}`)];
  if (last?.kind !== "SelectCore" || last.holes.length > 0) return undefined;
  const clear = [source.orderBy, source.limit, last.where, last.groupBy, last.having, last.window].some((part) => part !== undefined) || last.from === undefined;
  return [closing(source.span, `${clear ? "" : " WHERE true"}${gapBefore(source.span.start, site)}${clause}`)];
}

/** A line break with the indentation of the rows' line where the statement has a line for them, else a blank. */
function gapBefore(start: number, { text, map }: Site): string {
  const line = /(?:^|\n)([ \t]*)$/.exec(text.slice(0, start))?.[1];
  // A line break in the text that the host writes as an escape, or not at all, would not look like one there.
  const shown = map.pieces.some((piece) => piece.kind === "verbatim" && piece.text.start < start && start <= piece.text.end && text.slice(piece.text.start, start).includes("\n"));
  return line !== undefined && shown ? `\n${line}` : " ";
}
