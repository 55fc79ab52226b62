import type { BinaryExpression, Expression, FunctionCall, InExpression, LikeExpression, Node } from "#core/sql/nodes.ts";
import { asCondition, asValue, type Checking } from "./checking.ts";
import { isTruthTest } from "#core/rules/operators/conditions.ts";
import { comparisonDiffers } from "#core/rules/kinds/comparable.ts";
import { givesOneRow } from "#core/rules/select/one-row.ts";
import { nameOf } from "#core/rules/scope.ts";
import { windowDifferences } from "./windows.ts";
import { columnKind, isPlain, kindName, type IntegerKind, type ValueKind } from "#core/rules/kinds/value-kind.ts";
import { onlyNumberCounts } from "#core/rules/functions/aggregate-calls.ts";
import { countsAlike } from "#core/rules/functions/places.ts";
import { jsonUse } from "#core/rules/functions/json-context.ts";
import { agreement } from "#core/rules/functions/agreement.ts";

/** Looks at one node of an expression. */
export function expressionDifferences(node: Node, ancestors: readonly Node[], checking: Checking): void {
  const { report, kind } = checking;
  switch (node.kind) {
    case "NumericLiteral":
      if (kind(node).kind === "unknown") report(node, "a number that the engines read differently");
      return;
    case "StringLiteral":
      if (node.holes.length > 0) report(node, "an interpolation");
      if (node.value.includes("\0")) report(node, "the character U+0000");
      return;
    case "UnaryExpression":
      if (node.operator === "NOT") asCondition(node.operand, checking);
      else if (kind(node).kind === "unknown") report(node, `the operator ${node.operator} on ${kindName(kind(node.operand))}`);
      return;
    case "BinaryExpression":
      binary(node, ancestors, checking);
      return;
    case "IsExpression": {
      const { left, right } = node;
      if (right.kind === "NullLiteral" && !node.distinctFrom) return;
      if (isTruthTest(node)) asCondition(left, checking);
      else if (node.distinctFrom || checking.isReplaced(node.operatorSpan)) compared(node, left, right, false, checking);
      else report(node, "IS with a value");
      return;
    }
    case "NullTest":
      if (node.form === "NOT NULL" && !checking.isReplaced(node.operatorSpan)) report(node, "NOT NULL behind a value");
      return;
    case "LikeExpression":
      like(node, checking);
      return;
    case "BetweenExpression":
      compared(node, node.operand, node.low, true, checking, ">=");
      compared(node, node.operand, node.high, true, checking, "<=");
      return;
    case "InExpression":
      within(node, checking);
      return;
    case "Subquery": {
      const parent = ancestors.at(-1)?.kind;
      if (parent !== "InExpression" && parent !== "ExistsExpression" && parent !== "SubquerySource" && parent !== "CommonTable" && !givesOneRow(node.select, checking.meanings)) report(node, "a query as a value: SQLite takes the first of several rows, PostgreSQL reports them");
      return;
    }
    case "RowValue": {
      const parent = ancestors.findLast((ancestor) => ancestor.kind !== "ParenthesizedExpression");
      const fits = (parent?.kind === "BinaryExpression" && rowPairs(parent.left, parent.right) !== undefined) || (parent?.kind === "InExpression" && parent.operand === node) || parent?.kind === "ExpressionList";
      if (!fits) report(node, "a row value");
      for (const item of node.items) asValue(item, checking);
      return;
    }
    case "CaseExpression":
      for (const branch of node.branches) {
        if (branch.kind !== "CaseBranch") continue;
        if (node.operand === undefined) asCondition(branch.condition, checking);
        else compared(branch, node.operand, branch.condition, false, checking);
      }
      if (kind(node).kind === "unknown") report(node, "a CASE whose results are of several or unknown types");
      return;
    case "CastExpression":
      if (kind(node).kind === "unknown") report(node, "this CAST");
      return;
    case "FunctionCall":
      call(node, ancestors, checking);
      return;
    case "FilterClause":
      if (node.where.kind === "WhereClause") asCondition(node.where.condition, checking);
      return;
    case "OnClause":
    case "WhereClause":
    case "HavingClause":
      asCondition(node.condition, checking);
      return;
    case "BindParameter": {
      // Its type follows from what it is compared with or stored in; elsewhere PostgreSQL takes it for a text.
      const parent = ancestors.findLast((ancestor) => ancestor.kind !== "ParenthesizedExpression")?.kind;
      if (parent === "ResultColumn" || parent === "FunctionCall" || parent === "CaseBranch" || parent === "CaseExpression" || parent === "GroupByClause" || parent === "OrderingTerm") report(node, "a parameter whose type nothing around it tells");
      return;
    }
    default:
      return;
  }
}

/** The values of two row values of one length, pair by pair. */
function rowPairs(left: Expression, right: Expression): (readonly [Expression, Expression])[] | undefined {
  if (left.kind !== "RowValue" || right.kind !== "RowValue" || left.items.length !== right.items.length) return undefined;
  return left.items.flatMap((item, i) => {
    const other = right.items[i];
    return other === undefined ? [] : [[item, other] as const];
  });
}

function compared(node: Node, left: Expression, right: Expression, order: boolean, checking: Checking, operator?: string): void {
  const pairs = rowPairs(left, right);
  if (pairs !== undefined) {
    for (const [a, b] of pairs) compared(node, a, b, order, checking);
    return;
  }
  const differs = comparisonDiffers(checking.kind(left), checking.kind(right), order, operator);
  if (differs !== undefined) checking.report(node, differs + (checking.schema === undefined ? " (--schema tells the types)" : ""));
}

function binary(node: BinaryExpression, ancestors: readonly Node[], checking: Checking): void {
  const { left, right, operator } = node;
  const { report, kind } = checking;
  switch (operator) {
    case "AND":
    case "OR":
      asCondition(left, checking);
      asCondition(right, checking);
      return;
    case "=":
    case "<>":
    case "!=":
      compared(node, left, right, false, checking, operator);
      return;
    case "<":
    case "<=":
    case ">":
    case ">=":
      compared(node, left, right, true, checking, operator);
      return;
    case "+":
    case "-":
    case "*":
      if (!sameArithmetic(operator, kind(left), kind(right))) report(node, `the operator ${operator} on ${kindName(kind(left))} and ${kindName(kind(right))}`, computesWide(kind(left), kind(right)) ? "loud" : undefined);
      return;
    case "/":
    case "%":
      if (!sameDivision(operator, kind(left), kind(right))) report(node, `the operator ${operator} on ${kindName(kind(left))} and ${kindName(kind(right))}`);
      return;
    case "||":
      if (!sameConcatenation(kind(left), kind(right))) report(node, `the operator || on ${kindName(kind(left))} and ${kindName(kind(right))}`);
      return;
    case "==":
      if (checking.isReplaced(node.operatorSpan)) compared(node, left, right, false, checking);
      else report(node, "the operator ==");
      return;
    case "&":
    case "|": {
      const bits = (value: ValueKind): boolean => value.kind === "integer" && value.numeric === undefined;
      if (!bits(kind(left)) || !bits(kind(right))) report(node, `the operator ${operator} on ${kindName(kind(left))} and ${kindName(kind(right))}`);
      return;
    }
    case "<<":
    case ">>": {
      const [a, b] = [kind(left), kind(right)];
      // PostgreSQL shifts within the left side's bits, and counts modulo their number.
      const shifts = a.kind === "integer" && a.wide === true && a.numeric === undefined && b.kind === "integer" && b.literal !== undefined && b.literal >= 0n && b.literal < 64n;
      if (!shifts) report(node, `the operator ${operator} on ${kindName(a)} and ${kindName(b)}`);
      return;
    }
    case "->":
    case "->>":
      if (!isTakenAlike(node, ancestors, checking)) report(node, `the operator ${operator}`);
      return;
  }
}

/** A member by its key, or an element of a column's array, from jsonb; its text where nothing but the text counts. */
function isTakenAlike(node: BinaryExpression, ancestors: readonly Node[], { kind }: Checking): boolean {
  const { left, right, operator } = node;
  const source = kind(left);
  if (source.kind !== "other" || source.type !== "jsonb") return false;
  const place = kind(right);
  const isKey = right.kind === "StringLiteral" && right.holes.length === 0 && !/^[$[]/.test(right.value);
  if (!isKey && !(left.kind === "ColumnReference" && place.kind === "integer" && place.literal !== undefined && place.literal > -1000n && place.literal < 1000n)) return false;
  const around = ancestors.filter((each) => each.kind !== "ParenthesizedExpression").toReversed();
  return operator === "->" || jsonUse(node, around) === "plain";
}

/**
 * A column and a small literal, small integers, or doubles: beyond that SQLite goes on with a REAL where PostgreSQL reports an
 * overflow.
 */
function sameArithmetic(operator: "+" | "-" | "*", left: ValueKind, right: ValueKind): boolean {
  if (sameDoubles(left, right)) return true;
  if (left.kind !== "integer" || right.kind !== "integer") return false;
  if (left.literal !== undefined && right.literal !== undefined) {
    const value = operator === "+" ? left.literal + right.literal : operator === "-" ? left.literal - right.literal : left.literal * right.literal;
    const limit = 2n ** (left.wide === true || right.wide === true ? 63n : 31n);
    return value < limit && value > -limit;
  }
  if (operator !== "*" && left.small === true && right.small === true) return true;
  const fits = (value: IntegerKind): boolean => value.literal !== undefined && value.literal < 2n ** 31n && value.literal > -(2n ** 31n);
  return (left.wide === true && left.literal === undefined && fits(right)) || (right.wide === true && right.literal === undefined && fits(left));
}

/** Whether PostgreSQL computes with 64 bits, as SQLite does: where the result needs more, it says so. */
function computesWide(left: ValueKind, right: ValueKind): boolean {
  return left.kind === "integer" && right.kind === "integer" && left.numeric === undefined && right.numeric === undefined && (left.wide === true || right.wide === true);
}

/** Both engines compute with doubles. */
function sameDoubles(left: ValueKind, right: ValueKind): boolean {
  const meets = (a: ValueKind, b: ValueKind): boolean => a.kind === "double" && (b.kind === "double" || b.kind === "integer" || b.kind === "numeric");
  return meets(left, right) || meets(right, left);
}

/** A divisor of 0 gives NULL in SQLite and an error in PostgreSQL; PostgreSQL has no remainder of doubles. */
function sameDivision(operator: "/" | "%", left: ValueKind, right: ValueKind): boolean {
  const nonzero = ((right.kind === "integer" || right.kind === "double") && right.nonzero === true) || (right.kind === "numeric" && right.literal !== undefined && Number(right.literal) !== 0);
  if (!nonzero) return false;
  if (operator === "/" && sameDoubles(left, right)) return true;
  return left.kind === "integer" && right.kind === "integer" && left.numeric === undefined && right.numeric === undefined;
}

/** PostgreSQL makes a text of the other side when one is a text. */
function sameConcatenation(left: ValueKind, right: ValueKind): boolean {
  const meets = (a: ValueKind, b: ValueKind): boolean => a.kind === "text" && (b.kind === "text" || b.kind === "integer" || b.kind === "parameter" || b.kind === "null");
  return meets(left, right) || meets(right, left);
}

function like(node: LikeExpression, checking: Checking): void {
  const { left, right } = node;
  const value = checking.kind(left);
  const pattern = right.kind === "StringLiteral" && right.holes.length === 0 ? right.value : undefined;
  const folded = left.kind === "FunctionCall" && left.name.kind === "Identifier" && left.name.value.toLowerCase() === "lower";
  const fits = pattern !== undefined && !/[\\\u0080-\uffff]/.test(pattern) && (folded ? !/[A-Z]/.test(pattern) : !/[A-Za-z]/.test(pattern));
  if (node.operator !== "LIKE" || node.escape !== undefined || value.kind !== "text" || !fits) checking.report(node, node.operator);
}

function within(node: InExpression, checking: Checking): void {
  const { operand, source } = node;
  switch (source.kind) {
    case "ExpressionList":
      if (source.items.length === 0) checking.report(node, "IN ()");
      for (const item of source.items) compared(node, operand, item, false, checking);
      return;
    case "Subquery": {
      for (const term of source.select.terms) {
        const [column] = term.kind === "SelectCore" ? term.columns : [];
        if (operand.kind === "RowValue" && term.kind === "SelectCore") {
          const values = term.columns.flatMap((each) => (each.kind === "ResultColumn" ? [each.expression] : []));
          if (values.length !== operand.items.length || term.columns.length !== values.length) checking.report(node, "IN with a query of other columns");
          for (const [i, item] of operand.items.entries()) {
            const value = values[i];
            if (value !== undefined) compared(node, item, value, false, checking);
          }
          continue;
        }
        if (column?.kind === "ResultColumn") compared(node, operand, column.expression, false, checking);
        else checking.report(node, "IN with a query whose column is not known here");
      }
      return;
    }
    case "InTable": {
      const table = checking.meanings.isCommonTable(source.table) ? undefined : checking.schema?.table(nameOf(source.table.name) ?? "");
      const [column, more] = table?.columns ?? [];
      if (checking.settled(source) === undefined || column === undefined || more !== undefined) checking.report(source, "IN with a table's name");
      else {
        const differs = comparisonDiffers(checking.kind(operand), columnKind(column), false);
        if (differs !== undefined) checking.report(node, differs);
      }
      return;
    }
    default:
      checking.report(node, "IN with something else than a list or a query");
  }
}

function isWide(kind: ValueKind): boolean {
  return kind.kind === "integer" && kind.wide === true;
}

interface Called {
  readonly node: FunctionCall;
  readonly kinds: readonly ValueKind[];
  /** What the call stands in, the nearest first; parentheses are left out. */
  readonly around: readonly Node[];
  readonly checking: Checking;
}

/** Functions that give the same on both for arguments of the kinds that it takes. */
type Fits = (called: Called) => boolean;

const all = (count: number, fits: (kind: ValueKind) => boolean): Fits => ({ kinds }) => kinds.length === count && kinds.every(fits);
const atLeastOne = (fits: (kind: ValueKind) => boolean): Fits => ({ kinds }) => kinds.length > 0 && kinds.every(fits);

const functions: Readonly<Record<string, Fits>> = {
  count: ({ node, kinds }) => (kinds.length === 0 && node.starSpan !== undefined) || (kinds.length === 1 && (node.quantifier !== "DISTINCT" || kinds.every(isPlain))),
  // A sum of bigint is numeric: that counts as soon as it is computed with.
  sum: ({ node, kinds, around, checking }) => kinds.length === 1 && (kinds[0]?.kind === "boolean" ? isCast(node, checking) : kinds[0]?.kind === "integer") && (kinds[0]?.kind === "boolean" || onlyNumberCounts({ around }) || !kinds.some(isWide)),
  min: all(1, isOrdered),
  max: all(1, isOrdered),
  abs: all(1, (kind) => kind.kind === "integer" || kind.kind === "double" || kind.kind === "numeric"),
  lower: all(1, isBytewise),
  upper: all(1, isBytewise),
  length: all(1, hasLength),
  octet_length: all(1, hasLength),
  trim: ({ kinds }) => kinds.length > 0 && kinds.length < 3 && kinds.every(isText),
  ltrim: ({ kinds }) => kinds.length > 0 && kinds.length < 3 && kinds.every(isText),
  rtrim: ({ kinds }) => kinds.length > 0 && kinds.length < 3 && kinds.every(isText),
  replace: all(3, isText),
  substr: isCut,
  substring: isCut,
  concat: atLeastOne(isWritten),
  concat_ws: ({ kinds }) => kinds.length > 1 && kinds.every(isWritten),
  coalesce: ({ node, kinds }) => kinds.length > 1 && agreement(node.arguments, kinds).result === "same",
  nullif: ({ kinds: [a, b, more] }) => a !== undefined && b !== undefined && more === undefined && comparisonDiffers(a, b, false) === undefined && a.kind === b.kind,
  round: all(1, (kind) => kind.kind === "integer"),
  ceil: all(1, isWhole),
  ceiling: all(1, isWhole),
  floor: all(1, isWhole),
  trunc: all(1, isWhole),
  pi: all(0, () => true),
};

/** Whether a rule has put a cast around a flag that is summed up. */
function isCast({ arguments: [flag] }: FunctionCall, { insertedAt }: Checking): boolean {
  return flag !== undefined && insertedAt(flag.span.start) && insertedAt(flag.span.end);
}

function hasLength(kind: ValueKind): boolean {
  return isText(kind) || (kind.kind === "other" && kind.type === "bytea");
}

function isWhole(kind: ValueKind): boolean {
  return kind.kind === "integer" || kind.kind === "double";
}

/** Written in the same way in a text. */
function isWritten(kind: ValueKind): boolean {
  return kind.kind === "text" || kind.kind === "integer" || kind.kind === "null";
}

function isText(kind: ValueKind): boolean {
  return kind.kind === "text";
}

/** Its case is folded for ASCII letters only, as in SQLite. */
function isBytewise(kind: ValueKind): boolean {
  return kind.kind === "text" && kind.ordered;
}

function isOrdered(kind: ValueKind): boolean {
  return (kind.kind === "time" && kind.exact) || (kind.kind === "integer" || kind.kind === "double" || (kind.kind === "numeric" && kind.literal === undefined)) || isBytewise(kind);
}

/** From 0 on, and of a text: of empty bytes SQLite cuts NULL. */
function isCut({ node, kinds: [text, ...rest] }: Called): boolean {
  const [, from, size, more] = node.arguments;
  return text?.kind === "text" && from !== undefined && more === undefined && rest.every((kind) => kind.kind === "integer") && countsAlike(from, size);
}

function call(node: FunctionCall, ancestors: readonly Node[], checking: Checking): void {
  const { report, kind } = checking;
  if (node.orderBy !== undefined || node.withinGroup !== undefined) {
    report(node, "an ordered aggregate");
    return;
  }
  for (const argument of node.arguments) asValue(argument, checking);
  if (node.over !== undefined) {
    windowDifferences(node, ancestors, checking);
    return;
  }
  const written = node.name.kind === "Identifier" ? node.name.value.toLowerCase() : "";
  const isRewritten = checking.settled(node.name) !== undefined;
  if (isRewritten && (written === "iif" || written === "if")) {
    report(node, "a CASE whose results are of several or unknown types");
    return;
  }
  // A rule has chosen the function's new name. COALESCE wants arguments of one type, which ifnull() does not.
  if (isRewritten && written !== "ifnull") return;
  const name = isRewritten ? "coalesce" : written;
  const fits = Object.hasOwn(functions, name) ? functions[name] : undefined;
  const kinds = node.arguments.map(kind);
  const around = ancestors.filter((each) => each.kind !== "ParenthesizedExpression").toReversed();
  if (fits === undefined) report(node, `the function ${name}()`);
  else if (!fits({ node, kinds, around, checking })) report(node, `${name}() of ${kinds.map(kindName).join(", ")}`);
}
