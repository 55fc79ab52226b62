import { postgresIdentifier } from "#core/sql/postgres-identifier.ts";
import { nodesOfKind } from "#core/sql/walk.ts";
import { replace } from "../rewrite.ts";
import type { StatementRule } from "../rule.ts";
import { fold } from "../schema-view.ts";
import { nameOf } from "../scope.ts";
import { ddlFinding } from "../ddl/ddl-finding.ts";
import { searchColumn, searchVector, virtualForm } from "#core/schema/virtual-form.ts";

/** CREATE VIRTUAL TABLE: full-text search above all. */
export const virtualTable: StatementRule = {
  meta: {
    id: "virtual-table",
    family: "full-text",
    title: "CREATE VIRTUAL TABLE",
    doc: {
      what: "Finds CREATE VIRTUAL TABLE, with fts3, fts4 and fts5 first of all.",
      why: "PostgreSQL has no virtual tables. Its full-text search is a column of type tsvector with a GIN index, asked by the operator @@; there is no module to be created.",
      example: "CREATE VIRTUAL TABLE docs_fts USING fts5(title, body)",
      useInstead: {
        both: "by_engine(sqlite=…, postgresql=…)",
        postgres: "CREATE TABLE docs_fts (title text, body text, rowid bigserial PRIMARY KEY, search tsvector GENERATED ALWAYS AS (to_tsvector('simple', COALESCE(title, '') || ' ' || COALESCE(body, ''))) STORED); CREATE INDEX docs_fts_search ON docs_fts USING gin (search)",
      },
      fixSafety:
        "Review: 'simple' folds case and takes words as they are, as unicode61 does nearly; for stems ('porter') name a language, such as 'english'. The table has two columns more, its rowid and search. " +
        "There is none for a table whose texts are another's (content=…): give that one the index, or a tsvector column; and for rtree (box, or PostGIS), geopoly, csv and modules of the application's own.",
    },
  },
  *check(context) {
    const { statement } = context;
    if (statement.kind !== "CreateVirtualTableStatement") return;
    const span = { start: statement.span.start, end: statement.module.span.end };
    const module = nameOf(statement.module)?.toLowerCase() ?? "";
    const no = (message: string) => ({ span, severity: "error" as const, message, fixes: [] });
    if (!/^fts[345]$/.test(module)) {
      yield no(`PostgreSQL has no virtual tables, and no module ${module}. ${/^rtree/.test(module) ? "A column of type box or int4range with a GiST index answers such queries; PostGIS does for places." : "A view, a function that RETURNS TABLE or a foreign table may take its place."}`);
      return;
    }
    const what = "PostgreSQL's full-text search is a tsvector column with a GIN index.";
    const name = nameOf(statement.name.name);
    if (name === undefined || nodesOfKind(statement, "Hole").length > 0) {
      yield no(`${what} Parts of this statement are filled in at run time, so write it by hand.`);
      return;
    }
    const found = virtualForm(context.site.text.slice(statement.span.start, statement.span.end), module);
    if (found.form !== "full-text" || found.columns === undefined) {
      yield no(`${what} Of this table, ${found.form === "none" ? found.reason : found.form === "content" ? `its texts are in the table ${found.content}: give that table the index, or a tsvector column` : "the columns are not named"}.`);
      return;
    }
    const unindexed = new Set(found.unindexed.map(fold));
    const columns = found.columns.map((each) => postgresIdentifier(each));
    const searched = found.columns.filter((each) => !unindexed.has(fold(each))).map((each) => postgresIdentifier(each));
    const table = postgresIdentifier(name);
    const exists = statement.ifNotExistsSpan === undefined ? "" : "IF NOT EXISTS ";
    const sql =
      `CREATE TABLE ${exists}${table} (${columns.map((column) => `${column} text`).join(", ")}, rowid bigserial PRIMARY KEY, ${searchColumn} tsvector GENERATED ALWAYS AS (${searchVector(searched)}) STORED);\n` +
      `CREATE INDEX ${exists}${postgresIdentifier(`${name}_search`)} ON ${table} USING gin (${searchColumn})`;
    yield ddlFinding(
      {
        span,
        severity: "error",
        message: what,
        title: "Make a table with a tsvector column",
        edits: [replace(statement.span, sql)],
        differs: "words are taken as they are ('simple'; name a language for stems), and SELECT * has the columns rowid and search, too",
      },
      context,
    );
  },
};
