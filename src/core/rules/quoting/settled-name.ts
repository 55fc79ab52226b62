import type { ColumnReference, Identifier, Statement } from "#core/sql/nodes.ts";
import { nodesOfKind } from "#core/sql/walk.ts";
import type { Settled } from "../finding.ts";
import { columnKind } from "../kinds/value-kind.ts";
import type { Resolution } from "../scope.ts";

/** What a fix settles that writes a name in another way: a column by itself keeps its kind. */
export function settledName(statement: Statement, resolution: Resolution): (node: Identifier) => Settled[] {
  const references = new Map<unknown, ColumnReference>(nodesOfKind(statement, "ColumnReference").map((reference) => [reference.column, reference]));
  return (node) => {
    const reference = references.get(node);
    if (reference === undefined) return [];
    const view = resolution(reference);
    return [{ span: reference.span, kind: view === undefined ? { kind: "unknown" } : columnKind(view) }];
  };
}
