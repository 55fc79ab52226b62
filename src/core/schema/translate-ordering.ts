import type { Expression, OrderByClause } from "#core/sql/nodes.ts";
import { inC, inCollation } from "./comparison.ts";
import { refuse, type Value } from "./translated-value.ts";

/**
 * The terms of an ORDER BY with NULL where SQLite puts it: before everything else, unless the query says so itself.
 * @throws Untranslatable
 */
export function translateOrdering(clause: OrderByClause, translate: (expression: Expression) => Value): string {
  return clause.terms
    .map(({ expression, direction, nulls, holes }) => {
      if (holes.length > 0) return refuse("its order is put together at run time");
      const key = sortKey(translate(expression));
      return `${key}${direction === "DESC" ? " DESC" : ""} NULLS ${nulls ?? (direction === "DESC" ? "LAST" : "FIRST")}`;
    })
    .join(", ");
}

/** What PostgreSQL must sort by to sort as SQLite does. @throws Untranslatable */
export function sortKey(key: Value): string {
  if (key.type === "jsonb") return refuse("it sorts by JSON");
  if (key.type !== "text") return key.sql;
  if (key.collation === undefined) return inC(key);
  return inCollation(key, key.collation).sql;
}
