import type { AddColumn } from "#core/sql/nodes.ts";
import { nodesOfKind } from "#core/sql/walk.ts";
import { closing, replace } from "../rewrite.ts";
import type { SqlFinding, StatementContext, StatementRule } from "../rule.ts";
import { nameOf } from "../scope.ts";
import { columnDifferences } from "./column-differences.ts";
import { ddlFinding } from "./ddl-finding.ts";
import { plainText } from "./plain-texts.ts";

/** ALTER TABLE … ADD COLUMN: the column's type, default and constraints are SQLite's. */
export const addColumn: StatementRule = {
  meta: {
    id: "add-column",
    family: "ddl",
    title: "ALTER TABLE … ADD COLUMN",
    doc: {
      what: "Finds ALTER TABLE … ADD COLUMN, whose definition is SQLite's.",
      why: "Types and defaults decide what the column holds: INTEGER has 64 bits in SQLite and 32 in PostgreSQL, BOOLEAN takes no 0 and 1 there, BLOB and DATETIME do not exist, and text sorts by the database's locale instead of by bytes.",
      example: "ALTER TABLE tool_calls ADD COLUMN is_cached BOOLEAN NOT NULL DEFAULT 0",
      useInstead: { both: "by_engine(sqlite=…, postgresql=…): the code chooses its own DDL or the schema translator's", postgres: "ALTER TABLE tool_calls ADD COLUMN is_cached boolean DEFAULT false NOT NULL" },
      fixSafety: "Safe when the schema translator has nothing to say of the column; review when it has. A column that the schema at hand knows gets the type that was decided for it.",
    },
  },
  *check(context) {
    const { statement } = context;
    if (statement.kind !== "AlterTableStatement" || statement.action.kind !== "AddColumn") return;
    const found = finding(statement.action, context);
    if (found !== undefined) yield found;
  },
};

function finding(action: AddColumn, context: StatementContext): SqlFinding | undefined {
  const { site, mode, statement, translateDdl } = context;
  const { span, column } = action;
  const holes = nodesOfKind(statement, "Hole");
  const differences = column.kind === "ColumnDefinition" ? columnDifferences(column) : [];
  // What the names are makes no difference.
  const isWhole = column.kind === "ColumnDefinition" && holes.every(({ span: hole }) => hole.end <= column.name.span.end);
  const type = isWhole && differences.length === 0 ? plainText(column) : undefined;
  // What such a column holds is the same: all that differs is how it sorts.
  if (type !== undefined && (translateDdl === undefined || holes.length > 0)) {
    const message = "PostgreSQL sorts this text by the database's locale, SQLite by its bytes";
    return mode === "both"
      ? { span: type, severity: "information", message: `${message}: the column that PostgreSQL has wants COLLATE "C", which SQLite does not know.`, fixes: [], advice: true }
      : { span: type, severity: "information", message: `${message}, as COLLATE "C" does.`, fixes: [{ kind: "edit", title: 'Write COLLATE "C"', applicability: "safe", edits: [closing(type, ' COLLATE "C"')] }] };
  }
  const severity = differences.some(({ refused }) => refused) ? ("error" as const) : ("warning" as const);
  const what = differences.length > 0 ? differences.map(({ text }) => text).join("; ") : type !== undefined ? "PostgreSQL sorts this text by the database's locale, SQLite by its bytes" : undefined;
  if (isWhole && holes.length > 0 && differences.length === 0) return undefined;
  if (column.kind !== "ColumnDefinition" || holes.length > 0) {
    return what === undefined
      ? { span, severity, message: "Parts of this column's definition are filled in at run time. Look at it: what is written there for SQLite (type, default) must be PostgreSQL's.", fixes: [], advice: true }
      : { span, severity, message: `${what}; parts of it are filled in at run time, so translate it by hand.`, fixes: [] };
  }
  if (mode === "postgres" && isPostgres(action)) return undefined;
  // Both engines take another spelling of the same type.
  if (what === undefined && mode === "both") return undefined;
  const text = site.text.slice(statement.span.start, statement.span.end);
  const translated = translateDdl?.(text);
  if (translated === undefined && differences.length === 0) return undefined;
  if (translated === undefined) return { span, severity, message: `${what}.`, fixes: [] };
  if (!translated.ok) return { span, severity, message: `${what ?? "This definition is taken by PostgreSQL as it stands"}, and the schema translator cannot translate it: ${translated.reason}`, fixes: [] };
  if (translated.sql === site.text.slice(span.start, span.end)) return undefined;
  return ddlFinding(
    {
      span,
      severity: what === undefined ? "information" : severity,
      message: what === undefined ? "This definition means the same to PostgreSQL, which spells it otherwise." : `${what}.`,
      title: "Write PostgreSQL's definition",
      edits: [replace(span, translated.sql)],
      differs: [...folding(action), ...translated.review].join("; ") || undefined,
    },
    context,
  );
}

/** A collation that PostgreSQL's column does not have: what compares the column has to say it. */
function folding(action: AddColumn): string[] {
  return nodesOfKind(action, "CollateConstraint").flatMap(({ collation }) => {
    const name = nameOf(collation)?.toUpperCase() ?? "";
    return name === "BINARY" ? [] : [`the column compares by ${name === "" ? "a collation" : name} in SQLite and by bytes there: comparisons and indexes have to say lower()`];
  });
}

const postgresWords = /^(?:(?:big|small)?serial|bytea|jsonb|timestamptz)$/i;

/** Whether a definition was written for PostgreSQL: by types, a collation or functions that only it has. */
function isPostgres(action: AddColumn): boolean {
  return (
    nodesOfKind(action, "TypeName").some(({ words }) => words.some((word) => postgresWords.test(nameOf(word) ?? ""))) ||
    nodesOfKind(action, "CollateConstraint").some(({ collation }) => nameOf(collation) === "C") ||
    nodesOfKind(action, "FunctionCall").some(({ name }) => name.kind === "Identifier" && /^(?:date_trunc|timezone|to_char)$/i.test(name.value))
  );
}
