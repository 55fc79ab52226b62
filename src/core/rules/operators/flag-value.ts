import type { Expression, IsExpression } from "#core/sql/nodes.ts";
import type { Mode } from "../mode.ts";
import type { SqlFinding } from "../rule.ts";
import { enclose } from "../rewrite.ts";
import type { ColumnView } from "../schema-view.ts";

/** What an expression is when it stands where a boolean of `view` is wanted; `is` when it stands behind IS. */
export function* meetsFlag(view: ColumnView, expression: Expression, mode: Mode, is?: IsExpression): Iterable<SqlFinding> {
  const node = unwrap(expression);
  const column = becomes(view);
  switch (node.kind) {
    case "NumericLiteral": {
      const word = node.text === "1" ? "TRUE" : node.text === "0" ? "FALSE" : undefined;
      // PostgreSQL takes no parentheses behind IS.
      const span = is === undefined ? node.span : expression.span;
      yield {
        span: node.span,
        severity: "error",
        message: word === undefined ? `${column}, which has no ${node.text}.` : `${column}: PostgreSQL does not take the integer ${node.text} for it; ${word} is ${node.text} on SQLite.`,
        fixes: word === undefined ? [] : [{ kind: "edit", title: `Write ${word}`, applicability: "safe", edits: [{ span, newText: word }] }],
      };
      return;
    }
    case "BindParameter": {
      const edits = enclose(node.span, "CAST(", " AS BOOLEAN)");
      // Behind a plain IS, PostgreSQL takes TRUE, FALSE and NULL only.
      const plain = is !== undefined && !is.distinctFrom;
      if (plain) edits.unshift({ span: is.operatorSpan, newText: is.not ? "IS DISTINCT FROM" : "IS NOT DISTINCT FROM" });
      yield {
        span: node.span,
        severity: "error",
        message:
          `${column}: an integer bound here is refused by PostgreSQL; CAST(… AS BOOLEAN) takes 0 and 1 on both.` +
          (plain ? ` ${mode === "both" ? "Look at it: behind" : "Behind"} IS PostgreSQL takes no value, and SQLite knows IS NOT DISTINCT FROM from 3.39 on.` : ""),
        fixes: [{ kind: "edit", title: "Cast the parameter to BOOLEAN", applicability: plain && mode === "both" ? "review" : "safe", edits }],
      };
      return;
    }
    case "CaseExpression":
      for (const branch of node.branches) if (branch.kind === "CaseBranch") yield* meetsFlag(view, branch.result, mode);
      if (node.otherwise !== undefined) yield* meetsFlag(view, node.otherwise, mode);
      return;
    default:
      return;
  }
}

/** A flag where a number is wanted. */
export function castFlag(view: ColumnView, node: Expression, what: string): SqlFinding {
  return {
    span: node.span,
    severity: "error",
    message: `${becomes(view)}, and PostgreSQL ${what.startsWith("has") ? what : "has no such arithmetic: this " + what}; CAST(… AS INTEGER) is 0 or 1 on both.`,
    fixes: [
      {
        kind: "edit",
        title: "Cast the flag to INTEGER",
        applicability: "safe",
        edits: enclose(node.span, "CAST(", " AS INTEGER)"),
        settles: [{ span: node.span, enclosed: true, kind: { kind: "integer", small: true } }],
      },
    ],
  };
}

export function becomes(view: ColumnView): string {
  return `"${view.column.name}" becomes BOOLEAN`;
}

export function unwrap(node: Expression): Expression {
  let inner = node;
  while (inner.kind === "ParenthesizedExpression") inner = inner.expression;
  return inner;
}
