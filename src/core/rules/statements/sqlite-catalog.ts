import type { ColumnReference, Expression, Node, SelectCore, Statement, TableReference } from "#core/sql/nodes.ts";
import { nodesOfKind, walk } from "#core/sql/walk.ts";
import type { Settled } from "../finding.ts";
import { replace } from "../rewrite.ts";
import type { SqlFinding, StatementContext, StatementRule } from "../rule.ts";
import { fold } from "../schema-view.ts";
import { nameOf } from "../scope.ts";

/** SQLite's own tables: sqlite_master and its like. */
export const sqliteCatalog: StatementRule = {
  meta: {
    id: "sqlite-catalog",
    family: "statements",
    title: "sqlite_master and other tables of SQLite's own",
    doc: {
      what: "Finds sqlite_master, sqlite_schema, sqlite_temp_master, sqlite_sequence, sqlite_stat1 and dbstat.",
      why: "PostgreSQL has none of them: what there is, is told by pg_tables, pg_views, pg_indexes and information_schema.",
      example: "SELECT name FROM sqlite_master WHERE type = 'table' AND name = ?",
      useInstead: {
        both: "the same: the generated adapter has views sqlite_master, sqlite_schema and sqlite_sequence, to be read only",
        postgres: "SELECT name FROM (SELECT 'table' AS type, tablename AS name, tablename AS tbl_name FROM pg_tables WHERE schemaname = current_schema()) AS sqlite_master WHERE type = 'table' AND name = $1",
      },
      fixSafety:
        "In mode postgres the table is replaced by a query with its columns type, name and tbl_name. Safe for one kind of object that is asked for by name, and for tables whose names do not begin with sqlite_; review for lists, where SQLite also gives its own tables and PostgreSQL the indexes of keys. " +
        "There is none for the columns sql and rootpage, for sqlite_stat1, and for changes: a sequence is set by setval() or ALTER SEQUENCE … RESTART.",
    },
  },
  *check(context) {
    const { statement } = context;
    for (const { table } of [...nodesOfKind(statement, "InsertStatement"), ...nodesOfKind(statement, "UpdateStatement"), ...nodesOfKind(statement, "DeleteStatement")]) {
      const name = catalogName(table.name);
      if (name === undefined) continue;
      yield {
        span: table.span,
        severity: "error",
        message:
          name === "sqlite_sequence"
            ? "PostgreSQL's sequences are set by SELECT setval(pg_get_serial_sequence('table', 'id'), n) or ALTER SEQUENCE … RESTART; TRUNCATE … RESTART IDENTITY empties a table and starts anew."
            : `PostgreSQL has no ${name}, and its catalog is changed by DDL only.`,
        fixes: [],
      };
    }
    for (const reference of nodesOfKind(statement, "TableReference")) {
      const name = catalogName(reference.table.name);
      if (name !== undefined) yield read(reference, name, context);
    }
  },
};

const catalogs = new Set(["sqlite_master", "sqlite_schema", "sqlite_temp_master", "sqlite_temp_schema", "sqlite_sequence", "sqlite_stat1", "sqlite_stat2", "sqlite_stat3", "sqlite_stat4", "dbstat"]);

function catalogName(name: Node): string | undefined {
  const written = name.kind === "Identifier" && name.holes.length === 0 ? name.value.toLowerCase() : undefined;
  return written !== undefined && catalogs.has(written) ? written : undefined;
}

function read(reference: TableReference, name: string, context: StatementContext): SqlFinding {
  const { table } = reference;
  const base = { span: table.span, severity: "error" as const };
  const schema = nameOf(table.schema)?.toLowerCase();
  const isMaster = name === "sqlite_master" || name === "sqlite_schema";
  if ((!isMaster && name !== "sqlite_sequence") || (table.schema !== undefined && schema !== "main")) return { ...base, message: `PostgreSQL has no ${name}. ${adviceFor(name)}`, fixes: [] };
  const alias = reference.alias === undefined ? ` AS ${name}` : "";
  const adapter = `PostgreSQL has no ${name}; the generated adapter has a view of this name there`;
  const both = (differs: string | undefined, settles: readonly Settled[]): SqlFinding => {
    const message = `${adapter}.${differs === undefined ? "" : ` Look at it: ${differs}.`}`;
    if (table.schema !== undefined) return { ...base, message, fixes: [{ kind: "edit", title: "Leave out main", applicability: differs === undefined ? "safe" : "review", edits: [replace({ start: table.schema.span.start, end: table.name.span.start }, "")] }] };
    return { ...base, severity: "information", message, fixes: [], ...(differs === undefined ? { supplied: [name], settles: [{ span: table.span }, { span: reference.span }, ...settles] } : { advice: true as const }) };
  };
  if (name === "sqlite_sequence" && context.mode === "both") return both("every generated id has a sequence there, with AUTOINCREMENT or without", []);
  if (name === "sqlite_sequence") {
    const sql =
      "(SELECT t.relname AS name, pg_sequence_last_value(s.oid) AS seq FROM pg_class s JOIN pg_depend d ON d.objid = s.oid AND d.classid = CAST('pg_class' AS regclass) AND d.deptype IN ('a', 'i') " +
      "JOIN pg_class t ON t.oid = d.refobjid AND pg_table_is_visible(t.oid) WHERE s.relkind = 'S' AND pg_sequence_last_value(s.oid) IS NOT NULL)";
    return { ...base, message: "PostgreSQL has no sqlite_sequence; its sequences tell the last number they gave. Look at it: every generated id has a sequence there, with AUTOINCREMENT or without.", fixes: [{ kind: "edit", title: "Ask the sequences", applicability: "review", edits: [replace(table.span, sql + alias)] }] };
  }
  const core = coreOf(reference, context.statement);
  const used = core === undefined ? undefined : referencesTo(reference, core, context.statement);
  if (context.mode === "both" && (core === undefined || used === undefined || used.some((each) => !isShared(each)))) return both("its column sql describes the object as it is now, rootpage is another number, and SQLite's own tables are not in it", []);
  if (core === undefined || used === undefined) return { ...base, message: `PostgreSQL has no ${name}. ${adviceFor(name)}`, fixes: [] };
  const bad = used.find((each) => !isShared(each));
  if (bad !== undefined) return { ...base, message: `PostgreSQL has no ${name}, and nothing like its column ${nameOf(bad.column) ?? "rowid"}. ${adviceFor(name)}`, fixes: [] };
  const conditions = core.where === undefined ? [] : conjuncts(core.where.condition);
  const type = conditions.map((each) => comparedWith(each, "type", used)).find((each) => each !== undefined);
  const query = type === undefined ? undefined : queries[type];
  const isExact = (type === "table" && conditions.some((each) => leavesOwnOut(each, used))) || (type !== undefined && conditions.some((each) => comparedWith(each, "name", used) !== undefined));
  const differs = query !== undefined && isExact ? undefined : "SQLite also lists its own tables (sqlite_sequence), PostgreSQL the indexes of keys, by names of its own";
  const settles = used.map(({ span, column }): Settled => ({ span, kind: { kind: "text", binary: true, ordered: fold(nameOf(column) ?? "") !== "type" } }));
  if (context.mode === "both") return both(type !== undefined && isExact ? undefined : "SQLite also lists its own tables (sqlite_sequence)", settles);
  return {
    ...base,
    message: `PostgreSQL has no ${name}; ${query === undefined ? "its catalog" : sourceOf[type ?? ""] ?? "its catalog"} tells what there is.` + (differs === undefined ? "" : ` Look at it: ${differs}.`),
    fixes: [
      {
        kind: "edit",
        title: "Ask PostgreSQL's catalog",
        applicability: differs === undefined ? "safe" : "review",
        edits: [replace(table.span, `(${query ?? Object.values(queries).join(" UNION ALL ")})${alias}`)],
        settles,
      },
    ],
  };
}

/** Whether a column is one that both have. */
function isShared({ column }: ColumnReference): boolean {
  return ["type", "name", "tbl_name"].includes(fold(nameOf(column) ?? ""));
}

function adviceFor(name: string): string {
  switch (name) {
    case "sqlite_stat1":
    case "sqlite_stat2":
    case "sqlite_stat3":
    case "sqlite_stat4":
      return "Its statistics are in pg_stats, and ANALYZE writes them.";
    case "dbstat":
      return "pg_total_relation_size() tells a table's size.";
    case "sqlite_temp_master":
    case "sqlite_temp_schema":
      return "Temporary tables are in pg_class, in the schema pg_my_temp_schema().";
    case "sqlite_sequence":
      return "pg_sequences and pg_get_serial_sequence() tell of sequences.";
    default:
      return "information_schema.tables and .columns, pg_tables, pg_views, pg_indexes and pg_trigger tell what there is; pg_get_viewdef(), pg_get_indexdef() and pg_get_triggerdef() give DDL.";
  }
}

const sourceOf: Readonly<Record<string, string>> = { table: "pg_tables", view: "pg_views", index: "pg_indexes", trigger: "pg_trigger" };

/** What there is of each type, with sqlite_master's columns. */
const queries: Readonly<Record<string, string>> = {
  table: "SELECT 'table' AS type, tablename AS name, tablename AS tbl_name FROM pg_tables WHERE schemaname = current_schema()",
  view: "SELECT 'view' AS type, viewname AS name, viewname AS tbl_name FROM pg_views WHERE schemaname = current_schema()",
  index: "SELECT 'index' AS type, indexname AS name, tablename AS tbl_name FROM pg_indexes WHERE schemaname = current_schema()",
  trigger: "SELECT 'trigger' AS type, t.tgname AS name, c.relname AS tbl_name FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal AND pg_table_is_visible(c.oid)",
};

/** The SELECT whose FROM clause holds a table. */
function coreOf(reference: TableReference, statement: Statement): SelectCore | undefined {
  let found: SelectCore | undefined;
  walk(statement, {
    enter(node, ancestors) {
      if (node === reference) found = ancestors.findLast((each): each is SelectCore => each.kind === "SelectCore");
    },
  });
  return found;
}

/** The columns of the table that the statement uses; undefined where a reference may mean it or not. */
function referencesTo(reference: TableReference, core: SelectCore, statement: Statement): readonly ColumnReference[] | undefined {
  const name = fold(nameOf(reference.alias?.name) ?? nameOf(reference.table.name) ?? "");
  const alone = core.from?.terms.length === 1;
  const cores = nodesOfKind(statement, "SelectCore");
  const stars = core.columns.some((column) => column.kind === "AllColumns" && (column.table === undefined || fold(nameOf(column.table) ?? "") === name));
  if (stars) return undefined;
  // The names that a query gives its results may stand in ORDER BY.
  const results = new Set(cores.flatMap((each) => each.columns.flatMap((column) => (column.kind === "ResultColumn" ? [fold(nameOf(column.alias?.name) ?? "")] : []))));
  const used: ColumnReference[] = [];
  for (const each of nodesOfKind(statement, "ColumnReference")) {
    if (each.table !== undefined) {
      if (fold(nameOf(each.table) ?? "") === name) used.push(each);
      continue;
    }
    const column = fold(nameOf(each.column) ?? "");
    if (results.has(column) || /^(?:true|false)$/.test(column)) continue;
    if (!alone || cores.length > 1) {
      if (["type", "name", "tbl_name", "sql", "rootpage"].includes(column)) return undefined;
      continue;
    }
    used.push(each);
  }
  return used;
}

function conjuncts(condition: Expression): Expression[] {
  const found: Expression[] = [];
  const open = [condition];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.kind === "ParenthesizedExpression") open.push(next.expression);
    else if (next.kind === "BinaryExpression" && next.operator === "AND") open.push(next.left, next.right);
    else found.push(next);
  }
  return found;
}

/** What a condition says that a column of the table is equal to: its text, or `?` for a parameter. */
function comparedWith(condition: Expression, column: string, used: readonly ColumnReference[]): string | undefined {
  if (condition.kind !== "BinaryExpression" || (condition.operator !== "=" && condition.operator !== "==")) return undefined;
  for (const [one, other] of [[condition.left, condition.right], [condition.right, condition.left]] as const) {
    if (one.kind !== "ColumnReference" || !used.includes(one) || fold(nameOf(one.column) ?? "") !== column) continue;
    if (other.kind === "StringLiteral" && other.holes.length === 0) return other.value;
    if (other.kind === "BindParameter" && column === "name") return "?";
  }
  return undefined;
}

/** `name NOT LIKE 'sqlite_%'`, in its spellings. */
function leavesOwnOut(condition: Expression, used: readonly ColumnReference[]): boolean {
  if (condition.kind === "BinaryExpression") return (condition.operator === "<>" || condition.operator === "!=") && condition.right.kind === "StringLiteral" && condition.right.value === "sqlite_sequence";
  if (condition.kind !== "LikeExpression" || !condition.not || condition.left.kind !== "ColumnReference" || !used.includes(condition.left)) return false;
  return condition.right.kind === "StringLiteral" && /^sqlite(?:\\?_)?[%*]$/.test(condition.right.value);
}
