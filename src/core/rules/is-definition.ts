import type { Statement } from "#core/sql/nodes.ts";

/** Whether a statement defines or changes an object: the schema translator's business, not that of rules about queries. */
export function isDefinition({ kind }: Statement): boolean {
  switch (kind) {
    case "CreateTableStatement":
    case "CreateIndexStatement":
    case "CreateViewStatement":
    case "CreateTriggerStatement":
    case "CreateVirtualTableStatement":
    case "AlterTableStatement":
      return true;
    default:
      return false;
  }
}
