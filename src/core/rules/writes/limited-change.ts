import { postgresIdentifier } from "#core/sql/postgres-identifier.ts";
import type { DeleteStatement, LimitClause, OrderByClause, UpdateStatement } from "#core/sql/nodes.ts";
import { nodesOfKind } from "#core/sql/walk.ts";
import type { Edit } from "#core/text/edit.ts";
import { enclose, replace } from "../rewrite.ts";
import type { SqlFinding, StatementContext, StatementRule } from "../rule.ts";
import { fold, type TableView } from "../schema-view.ts";
import { nameOf } from "../scope.ts";
import { ownKey } from "./own-key.ts";

type Change = UpdateStatement | DeleteStatement;

/** UPDATE and DELETE with ORDER BY or LIMIT, which PostgreSQL does not have. */
export const limitedChange: StatementRule = {
  meta: {
    id: "limited-change",
    family: "writes",
    title: "UPDATE or DELETE with LIMIT",
    doc: {
      what: "Finds UPDATE and DELETE with ORDER BY, LIMIT or OFFSET.",
      why: "PostgreSQL has neither and rejects the statement. SQLite has them only where it was built so (SQLITE_ENABLE_UPDATE_DELETE_LIMIT).",
      example: "DELETE FROM task_queue WHERE done = 1 ORDER BY id LIMIT 100",
      useInstead: { both: "DELETE FROM task_queue WHERE id IN (SELECT id FROM task_queue WHERE done = 1 ORDER BY id LIMIT 100)", postgres: "the same" },
      fixSafety:
        "The rows are chosen by the table's key, which the schema tells. Safe where the order ends in that key, so that it is one order on both; review where equal rows or no order leave the choice to the engine. " +
        "Without the schema there is a fix in mode postgres only, by ctid: review, because a row that another transaction changes in between is passed over. Two workers that take from one queue want FOR UPDATE SKIP LOCKED in the inner query.",
    },
  },
  *check(context) {
    for (const change of [...nodesOfKind(context.statement, "UpdateStatement"), ...nodesOfKind(context.statement, "DeleteStatement")]) {
      if (change.orderBy === undefined && change.limit === undefined) continue;
      yield finding(change, context);
    }
  },
};

function finding(change: Change, context: StatementContext): SqlFinding {
  const { orderBy, limit, returning } = change;
  const verb = change.kind === "UpdateStatement" ? "UPDATE" : "DELETE";
  const span = { start: (orderBy ?? limit ?? change).span.start, end: (limit ?? orderBy ?? change).span.end };
  const message = `PostgreSQL has no ${verb} with ORDER BY or LIMIT: choose the rows by their key, in a query of their own.`;
  const no = (why: string): SqlFinding => ({ span, severity: "error", message: `${message} ${why}`, fixes: [] });
  if (change.holes.length > 0 || change.rest !== undefined || change.problem !== undefined) return no("Parts of this statement are filled in at run time.");
  if (change.kind === "UpdateStatement" && change.from !== undefined) return no("With FROM, put the other tables into that query, too.");
  if (change.indexedBy !== undefined) return no("INDEXED BY has no counterpart.");
  const name = nameOf(change.table.name);
  const table = name === undefined ? undefined : context.schema?.table(name);
  const found = table === undefined ? undefined : ownKey(table);
  if (table !== undefined && found === undefined && context.mode === "both") return no(`"${table.table.name}" has no key without NULLs.`);
  if (table === undefined && context.mode === "both") return no("The schema at hand would tell the key (--schema).");
  const key = found ?? ["ctid"];
  const moved = returning === undefined ? [] : movedReturning(change, context);
  if (moved === undefined) return no("What is behind RETURNING has to go behind the query, and cannot be moved safely here.");

  const { text } = context.site;
  const alias = change.alias === undefined ? "" : ` ${text.slice(change.alias.span.start, change.alias.span.end)}`;
  const target = text.slice(change.table.span.start, change.table.span.end);
  const columns = key.map((column) => postgresIdentifier(column)).join(", ");
  const start = change.where?.span.start ?? returning?.span.start ?? span.start;
  const opened = `WHERE ${key.length === 1 ? columns : `(${columns})`} IN (SELECT ${columns} FROM ${target}${alias} `;
  const edits: Edit[] = [...enclose({ start, end: span.end }, opened, ")"), ...moved];
  const differs = found === undefined ? "a row that another transaction changes in between is passed over, where the key would find it" : (boundDiffers(limit, context) ?? orderDiffers(orderBy, table, context));
  return {
    span,
    severity: "error",
    message: message + (differs === undefined ? "" : ` Look at it: ${differs}.`),
    fixes: [
      {
        kind: "edit",
        title: found === undefined ? "Choose the rows by ctid" : `Choose the rows by ${key.join(", ")}`,
        applicability: differs === undefined ? "safe" : "review",
        edits,
        settles: [orderBy, limit].flatMap((clause) => (clause === undefined ? [] : [{ span: clause.span }])),
      },
    ],
  };
}

/** RETURNING stands before ORDER BY in SQLite and has to end the statement: it is moved when it holds nothing but columns. */
function movedReturning({ span: { start }, returning, limit, orderBy }: Change, { site }: StatementContext): Edit[] | undefined {
  const last = limit ?? orderBy;
  if (returning === undefined || last === undefined) return undefined;
  const plain = returning.columns.every((column) => column.kind === "AllColumns" || column.expression.kind === "ColumnReference");
  const end = (orderBy ?? limit ?? returning).span.start;
  if (!plain || /\S/.test(site.text.slice(returning.span.end, end))) return undefined;
  const text = site.text.slice(returning.span.start, returning.span.end);
  return [replace({ start: returning.span.start, end }, ""), { span: { start: last.span.end, end: last.span.end }, newText: ` ${text}`, around: { start, end: last.span.end } }];
}

/** A negative LIMIT is none in SQLite and an error in PostgreSQL. */
function boundDiffers(limit: LimitClause | undefined, { kind }: StatementContext): string | undefined {
  for (const bound of [limit?.limit, limit?.offset]) {
    if (bound === undefined) continue;
    const known = kind(bound);
    if (known.kind !== "parameter" && !(known.kind === "integer" && known.literal !== undefined && known.literal >= 0n)) return "a LIMIT that is no count";
  }
  return undefined;
}

/** Why the rows that come first may be others; undefined where the order is one on both and tells every row from every other. */
function orderDiffers(orderBy: OrderByClause | undefined, table: TableView | undefined, { resolution, kind }: StatementContext): string | undefined {
  if (orderBy === undefined) return "without an order, which rows are taken is each engine's choice";
  const ordered = new Set<string>();
  for (const { expression } of orderBy.terms) {
    const view = expression.kind === "ColumnReference" ? resolution(expression) : undefined;
    if (view === undefined) return "the order is by something else than a column";
    const known = kind(expression);
    if (!(known.kind === "integer" || known.kind === "double" || known.kind === "boolean" || known.kind === "numeric" || (known.kind === "text" && known.ordered))) return `the order of "${view.column.name}" is not known to be the same`;
    ordered.add(fold(view.column.name));
  }
  const whole = table?.uniqueKeys.some((key) => key.every((column) => ordered.has(fold(column)) && table.column(column)?.nullable === false));
  return whole === true ? undefined : "of rows that are equal in this order, which are taken is each engine's choice; end it in the key";
}
