import { literalValue } from "#core/sql/literal-value.ts";
import type { Expression } from "#core/sql/nodes.ts";
import type { Edit } from "#core/text/edit.ts";
import type { ValueKind } from "../kinds/value-kind.ts";
import { enclose, replace } from "../rewrite.ts";
import { suppliedUnless, type Answer, type Translator } from "./answer.ts";
import { isCastTo, type Call } from "./call.ts";
import { around, renamed } from "./edits.ts";

const double: ValueKind = { kind: "double" };

function isNumber(kind: ValueKind | undefined): boolean {
  return kind?.kind === "integer" || kind?.kind === "double" || kind?.kind === "numeric";
}

const halves = "Look at it: PostgreSQL rounds the decimal that it prints, SQLite the binary number, so that a last digit of 5 may go the other way, and it keeps 15 digits";

/** Half away from zero, and a REAL: https://www.sqlite.org/lang_corefunc.html#round */
const round: Translator = (call) => {
  const { args, kinds, context, node, sql } = call;
  const [value, digits] = args;
  const [kind] = kinds;
  if (value === undefined || kind === undefined) return undefined;
  const isCast = isCastTo(call, "DOUBLE PRECISION");
  if (context.mode === "both") return kind.kind === "integer" && digits === undefined ? undefined : suppliedUnless(isNumber(kind) && (kinds[1] === undefined || kinds[1].kind === "integer") ? undefined : "the value's type is not known here", double);
  const cast = enclose(node.span, "CAST(", " AS DOUBLE PRECISION)");
  if (digits === undefined) {
    switch (kind.kind) {
      case "integer":
        return undefined;
      case "numeric":
        if (isCast) return undefined;
        return { form: "rewrite", title: "Cast to DOUBLE PRECISION", message: "SQLite's round() gives a REAL, PostgreSQL's of a numeric a numeric.", edits: cast, exact: double, severity: "warning" };
      case "double": {
        if (value.kind !== "ColumnReference") break;
        const x = sql.slice(value.span.start, value.span.end);
        return {
          form: "rewrite",
          title: "Round half away from zero",
          message: "PostgreSQL's round() of a double goes to the even number from a half, SQLite's away from zero.",
          edits: [replace(node.span, `CASE WHEN abs(${x}) > 4503599627370496 THEN ${x} ELSE trunc(${x} + CASE WHEN ${x} < 0 THEN -0.5 ELSE 0.5 END) + 0 END`)],
          exact: double,
          severity: "warning",
        };
      }
      default:
        break;
    }
    if (isCast && value.kind === "CastExpression") return undefined;
    return { form: "rewrite", title: "Round a numeric", message: `PostgreSQL's round() of a double goes to the even number from a half, SQLite's away from zero. ${halves}.`, edits: [...cast, ...around(call, 0, "CAST(", " AS NUMERIC)")], exact: undefined, severity: "warning" };
  }
  // Cast already, and of a numeric: what PostgreSQL has.
  if (isCast && (value.kind === "CastExpression" || kind.kind === "integer" || kind.kind === "numeric")) return undefined;
  const places = literalValue(digits);
  const negative: Edit[] = places?.type === "integer" && places.value < 0n ? [replace(digits.span, "0")] : [];
  const known = places?.type === "integer" && places.value <= 30n;
  const exact = kind.kind === "integer" && known;
  const message = "PostgreSQL's round() to a number of digits takes a numeric and gives one; SQLite's gives a REAL.";
  const unknown = known ? halves : "Look at it: with a negative number of digits SQLite rounds to none, PostgreSQL to tens; their number is an INTEGER there, not a BIGINT";
  const numeric = exact || kind.kind === "numeric" ? [] : around(call, 0, "CAST(", " AS NUMERIC)");
  return exact
    ? { form: "rewrite", title: "Cast to DOUBLE PRECISION", message, edits: [...cast, ...negative], exact: double, severity: "warning" }
    : { form: "rewrite", title: "Round a numeric", message: `${message} ${unknown}.`, edits: [...cast, ...numeric, ...negative], exact: undefined };
};

const sign: Translator = (call) =>
  isNumber(call.kinds[0]) && !isCastTo(call, "INTEGER")
    ? { form: "rewrite", title: "Cast to INTEGER", message: "SQLite's sign() gives an integer, PostgreSQL's a double or a numeric, which divides with a fraction.", edits: enclose(call.node.span, "CAST(", " AS INTEGER)"), exact: { kind: "integer", small: true }, severity: "warning" }
    : undefined;

/** Outside of these PostgreSQL reports an error where SQLite gives NULL. */
const domains: Readonly<Record<string, (x: string) => string>> = {
  ln: (x) => `${x} > 0`,
  log: (x) => `${x} > 0`,
  log10: (x) => `${x} > 0`,
  sqrt: (x) => `${x} >= 0`,
  acos: (x) => `${x} BETWEEN -1 AND 1`,
  asin: (x) => `${x} BETWEEN -1 AND 1`,
  acosh: (x) => `${x} >= 1`,
};

/** Whether a literal lies in the domain, so that nothing needs to be asked. */
function isInside(name: string, node: Expression): boolean {
  const literal = literalValue(node);
  const value = literal?.type === "integer" || literal?.type === "real" ? Number(literal.value) : undefined;
  if (value === undefined) return false;
  return name === "sqrt" ? value >= 0 : name === "acos" || name === "asin" ? Math.abs(value) <= 1 : name === "acosh" ? value >= 1 : value > 0;
}

const digitsMayDiffer = "the last digits may differ";

const limited: Translator = (call) => {
  const [value] = call.args;
  const [kind] = call.kinds;
  if (call.context.mode === "both" || value === undefined || kind === undefined) return undefined;
  if (call.args.length > 1) return logarithm(call);
  if (isInside(call.name, value)) return undefined;
  const condition = domains[call.name];
  if (!isNumber(kind) || value.kind !== "ColumnReference" || condition === undefined) return undefined;
  const message = `PostgreSQL's ${call.name}() is an error where SQLite's is NULL: outside of the numbers that it is defined for.`;
  const edits = around(call, 0, `CASE WHEN ${condition(call.sql.slice(value.span.start, value.span.end))} THEN `, " END");
  return call.name === "sqrt" && kind.kind !== "numeric"
    ? { form: "rewrite", title: "Ask before", message, edits, exact: double, severity: "warning" }
    : { form: "rewrite", title: "Ask before", message: `${message} Look at it: ${digitsMayDiffer}.`, edits, exact: undefined, severity: "warning" };
};

/** `log(base, x)`: PostgreSQL has it for numerics. */
function logarithm(call: Call): Answer | undefined {
  if (isCastTo(call, "DOUBLE PRECISION") && call.args[1]?.kind === "CastExpression") return undefined;
  return {
    form: "rewrite",
    title: "Use numerics",
    message: `PostgreSQL's log(base, x) takes numerics. Look at it: it is an error where SQLite gives NULL, and ${digitsMayDiffer}.`,
    edits: [...enclose(call.node.span, "CAST(", " AS DOUBLE PRECISION)"), ...around(call, 0, "CAST(", " AS NUMERIC)"), ...around(call, 1, "CAST(", " AS NUMERIC)")],
    exact: undefined,
  };
}

const log2: Translator = (call) =>
  call.context.mode === "both"
    ? { form: "manual", message: "PostgreSQL has no log2(). ln(x) / ln(2) is the same on both, but for the last digits." }
    : {
        form: "rewrite",
        title: "Use log(2, x)",
        message: `PostgreSQL has no log2(). Look at it: log(2, x) is an error where SQLite gives NULL, and ${digitsMayDiffer}.`,
        edits: [...enclose(call.node.span, "CAST(", " AS DOUBLE PRECISION)"), renamed(call, "log"), ...around(call, 0, "2, CAST(", " AS NUMERIC)")],
        exact: undefined,
      };

/** SQLite computes it in doubles, and gives NULL for a divisor of 0. */
const mod: Translator = (call) => {
  const [a, b] = call.kinds;
  if (call.context.mode === "both" || call.args.length !== 2 || isCastTo(call, "DOUBLE PRECISION")) return undefined;
  const narrow = a?.kind === "integer" && b?.kind === "integer";
  const casts = narrow ? around(call, 1, "NULLIF(", ", 0)") : [...around(call, 0, "CAST(", " AS NUMERIC)"), ...around(call, 1, "NULLIF(CAST(", " AS NUMERIC), 0)")];
  return {
    form: "rewrite",
    title: narrow ? "Ask for 0" : "Use numerics",
    message: `PostgreSQL's mod() is for integers and numerics, and an error for a divisor of 0. Look at it: ${narrow ? "SQLite's computes in doubles, which differs beyond 2^53" : digitsMayDiffer}.`,
    edits: [...enclose(call.node.span, "CAST(", " AS DOUBLE PRECISION)"), ...casts],
    exact: undefined,
    severity: "warning",
  };
};

/** Calls that compute. */
export const mathCalls: Readonly<Record<string, Translator>> = { round, sign, ln: limited, log: limited, log10: limited, sqrt: limited, acos: limited, asin: limited, acosh: limited, log2, mod };

