import { postgresIdentifier } from "#core/sql/postgres-identifier.ts";
import type { Expression, InsertStatement, UpsertClause } from "#core/sql/nodes.ts";
import { nodesOfKind } from "#core/sql/walk.ts";
import { enclose, replace, tokenIn } from "../rewrite.ts";
import type { SqlFinding, StatementContext, StatementRule } from "../rule.ts";
import { fold, type TableView } from "../schema-view.ts";
import { nameOf } from "../scope.ts";
import { conflictKey } from "./conflict-key.ts";
import { insertedColumns, mayRepeatKey, tableOf } from "./inserted-columns.ts";

/** What ON CONFLICT names: a key that PostgreSQL has, once, and no row twice. */
export const upsertTarget: StatementRule = {
  meta: {
    id: "upsert-target",
    family: "upsert",
    title: "The key of ON CONFLICT",
    doc: {
      what: "Finds ON CONFLICT DO UPDATE without a key, several ON CONFLICT clauses, a key that compares without case, and DO UPDATE for rows that may have the same key.",
      why:
        "PostgreSQL's DO UPDATE needs the key, and it takes one ON CONFLICT clause. A key under NOCASE is an index on lower() there, which ON CONFLICT has to name. " +
        "And it refuses a statement whose DO UPDATE would touch one row twice, where SQLite updates it once for each.",
      example: "INSERT INTO tool_stats (tool_name, uses) VALUES (?, 1) ON CONFLICT DO UPDATE SET uses = tool_stats.uses + 1",
      useInstead: { both: "INSERT INTO tool_stats (tool_name, uses) VALUES (?, 1) ON CONFLICT (tool_name) DO UPDATE SET uses = tool_stats.uses + 1", postgres: "the same" },
      fixSafety:
        "The key is written down where the schema at hand shows that the given columns can violate one key only: safe. Clauses that all say DO NOTHING become one: safe when they name every key of the table. " +
        "lower() for a key under NOCASE is safe in mode postgres; SQLite would not find a key by it, so in mode both it is left to a person. For rows that may repeat a key there is no fix: keep one row for each key, in code or by GROUP BY, or insert them one by one.",
    },
  },
  *check(context) {
    for (const insert of nodesOfKind(context.statement, "InsertStatement")) {
      if (insert.upserts.length === 0) continue;
      const table = tableOf(insert, context);
      if (insert.upserts.length > 1) {
        yield several(insert, table, context);
        continue;
      }
      for (const upsert of insert.upserts) {
        if (upsert.action === "UPDATE" && upsert.target === undefined && upsert.holes.length === 0) {
          yield withoutTarget(insert, upsert, table, context);
          continue;
        }
        yield* foldedTarget(upsert, table, context);
        const twice = repeated(insert, upsert, table);
        if (twice !== undefined) yield twice;
      }
    }
  },
};

function withoutTarget(insert: InsertStatement, upsert: UpsertClause, table: TableView | undefined, { site }: StatementContext): SqlFinding {
  const action = upsert.actionSpan ?? upsert.span;
  const base = { span: { start: upsert.span.start, end: action.end }, severity: "error" as const };
  const message = "PostgreSQL's ON CONFLICT DO UPDATE has to name the key.";
  if (table === undefined) return { ...base, message: `${message} The schema at hand would tell which (--schema).`, fixes: [] };
  const given = insertedColumns(insert, table);
  const key = given === undefined ? "the inserted columns cannot be seen here." : conflictKey(table, given);
  if (typeof key === "string") return { ...base, message: `${message} ${key.charAt(0).toUpperCase()}${key.slice(1)}`, fixes: [] };
  const conflict = tokenIn(site.text, upsert.span, "CONFLICT");
  if (conflict === undefined) return { ...base, message, fixes: [] };
  const differs = table.hasOtherUniqueIndexes ? "the table has further unique indexes (partial or on expressions), which SQLite's clause covers, too" : undefined;
  return {
    ...base,
    message: message + (differs === undefined ? "" : ` Look at it: ${differs}.`),
    fixes: [
      {
        kind: "edit",
        title: `Write (${key.join(", ")})`,
        applicability: differs === undefined ? "safe" : "review",
        edits: [{ span: { start: conflict.end, end: conflict.end }, newText: ` (${key.map((name) => postgresIdentifier(name)).join(", ")})` }],
        settles: [{ span: upsert.span }],
      },
    ],
  };
}

function several(insert: InsertStatement, table: TableView | undefined, { site }: StatementContext): SqlFinding {
  const [first, ...rest] = insert.upserts;
  const last = rest.at(-1) ?? first;
  const span = { start: first?.span.start ?? insert.span.start, end: last?.span.end ?? insert.span.end };
  const base = { span, severity: "error" as const };
  const nothing = insert.upserts.every((upsert) => upsert.action === "NOTHING" && upsert.holes.length === 0);
  if (!nothing || /--|\/\*/.test(site.text.slice(span.start, span.end))) return { ...base, message: "PostgreSQL takes one ON CONFLICT clause. Look for the old row first, in the same transaction, and update it or insert; or use MERGE, from PostgreSQL 15 on.", fixes: [] };
  const named = insert.upserts.map((upsert) => upsert.target?.terms.map(({ expression }) => columnName(expression)).sort().join("\0"));
  const covers = table !== undefined && !table.hasOtherUniqueIndexes && (named.includes(undefined) || table.uniqueKeys.every((key) => named.includes(key.map(fold).sort().join("\0"))));
  return {
    ...base,
    message: "PostgreSQL takes one ON CONFLICT clause; without a key, DO NOTHING is for all of them." + (covers ? "" : ` Look at it: ${table === undefined ? "whether these are all keys of the table is not known here (--schema)" : "the table has other keys, too, whose violation is an error now"}.`),
    fixes: [{ kind: "edit", title: "Use one ON CONFLICT DO NOTHING", applicability: covers ? "safe" : "review", edits: [replace(span, "ON CONFLICT DO NOTHING")] }],
  };
}

function columnName(expression: Expression): string {
  return expression.kind === "ColumnReference" ? fold(nameOf(expression.column) ?? "?") : "?";
}

/** A key under NOCASE, by its column's declaration or by the target's own words. */
function* foldedTarget(upsert: UpsertClause, table: TableView | undefined, { mode }: StatementContext): Iterable<SqlFinding> {
  for (const term of upsert.target?.terms ?? []) {
    const { expression } = term;
    const collated = expression.kind === "CollateExpression" ? expression : undefined;
    const operand = collated?.operand ?? expression;
    const view = operand.kind === "ColumnReference" ? table?.column(nameOf(operand.column) ?? "") : undefined;
    const collation = (collated === undefined ? view?.column.collation : nameOf(collated.collation))?.toUpperCase();
    if (collation === undefined || (collated === undefined && collation === "BINARY")) continue;
    const gap = collated === undefined ? [] : [replace({ start: operand.span.end, end: collated.span.end }, "")];
    const base = { span: expression.span, severity: "error" as const };
    if (collation !== "NOCASE" && collation !== "BINARY") yield { ...base, message: `PostgreSQL has no collation ${collation}: which key is meant has to be said in its terms.`, fixes: [] };
    else if (view !== undefined && view.decision.type !== "text") continue;
    else {
      const text = collation === "NOCASE" ? "a key under NOCASE is an index on lower() in PostgreSQL, which ON CONFLICT has to name." : "PostgreSQL has no collation BINARY, and the key compares exactly anyway.";
      const fixable = mode === "postgres" && view?.decision.collation === "C";
      yield {
        ...base,
        message: `${text.charAt(0).toUpperCase()}${text.slice(1)}${mode === "both" ? " SQLite finds its key by the column alone, so that no text serves both: choose by engine." : view === undefined ? " The schema at hand would tell the column (--schema)." : ""}`,
        fixes: fixable ? [{ kind: "edit", title: collation === "NOCASE" ? "Name lower()" : "Leave out the collation", applicability: "safe", edits: [...(collation === "NOCASE" ? enclose(operand.span, "lower(", ")") : []), ...gap], settles: [{ span: term.span }, { span: expression.span }] }] : [],
      };
    }
  }
}

function repeated(insert: InsertStatement, upsert: UpsertClause, table: TableView | undefined): SqlFinding | undefined {
  if (upsert.action !== "UPDATE" || table === undefined || upsert.target === undefined) return undefined;
  const key = upsert.target.terms.map(({ expression }) => columnName(expression));
  const given = insertedColumns(insert, table);
  if (given === undefined || key.includes("?") || !mayRepeatKey(insert, key, given) || isGrouped(insert, key, given)) return undefined;
  return {
    span: upsert.actionSpan ?? upsert.span,
    severity: "warning",
    message: "PostgreSQL refuses a statement whose DO UPDATE touches one row twice; SQLite updates it once for each row. Look at it: can two of these rows have the same key? Then keep one for each key before, or insert them one by one.",
    fixes: [],
    advice: true,
  };
}

/** Whether a query gives one row for each key: it groups by columns that are all of the key's. */
function isGrouped({ source }: InsertStatement, key: readonly string[], given: readonly string[]): boolean {
  if (source.kind !== "SelectStatement") return false;
  const [term] = source.terms;
  if (source.terms.length !== 1 || term?.kind !== "SelectCore" || term.groupBy === undefined) return false;
  const values = key.map((name) => term.columns[given.findIndex((each) => fold(each) === name)]);
  const grouped = term.groupBy.expressions.map((expression) => columnName(expression));
  return values.every((value) => value?.kind === "ResultColumn" && grouped.includes(columnName(value.expression))) && grouped.every((name) => name !== "?" && values.some((value) => value?.kind === "ResultColumn" && columnName(value.expression) === name));
}
