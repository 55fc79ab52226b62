import type { Expression, InsertStatement, SelectTerm, UpdateStatement } from "#core/sql/nodes.ts";
import type { StatementContext } from "../rule.ts";
import { fold, type TableView } from "../schema-view.ts";
import { nameOf, type Resolution } from "../scope.ts";
import { canBeNull } from "../select/can-be-null.ts";

/** The table that a statement changes, if the schema at hand has it. */
export function tableOf(change: InsertStatement | UpdateStatement, context: StatementContext): TableView | undefined {
  const name = nameOf(change.table.name);
  return name === undefined ? undefined : context.schema?.table(name);
}

/** The columns that the statement gives values for, or undefined when holes hide them. */
export function insertedColumns(insert: InsertStatement, table: TableView): readonly string[] | undefined {
  if (insert.columns !== undefined) {
    const names = insert.columns.names.map(nameOf);
    return names.every((n) => n !== undefined) ? names : undefined;
  }
  return table.columns.filter((c) => c.column.generated === undefined).map((c) => c.column.name);
}

/** What each row of VALUES gives in one place; undefined where the rows come from elsewhere. */
export function literalsAt(insert: InsertStatement, index: number): readonly Literal[] | undefined {
  if (insert.source.kind !== "SelectStatement") return undefined;
  const found: Literal[] = [];
  for (const term of insert.source.terms) {
    if (term.kind !== "ValuesClause") return undefined;
    for (const row of term.rows) {
      if (row.kind !== "ExpressionList" || row.items.slice(0, index + 1).some((item) => item.kind === "Hole")) return undefined;
      const item = row.items[index];
      found.push(literal(item));
    }
  }
  return found;
}

/** A value as a comparison of keys sees it; `unknown` for what is not written down, `other` for a literal that may equal one written otherwise. */
export type Literal = { readonly kind: "value"; readonly text: string } | { readonly kind: "null" | "other" | "unknown" };

function literal(item: { readonly kind: string; readonly text?: string; readonly value?: string } | undefined): Literal {
  switch (item?.kind) {
    case "NumericLiteral":
      return /^(?:0|[1-9]\d*)$/.test(item.text ?? "") ? { kind: "value", text: item.text ?? "" } : { kind: "other" };
    case "StringLiteral":
      return { kind: "value", text: item.value ?? "" };
    case "BlobLiteral":
    case "CurrentTimeLiteral":
      return { kind: "other" };
    case "NullLiteral":
      return { kind: "null" };
    default:
      return { kind: "unknown" };
  }
}

/** Whether every row gives a value other than NULL in that place: a literal, or what cannot be NULL by the schema at hand. */
export function neverNull(insert: InsertStatement, index: number, resolution: Resolution): boolean {
  if (literalsAt(insert, index)?.every(({ kind }) => kind === "value" || kind === "other") === true) return true;
  if (insert.source.kind !== "SelectStatement") return false;
  return insert.source.terms.every((term) => {
    const values = term.kind === "ValuesClause" ? term.rows.map((row) => (row.kind === "ExpressionList" ? row.items[index] : undefined)) : [resultAt(term, index)];
    return values.length > 0 && values.every((value) => value !== undefined && !canBeNull(value, resolution));
  });
}

/** The expression in a place of a query's list; undefined where a star makes the places unknown. */
function resultAt(term: SelectTerm, index: number): Expression | undefined {
  if (term.kind !== "SelectCore" || !term.columns.every((each) => each.kind === "ResultColumn")) return undefined;
  return term.columns[index]?.expression;
}

/** Whether two of the statement's rows may have the same key: it has several, and no place of the key tells each from the others. */
export function mayRepeatKey(insert: InsertStatement, key: readonly string[], given: readonly string[]): boolean {
  if (insert.source.kind !== "SelectStatement") return true;
  const { terms } = insert.source;
  const [only] = terms;
  if (terms.length === 1 && only?.kind === "SelectCore" && only.from === undefined) return false;
  if (terms.length === 1 && only?.kind === "ValuesClause" && only.rows.length === 1 && only.rows[0]?.kind === "ExpressionList") return false;
  return !key.some((name) => {
    const values = literalsAt(insert, given.findIndex((g) => fold(g) === fold(name)));
    const texts = values?.flatMap((v) => (v.kind === "value" ? [v.text] : []));
    return texts !== undefined && texts.length === values?.length && new Set(texts).size === texts.length;
  });
}
