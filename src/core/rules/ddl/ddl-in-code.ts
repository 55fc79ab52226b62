import { nodesOfKind } from "#core/sql/walk.ts";
import type { CreateTableStatement, Statement } from "#core/sql/nodes.ts";
import type { Span } from "#core/text/span.ts";
import { closing } from "../rewrite.ts";
import type { SqlFinding, StatementContext, StatementRule } from "../rule.ts";
import { nameOf } from "../scope.ts";
import { plainTexts } from "./plain-texts.ts";
import { keyGives } from "./column-differences.ts";
import { tableDifferences } from "./table-differences.ts";

/** CREATE statements in code: AUTOINCREMENT, SQLite's types and defaults. */
export const ddlInCode: StatementRule = {
  meta: {
    id: "ddl-in-code",
    family: "ddl",
    title: "AUTOINCREMENT and other DDL in code",
    doc: {
      what: "Finds CREATE TABLE statements in code and scripts with AUTOINCREMENT, or with types, defaults, keys and checks that PostgreSQL refuses or takes for something else.",
      why: "PostgreSQL has no AUTOINCREMENT, and a plain INTEGER PRIMARY KEY does not give ids there. Types and defaults decide what the columns hold.",
      example: "CREATE TABLE adw_locks (id INTEGER PRIMARY KEY AUTOINCREMENT, created_at TEXT DEFAULT CURRENT_TIMESTAMP)",
      useInstead: {
        both: "by_engine(sqlite=…, postgresql=…): the code chooses its own DDL or the schema translator's",
        postgres: "CREATE TABLE adw_locks (id bigserial PRIMARY KEY, created_at timestamp DEFAULT date_trunc('second', timezone('utc', statement_timestamp())))",
      },
      fixSafety: "Safe when every object of the text is translated; review when the translator has something to say.",
    },
  },
  *check(context) {
    const { statement } = context;
    // A table that is made from a query has the query's columns: its parts are other rules' business.
    if (statement.kind !== "CreateTableStatement" || statement.select !== undefined) return;
    // A script of DDL is one thing to do, not one for each of its tables.
    if (context.site.language === "sql" && context.mode === "both" && /\bcreate\s+table\b/i.test(context.site.text.slice(0, statement.span.start))) return;
    if (context.mode === "postgres" && isPostgres(statement)) return;
    const found = finding(context, statement);
    if (found !== undefined) yield found;
  },
};

const autoincrement = "PostgreSQL has no AUTOINCREMENT";
const sorting = "PostgreSQL sorts this table's texts by the database's locale, SQLite by their bytes";

const postgresTypes = /^(?:(?:big|small)?serial|bytea|jsonb|timestamptz)$/i;

/** Whether a CREATE TABLE was written for PostgreSQL: by types or a collation that only it has. */
function isPostgres(statement: Statement): boolean {
  return (
    nodesOfKind(statement, "TypeName").some(({ words }) => words.some((word) => postgresTypes.test(nameOf(word) ?? ""))) ||
    nodesOfKind(statement, "CollateConstraint").some(({ collation }) => nameOf(collation) === "C")
  );
}

/** The exact place to point at: the word AUTOINCREMENT, else the statement's head. */
function place(statement: CreateTableStatement): { readonly span: Span; readonly autoincrement: boolean } {
  for (const key of [...nodesOfKind(statement, "ColumnPrimaryKey"), ...nodesOfKind(statement, "TablePrimaryKey")]) if (key.autoincrementSpan !== undefined) return { span: key.autoincrementSpan, autoincrement: true };
  return { span: { start: statement.span.start, end: statement.name.span.end }, autoincrement: false };
}

/** How many things a message names. */
const named = 3;

function finding({ site, mode, translateDdl }: StatementContext, statement: CreateTableStatement): SqlFinding | undefined {
  const at = place(statement);
  if (site.language === "sql" && mode === "both") {
    const what = at.autoincrement ? "PostgreSQL has no AUTOINCREMENT" : "This script makes SQLite's tables";
    return { span: at.span, severity: "information", message: `${what}. Keep this file for SQLite; \`cutover schema\` writes the one for PostgreSQL.`, fixes: [] };
  }
  const differences = tableDifferences(statement).filter(({ text }) => !at.autoincrement || (text !== autoincrement && text !== keyGives));
  const texts = plainTexts(statement);
  const translated = site.holes.length > 0 ? undefined : translateDdl?.(site.text);
  // The same on both already.
  if (translated?.ok === true && translated.sql.trim() === site.text.trim().replace(/\s*;$/, "")) return undefined;
  const said = [...(at.autoincrement ? [autoincrement] : []), ...differences.map(({ text }) => text)];
  const others = said.length > named ? `, and ${said.length - named} more` : "";
  const what = said.length > 0 ? said.slice(0, named).join("; ") + others : texts.length > 0 ? sorting : "The schema translator gives this table another form";
  if (said.length === 0 && translated === undefined) {
    const isWhole = nodesOfKind(statement, "ErrorNode").length === 0 && nodesOfKind(statement, "Hole").every(({ span }) => span.end <= statement.name.span.end);
    if (isWhole && texts.length === 0) return undefined;
    if (isWhole) {
      return mode === "both"
        ? { span: at.span, severity: "information", message: `${sorting}: the columns that PostgreSQL has want COLLATE "C", which SQLite does not know.`, fixes: [], advice: true }
        : { span: at.span, severity: "information", message: `${sorting}, as COLLATE "C" does.`, fixes: [{ kind: "edit", title: 'Write COLLATE "C"', applicability: "safe", edits: texts.map((text) => closing(text, ' COLLATE "C"')) }] };
    }
  }
  const severity = at.autoincrement || differences.some(({ refused }) => refused) ? ("error" as const) : said.length > 0 || translated === undefined ? ("warning" as const) : ("information" as const);
  if (site.holes.length > 0) return { span: at.span, severity, ...(said.length === 0 ? { advice: true as const } : {}), message: said.length === 0 ? "This DDL has parts that are filled in at run time. Look at it: what is written there for SQLite (types, defaults, keys) must be PostgreSQL's." : `${what}; this DDL has parts that are filled in at run time, so translate it by hand.`, fixes: [] };
  if (translated === undefined) return { span: at.span, severity, message: `${what}.`, fixes: [] };
  if (!translated.ok) return { span: at.span, severity, message: `${what}, and the schema translator cannot translate this text: ${translated.reason}`, fixes: [] };
  const applicability = translated.review.length === 0 ? ("safe" as const) : ("review" as const);
  const note = translated.review.length === 0 ? "" : ` Look at it: ${translated.review.join("; ")}.`;
  return mode === "both"
    ? {
        span: at.span,
        severity,
        message: `${what}; the code can choose between this text and PostgreSQL's by engine.${note}`,
        fixes: [{ kind: "by-engine", title: "Choose the DDL by engine", applicability, postgresql: translated.sql, needs: ["by_engine"] }],
      }
    : {
        span: at.span,
        severity,
        message: `${what}; here is PostgreSQL's form.${note}`,
        fixes: [{ kind: "edit", title: "Write PostgreSQL's DDL", applicability, edits: [{ span: { start: 0, end: site.text.length }, newText: translated.sql }] }],
      };
}
