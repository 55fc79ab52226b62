import type { Expression, FunctionCall } from "#core/sql/nodes.ts";
import { nameOf, type Resolution } from "../scope.ts";

/** Functions that give a value whatever they are given. */
const always = new Set(["count", "total", "random", "changes", "last_insert_rowid", "total_changes", "typeof", "row_number", "rank", "dense_rank", "percent_rank", "cume_dist", "ntile", "hex"]);

/** Functions that give NULL only for a NULL among their arguments. */
const strict = new Set(["lower", "upper", "length", "abs", "round", "trim", "ltrim", "rtrim", "replace", "instr", "substr", "substring", "concat_ws"]);

/** Whether an expression's value can be NULL, as far as the schema at hand tells; `true` where nothing is known. */
export function canBeNull(expression: Expression, resolution: Resolution): boolean {
  return mayBeNull(expression, resolution, new Set());
}

/** @param open names that are being looked at: where a table is not known, one may lead back to itself. */
function mayBeNull(expression: Expression, resolution: Resolution, open: ReadonlySet<Expression>): boolean {
  const any = (...parts: readonly Expression[]): boolean => parts.some((part) => mayBeNull(part, resolution, open));
  switch (expression.kind) {
    case "ColumnReference": {
      const view = resolution(expression);
      if (view !== undefined) return view.nullable;
      const given = resolution.values?.(expression);
      // Without a schema at hand no table is known to have a column of that name of its own.
      if (given === undefined && /^(?:rowid|_rowid_|oid)$/i.test(nameOf(expression.column) ?? "")) return false;
      return given === undefined || given.optional || given.values.length === 0 || open.has(expression) || given.values.some((each) => mayBeNull(each, resolution, new Set([...open, expression])));
    }
    case "NumericLiteral":
    case "StringLiteral":
    case "BlobLiteral":
    case "CurrentTimeLiteral":
    case "NullTest":
    case "IsExpression":
    case "ExistsExpression":
      return false;
    case "ParenthesizedExpression":
      return any(expression.expression);
    case "CollateExpression":
    case "UnaryExpression":
      return any(expression.operand);
    case "CastExpression":
      return any(expression.expression);
    case "BinaryExpression":
      // Division by zero is NULL, and so is a path that JSON does not have.
      return ["/", "%", "->", "->>"].includes(expression.operator) || any(expression.left, expression.right);
    case "LikeExpression":
      return any(expression.left, expression.right, ...(expression.escape === undefined ? [] : [expression.escape]));
    case "BetweenExpression":
      return any(expression.operand, expression.low, expression.high);
    case "CaseExpression":
      return expression.otherwise === undefined || any(expression.otherwise) || expression.branches.some((branch) => branch.kind !== "CaseBranch" || any(branch.result));
    case "FunctionCall":
      return callCanBeNull(expression, any);
    default:
      return true;
  }
}

function callCanBeNull(call: FunctionCall, any: (...parts: readonly Expression[]) => boolean): boolean {
  const name = call.name.kind === "Identifier" ? nameOf(call.name)?.toLowerCase() : undefined;
  if (name === undefined) return true;
  if (always.has(name)) return false;
  if (strict.has(name)) return any(...call.arguments);
  if (name === "coalesce" || name === "ifnull") return call.arguments.every((argument) => any(argument));
  return true;
}
