import type { ColumnReference, CurrentTimeLiteral, Expression, FunctionCall, Node } from "#core/sql/nodes.ts";
import { nameOf } from "../scope.ts";

/** SQLite's functions of moments. */
export type TimeFunction = "datetime" | "date" | "time" | "julianday" | "unixepoch" | "strftime" | "timediff";

/** A call of one of them, or a word such as CURRENT_TIMESTAMP, which is datetime('now'). */
export interface TimeCall {
  readonly node: FunctionCall | CurrentTimeLiteral;
  readonly name: TimeFunction;
  /** strftime()'s first argument. */
  readonly format: Expression | undefined;
  /** The moment; undefined where nothing is given, which is the present one. */
  readonly value: Expression | undefined;
  readonly modifiers: readonly Expression[];
}

const names: ReadonlyMap<string, TimeFunction> = new Map((["datetime", "date", "time", "julianday", "unixepoch", "strftime", "timediff"] as const).map((name) => [name, name]));

const words = { CURRENT_TIMESTAMP: "datetime", CURRENT_DATE: "date", CURRENT_TIME: "time" } as const;

/** What no column is called by: moments, modifiers and formats. */
const spoken = /^(?:now|localtime|utc|unixepoch|subsec(?:ond)?|start of \w+|weekday \d|[+-]?\d+(?:\.\d+)? \w+|.*%.*)$/i;

/** `datetime("now")`: what stands in double quotes is a text, as no column has the name. */
function asRead(node: Expression, isColumn: (reference: ColumnReference) => boolean): Expression {
  if (node.kind !== "ColumnReference" || node.table !== undefined || node.column.kind !== "Identifier" || node.column.quote !== "double" || node.column.holes.length > 0) return node;
  const { value } = node.column;
  return spoken.test(value) && !isColumn(node) ? { kind: "StringLiteral", span: node.span, value, holes: [] } : node;
}

/**
 * The call that a node is; undefined for any other node, and for strftime() without a format.
 * @param isColumn whether a name in double quotes is a column of the statement's tables
 */
export function timeCall(node: Node, isColumn: (reference: ColumnReference) => boolean = () => false): TimeCall | undefined {
  if (node.kind === "CurrentTimeLiteral") return { node, name: words[node.name], format: undefined, value: undefined, modifiers: [] };
  if (node.kind !== "FunctionCall" || node.over !== undefined || node.filter !== undefined || node.quantifier !== undefined || node.starSpan !== undefined) return undefined;
  const name = names.get((node.name.kind === "Identifier" ? nameOf(node.name) : undefined)?.toLowerCase() ?? "");
  if (name === undefined) return undefined;
  const [first, ...rest] = node.arguments.map((argument) => asRead(argument, isColumn));
  if (name !== "strftime") return { node, name, format: undefined, value: first, modifiers: rest };
  if (first === undefined) return undefined;
  const [value, ...modifiers] = rest;
  return { node, name, format: first, value, modifiers };
}
