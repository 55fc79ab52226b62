import { comparisonOf } from "#core/schema/comparison.ts";
import { literalValue } from "#core/sql/literal-value.ts";
import type { BetweenExpression, BinaryExpression, Expression, Node } from "#core/sql/nodes.ts";
import type { Edit } from "#core/text/edit.ts";
import type { Settled } from "../finding.ts";
import { kindName, type ValueKind } from "../kinds/value-kind.ts";
import { flipped, placedOperator, placeOf, type TimeOperator, type TimeType } from "../kinds/time-text.ts";
import { unwrap } from "../operators/flag-value.ts";
import { enclose, replace } from "../rewrite.ts";
import type { StatementContext } from "../rule.ts";
import type { ColumnView } from "../schema-view.ts";
import { nameOf } from "../scope.ts";
import type { Wanted } from "./render.ts";
import { shapeOf, type Shape } from "./shape.ts";
import { storedIn } from "./stored-in.ts";
import { timeCall } from "./time-call.ts";

/** What a call's value is wanted as where it stands, and what must change around it. */
export interface Use {
  readonly wanted: Wanted;
  readonly edits: readonly Edit[];
  readonly settles: readonly Settled[];
  readonly doubts: readonly string[];
  /** Its type meets another value's, so that mode both cannot leave the adapter's own type. */
  readonly meets: "nothing" | "same" | "text" | "number";
  /** It must be of its neighbours' or its column's type, for which no operator can make up. */
  readonly bound?: true;
}

/** Why no form can be right. */
export interface NoUse {
  readonly refused: string;
}

/** What tells of the statement around a call. */
export type UseContext = Pick<StatementContext, "kind" | "schema" | "site" | "resolution">;

const text: Use = { wanted: "text", edits: [], settles: [], doubts: [], meets: "nothing" };

/** Looks at what stands around a call, the nearest node last. */
export function useOf(node: Expression, shape: Shape, ancestors: readonly Node[], context: UseContext): Use | NoUse {
  const parent = ancestors.at(-1);
  const around = ancestors.slice(0, -1);
  const isNumber = shape.is === "integer" || shape.is === "double";
  switch (parent?.kind) {
    case "ParenthesizedExpression":
      return useOf(parent, shape, around, context);
    case "BinaryExpression":
      return binary(node, shape, parent, context);
    case "UnaryExpression":
      return parent.operator === "NOT" ? { refused: "it stands as a condition" } : computed(shape);
    case "IsExpression": {
      if (parent.right.kind === "NullLiteral") return text;
      return compared(shape, "=", node === parent.left ? parent.right : parent.left, undefined, context);
    }
    case "BetweenExpression":
      return between(node, shape, parent, context);
    case "InExpression": {
      const items = parent.source.kind === "ExpressionList" ? parent.source.items : [];
      const doubts = items.flatMap((item) => {
        const use = compared(shape, "=", item, undefined, context);
        return "refused" in use ? [use.refused] : [];
      });
      const [doubt] = doubts;
      return doubt === undefined ? { ...text, meets: isNumber ? "nothing" : "text", settles: parent.source.kind === "ExpressionList" && !isNumber ? [{ span: parent.span, kind: { kind: "condition" } }] : [] } : { refused: doubt };
    }
    case "ExpressionList": {
      const list = around.at(-1);
      if (list?.kind === "InExpression" && node !== list.operand) return asText(compared(shape, "=", list.operand, undefined, context), timeCall(unwrap(list.operand)) !== undefined);
      if (list?.kind === "ValuesClause") return stored(node, shape, ancestors, context);
      return text;
    }
    case "Assignment":
    case "ResultColumn":
      return stored(node, shape, ancestors, context);
    case "CastExpression":
      return cast(shape, parent.type?.words.map((word) => nameOf(word)?.toUpperCase() ?? "").join(" ") ?? "", parent.type?.span, parent, context);
    case "CaseBranch":
      if (node !== parent.result) {
        const choice = around.at(-1);
        return choice?.kind !== "CaseExpression" || choice.operand === undefined ? text : asText(compared(shape, "=", choice.operand, undefined, context), timeCall(unwrap(choice.operand)) !== undefined);
      }
      return beside(node, parent, shape, around.at(-1)?.kind === "CaseExpression" ? siblings(around.at(-1)) : [], around, context);
    case "CaseExpression":
      return node === parent.operand ? text : beside(node, parent, shape, siblings(parent), around, context);
    case "FunctionCall": {
      const name = parent.name.kind === "Identifier" ? parent.name.value.toLowerCase() : "";
      const chooses = name === "coalesce" || name === "ifnull" || (name === "iif" && node !== parent.arguments[0]) || ((name === "max" || name === "min") && parent.arguments.length > 1);
      if (chooses) return beside(node, parent, shape, parent.arguments.slice(name === "iif" ? 1 : 0).filter((each) => each !== node), around, context);
      if (name === "nullif" && parent.arguments.length === 2) {
        const other = parent.arguments.find((each) => each !== node);
        return other === undefined ? text : compared(shape, "=", other, undefined, context);
      }
      return name === "min" || name === "max" || name === "count" || isNumber ? text : { ...text, meets: "text" };
    }
    case "CollateExpression":
    case "LikeExpression":
      return { ...text, meets: "text" };
    default:
      return text;
  }
}

/** The same use, as a text where the other side will be one. */
function asText<U extends Use>(use: U | NoUse, isText: boolean): U | NoUse {
  return "refused" in use || !isText || use.wanted === "text" || use.wanted === "collated" ? use : { ...use, wanted: "text", meets: "text" };
}

function siblings(node: Node | undefined): readonly Expression[] {
  if (node?.kind !== "CaseExpression") return [];
  return [...node.branches.flatMap((branch) => (branch.kind === "CaseBranch" ? [branch.result] : [])), ...(node.otherwise === undefined ? [] : [node.otherwise])];
}

/** One of several values, which must be of one type on PostgreSQL. */
function beside(node: Expression, parent: Node, shape: Shape, others: readonly Expression[], around: readonly Node[], context: UseContext): Use | NoUse {
  if (shape.is === "integer" || shape.is === "double") return text;
  const kinds = others.filter((each) => each !== node && timeCall(unwrap(each)) === undefined).map((each) => context.kind(each));
  const column = kinds.find((kind) => kind.kind === "time");
  if (column?.kind !== "time") {
    if (kinds.some((kind) => kind.kind === "integer" || kind.kind === "double" || kind.kind === "numeric")) return shape.is === "text" && shape.digits ? { ...text, wanted: "integer", meets: "number", doubts: ["it is a text beside numbers in SQLite"] } : { refused: "it is a text beside numbers, which PostgreSQL brings to one type" };
    if (kinds.some((kind) => kind.kind === "unknown")) return { ...text, meets: "text", doubts: [`what stands beside it has a type that is not known here${context.schema === undefined ? " (--schema tells)" : ""}`] };
    if (kinds.some((kind) => kind.kind !== "text" && kind.kind !== "parameter" && kind.kind !== "null")) return { refused: "it is a text beside a value of another type" };
    const outer = "span" in parent && isExpression(parent) ? useOf(parent, shape, around, context) : text;
    return "refused" in outer || outer.wanted === "text" || outer.wanted === "collated" ? { ...text, meets: "text" } : outer;
  }
  if (shape.is === "text") return { refused: `it is a text beside ${kindName(column)}` };
  const fits = shape.is === (column.type === "date" ? "date" : "datetime");
  return { ...text, wanted: column.type, meets: "same", bound: true, doubts: fits ? [] : [`${column.type} beside a ${shape.is === "date" ? "date" : "date and time"}: the texts are of two forms in SQLite`] };
}

function isExpression(node: Node): node is Expression & Node {
  return node.kind === "FunctionCall" || node.kind === "CaseExpression";
}

function binary(node: Expression, shape: Shape, parent: BinaryExpression, context: UseContext): Use | NoUse {
  const operator = comparisonOf(parent.operator);
  const other = node === parent.left ? parent.right : parent.left;
  if (operator !== undefined) {
    const use = compared(shape, node === parent.right ? operator : flipped(operator), other, undefined, context);
    if ("refused" in use) return use;
    const edits = use.operator === undefined ? [] : [replace(parent.operatorSpan, node === parent.right ? use.operator : flipped(use.operator))];
    return { ...use, edits, settles: use.settled ? [{ span: parent.span, kind: { kind: "condition" } }] : [] };
  }
  switch (parent.operator) {
    case "||":
      return { ...text, meets: "text" };
    case "AND":
    case "OR":
      return { refused: "it stands as a condition" };
    default:
      return computed(shape);
  }
}

/** Under an operator of arithmetic SQLite takes a text's leading digits. */
function computed(shape: Shape): Use | NoUse {
  if (shape.is === "integer" || shape.is === "double") return text;
  if (shape.is === "text" && shape.digits) return { ...text, wanted: "integer", meets: "number" };
  return { refused: "SQLite computes with the leading digits of its text (the year, of a date), PostgreSQL with dates and intervals: compare julianday() or unixepoch() instead" };
}

function cast(shape: Shape, type: string, span: { readonly start: number; readonly end: number } | undefined, parent: Expression, context: UseContext): Use | NoUse {
  if (shape.is === "integer" || shape.is === "double") return text;
  if (/CHAR|CLOB|TEXT/.test(type)) return { ...text, meets: "text" };
  const isInteger = type.includes("INT");
  if (!(shape.is === "text" && shape.digits) || span === undefined || !(isInteger || /REAL|FLOA|DOUB|NUM|DEC/.test(type))) return { refused: `SQLite casts a text to ${type === "" ? "nothing" : type}: its leading digits` };
  if (!isInteger) return { ...text, wanted: "integer", meets: "number" };
  const words = context.site.text.slice(span.start, span.end);
  return { ...text, wanted: "number", meets: "same", edits: /^bigint$/i.test(words) ? [] : [replace(span, "BIGINT")], settles: [{ span: parent.span, kind: { kind: "integer" } }] };
}

interface Compared extends Use {
  /** The operator that typed values need, with the call on the right; undefined when it stays. */
  readonly operator: TimeOperator | undefined;
  readonly settled: boolean;
}

/**
 * A call compared with another value, the call on the right of the operator. `equal` operators stand for IS and IN, too.
 */
function compared(shape: Shape, operator: TimeOperator, otherNode: Expression, given: ValueKind | undefined, context: UseContext): Compared | NoUse {
  const use = (wanted: Wanted, more: Partial<Compared> = {}): Compared => ({ ...text, wanted, operator: undefined, settled: true, meets: "text", ...more });
  const other = unwrap(otherNode);
  const order = operator !== "=" && operator !== "<>";
  const literal = literalValue(other);
  const call = timeCall(other);
  const isNumber = shape.is === "integer" || shape.is === "double";
  if (call !== undefined) {
    const theirs = shapeOf(call);
    if (isNumber || theirs?.is === "integer" || theirs?.is === "double") {
      return isNumber && (theirs?.is === "integer" || theirs?.is === "double") ? use("text", { meets: "nothing", settled: false }) : { refused: "a text meets a number: SQLite sorts every text after every number" };
    }
    if (theirs !== undefined && theirs.is === shape.is && shape.is !== "text") return use(shape.is === "date" ? "date" : "timestamp", { meets: "same" });
    return use(order ? "collated" : "text");
  }
  const kind = given ?? context.kind(other);
  if (isNumber) {
    const numeric = kind.kind === "integer" || kind.kind === "double" || kind.kind === "numeric" || kind.kind === "null";
    if (numeric) return use("text", { meets: "nothing", settled: false });
    if (kind.kind === "text" || kind.kind === "time") return { refused: `a number meets ${kindName(kind)}, which SQLite compares as texts or by storage class` };
    return use("text", { meets: "nothing", settled: false, doubts: kind.kind === "parameter" ? [] : [unknownType(context)] });
  }
  switch (kind.kind) {
    case "time":
      return withColumn(shape, operator, kind, use, context);
    case "null":
      return use("text", { meets: "nothing", settled: false });
    case "text": {
      if (literal?.type !== "text") return use(order && !kind.ordered ? "collated" : "text", kind.binary ? {} : { settled: false });
      const place = shape.is === "text" ? undefined : placeOf(literal.value, shape.is === "date" ? "date" : "timestamp");
      if (place?.place === "at" && place.at === literal.value) return use(shape.is === "date" ? "date" : "timestamp", { meets: "same" });
      const same = shape.is === "text" && shape.pattern !== undefined && new RegExp(shape.pattern).test(literal.value);
      return use(order && !same ? "collated" : "text");
    }
    case "integer":
    case "double":
    case "numeric": {
      const hasAffinity = other.kind === "ColumnReference" || other.kind === "CastExpression";
      if (hasAffinity && shape.is === "text" && shape.digits) return use("integer", { meets: "number" });
      return { refused: `it is a text, and meets ${kindName(kind)}: SQLite sorts every text after every number` };
    }
    case "parameter":
      return use(order ? "collated" : "text", { settled: true });
    case "unknown":
      if (shape.is === "text") return shape.digits ? use("integer", { meets: "number", settled: false, doubts: [unknownType(context)] }) : use("text", { settled: false, doubts: [unknownType(context)] });
      return use(shape.is === "date" ? "date" : "timestamp", { meets: "same", settled: false, doubts: [unknownType(context)] });
    default:
      return { refused: `it meets ${kindName(kind)}` };
  }
}

function unknownType({ schema }: UseContext): string {
  return `what it is compared with has a type that is not known here${schema === undefined ? " (--schema tells)" : ""}`;
}

/** A column that becomes a timestamp or a date, whose texts SQLite compares with the call's. */
function withColumn(
  shape: Shape,
  operator: TimeOperator,
  { type, exact }: { readonly type: TimeType; readonly exact: boolean },
  use: (wanted: Wanted, more?: Partial<Compared>) => Compared,
  context: UseContext,
): Compared | NoUse {
  if (shape.is !== "date" && shape.is !== "datetime") return { refused: `its text is no whole moment, and meets a ${type}` };
  const place = type === "date" ? (shape.is === "date" ? "at" : "above") : shape.is === "datetime" ? "at" : "below";
  const typed = placedOperator(operator, { place });
  if (typed === "never") {
    return { refused: type === "date" ? "a date is never equal to a text with a time behind it: compare date(…)" : "a text with a time is never equal to a date's: compare date(…) of the column" };
  }
  return use(type, { operator: typed === operator ? undefined : typed, meets: "same", settled: exact, doubts: exact ? [] : [inexact(context)] });
}

/** Said where a column's texts may have a form of their own. */
export function inexact({ schema }: Pick<UseContext, "schema">): string {
  return schema === undefined
    ? "whether its texts are all 'YYYY-MM-DD HH:MM:SS' is not known here (--schema tells)"
    : "not all of the column's texts are known to be 'YYYY-MM-DD HH:MM:SS' (a database with rows tells): SQLite compares texts, so that a T or a zone in them counts";
}

/** `a BETWEEN low AND high`, where the call is one of the three. */
function between(node: Expression, shape: Shape, parent: BetweenExpression, context: UseContext): Use | NoUse {
  if (node === parent.operand) {
    const [low, high] = [compared(shape, "<=", parent.low, undefined, context), compared(shape, ">=", parent.high, undefined, context)];
    if ("refused" in low) return low;
    if ("refused" in high) return high;
    if (low.operator !== undefined || high.operator !== undefined) return { refused: "a bound whose text is of another form" };
    const wanted = low.wanted === high.wanted ? low.wanted : "collated";
    return { ...low, wanted, meets: low.meets === high.meets ? low.meets : "text", doubts: [...low.doubts, ...high.doubts], settles: settledBetween(parent, low, high) };
  }
  const outer = timeCall(unwrap(parent.operand));
  const theirs = outer === undefined ? undefined : shapeOf(outer);
  const operand = theirs === undefined ? undefined : between(parent.operand, theirs, parent, context);
  if (operand !== undefined && "refused" in operand) return operand;
  const own = asText(compared(shape, node === parent.low ? ">=" : "<=", parent.operand, undefined, context), operand?.wanted === "text" || operand?.wanted === "collated");
  if ("refused" in own) return own;
  const others = bound(node === parent.low ? parent.high : parent.low, node === parent.low ? "<=" : ">=", parent, context);
  if (others !== undefined && "refused" in others) return others;
  const [low, high] = node === parent.low ? [own.operator, others?.operator] : [others?.operator, own.operator];
  const settles = others === undefined ? [] : settledBetween(parent, own, others);
  if (low === undefined && high === undefined) return { ...own, settles };
  const edits = betweenEdits(parent, low ?? ">=", high ?? "<=", context.site.text);
  return edits === undefined ? { refused: "a bound whose text is of another form, of a value that cannot be written twice" } : { ...own, edits, settles };
}

function settledBetween(parent: BetweenExpression, low: { readonly settled: boolean }, high: { readonly settled: boolean }): Settled[] {
  return low.settled && high.settled ? [{ span: parent.span, kind: { kind: "condition" } }] : [];
}

/** What the other bound needs; undefined when that is not known here. */
function bound(node: Expression, operator: TimeOperator, { operand }: BetweenExpression, context: UseContext): { readonly operator: TimeOperator | undefined; readonly settled: boolean } | NoUse | undefined {
  const call = timeCall(unwrap(node));
  if (call !== undefined) {
    const shape = shapeOf(call);
    return shape === undefined ? undefined : compared(shape, operator, operand, undefined, context);
  }
  const kind = context.kind(operand);
  const literal = literalValue(node);
  if (kind.kind !== "time" || literal?.type !== "text") return undefined;
  const place = placeOf(literal.value, kind.type);
  if (place === undefined || kind.type === "timestamptz") return undefined;
  const typed = placedOperator(operator, place);
  return typed === "never" ? undefined : { operator: typed === operator ? undefined : typed, settled: kind.exact };
}

/** `a BETWEEN x AND y` as two comparisons; undefined when `a` cannot be written twice. */
export function betweenEdits({ span, operand, operatorSpan, andSpan, not }: BetweenExpression, low: TimeOperator, high: TimeOperator, sql: string): Edit[] | undefined {
  if (operand.kind !== "ColumnReference" || andSpan === undefined) return undefined;
  const column = sql.slice(operand.span.start, operand.span.end);
  const negated = { ">=": "<", ">": "<=", "<=": ">", "<": ">=", "=": "<>", "<>": "=" } as const;
  return [...enclose(span, "(", ")"), replace(operatorSpan, not ? negated[low] : low), replace(andSpan, `${not ? "OR" : "AND"} ${column} ${not ? negated[high] : high}`)];
}

/** A value that an INSERT or UPDATE puts into a column; elsewhere a result. */
function stored(node: Expression, shape: Shape, ancestors: readonly Node[], context: UseContext): Use | NoUse {
  const target = storedIn(node, ancestors, context.schema);
  if (target === undefined) return text;
  const isNumber = shape.is === "integer" || shape.is === "double";
  if (target === "unknown") {
    if (isNumber) return text;
    const doubts = [`what type the column has on PostgreSQL is not known here${context.schema === undefined ? " (--schema tells)" : ""}`];
    if (shape.is === "text") return { ...text, doubts };
    return { ...text, wanted: shape.is === "date" ? "date" : "timestamp", meets: "same", bound: true, doubts };
  }
  const { type } = target.decision;
  switch (type) {
    case "timestamp":
    case "timestamptz":
    case "date": {
      if (shape.is !== "datetime" && shape.is !== "date") return { refused: `it is stored in "${target.column.name}", which becomes ${type}` };
      const fits = shape.is === (type === "date" ? "date" : "datetime");
      return { ...text, wanted: type, meets: "same", bound: true, doubts: fits ? [] : [`"${target.column.name}" becomes ${type}, and SQLite stores a ${shape.is === "date" ? "date without a time" : "date with a time"}`] };
    }
    case "text":
      return isNumber ? { refused: `a number is stored in "${target.column.name}", which becomes text` } : { ...text, meets: "nothing" };
    case "bigint":
    case "integer":
      if (shape.is === "integer") return text;
      return shape.is === "text" && shape.digits && hasNumericAffinity(target) ? { ...text, wanted: "integer", meets: "number" } : { refused: `it is stored in "${target.column.name}", which becomes ${type}` };
    case "double precision":
    case "numeric":
      if (isNumber) return text;
      return shape.is === "text" && shape.digits && hasNumericAffinity(target) ? { ...text, wanted: "integer", meets: "number" } : { refused: `it is stored in "${target.column.name}", which becomes ${type}` };
    default:
      return { refused: `it is stored in "${target.column.name}", which becomes ${type}` };
  }
}

function hasNumericAffinity({ column }: ColumnView): boolean {
  return column.affinity === "INTEGER" || column.affinity === "NUMERIC" || column.affinity === "REAL";
}
