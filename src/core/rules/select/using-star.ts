import type { AllColumns, SelectCore } from "#core/sql/nodes.ts";
import { isDefinition } from "../is-definition.ts";
import { writtenName } from "../quoting/written-name.ts";
import { replace } from "../rewrite.ts";
import type { SqlFinding, StatementContext, StatementRule } from "../rule.ts";
import { fold, type SchemaView } from "../schema-view.ts";
import { mergesColumns, nameOf, type Source } from "../scope.ts";
import { coresOf } from "./grouped.ts";

/** `SELECT *` over JOIN … USING, whose columns come in another order. */
export const usingStar: StatementRule = {
  meta: {
    id: "using-star",
    family: "select",
    title: "SELECT * of a join with USING",
    doc: {
      what: "Finds `SELECT *` from tables that USING or NATURAL join, unless the columns that they share come first anyway.",
      why: "PostgreSQL puts the shared columns before all others, SQLite leaves them where the first table has them: code that reads rows by place gets other values.",
      example: "SELECT * FROM tasks JOIN users USING (user_id)",
      useInstead: { both: "SELECT tasks.id, tasks.user_id, tasks.title, users.name FROM tasks JOIN users USING (user_id)", postgres: "the same" },
      fixSafety: "Safe: the columns are written down in SQLite's order. Without a schema they are not known, and a person must write them.",
    },
  },
  *check(context) {
    const { statement } = context;
    if (isDefinition(statement)) return;
    for (const { core } of coresOf(statement)) {
      if (core.from === undefined || !mergesColumns(core.from.terms)) continue;
      for (const column of core.columns) if (column.kind === "AllColumns" && column.table === undefined) yield* finding(column, core, context);
    }
  },
};

function* finding(star: AllColumns, core: SelectCore, context: StatementContext): Iterable<SqlFinding> {
  const order = sqliteOrder(core, context);
  if (order !== undefined && order.first) return;
  yield {
    span: star.span,
    severity: "warning",
    message: `PostgreSQL puts the columns that USING or NATURAL share before all others, SQLite leaves them where the first table has them.${order === undefined ? " Name the columns (--schema tells them)." : ""}`,
    fixes: order === undefined ? [] : [{ kind: "edit", title: "Name the columns", applicability: "safe", edits: [replace(star.span, order.names.join(", "))] }],
  };
}

/** The columns in SQLite's order, and whether PostgreSQL's is the same; undefined where they are not known, or a join makes one of several. */
function sqliteOrder(core: SelectCore, { meanings, schema }: StatementContext): { readonly names: readonly string[]; readonly first: boolean } | undefined {
  const terms = core.from?.terms ?? [];
  const sources = meanings.sources(core);
  if (schema === undefined || sources.length !== terms.length || sources.some((source) => source.table === undefined)) return undefined;
  const names: string[] = [];
  /** Shared columns, in PostgreSQL's order; those of a later join go before those of an earlier one. */
  let shared: string[] = [];
  const seen: { readonly source: Source; readonly column: string; readonly merged: boolean }[] = [];
  for (const [i, term] of terms.entries()) {
    const source = sources[i];
    if (term.kind === "Hole" || source?.table === undefined || term.operator?.type === "RIGHT" || term.operator?.type === "FULL" || term.source.kind !== "TableReference") return undefined;
    const own = source.table.columns.map((view) => view.column.name);
    const before = new Set(seen.map((each) => fold(each.column)));
    const merged = term.operator?.natural === true ? [...before].filter((name) => own.some((column) => fold(column) === name)) : term.constraint?.kind === "UsingClause" ? term.constraint.columns.names.map((name) => fold(nameOf(name) ?? "")) : [];
    if (merged.some((name) => seen.filter((each) => fold(each.column) === name && !each.merged).length > 1)) return undefined;
    shared = [...merged, ...shared.filter((name) => !merged.includes(name))];
    for (const column of own) {
      if (merged.includes(fold(column))) continue;
      seen.push({ source, column, merged: false });
      names.push(`${tableName(source, schema)}.${writtenName(schema.targetColumn(source.table.table.name, column))}`);
    }
  }
  const first = shared.every((name, i) => fold(seen[i]?.column ?? "") === name);
  return { names, first };
}

/** The name before a column: an alias as PostgreSQL reads it, or the table's own. */
function tableName({ name, node, table }: Source, schema: SchemaView): string {
  if (node?.kind === "TableReference" && node.alias !== undefined) return node.alias.name.kind === "Identifier" && node.alias.name.quote === "none" ? fold(name) : writtenName(name);
  return writtenName(schema.targetRelation(table?.table.name ?? name) ?? name);
}
