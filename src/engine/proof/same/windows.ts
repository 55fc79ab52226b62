import { isPlain } from "#core/rules/kinds/value-kind.ts";
import { fold } from "#core/rules/schema-view.ts";
import { nameOf } from "#core/rules/scope.ts";
import { canBeNull } from "#core/rules/select/can-be-null.ts";
import type { FunctionCall, Node, OrderingTerm, OverClause, SelectCore, WindowFrame, WindowSpecification } from "#core/sql/nodes.ts";
import { asValue, type Checking } from "./checking.ts";

/** Functions that tell apart rows which are equal by the window's order. */
const byRow = new Set(["row_number", "ntile", "lag", "lead", "first_value", "last_value", "nth_value"]);

/** Looks at one node of a window: https://www.sqlite.org/windowfunctions.html */
export function windowDifferences(node: Node, ancestors: readonly Node[], checking: Checking): void {
  switch (node.kind) {
    case "WindowSpecification":
      specification(node, checking);
      return;
    case "WindowFrame":
      frame(node, ancestors.at(-1), checking);
      return;
    case "OverClause":
      over(node, ancestors, checking);
      return;
    default:
      return;
  }
}

function specification(node: WindowSpecification, checking: Checking): void {
  const { report, kind } = checking;
  if (node.holes.length > 0) report(node, "an interpolation");
  if (node.base !== undefined) report(node, "a window that builds on another");
  for (const expression of node.partitionBy) if (!isPlain(kind(expression))) report(expression, "PARTITION BY a value whose type or collation is not known to group alike");
  for (const term of node.orderBy?.terms ?? []) ordered(term, checking);
}

function ordered(term: OrderingTerm, checking: Checking): void {
  const { expression } = term;
  const { report } = checking;
  asValue(expression, checking);
  const value = checking.kind(expression);
  const sorted = (value.kind === "integer" && value.literal === undefined) || value.kind === "double" || value.kind === "boolean" || (value.kind === "numeric" && value.literal === undefined) || (value.kind === "text" && value.ordered);
  if (!sorted) report(term, "a window's order by a value whose order is not known to be the same");
  const end = term.directionSpan?.end ?? expression.span.end;
  if (term.nulls === undefined && !checking.insertedAt(end) && canBeNull(expression, checking.resolution)) report(term, "a window's order by a value that may be NULL");
}

function frame(node: WindowFrame, parent: Node | undefined, { report, kind, resolution }: Checking): void {
  for (const bound of [node.from, node.to]) {
    if (bound?.kind !== "FrameBound" || bound.offset === undefined) continue;
    const offset = kind(bound.offset);
    if (offset.kind !== "integer" || offset.literal === undefined || offset.literal < 0n || offset.literal >= 2n ** 31n) report(bound, "a frame whose bound is no literal count");
    if (node.unit !== "RANGE") continue;
    const terms = parent?.kind === "WindowSpecification" ? (parent.orderBy?.terms ?? []) : [];
    const [term] = terms;
    const value = term === undefined ? undefined : kind(term.expression);
    if (terms.length !== 1 || term === undefined || value?.kind !== "integer" || canBeNull(term.expression, resolution)) report(bound, "a RANGE of something else than integers that are not NULL");
  }
}

function over(node: OverClause, ancestors: readonly Node[], checking: Checking): void {
  const core = ancestors.findLast((each): each is SelectCore => each.kind === "SelectCore");
  const call = ancestors.at(-1);
  const window = node.window.kind === "WindowSpecification" ? node.window : named(node.window, core);
  if (window === undefined || call?.kind !== "FunctionCall") {
    checking.report(node, "a window whose definition is not known here");
    return;
  }
  if (call.quantifier === "DISTINCT") checking.report(node, "DISTINCT over a window");
  if (tellsRowsApart(call, window) && !hasOneOrder(window, core, checking)) checking.report(node, "a window whose order does not tell every row from every other: what comes first among equals is not defined");
}

function named(name: OverClause["window"], core: SelectCore | undefined): WindowSpecification | undefined {
  const wanted = name.kind === "Identifier" ? nameOf(name) : undefined;
  if (wanted === undefined) return undefined;
  for (const definition of core?.window?.definitions ?? []) {
    if (fold(nameOf(definition.name) ?? "") === fold(wanted) && definition.window.kind === "WindowSpecification") return definition.window;
  }
  return undefined;
}

function tellsRowsApart({ name }: FunctionCall, { frame }: WindowSpecification): boolean {
  const written = name.kind === "Identifier" ? name.value.toLowerCase() : "";
  return byRow.has(written) || frame?.unit === "ROWS" || frame?.exclude === "CURRENT ROW" || frame?.exclude === "TIES";
}

/** Whether the partition and the order hold a unique key of the query's only table. */
function hasOneOrder(window: WindowSpecification, core: SelectCore | undefined, { schema, resolution }: Checking): boolean {
  const [source] = core?.from?.terms ?? [];
  if (core?.from?.terms.length !== 1 || source?.kind !== "JoinTerm" || source.source.kind !== "TableReference" || core.groupBy !== undefined) return false;
  const table = schema?.table(nameOf(source.source.table.name) ?? "");
  if (table === undefined) return false;
  const told = new Set([...window.partitionBy, ...(window.orderBy?.terms ?? []).map((term) => term.expression)].flatMap((each) => (each.kind === "ColumnReference" && resolution(each) !== undefined ? [fold(nameOf(each.column) ?? "")] : [])));
  return table.uniqueKeys.some((key) => key.every((column) => told.has(fold(column)) && table.column(column)?.nullable === false));
}
