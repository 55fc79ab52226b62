import type { SchemaView } from "#core/rules/schema-view.ts";
import type { Meanings } from "#core/rules/scope.ts";
import type { Expression, Node, Statement } from "#core/sql/nodes.ts";
import type { Span } from "#core/text/span.ts";
import type { KindContext, ValueKind } from "#core/rules/kinds/value-kind.ts";

/** What the checks of one statement share. */
export interface Checking extends KindContext {
  readonly statement: Statement;
  readonly sql: string;
  readonly schema: SchemaView | undefined;
  readonly meanings: Meanings;
  readonly kind: (node: Expression) => ValueKind;
  /** Whether safe fixes write a range anew. */
  readonly isReplaced: (range: Span) => boolean;
  /** Whether a safe fix inserts something at a place. */
  readonly insertedAt: (offset: number) => boolean;
  /** `loud`: where it differs, PostgreSQL reports an error. */
  readonly report: (node: Node, what: string, loud?: "loud") => void;
}

/** Says that an expression is needed as a condition: only comparisons, their combinations and flags are the same on both. */
export function asCondition(node: Expression, checking: Checking): void {
  const { kind } = checking.kind(node);
  if (kind !== "null" && kind !== "condition" && kind !== "boolean" && kind !== "rewritten") checking.report(node, "a value that is no comparison, as a condition");
}

/** Says that an expression is needed as a value: a comparison is 0 or 1 in SQLite, true or false in PostgreSQL. */
export function asValue(node: Expression, checking: Checking): void {
  if (checking.kind(node).kind === "condition") checking.report(node, "a comparison as a value: 0 and 1 in SQLite, false and true in PostgreSQL");
}
