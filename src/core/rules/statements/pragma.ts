import type { PragmaStatement, TableFunctionCall } from "#core/sql/nodes.ts";
import { postgresString } from "#core/sql/postgres-literal.ts";
import { nodesOfKind } from "#core/sql/walk.ts";
import { closing, enclose, replace } from "../rewrite.ts";
import type { SqlFinding, StatementContext, StatementRule } from "../rule.ts";
import { nameOf } from "../scope.ts";
import { catalogPragmas } from "./catalog-pragmas.ts";
import { adapterSettings, pragmas } from "./pragmas.ts";

/** PRAGMA, and the table-valued functions pragma_…(). */
export const pragma: StatementRule = {
  meta: {
    id: "pragma",
    family: "statements",
    title: "PRAGMA",
    doc: {
      what: "Finds PRAGMA statements and pragma_…() in FROM.",
      why: "PostgreSQL has no PRAGMA. Most of them set how SQLite works on its file, which a server does otherwise; some read the schema.",
      example: "PRAGMA table_info(issues)",
      useInstead: {
        both: "the same: the generated adapter answers table_info, table_xinfo, index_list, index_info and foreign_key_list from the catalog, and accepts SQLite's settings, which do nothing",
        postgres: "SELECT column_name, data_type, is_nullable, column_default FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = 'issues' ORDER BY ordinal_position",
      },
      fixSafety:
        "In mode postgres, a PRAGMA that reads the schema becomes a query of the catalog with the same columns: review, since types and names are PostgreSQL's. optimize becomes ANALYZE: safe. busy_timeout, defer_foreign_keys, query_only and encoding have a statement that is near: review. " +
        "The others are to be removed with the call around them, which is no edit of the text; the message says what PostgreSQL has instead.",
    },
  },
  *check(context) {
    if (context.statement.kind === "PragmaStatement") {
      yield ofStatement(context.statement, context);
      return;
    }
    for (const call of nodesOfKind(context.statement, "TableFunctionCall")) {
      const name = nameOf(call.name.name)?.toLowerCase();
      if (name?.startsWith("pragma_") === true) yield ofFunction(call, name.slice("pragma_".length), context);
    }
  },
};

function ofStatement(statement: PragmaStatement, { mode, site }: StatementContext): SqlFinding {
  const { span } = statement;
  const name = nameOf(statement.name.name)?.toLowerCase();
  if (name === undefined) return { span, severity: "error", message: "PostgreSQL has no PRAGMA, and which one this is, is filled in at run time.", fixes: [] };
  const known = Object.hasOwn(pragmas, name) ? pragmas[name] : undefined;
  const catalog = Object.hasOwn(catalogPragmas, name) ? catalogPragmas[name] : undefined;
  const value = valueOf(statement, site.text);
  if (mode === "both") {
    if (catalog !== undefined && statement.value !== undefined) return { span, severity: "information", message: `PostgreSQL has no PRAGMA; the generated adapter answers ${name} from its catalog.`, supplied: [`PRAGMA ${name}`], fixes: [] };
    if (adapterSettings.has(name)) {
      const off = name === "foreign_keys" && /^(?:0|off|no|false)$/i.test(value ?? "");
      return { span, severity: off ? "warning" : "information", message: `PRAGMA ${name} ${told(known)}; the generated adapter accepts it, and it does nothing on PostgreSQL.${off ? " Foreign keys stay on there: rows have to come in their order." : ""}`, supplied: [`PRAGMA ${name}`], fixes: [], ...(off ? { advice: true as const } : {}) };
    }
    return { span, severity: "error", message: `PRAGMA ${name} ${told(known)}, and on PostgreSQL the generated adapter reports it as an error. ${known?.instead ?? "Leave it out there."}`, fixes: [] };
  }
  if (catalog !== undefined) {
    const message = `PostgreSQL has no PRAGMA ${name}; its catalog answers.`;
    if (value === undefined || statement.name.schema !== undefined || isCommented(statement, site.text)) return { span, severity: "error", message: `${message} The table's name is filled in at run time: bind it to a query of information_schema.`, fixes: [] };
    const sql = `${catalog.before}${postgresString(value)}${catalog.after} ORDER BY ${catalog.orderBy}`;
    return { span, severity: "error", message: `${message} Look at it: ${catalog.differs}.`, fixes: [{ kind: "edit", title: "Ask the catalog", applicability: "review", edits: [replace(span, sql)] }] };
  }
  const message = `PostgreSQL has no PRAGMA. ${name} ${told(known)}. ${known?.instead ?? ""}`.trim();
  const written = known?.fate === "statement" && !isCommented(statement, site.text) && nodesOfKind(statement, "Hole").length === 0 ? known.write(value) : undefined;
  if (written === undefined) return { span, severity: "error", message: `${message} ${isAlone(statement, site.text) ? "Remove the call around it for PostgreSQL: the text alone cannot be left out." : "Leave the statement out of PostgreSQL's script."}`, fixes: [] };
  return {
    span,
    severity: "error",
    message: message + (written.differs === undefined ? "" : ` Look at it: ${written.differs}.`),
    fixes: [{ kind: "edit", title: `Use ${written.sql}`, applicability: written.differs === undefined ? "safe" : "review", edits: [replace(span, written.sql)] }],
  };
}

/** Whether a statement is all of its text. */
function isAlone({ span }: PragmaStatement, text: string): boolean {
  return /^[\s;]*$/.test(text.slice(0, span.start) + text.slice(span.end));
}

function told(known: { readonly what: string } | undefined): string {
  return known?.what ?? "is one whose use is not known here";
}

/** What is set or asked for; undefined without a value, or for one that is filled in at run time. */
function valueOf({ value }: PragmaStatement, text: string): string | undefined {
  if (value === undefined || nodesOfKind(value, "Hole").length > 0) return undefined;
  if (value.kind === "Identifier" || value.kind === "StringLiteral") return value.value;
  return text.slice(value.span.start, value.span.end);
}

function isCommented({ span }: PragmaStatement, text: string): boolean {
  return /--|\/\*/.test(text.slice(span.start, span.end));
}

function ofFunction(call: TableFunctionCall, name: string, { mode }: StatementContext): SqlFinding {
  const { span } = call.name;
  const catalog = Object.hasOwn(catalogPragmas, name) ? catalogPragmas[name] : undefined;
  const known = Object.hasOwn(pragmas, name) ? pragmas[name] : undefined;
  const [argument] = call.arguments.items;
  if (catalog === undefined || argument === undefined || call.arguments.items.length > 1 || call.name.schema !== undefined) {
    return { span, severity: "error", message: `PostgreSQL has no pragma_${name}(). ${known?.instead ?? "Ask its catalog: information_schema, pg_class, pg_index."}`, fixes: [] };
  }
  if (mode === "both") return { span, severity: "information", message: `PostgreSQL has no pragma_${name}(); the generated adapter supplies it there.`, supplied: [`pragma_${name}`], fixes: [] };
  // A query in FROM sees the tables before it by LATERAL only.
  const lateral = nodesOfKind(argument, "ColumnReference").length > 0 ? "LATERAL " : "";
  return {
    span,
    severity: "error",
    message: `PostgreSQL has no pragma_${name}(); its catalog answers. Look at it: ${catalog.differs}.`,
    fixes: [
      {
        kind: "edit",
        title: "Ask the catalog",
        applicability: "review",
        edits: [...enclose(call.arguments.span, "", `${catalog.after})`), replace(span, `${lateral}(${catalog.before}`), ...(call.alias === undefined ? [closing(call.span, ` AS pragma_${name}`)] : [])],
      },
    ],
  };
}
