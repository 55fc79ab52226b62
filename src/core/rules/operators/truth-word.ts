import { booleanName } from "#core/sql/literal-value.ts";
import type { Expression, Node } from "#core/sql/nodes.ts";
import { walk } from "#core/sql/walk.ts";
import { integerLiteral, type ValueKind } from "../kinds/value-kind.ts";
import { replace } from "../rewrite.ts";
import type { StatementContext, StatementRule } from "../rule.ts";
import { isTruthTest } from "./conditions.ts";
import { targetsOf } from "./stored-values.ts";

/** TRUE and FALSE are 1 and 0 in SQLite, and no numbers in PostgreSQL. */
export const truthWord: StatementRule = {
  meta: {
    id: "truth-word",
    family: "operators",
    title: "TRUE and FALSE as numbers",
    doc: {
      what: "Finds TRUE and FALSE that are compared with a number, computed with, summed, or put into a column of numbers.",
      why: "In SQLite they are the integers 1 and 0. PostgreSQL has no comparison and no arithmetic of booleans with numbers, and rejects the statement.",
      example: "UPDATE posts SET likes = likes + TRUE WHERE state = FALSE",
      useInstead: { both: "UPDATE posts SET likes = likes + 1 WHERE state = 0", postgres: "the same" },
      fixSafety: "Safe: it writes down the number that SQLite takes the word for. Beside a column that becomes BOOLEAN the word stays.",
    },
  },
  *check(context) {
    const { statement, schema } = context;
    if (statement.kind === "CreateTableStatement") return;
    const targets = targetsOf(statement, schema);
    const found: { readonly node: Expression; readonly digit: "0" | "1" }[] = [];
    walk(statement, {
      enter(node, ancestors) {
        if (node.kind !== "ColumnReference") return;
        const value = booleanName(node);
        // A column of that name is a column.
        if (value === undefined || context.resolution(node) !== undefined) return;
        if (wantsNumber(node, ancestors, context, targets)) found.push({ node, digit: value ? "1" : "0" });
      },
    });
    for (const { node, digit } of found) {
      yield {
        span: node.span,
        severity: "error",
        message: `PostgreSQL takes this for a boolean, which it does not mix with numbers; in SQLite it is ${digit}.`,
        fixes: [{ kind: "edit", title: `Write ${digit}`, applicability: "safe", edits: [replace(node.span, digit)], settles: [{ span: node.span, kind: integerLiteral(BigInt(digit)) }] }],
      };
    }
  },
};

const comparing = new Set(["=", "==", "<>", "!=", "<", "<=", ">", ">="]);

function wantsNumber(node: Expression, ancestors: readonly Node[], { kind }: StatementContext, targets: ReadonlyMap<Expression, ValueKind>): boolean {
  let inner: Expression = node;
  let up = ancestors.length - 1;
  for (let at = ancestors[up]; at?.kind === "ParenthesizedExpression"; at = ancestors[--up]) inner = at;
  const target = targets.get(inner);
  if (target !== undefined) return isNumber(target);
  const beside = (...others: readonly (Expression | undefined)[]): boolean => others.some((other) => other !== undefined && other !== inner && isNumber(kind(other)));
  const parent = ancestors[up];
  switch (parent?.kind) {
    case "UnaryExpression":
      return parent.operator !== "NOT";
    case "BinaryExpression":
      if (parent.operator === "AND" || parent.operator === "OR") return false;
      return comparing.has(parent.operator) ? beside(parent.left, parent.right) : true;
    case "IsExpression":
      // IS TRUE is a test of truth, and another rule's.
      return parent.left === inner && !isTruthTest(parent) && beside(parent.right);
    case "BetweenExpression":
      return beside(parent.operand, parent.low, parent.high);
    case "ExpressionList": {
      const within = ancestors[up - 1];
      return within?.kind === "InExpression" && isNumber(kind(within.operand));
    }
    case "CaseBranch": {
      const within = ancestors[up - 1];
      if (within?.kind !== "CaseExpression") return false;
      return parent.condition === inner ? beside(within.operand) : beside(...within.branches.map((branch) => (branch.kind === "CaseBranch" ? branch.result : undefined)), within.otherwise);
    }
    case "CaseExpression":
      return parent.otherwise === inner && beside(...parent.branches.map((branch) => (branch.kind === "CaseBranch" ? branch.result : undefined)));
    case "FunctionCall": {
      const name = parent.name.kind === "Identifier" ? parent.name.value.toLowerCase() : "";
      if (["sum", "total", "avg", "abs"].includes(name)) return true;
      return ["coalesce", "ifnull", "nullif", "iif", "min", "max"].includes(name) && beside(...parent.arguments.slice(name === "iif" ? 1 : 0));
    }
    default:
      return false;
  }
}

function isNumber({ kind }: ValueKind): boolean {
  return kind === "integer" || kind === "double" || kind === "numeric";
}
