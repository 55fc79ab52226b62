import type { BinaryExpression, Expression } from "#core/sql/nodes.ts";
import { nodesOfKind } from "#core/sql/walk.ts";
import type { Edit } from "#core/text/edit.ts";
import type { Settled } from "../finding.ts";
import type { ValueKind } from "../kinds/value-kind.ts";
import { enclose } from "../rewrite.ts";
import type { SqlFinding, SqlFix, StatementContext, StatementRule } from "../rule.ts";
import { unwrap } from "./flag-value.ts";

/** Division by zero is NULL in SQLite and an error in PostgreSQL; and % makes integers of what it is given. */
export const zeroDivisor: StatementRule = {
  meta: {
    id: "zero-divisor",
    family: "operators",
    title: "Division by zero, remainders of decimals",
    doc: {
      what: "Finds / and % with a divisor that may be 0, % of numbers that are no integers, and / of sums of integers.",
      why:
        "A divisor of 0 gives NULL in SQLite and an error in PostgreSQL. SQLite's % cuts both sides down to integers; PostgreSQL computes 5.5 % 2 as 1.5 and has no % of doubles. " +
        "PostgreSQL's sum() of bigints is a numeric, whose division leaves a fraction.",
      example: "SELECT done * 100 / total, sum(done) / 2 FROM jobs",
      useInstead: { both: "SELECT done * 100 / NULLIF(total, 0), CAST(sum(done) AS BIGINT) / 2 FROM jobs", postgres: "the same" },
      fixSafety:
        "NULLIF(b, 0) is NULL for 0 and b otherwise, on both: safe. A parameter as divisor asks for a review, since PostgreSQL then takes it for an integer. " +
        "% of decimals is cut down by trunc(): safe in mode postgres, a review in mode both, since SQLite has trunc() only where it is built with its mathematical functions.",
    },
  },
  *check(context) {
    if (context.statement.kind === "CreateTableStatement") return;
    for (const node of nodesOfKind(context.statement, "BinaryExpression")) {
      if (node.operator !== "/" && node.operator !== "%") continue;
      const finding = look(node, context);
      if (finding !== undefined) yield finding;
    }
  },
};

function look(node: BinaryExpression, { kind, mode }: StatementContext): SqlFinding | undefined {
  const [left, right] = [kind(node.left), kind(node.right)];
  if (refusesArithmetic(left) || refusesArithmetic(right)) return undefined;
  if (node.operator === "%" && (isFraction(left) || isFraction(right))) return remainder(node, left, right, mode === "both");
  const edits: Edit[] = [];
  const settles: Settled[] = [];
  const reasons: string[] = [];
  let before = "";
  let after = "";
  if (isNumericSum(left) && right.kind === "integer") {
    edits.push(...enclose(node.left.span, "CAST(", " AS BIGINT)"));
    settles.push({ span: node.left.span, enclosed: true, kind: { kind: "integer", wide: true } });
  }
  if (isNumericSum(right) && left.kind === "integer") {
    before = "CAST(";
    after = " AS BIGINT)";
  }
  if (edits.length > 0 || before !== "") reasons.push("PostgreSQL's sum of bigints is a numeric, whose division leaves a fraction");
  const zero = mayBeZero(node.right, right);
  if (zero) {
    before = `NULLIF(${before}`;
    after += ", 0)";
    reasons.push("a divisor of 0 gives NULL in SQLite and an error in PostgreSQL");
  }
  if (before !== "") {
    edits.push(...enclose(node.right.span, before, after));
    const made = divisorKind(right);
    if (made !== undefined) settles.push({ span: node.right.span, enclosed: true, kind: made });
  }
  if (edits.length === 0) return undefined;
  const bound = right.kind === "parameter";
  const fix: SqlFix = { kind: "edit", title: zero ? "Divide by NULLIF(…, 0)" : "Cast the sum to BIGINT", applicability: bound ? "review" : "safe", edits, settles };
  return {
    span: node.operatorSpan,
    severity: "warning",
    message: `${sentence(reasons)}.${bound ? " Look at it: beside 0 PostgreSQL takes the parameter for an integer." : ""}`,
    fixes: [fix],
  };
}

function sentence(reasons: readonly string[]): string {
  const text = reasons.join("; ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** What another rule looks at. */
function refusesArithmetic({ kind }: ValueKind): boolean {
  return kind === "text" || kind === "time" || kind === "other" || kind === "condition" || kind === "boolean";
}

function isFraction({ kind }: ValueKind): boolean {
  return kind === "double" || kind === "numeric";
}

function isNumericSum(kind: ValueKind): boolean {
  return kind.kind === "integer" && kind.numeric === true;
}

function divisorKind(kind: ValueKind): ValueKind | undefined {
  if (kind.kind === "integer") return { kind: "integer", ...(kind.wide === true ? { wide: true } : {}), nonzero: true };
  return kind.kind === "double" ? { kind: "double", nonzero: true } : undefined;
}

function mayBeZero(node: Expression, kind: ValueKind): boolean {
  if ((kind.kind === "integer" || kind.kind === "double") && kind.nonzero === true) return false;
  if (kind.kind === "numeric" && kind.literal !== undefined) return Number(kind.literal) === 0;
  const inner = unwrap(node);
  // NULLIF already, of something whose kind is not known.
  return kind.kind !== "null" && !(inner.kind === "FunctionCall" && inner.name.kind === "Identifier" && inner.name.value.toLowerCase() === "nullif") && !isNonzeroNumber(inner) && !isHole(inner);
}

function isHole({ kind }: Expression): boolean {
  return kind === "Hole" || kind === "HoleOperatorExpression";
}

/** A number of a form whose exact value nobody needs here, or the cast of one. */
function isNonzeroNumber(node: Expression): boolean {
  if (node.kind === "CastExpression") return isNonzeroNumber(unwrap(node.expression)) && /^(?:BIGINT|DOUBLE)$/i.test(node.type?.words[0]?.kind === "Identifier" ? node.type.words[0].value : "");
  return node.kind === "NumericLiteral" && /[1-9]/.test(node.text) && Number(node.text.replaceAll("_", "")) >= 1;
}

function remainder(node: BinaryExpression, left: ValueKind, right: ValueKind, both: boolean): SqlFinding {
  const found = { span: node.operatorSpan, severity: "error", message: "SQLite's % cuts both sides down to integers and gives a double; PostgreSQL computes decimally, or has no % of doubles at all." } as const;
  const known = (kind: ValueKind): boolean => isFraction(kind) || kind.kind === "integer";
  if (!known(left) || !known(right)) return { ...found, fixes: [] };
  const cut = (kind: ValueKind): readonly [string, string] => (isFraction(kind) ? ["CAST(trunc(", ") AS BIGINT)"] : ["", ""]);
  const [a, b] = [cut(left), cut(right)];
  const nonzero = right.kind === "integer" && right.nonzero === true;
  return {
    ...found,
    message: both ? `${found.message} Look at it: SQLite has trunc() from 3.35 on, where it is built with its mathematical functions.` : found.message,
    fixes: [
      {
        kind: "edit",
        title: "Cut down both sides by trunc()",
        applicability: both ? "review" : "safe",
        edits: [
          ...enclose(node.span, "CAST(", " AS DOUBLE PRECISION)"),
          ...enclose(node.left.span, a[0], a[1]),
          ...enclose(node.right.span, nonzero ? b[0] : `NULLIF(${b[0]}`, nonzero ? b[1] : `${b[1]}, 0)`),
        ],
        settles: [{ span: node.span, kind: { kind: "double" } }],
      },
    ],
  };
}
