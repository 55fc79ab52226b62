import type { ColumnReference, Identifier, Name, Node, Statement } from "#core/sql/nodes.ts";
import { walk } from "#core/sql/walk.ts";
import { fold, type SchemaView } from "../schema-view.ts";
import { nameOf, type Meanings, type Source } from "../scope.ts";

/** One name of a statement. */
export interface NameInUse {
  readonly node: Identifier;
  /** What it must read in PostgreSQL, where that is known. */
  readonly wanted: string | undefined;
  readonly place:
    | "column" // a column by its name alone
    | "member" // a column behind its table, where PostgreSQL takes any keyword
    | "table" // a table, its alias, or the same before a dot
    | "label" // the name of a result, behind AS
    | "bare-label"; // the same without AS
}

/**
 * The names of columns, tables and results in a statement, with what each must read in PostgreSQL: a table's and a column's own
 * name in the translated schema, the name of a result as it is spelled, an alias of a table as PostgreSQL reads it.
 */
export function namesInUse(statement: Statement, meanings: Meanings, schema: SchemaView | undefined): NameInUse[] {
  const found: NameInUse[] = [];
  const add = (name: Name | undefined, wanted: string | undefined, place: NameInUse["place"]): void => {
    if (name?.kind === "Identifier" && name.holes.length === 0) found.push({ node: name, wanted, place });
  };
  walk(statement, {
    enter(node, ancestors) {
      const parent = ancestors.at(-1);
      switch (node.kind) {
        case "ColumnReference":
          if (isTruthWord(node)) return;
          add(node.table, sourceName(meanings.source(node), schema), "table");
          add(node.column, columnName(node, meanings, schema), node.table === undefined ? "column" : "member");
          return;
        case "AllColumns": {
          const core = parent?.kind === "SelectCore" ? parent : undefined;
          const source = core === undefined ? undefined : meanings.sources(core).find((each) => fold(each.name) === fold(nameOf(node.table) ?? ""));
          add(node.table, sourceName(source, schema), "table");
          return;
        }
        case "Alias": {
          const value = nameOf(node.name);
          if (parent?.kind === "ResultColumn") add(node.name, value, node.asSpan === undefined ? "bare-label" : "label");
          else add(node.name, aliasName(node.name), "table");
          return;
        }
        case "QualifiedName": {
          // The names of triggers and indexes are read alike where they are made and where they are dropped.
          if (parent?.kind === "DropStatement" && (parent.object === "TRIGGER" || parent.object === "INDEX")) return;
          if (parent?.kind === "TableFunctionCall" || /^(sqlite_|pragma_)/i.test(nameOf(node.name) ?? "")) return;
          const name = nameOf(node.name);
          add(node.name, meanings.isCommonTable(node) ? commonName(ancestors, name) : schema?.targetRelation(name ?? ""), "table");
          return;
        }
        case "CommonTable":
          add(node.name, aliasName(node.name), "table");
          for (const name of node.columns?.names ?? []) add(name, nameOf(name), "column");
          return;
        case "NameList":
          for (const name of node.names) if (parent?.kind !== "CommonTable") add(name, listedName(name, parent, ancestors, meanings, schema), "column");
          return;
        case "Assignment":
          if (node.target.kind === "Identifier") add(node.target, listedName(node.target, node, ancestors, meanings, schema), "column");
          return;
        default:
          return;
      }
    },
  });
  return found;
}

/** TRUE and FALSE, which parse as columns. */
function isTruthWord(node: ColumnReference): boolean {
  return node.table === undefined && node.column.kind === "Identifier" && node.column.quote === "none" && /^(true|false)$/i.test(node.column.value);
}

/** How PostgreSQL reads a name where it is made: in lower case unless it is quoted. */
function aliasName(name: Name): string | undefined {
  const value = nameOf(name);
  return name.kind === "Identifier" && name.quote === "none" ? (value === undefined ? undefined : fold(value)) : value;
}

function commonName(ancestors: readonly Node[], name: string | undefined): string | undefined {
  for (const ancestor of ancestors.toReversed()) {
    const tables = "with" in ancestor ? (ancestor.with?.tables ?? []) : [];
    for (const table of tables) if (table.kind === "CommonTable" && fold(nameOf(table.name) ?? "") === fold(name ?? "?")) return aliasName(table.name);
  }
  return undefined;
}

function sourceName(source: Source | undefined, schema: SchemaView | undefined): string | undefined {
  const { node } = source ?? {};
  switch (node?.kind) {
    case "TableReference":
      return node.alias === undefined ? (schema?.targetRelation(nameOf(node.table.name) ?? "") ?? undefined) : aliasName(node.alias.name);
    case "SubquerySource":
    case "TableFunctionCall":
      return node.alias === undefined ? undefined : aliasName(node.alias.name);
    case "QualifiedName":
      return source?.table === undefined || fold(source.name) !== fold(source.table.table.name) ? undefined : schema?.targetRelation(source.table.table.name);
    default:
      return undefined;
  }
}

function columnName(reference: ColumnReference, meanings: Meanings, schema: SchemaView | undefined): string | undefined {
  const meaning = meanings.of(reference);
  switch (meaning?.kind) {
    case "column": {
      const { table } = meaning.source;
      return table === undefined ? undefined : schema?.targetColumn(table.table.name, meaning.view.column.name);
    }
    case "derived":
      return meaning.column.sure ? meaning.column.name : undefined;
    case "alias":
      return nameOf(meaning.column.alias?.name);
    default:
      return undefined;
  }
}

/** A column in a list: of INSERT, of SET, of USING. */
function listedName(name: Name, parent: Node | undefined, ancestors: readonly Node[], meanings: Meanings, schema: SchemaView | undefined): string | undefined {
  const value = nameOf(name);
  if (value === undefined) return undefined;
  if (parent?.kind === "UsingClause") {
    const core = ancestors.findLast((ancestor) => ancestor.kind === "SelectCore");
    for (const source of core === undefined ? [] : meanings.sources(core)) {
      const own = source.table?.column(value);
      if (own !== undefined && source.table !== undefined) return schema?.targetColumn(source.table.table.name, own.column.name);
    }
    return undefined;
  }
  const changed = ancestors.findLast((ancestor) => ancestor.kind === "InsertStatement" || ancestor.kind === "UpdateStatement");
  const table = changed === undefined ? undefined : schema?.table(nameOf(changed.table.name) ?? "");
  const own = table?.column(value);
  return table === undefined || own === undefined ? undefined : schema?.targetColumn(table.table.name, own.column.name);
}
