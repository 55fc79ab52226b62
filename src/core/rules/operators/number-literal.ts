import { literalValue } from "#core/sql/literal-value.ts";
import type { BinaryExpression, Node, NumericLiteral } from "#core/sql/nodes.ts";
import { walk } from "#core/sql/walk.ts";
import { integerLiteral, isExactDecimal } from "../kinds/value-kind.ts";
import { enclose, replace } from "../rewrite.ts";
import type { SqlFinding, StatementContext, StatementRule } from "../rule.ts";

/** Numbers that PostgreSQL reads as another number or as another type. */
export const numberLiteral: StatementRule = {
  meta: {
    id: "number-literal",
    family: "operators",
    title: "Numbers that PostgreSQL reads otherwise",
    doc: {
      what: "Finds hexadecimal numbers, digits with underscores, integers beyond 64 bits, and decimal numbers that are computed with, chosen or handed out.",
      why:
        "A decimal number is a double in SQLite and a numeric in PostgreSQL, which computes decimally: 0.1 + 0.2 = 0.3 is false in SQLite and true in PostgreSQL, and 7 / 2.0 has other digits. " +
        "PostgreSQL before 16 reads 0x10 as the number 0 named x10.",
      example: "SELECT price * 1.19 FROM items WHERE flags & 0x10",
      useInstead: { both: "SELECT price * CAST(1.19 AS DOUBLE PRECISION) FROM items WHERE flags & 16", postgres: "the same" },
      fixSafety: "Safe: CAST(1.19 AS DOUBLE PRECISION) is the same double on both, and leaves SQLite's as it is. Beside a double column nothing is needed.",
    },
  },
  *check(context) {
    if (context.statement.kind === "CreateTableStatement" || context.statement.kind === "PragmaStatement") return;
    const found: SqlFinding[] = [];
    walk(context.statement, {
      enter(node, ancestors) {
        if (node.kind !== "NumericLiteral") return;
        const finding = look(node, ancestors, context);
        if (finding !== undefined) found.push(finding);
      },
    });
    yield* found;
  },
};

function look(node: NumericLiteral, ancestors: readonly Node[], context: StatementContext): SqlFinding | undefined {
  const { span } = node;
  // The numbers of a type.
  if (ancestors.at(-1)?.kind === "TypeName" || ancestors.at(-2)?.kind === "TypeName") return undefined;
  const value = literalValue(node);
  if (value?.type === "integer") {
    if (node.form === "integer" && !node.text.includes("_")) return undefined;
    const text = value.value < 0n ? `(${value.value})` : String(value.value);
    return {
      span,
      severity: "error",
      message: `PostgreSQL reads this form of a number from 16 on only, and as something else before; it is ${value.value}.`,
      fixes: [{ kind: "edit", title: `Write ${text}`, applicability: "safe", edits: [replace(span, text)], settles: [{ span, kind: integerLiteral(value.value) }] }],
    };
  }
  if (value?.type !== "real" || !Number.isFinite(value.value) || !isComputedWith(ancestors, node, context)) return undefined;
  const edits = enclose(span, "CAST(", " AS DOUBLE PRECISION)");
  if (node.text.includes("_")) edits.push(replace(span, node.text.replaceAll("_", "")));
  return {
    span,
    severity: "warning",
    message: "A decimal number is a double in SQLite and a numeric in PostgreSQL, which computes with it decimally: results differ in their digits. CAST(… AS DOUBLE PRECISION) is the same double on both.",
    fixes: [
      {
        kind: "edit",
        title: "Cast the number to DOUBLE PRECISION",
        applicability: "safe",
        edits,
        ...(isExactDecimal(node.text) || /^\d+$/.test(node.text) ? { settles: [{ span, enclosed: true, kind: { kind: "double", ...(value.value === 0 ? {} : { nonzero: true }) } }] } : {}),
      },
    ],
  };
}

const choosing = new Set(["coalesce", "ifnull", "nullif", "min", "max", "abs", "sum", "iif"]);

/** Whether the number's type decides what comes out: it is computed with, handed out or chosen. Signs and parentheses belong to it. */
function isComputedWith(ancestors: readonly Node[], node: NumericLiteral, { kind }: StatementContext): boolean {
  let inner: Node = node;
  for (let up = ancestors.length - 1; up >= 0; up--) {
    const parent = ancestors[up];
    switch (parent?.kind) {
      case "ParenthesizedExpression":
        break;
      case "UnaryExpression":
        if (parent.operator !== "-" && parent.operator !== "+") return false;
        break;
      case "BinaryExpression": {
        if (!isArithmetic(parent)) return false;
        const other = parent.left === inner ? parent.right : parent.left;
        return kind(other).kind !== "double";
      }
      case "ResultColumn":
        // What is put into a column takes its type.
        return ancestors[up - 3]?.kind !== "InsertStatement";
      case "CaseBranch":
        return parent.result === inner && isOutcome(ancestors, up - 1);
      case "CaseExpression":
        return parent.otherwise === inner && isOutcome(ancestors, up);
      case "FunctionCall":
        return parent.name.kind === "Identifier" && choosing.has(parent.name.value.toLowerCase());
      default:
        return false;
    }
    inner = parent;
  }
  return false;
}

/** Whether a CASE is more than a value for a column. */
function isOutcome(ancestors: readonly Node[], at: number): boolean {
  const parent = ancestors[at - 1]?.kind;
  return parent !== "Assignment" && parent !== "ExpressionList";
}

function isArithmetic({ operator }: BinaryExpression): boolean {
  return operator === "+" || operator === "-" || operator === "*" || operator === "/";
}
