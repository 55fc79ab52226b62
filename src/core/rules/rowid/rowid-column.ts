import type { ColumnReference, Identifier, Name, Node, Statement } from "#core/sql/nodes.ts";
import { walk } from "#core/sql/walk.ts";
import type { Span } from "#core/text/span.ts";
import { tableOf } from "../declared/never-null.ts";
import type { Unless } from "../declared/unless.ts";
import { isDefinition } from "../is-definition.ts";
import { writtenName } from "../quoting/written-name.ts";
import { replace } from "../rewrite.ts";
import type { SqlFinding, StatementContext, StatementRule } from "../rule.ts";
import { fold, type SchemaView, type TableView } from "../schema-view.ts";
import { nameOf, type Meanings, type Source } from "../scope.ts";

/** The rowid in every spelling. */
export const rowidColumn: StatementRule = {
  meta: {
    id: "rowid-column",
    family: "rowid",
    title: "rowid, oid and _rowid_",
    doc: {
      what: "Finds rowid, oid and _rowid_ where no column has that name.",
      why: "A table of SQLite's has a hidden number for each row; PostgreSQL has none. With an INTEGER PRIMARY KEY that column is the rowid.",
      example: "SELECT rowid, title FROM tasks WHERE rowid = ?",
      useInstead: { both: "SELECT id, title FROM tasks WHERE id = ?", postgres: "the same" },
      fixSafety:
        "Safe where the schema shows an INTEGER PRIMARY KEY: it is another name for the same column (SQLite calls the result by it, too). Without one a person must give the table a key; PostgreSQL's ctid is no rowid, it changes with every UPDATE.",
    },
  },
  *check(context) {
    const { statement, schema, meanings } = context;
    if (isDefinition(statement)) return;
    for (const { node, reference, changed } of rowids(statement)) {
      if (reference !== undefined) {
        if (meanings.of(reference) !== undefined) continue;
        const source = meanings.source(reference) ?? only(meanings.nearest(reference));
        yield { ...finding(node, reference.span, source?.table, context), ...(schema === undefined ? ifOwn(node, sourcesOf(reference, meanings).flatMap((each) => tableOf(each, meanings) ?? [])) : {}) };
      } else {
        const table = schema?.table(changed ?? "");
        if (table?.column(node.value) !== undefined) continue;
        yield { ...finding(node, node.span, table, context), ...(schema === undefined && changed !== undefined ? ifOwn(node, [changed]) : {}) };
      }
    }
  },
};

/** What would show that a column of a table's own is meant. */
function ifOwn(node: Identifier, tables: readonly string[]): { readonly unless?: readonly Unless[] } {
  return tables.length === 0 ? {} : { unless: [{ kind: "has-column", tables: tables.map(fold), column: fold(node.value) }] };
}

function sourcesOf(reference: ColumnReference, meanings: Meanings): readonly Source[] {
  const qualified = meanings.source(reference);
  return reference.table === undefined ? meanings.nearest(reference) : qualified === undefined ? [] : [qualified];
}

/** A name for the rowid alone finds a table only where there is one. */
function only(sources: readonly Source[]): Source | undefined {
  return sources.length === 1 || (sources.length === 2 && sources[1]?.name === "excluded") ? sources[0] : undefined;
}

interface RowidName {
  readonly node: Identifier;
  readonly reference: ColumnReference | undefined;
  /** The table that a list of columns belongs to. */
  readonly changed: string | undefined;
}

function rowids(statement: Statement): RowidName[] {
  const found: RowidName[] = [];
  const isRowid = (name: Name): name is Identifier => name.kind === "Identifier" && name.holes.length === 0 && /^(rowid|oid|_rowid_)$/i.test(name.value) && name.quote !== "single";
  const tableOf = (node: Node | undefined): string | undefined => (node?.kind === "InsertStatement" || node?.kind === "UpdateStatement" ? nameOf(node.table.name) : undefined);
  walk(statement, {
    enter(node, ancestors) {
      if (node.kind === "ColumnReference") {
        if (isRowid(node.column)) found.push({ node: node.column, reference: node, changed: undefined });
      } else if (node.kind === "NameList") {
        const parent = ancestors.at(-1);
        if (parent?.kind !== "InsertStatement" && parent?.kind !== "Assignment") return;
        for (const name of node.names) if (isRowid(name)) found.push({ node: name, reference: undefined, changed: tableOf(ancestors.findLast((each) => tableOf(each) !== undefined)) });
      } else if (node.kind === "Assignment" && node.target.kind === "Identifier" && isRowid(node.target)) {
        found.push({ node: node.target, reference: undefined, changed: tableOf(ancestors.findLast((each) => tableOf(each) !== undefined)) });
      }
    },
  });
  return found;
}

function finding(node: Identifier, whole: Span, table: TableView | undefined, { schema }: StatementContext): SqlFinding {
  const base = { span: node.span, severity: "error" as const };
  const advice = "Give the table a key of its own (an identity column) and use that; PostgreSQL's ctid is no replacement, it changes with every UPDATE.";
  if (table === undefined || schema === undefined) {
    return {
      ...base,
      message: `PostgreSQL has no ${fold(node.value)}. ${schema === undefined ? "Where the table has an INTEGER PRIMARY KEY, that column is meant (--schema tells)." : "Which table's row it is cannot be told here: name the column."} Otherwise: ${advice.charAt(0).toLowerCase()}${advice.slice(1)}`,
      fixes: [],
    };
  }
  const key = table.table.rowidAlias;
  if (key === undefined) return { ...base, message: `PostgreSQL has no ${fold(node.value)}, and ${table.table.name} has no INTEGER PRIMARY KEY that would be the same. ${advice}`, fixes: [] };
  const name = nameIn(schema, table, key);
  return {
    ...base,
    message: `PostgreSQL has no ${fold(node.value)}; ${key} is the same column.`,
    fixes: [{ kind: "edit", title: `Write ${name}`, applicability: "safe", edits: [replace(node.span, name)], settles: [{ span: whole, kind: { kind: "integer", wide: true } }] }],
  };
}

function nameIn(schema: SchemaView, table: TableView, column: string): string {
  return writtenName(schema.targetColumn(table.table.name, column));
}
