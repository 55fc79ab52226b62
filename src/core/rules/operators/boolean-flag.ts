import type { Expression } from "#core/sql/nodes.ts";
import { nodesOfKind } from "#core/sql/walk.ts";
import type { SqlFinding, StatementContext, StatementRule } from "../rule.ts";
import type { ColumnView, SchemaView } from "../schema-view.ts";
import { nameOf, resolveColumns } from "../scope.ts";
import { castFlag, meetsFlag, unwrap } from "./flag-value.ts";
import { writtenFlags } from "./written-flags.ts";

/** A 0/1 flag column that becomes BOOLEAN meets the numbers and parameters that it is compared with and set to. */
export const booleanFlag: StatementRule = {
  meta: {
    id: "boolean-flag",
    family: "operators",
    title: "0/1 where the column becomes BOOLEAN",
    doc: {
      what: "Finds 0, 1 and parameters that are compared with, or written to, a column that becomes BOOLEAN on PostgreSQL, and such columns in arithmetic.",
      why: "PostgreSQL has no comparison of boolean with integer, does not store an integer in a boolean column and does not compute with booleans: all are errors.",
      example: "SELECT * FROM users WHERE is_active = 1 AND is_admin = ?",
      useInstead: { both: "SELECT * FROM users WHERE is_active = TRUE AND is_admin = CAST(? AS BOOLEAN)", postgres: "the same" },
      fixSafety:
        "Safe: SQLite reads TRUE and FALSE as 1 and 0 (from 3.23 on), and CAST(? AS BOOLEAN) there leaves 0 and 1 as they are; CAST(flag AS INTEGER) is 0 or 1 on both. " +
        "IS with a parameter becomes IS NOT DISTINCT FROM: in mode both a review, since SQLite knows it from 3.39 on. Other numbers have no safe form.",
    },
  },
  check(context) {
    // The types of a CREATE TABLE are the schema translator's, and so are its checks.
    return context.schema === undefined || context.statement.kind === "CreateTableStatement" ? [] : checkWith(context, context.schema);
  },
};

const comparisons: ReadonlySet<string> = new Set(["=", "==", "<>", "!=", "<", "<=", ">", ">="]);
const arithmetic: ReadonlySet<string> = new Set(["+", "-", "*", "/", "%", "&", "|", "<<", ">>", "||"]);

function* checkWith({ statement, mode, site }: StatementContext, schema: SchemaView): Iterable<SqlFinding> {
  const resolution = resolveColumns(statement, schema);
  /** The column behind an expression that is a flag: itself, or the first of those that COALESCE chooses among. */
  const flagOf = (node: Expression): ColumnView | undefined => {
    const inner = unwrap(node);
    if (inner.kind === "FunctionCall") return isChoice(inner) ? inner.arguments.map(flagOf).find((v) => v !== undefined) : undefined;
    const view = inner.kind === "ColumnReference" ? resolution(inner) : undefined;
    return view?.decision.type === "boolean" ? view : undefined;
  };
  const written = [...writtenFlags(statement, schema, flagOf, site.text, mode)];
  yield* written;
  for (const node of nodesOfKind(statement, "BinaryExpression")) {
    const left = flagOf(node.left);
    const right = flagOf(node.right);
    if (comparisons.has(node.operator)) {
      if (left !== undefined && right === undefined) yield* meetsFlag(left, node.right, mode);
      if (right !== undefined && left === undefined) yield* meetsFlag(right, node.left, mode);
    } else if (arithmetic.has(node.operator) && !written.some(({ span }) => span.start === node.span.start && span.end === node.span.end)) {
      if (left !== undefined) yield castFlag(left, node.left, `computes with it by ${node.operator}`);
      if (right !== undefined) yield castFlag(right, node.right, `computes with it by ${node.operator}`);
    }
  }
  for (const node of nodesOfKind(statement, "IsExpression")) {
    const flag = flagOf(node.left);
    if (flag !== undefined) yield* meetsFlag(flag, node.right, mode, node);
  }
  for (const node of nodesOfKind(statement, "BetweenExpression")) {
    const flag = flagOf(node.operand);
    if (flag !== undefined) for (const bound of [node.low, node.high]) yield* meetsFlag(flag, bound, mode);
  }
  for (const node of nodesOfKind(statement, "InExpression")) {
    const flag = flagOf(node.operand);
    if (flag !== undefined && node.source.kind === "ExpressionList") for (const item of node.source.items) yield* meetsFlag(flag, item, mode);
  }
  for (const node of nodesOfKind(statement, "CaseExpression")) {
    const flag = node.operand === undefined ? undefined : flagOf(node.operand);
    if (flag !== undefined) for (const branch of node.branches) if (branch.kind === "CaseBranch") yield* meetsFlag(flag, branch.condition, mode);
  }
  for (const call of nodesOfKind(statement, "FunctionCall")) {
    const flag = flagOf(call);
    if (flag !== undefined) for (const argument of call.arguments) yield* meetsFlag(flag, argument, mode);
    const [only] = call.arguments;
    const name = nameOf(call.name.kind === "Identifier" ? call.name : undefined)?.toLowerCase() ?? "";
    // In mode both the adapter brings these aggregates of booleans.
    if (mode === "postgres" && call.arguments.length === 1 && only !== undefined && ["sum", "avg", "min", "max", "total"].includes(name)) {
      const summed = flagOf(only);
      if (summed !== undefined) yield castFlag(summed, only, `has no ${name}() of it`);
    }
  }
}

function isChoice(call: Extract<Expression, { readonly kind: "FunctionCall" }>): boolean {
  const name = nameOf(call.name.kind === "Identifier" ? call.name : undefined)?.toLowerCase();
  return name === "coalesce" || name === "ifnull";
}
