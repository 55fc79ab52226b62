import type { CreateIndexStatement, Expression, OrderingTerm } from "#core/sql/nodes.ts";
import type { Edit } from "#core/text/edit.ts";
import type { Settled } from "../finding.ts";
import { enclose, replace } from "../rewrite.ts";
import type { SqlFinding, StatementContext, StatementRule } from "../rule.ts";
import type { ColumnView, TableView } from "../schema-view.ts";
import { nameOf } from "../scope.ts";
import { ddlFinding } from "./ddl-finding.ts";

/** CREATE INDEX: collations, expressions without parentheses and a schema before the index's name. */
export const createIndex: StatementRule = {
  meta: {
    id: "create-index",
    family: "ddl",
    title: "CREATE INDEX",
    doc: {
      what: "Finds CREATE INDEX with a collation (NOCASE, BINARY, RTRIM), over an expression without parentheses, with a schema before the index's name, and over a column that compares without case.",
      why: "PostgreSQL has none of SQLite's collations, wants parentheses around an expression that is no function call, and takes no schema before the index's name: the index is made in its table's. A UNIQUE index that loses its collation lets rows in that SQLite refuses.",
      example: "CREATE UNIQUE INDEX idx_user_mail ON user_account (mail COLLATE NOCASE)",
      useInstead: { both: "by_engine(sqlite=…, postgresql=\"CREATE UNIQUE INDEX idx_user_mail ON user_account (lower(mail))\")", postgres: "CREATE UNIQUE INDEX idx_user_mail ON user_account (lower(mail))" },
      fixSafety:
        "Safe for an index that is not unique: it changes no result, and PostgreSQL says so when it cannot make it. lower() is NOCASE for a text column that sorts by bytes, which the schema tells; without one a unique index asks for a review. " +
        "ON CONFLICT has to name lower(column) then. Parentheses around an expression are fine on both. There is none for RTRIM and collations of the application's own. PostgreSQL takes no index entry of more than about 2,700 bytes.",
    },
  },
  *check(context) {
    const { statement, site } = context;
    if (statement.kind !== "CreateIndexStatement") return;
    // The translator takes the whole text, its indexes with the tables.
    if (/\bcreate\s+(?:temp(?:orary)?\s+)?table\b/i.test(site.text)) return;
    const table = context.schema?.table(nameOf(statement.table) ?? "");
    const qualified = schemaBefore(statement);
    if (qualified !== undefined) yield qualified;
    for (const term of statement.terms) {
      const found = ofTerm(statement, term, table, context);
      if (found !== undefined) yield found;
    }
  },
};

function schemaBefore(statement: CreateIndexStatement): SqlFinding | undefined {
  const { schema, name } = statement.name;
  if (schema === undefined) return undefined;
  const span = { start: schema.span.start, end: name.span.start };
  const severity = "error" as const;
  const written = nameOf(schema);
  if (written?.toLowerCase() !== "main") return { span, severity, message: "PostgreSQL takes no schema before an index's name: the index is made in its table's schema. Which one the attached database becomes is yours to say.", fixes: [] };
  // The index of a table of the main database is there anyway: on SQLite the words only say so.
  return { span, severity, message: "PostgreSQL takes no schema before an index's name: the index is made in its table's schema.", fixes: [{ kind: "edit", title: "Leave out the schema", applicability: "safe", edits: [replace(span, "")], settles: [{ span: statement.name.span }] }] };
}

function ofTerm(statement: CreateIndexStatement, term: OrderingTerm, table: TableView | undefined, context: StatementContext): SqlFinding | undefined {
  const { expression } = term;
  if (expression.kind === "CollateExpression") {
    const collation = nameOf(expression.collation)?.toUpperCase();
    const gap = { start: expression.operand.span.end, end: expression.span.end };
    const column = expression.operand.kind === "ColumnReference" ? context.resolution(expression.operand) : undefined;
    const base = { span: { start: expression.operatorSpan.start, end: expression.span.end }, severity: "error" as const };
    switch (collation) {
      case "NOCASE":
        if (column !== undefined && column.decision.type !== "text") return ddlFinding({ ...base, message: `PostgreSQL has no collation NOCASE, and a column of type ${column.decision.type} needs none.`, title: "Leave out the collation", edits: [replace(gap, "")], settles: [{ span: expression.span }], differs: undefined }, context);
        return folded(statement, expression.operand, [replace(gap, "")], expression.span, column, base, context);
      case "BINARY":
        return ddlFinding({ ...base, message: "PostgreSQL has no collation BINARY; a column that sorts by bytes is compared so anyway.", title: "Leave out the collation", edits: [replace(gap, "")], settles: [{ span: expression.span }], differs: column?.decision.collation === "C" || statement.uniqueSpan === undefined ? undefined : "the column's own collation decides" }, context);
      default:
        return { ...base, message: `PostgreSQL has no collation ${collation ?? "of this name"}. ${collation === "RTRIM" ? "An index on rtrim(column, ' ') serves queries that compare rtrim(column, ' ')." : "A collation of the application's own has to be made there by CREATE COLLATION, if it can be."}`, fixes: [] };
    }
  }
  if (expression.kind === "ColumnReference") {
    const column = context.resolution(expression);
    if (column === undefined || column.decision.type !== "text" || column.column.collation?.toUpperCase() !== "NOCASE") return undefined;
    if (table === undefined) return undefined;
    return folded(statement, expression, [], expression.span, column, { span: expression.span, severity: "warning" }, context);
  }
  if (needsNoParentheses(expression)) return undefined;
  return {
    span: expression.span,
    severity: "error",
    message: "PostgreSQL wants parentheses around an indexed expression that is no function call; SQLite takes them, too.",
    fixes: [{ kind: "edit", title: "Put it in parentheses", applicability: "safe", edits: enclose(expression.span, "(", ")") }],
  };
}

/** lower() folds ASCII only in a column that sorts by bytes, as NOCASE does. */
function folded(statement: CreateIndexStatement, operand: Expression, edits: readonly Edit[], settled: Settled["span"], column: ColumnView | undefined, base: Pick<SqlFinding, "span" | "severity">, context: StatementContext): SqlFinding {
  const unique = statement.uniqueSpan !== undefined;
  return ddlFinding(
    {
      ...base,
      message: `PostgreSQL has no collation NOCASE: an index on lower() ${unique ? "refuses the same rows" : "serves queries that compare lower()"}.`,
      title: "Index lower()",
      edits: [...enclose(operand.span, operand.kind === "ColumnReference" || needsNoParentheses(operand) ? "lower(" : "lower((", operand.kind === "ColumnReference" || needsNoParentheses(operand) ? ")" : "))"), ...edits],
      settles: [{ span: settled }],
      differs: !unique || column?.decision.collation === "C" ? undefined : "lower() folds letters outside ASCII, too, unless the column sorts by bytes, which the schema would tell (--schema)",
    },
    context,
  );
}

/** What stands in PostgreSQL's list of an index's keys as it is. */
function needsNoParentheses(expression: Expression): boolean {
  return expression.kind === "ColumnReference" || expression.kind === "FunctionCall" || expression.kind === "ParenthesizedExpression" || expression.kind === "CastExpression" || expression.kind === "Hole" || expression.kind === "ErrorNode";
}
