import { isPlain, type ValueKind } from "#core/rules/kinds/value-kind.ts";
import { fold } from "#core/rules/schema-view.ts";
import { nameOf } from "#core/rules/scope.ts";
import { canBeNull } from "#core/rules/select/can-be-null.ts";
import { determinesRows } from "#core/rules/select/grouped.ts";
import type { FunctionCall, Node, SelectCore, WindowSpecification } from "#core/sql/nodes.ts";
import type { Checking } from "./checking.ts";

/** Functions whose value depends on the order of rows that the window's ORDER BY does not tell apart. */
const byRow = new Set(["row_number", "ntile", "lag", "lead", "first_value", "last_value", "nth_value"]);
/** Functions that give equal rows equal values. */
const byPeers = new Set(["rank", "dense_rank", "percent_rank", "cume_dist", "count", "sum", "min", "max"]);

/** Looks at a window function's name, arguments and window; its arguments' own meaning is looked at elsewhere. */
export function windowDifferences(node: FunctionCall, ancestors: readonly Node[], checking: Checking): void {
  const { report, kind } = checking;
  const name = node.name.kind === "Identifier" ? node.name.value.toLowerCase() : "";
  if (!byRow.has(name) && !byPeers.has(name)) {
    report(node, `the window function ${name}()`);
    return;
  }
  if (node.quantifier !== undefined) report(node, "DISTINCT in a window function");
  const kinds = node.arguments.map(kind);
  if (!argumentsFit(name, kinds)) report(node, `${name}() of these arguments`);
  const core = ancestors.findLast((each): each is SelectCore => each.kind === "SelectCore");
  const window = windowOf(node, core);
  if (core === undefined || window === undefined) {
    report(node, "a window that is not known here");
    return;
  }
  for (const expression of window.partitionBy) if (!isPlain(kind(expression))) report(expression, "PARTITION BY a value whose type or collation is not known to group alike");
  for (const term of window.orderBy?.terms ?? []) {
    const value = kind(term.expression);
    const sorts = value.kind === "integer" || value.kind === "double" || value.kind === "boolean" || (value.kind === "numeric" && value.literal === undefined) || (value.kind === "text" && value.ordered);
    if (!sorts) report(term, "a window's ORDER BY a value whose order is not known to be the same");
    const end = term.directionSpan?.end ?? term.expression.span.end;
    if (term.nulls === undefined && !checking.insertedAt(end) && canBeNull(term.expression, checking.resolution)) report(term, "a window's ORDER BY a value that may be NULL");
  }
  const { frame } = window;
  const rows = byRow.has(name) || frame?.unit === "ROWS" || frame?.exclude !== undefined;
  if (frame?.unit === "RANGE" && [frame.from, frame.to].some((bound) => bound?.kind === "FrameBound" && bound.offset !== undefined)) report(frame, "a RANGE of values");
  for (const bound of [frame?.from, frame?.to]) {
    if (bound?.kind !== "FrameBound" || bound.offset === undefined) continue;
    const offset = kind(bound.offset);
    if (offset.kind !== "integer" || offset.literal === undefined || offset.literal < 0n) report(bound, "a window frame of another size than a number");
  }
  const ordered = [...(window.orderBy?.terms.map((term) => term.expression) ?? []), ...window.partitionBy];
  if (rows && !determinesRows(core, ordered, checking.sql, checking.meanings, kind)) report(node, "a window whose order does not tell every row from every other: which row comes first is not defined");
}

function argumentsFit(name: string, kinds: readonly ValueKind[]): boolean {
  const [first, second, third] = kinds;
  const count = (kind: ValueKind | undefined, least: bigint): boolean => kind?.kind === "integer" && kind.literal !== undefined && kind.literal >= least && kind.literal < 2n ** 31n;
  const isValue = first !== undefined && first.kind !== "unknown" && first.kind !== "parameter" && first.kind !== "condition" && first.kind !== "null";
  switch (name) {
    case "row_number":
    case "rank":
    case "dense_rank":
    case "percent_rank":
    case "cume_dist":
      return kinds.length === 0;
    case "ntile":
      return kinds.length === 1 && count(first, 1n);
    case "lag":
    case "lead":
      return isValue && kinds.length <= 3 && (second === undefined || count(second, 0n)) && (third === undefined || third.kind === "null" || (third.kind === first.kind && (first.kind === "integer" || first.kind === "text")));
    case "first_value":
    case "last_value":
      return isValue && kinds.length === 1;
    case "nth_value":
      return isValue && kinds.length === 2 && count(second, 1n);
    case "count":
      return kinds.length <= 1;
    case "sum":
      return kinds.length === 1 && first?.kind === "integer" && first.literal === undefined;
    default:
      return kinds.length === 1 && (first?.kind === "integer" || first?.kind === "double" || (first?.kind === "numeric" && first.literal === undefined) || (first?.kind === "text" && first.ordered));
  }
}

/** The window that a call names or defines; undefined for one that builds on another. */
function windowOf(node: FunctionCall, core: SelectCore | undefined): WindowSpecification | undefined {
  const window = node.over?.window;
  if (window === undefined || window.kind === "ErrorNode" || window.kind === "Hole") return undefined;
  const found =
    window.kind === "Identifier" ? core?.window?.definitions.find((each) => fold(nameOf(each.name) ?? "") === fold(window.value))?.window : window;
  return found?.kind !== "WindowSpecification" || found.base !== undefined || found.holes.length > 0 ? undefined : found;
}
