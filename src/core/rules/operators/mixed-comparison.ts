import { literalValue, type LiteralValue } from "#core/sql/literal-value.ts";
import type { Expression } from "#core/sql/nodes.ts";
import { integerLiteral, kindName, type ValueKind } from "../kinds/value-kind.ts";
import { enclose, replace } from "../rewrite.ts";
import type { SqlFinding, StatementContext, StatementRule } from "../rule.ts";
import { comparisonAffinity } from "./comparison-affinity.ts";
import { comparisonsOf, type Comparison } from "./comparisons.ts";
import { unwrap } from "./flag-value.ts";

/** SQLite compares by its columns' affinity what PostgreSQL refuses to compare, or compares after reading one as the other. */
export const mixedComparison: StatementRule = {
  meta: {
    id: "mixed-comparison",
    family: "operators",
    title: "Comparisons of texts with numbers",
    doc: {
      what: "Finds comparisons, IN lists, BETWEEN and CASE between a text and a number, a text and bytes, or a flag and a text.",
      why:
        "SQLite turns one side into the other's kind when that is a column of such a kind (or a CAST), and otherwise takes a number for smaller than every text: 10 IN ('10') is false. " +
        "PostgreSQL refuses to compare a text column with a number, and reads a quoted literal as whatever stands on the other side: 10 IN ('10') is true.",
      example: "SELECT id FROM parts WHERE code = 7 AND size = '3'",
      useInstead: { both: "SELECT id FROM parts WHERE code = '7' AND size = 3", postgres: "the same" },
      fixSafety:
        "A literal is written as SQLite would turn it into the column's kind: safe. A text and a column of numbers ask for a review: CAST(… AS TEXT) of the number differs for texts such as '07'. " +
        "What SQLite never finds equal is left to a person. Without a schema a column's kind is not known.",
    },
  },
  *check(context) {
    if (context.statement.kind === "CreateTableStatement") return;
    for (const comparison of comparisonsOf(context.statement)) {
      const finding = look(comparison, context);
      if (finding === undefined) continue;
      // What BETWEEN and CASE compare with several values cannot become a text for one of them.
      yield comparison.shared && finding.span.start >= comparison.left.span.start && finding.span.end <= comparison.left.span.end ? { ...finding, fixes: [] } : finding;
    }
  },
};

function look({ left, right, oneSided, operator }: Comparison, context: StatementContext): SqlFinding | undefined {
  const a = side(left, true, context);
  const b = side(right, !oneSided, context);
  for (const [one, other] of [[a, b], [b, a]] as const) {
    if (other.kind.kind === "text" && isNumber(one.kind)) return textWithNumber(other, one, operator);
    if (other.kind.kind === "text" && one.kind.kind === "other" && one.kind.type === "bytea") return never(other.node, `a text and bytes (${operator})`);
    if (other.kind.kind === "text" && one.kind.kind === "boolean") return flagWithText(one, other);
    if (isNumber(other.kind) && one.kind.kind === "other" && one.kind.type === "bytea") return never(other.node, `a number and bytes (${operator})`);
  }
  return undefined;
}

interface Side {
  readonly node: Expression;
  readonly kind: ValueKind;
  readonly affinity: ReturnType<typeof comparisonAffinity>;
  readonly literal: LiteralValue | undefined;
}

function side(node: Expression, counts: boolean, { kind, resolution }: StatementContext): Side {
  return { node, kind: kind(node), affinity: counts ? comparisonAffinity(node, resolution) : undefined, literal: literalValue(node) };
}

function isNumber({ kind }: ValueKind): boolean {
  return kind === "integer" || kind === "double" || kind === "numeric";
}

function isNumeric(affinity: Side["affinity"]): boolean {
  return affinity === "INTEGER" || affinity === "REAL" || affinity === "NUMERIC";
}

function textWithNumber(text: Side, number: Side, operator: string): SqlFinding | undefined {
  if (text.affinity === "unknown" || number.affinity === "unknown") return { span: text.node.span, severity: "error", message: `PostgreSQL does not compare a text with ${kindName(number.kind)}, and what SQLite does depends on a column that is not known here.`, fixes: [] };
  if (isNumeric(number.affinity)) {
    if (text.literal?.type === "text") {
      const digits = asNumber(text.literal.value);
      return digits === undefined
        ? { span: text.node.span, severity: "error", message: "The column holds numbers, and SQLite takes a number for smaller than every text that is none; PostgreSQL refuses the text.", fixes: [] }
        : literalFix(text.node, digits, "SQLite reads this text as a number, since the column holds numbers.", numberKind(digits));
    }
    return columnsFix(number);
  }
  if (text.affinity === "TEXT") {
    const digits = number.literal === undefined ? undefined : asText(number.literal, unwrap(number.node));
    if (digits !== undefined) return literalFix(number.node, `'${digits}'`, "The column holds texts, and SQLite compares this number as a text; PostgreSQL refuses to compare them.", { kind: "text", binary: true, ordered: false, literal: digits });
    if (number.kind.kind === "integer" && number.literal === undefined) {
      return {
        span: number.node.span,
        severity: "error",
        message: "SQLite compares this number as a text, since the column holds texts; PostgreSQL refuses to compare them. CAST(… AS TEXT) of an integer gives the same digits on both.",
        fixes: [{ kind: "edit", title: "Cast the number to TEXT", applicability: "safe", edits: enclose(number.node.span, "CAST(", " AS TEXT)"), settles: [{ span: number.node.span, enclosed: true, kind: { kind: "text", binary: true, ordered: false } }] }],
      };
    }
    return { span: number.node.span, severity: "error", message: `The column holds texts, and SQLite compares ${kindName(number.kind)} as a text, in its own way of writing it; PostgreSQL refuses to compare them.`, fixes: [] };
  }
  return never(text.literal === undefined ? number.node : text.node, `a text and a number (${operator})`);
}

/** SQLite turns the text into a number where it is one. */
function columnsFix(number: Side): SqlFinding {
  const found = { span: number.node.span, severity: "error" } as const;
  const why = "SQLite reads the text as a number where it is one, since the other side holds numbers; PostgreSQL refuses to compare them.";
  if (number.kind.kind !== "integer" || number.literal !== undefined) return { ...found, message: `${why} Make both columns of one kind.`, fixes: [] };
  return {
    ...found,
    message: `${why} Look at it: CAST(… AS TEXT) of the number differs for texts such as '07', '7.0' or ' 7'.`,
    fixes: [{ kind: "edit", title: "Compare as texts", applicability: "review", edits: enclose(number.node.span, "CAST(", " AS TEXT)") }],
  };
}

function literalFix(node: Expression, written: string, message: string, kind: ValueKind): SqlFinding {
  const { span } = unwrap(node);
  return { span, severity: "error", message, fixes: [{ kind: "edit", title: `Write ${written}`, applicability: "safe", edits: [replace(span, written)], settles: [{ span, kind }] }] };
}

function flagWithText(flag: Side, text: Side): SqlFinding | undefined {
  const value = text.literal?.type === "text" ? asNumber(text.literal.value) : undefined;
  if (text.literal?.type !== "text" || !isNumeric(flag.affinity)) return undefined;
  const word = value === "1" ? "TRUE" : value === "0" ? "FALSE" : undefined;
  if (word !== undefined) return literalFix(text.node, word, `The column becomes BOOLEAN; SQLite reads this text as ${value ?? ""}.`, { kind: "boolean" });
  return { span: text.node.span, severity: "warning", message: "The column becomes BOOLEAN, and PostgreSQL reads words such as 'true' and 'yes' as its values; in SQLite this text is neither 0 nor 1.", fixes: [] };
}

function never(node: Expression, what: string): SqlFinding {
  return { span: node.span, severity: "warning", message: `SQLite never finds ${what} equal, and takes numbers for smaller than texts and texts for smaller than bytes; PostgreSQL refuses the comparison, or reads the one as the other. Say what is meant.`, fixes: [] };
}

/** The number that SQLite reads a whole text as, written plainly; undefined when it is none, or too long to be the same everywhere. */
function asNumber(text: string): string | undefined {
  const [, sign = "", whole = "", fraction = ""] = /^[ \t\n\v\f\r]*([+-]?)([0-9]+)(\.[0-9]+)?[ \t\n\v\f\r]*$/.exec(text) ?? [];
  if (whole === "" || (whole + fraction).length > 16) return undefined;
  const digits = String(BigInt(whole)) + (/[1-9]/.test(fraction) ? `.${fraction.slice(1).replace(/0+$/, "")}` : "");
  return sign === "-" && /[1-9]/.test(digits) ? `(-${digits})` : digits;
}

function numberKind(digits: string): ValueKind {
  const plain = digits.replace(/[()]/g, "");
  return plain.includes(".") ? { kind: "numeric", literal: plain } : integerLiteral(BigInt(plain));
}

/** The text that SQLite makes of a number literal, where that is plain; undefined otherwise. */
function asText(value: LiteralValue, node: Expression): string | undefined {
  if (value.type === "integer") return String(value.value);
  if (value.type !== "real") return undefined;
  const text = node.kind === "NumericLiteral" ? node.text : "";
  const size = Math.abs(value.value);
  if (!/^\d{1,10}\.\d{1,5}$/.test(text) || size < 0.001) return undefined;
  return Number.isInteger(value.value) ? `${value.value}.0` : String(value.value);
}
