import type { AnalyzeStatement, ReindexStatement, VacuumStatement } from "#core/sql/nodes.ts";
import { opening, replace } from "../rewrite.ts";
import type { SqlFinding, StatementContext, StatementRule } from "../rule.ts";
import { nameOf } from "../scope.ts";
import { ddlFinding } from "../ddl/ddl-finding.ts";

/** VACUUM INTO, VACUUM of a schema, ANALYZE of an index or schema, REINDEX. */
export const maintenance: StatementRule = {
  meta: {
    id: "maintenance",
    family: "statements",
    title: "VACUUM, ANALYZE and REINDEX",
    doc: {
      what: "Finds VACUUM with a schema or INTO, ANALYZE with a name that is no table, and REINDEX. Plain VACUUM and ANALYZE, and ANALYZE of a table, are the same on both.",
      why: "What stands behind VACUUM and ANALYZE is a table in PostgreSQL, not a schema or an index; REINDEX has to say what it names. PostgreSQL vacuums and analyzes by itself (autovacuum), and neither VACUUM can run in a transaction.",
      example: "REINDEX notes",
      useInstead: { both: "by_engine(sqlite=…, postgresql=\"REINDEX TABLE notes\")", postgres: "REINDEX TABLE notes" },
      fixSafety: "REINDEX of a table that the schema knows gets the word TABLE: safe, it changes no result. VACUUM main is VACUUM: safe. VACUUM INTO is a backup: pg_dump, or pg_basebackup; there is no fix.",
    },
  },
  *check(context) {
    const { statement } = context;
    switch (statement.kind) {
      case "VacuumStatement":
        yield* vacuum(statement, context);
        return;
      case "AnalyzeStatement":
        yield* analyze(statement, context);
        return;
      case "ReindexStatement":
        yield reindex(statement, context);
        return;
      default:
        return;
    }
  },
};

function* vacuum(statement: VacuumStatement, { site }: StatementContext): Iterable<SqlFinding> {
  const { schema, into, span } = statement;
  if (into !== undefined) {
    yield { span, severity: "error", message: "VACUUM INTO writes a copy of the file. PostgreSQL's server is backed up by pg_dump or pg_basebackup, from outside of the application.", fixes: [] };
    return;
  }
  if (schema === undefined) return;
  const gap = /\s*$/.exec(site.text.slice(span.start, schema.span.start))?.[0].length ?? 0;
  yield {
    span: schema.span,
    severity: "error",
    message: "PostgreSQL reads the name behind VACUUM as a table; SQLite as a schema.",
    fixes: nameOf(schema)?.toLowerCase() === "main" ? [{ kind: "edit", title: "Leave out the schema", applicability: "safe", edits: [replace({ start: schema.span.start - gap, end: schema.span.end }, "")] }] : [],
  };
}

function* analyze({ name }: AnalyzeStatement, { schema }: StatementContext): Iterable<SqlFinding> {
  if (name === undefined || schema === undefined) return;
  const written = nameOf(name.name) ?? "";
  if (name.schema === undefined && schema.table(written) !== undefined) return;
  yield { span: name.span, severity: "error", message: "PostgreSQL's ANALYZE takes a table; SQLite's a schema or an index, too. Name the table, or leave the name out.", fixes: [] };
}

function reindex(statement: ReindexStatement, context: StatementContext): SqlFinding {
  const { name, span } = statement;
  const message = "PostgreSQL's REINDEX has to say what it names: TABLE, INDEX, SCHEMA or DATABASE.";
  const table = name === undefined || name.schema !== undefined ? undefined : context.schema?.table(nameOf(name.name) ?? "");
  if (name === undefined || table === undefined) return { span, severity: "error", message: `${message} SQLite wants it after a collation has changed; PostgreSQL seldom does. Remove the call, or write the word.`, fixes: [] };
  return ddlFinding({ span, severity: "error", message, title: "Write TABLE", edits: [opening(name.span, "TABLE ")], settles: [{ span }], differs: undefined }, context);
}
