import type { Name, Node, QualifiedName, WithClause } from "./nodes.ts";
import { walk } from "./walk.ts";

/**
 * What a statement does with a table or view: `read` rows, `write` rows, `define` it (CREATE, ALTER, DROP, an index or
 * trigger on it), or `refer` to it from a foreign key.
 */
export type TableAccess = "read" | "write" | "define" | "refer";

/** One place where a statement names a table or view. */
export interface TableUse {
  readonly node: QualifiedName | Name;
  /** As written without quotes; undefined when not written, or interpolated. */
  readonly schema: string | undefined;
  /** As written without quotes; undefined when it is missing, or an interpolation is the name or part of it. */
  readonly name: string | undefined;
  readonly access: TableAccess;
}

/**
 * The tables and views that a tree names, in the order of the text. The names of its own WITH tables are left out
 * where they stand for those.
 */
export function tableReferences(tree: Node): TableUse[] {
  const found: TableUse[] = [];
  const add = (node: QualifiedName | Name, access: TableAccess): void => {
    const qualified = node.kind === "QualifiedName" ? node : undefined;
    const schema = qualified?.schema === undefined ? undefined : plain(qualified.schema);
    const name = plain(node.kind === "QualifiedName" ? node.name : node);
    found.push({ node, schema, name, access });
  };
  walk(tree, {
    enter(node, ancestors) {
      switch (node.kind) {
        case "TableReference": case "InTable":
          if (node.kind === "InTable" && node.arguments !== undefined) return;
          if (!isCommonTable(node.table, ancestors)) add(node.table, "read");
          return;
        case "InsertStatement": case "UpdateStatement": case "DeleteStatement": add(node.table, "write"); return;
        case "CreateTableStatement": case "CreateVirtualTableStatement": case "CreateViewStatement": add(node.name, "define"); return;
        case "AlterTableStatement": case "CreateTriggerStatement": case "CreateIndexStatement": add(node.table, "define"); return;
        case "DropStatement":
          if (node.object === "TABLE" || node.object === "VIEW") add(node.name, "define");
          return;
        case "RenameTable": add(node.newName, "define"); return;
        case "ReferencesClause": add(node.table, "refer"); return;
        default:
      }
    },
  });
  return found.sort((a, b) => a.node.span.start - b.node.span.start);
}

function plain(name: Name): string | undefined {
  return name.kind === "Identifier" && name.holes.length === 0 ? name.value : undefined;
}

/** Whether an unqualified name is that of a WITH table in sight. */
function isCommonTable(table: QualifiedName, ancestors: readonly Node[]): boolean {
  if (table.schema !== undefined) return false;
  const name = plain(table.name)?.toLowerCase();
  if (name === undefined) return false;
  return ancestors.some((ancestor) => {
    const withPart: WithClause | undefined = "with" in ancestor ? ancestor.with : undefined;
    return withPart?.tables.some((common) => common.kind === "CommonTable" && plain(common.name)?.toLowerCase() === name) ?? false;
  });
}
