import { castWords } from "../operators/cast-words.ts";
import type { Resolution } from "../scope.ts";
import type { ColumnView } from "../schema-view.ts";
import type { TimeType } from "./time-text.ts";
import type { CastExpression, ColumnReference, Expression, Node } from "#core/sql/nodes.ts";

/** What is known of a value on both engines. */
export type ValueKind =
  | IntegerKind
  /** `nonzero`: a zero has become NULL, or there is none. */
  | { readonly kind: "double"; readonly nonzero?: true }
  | { readonly kind: "numeric"; /** A literal such as 1.5: a double in SQLite, a numeric in PostgreSQL. */ readonly literal?: string }
  /** `binary`: equal when the bytes are. `ordered`: PostgreSQL orders it by bytes, too. */
  | { readonly kind: "text"; readonly binary: boolean; readonly ordered: boolean; readonly literal?: string }
  | { readonly kind: "boolean" }
  /** A comparison and its like: 0 or 1 in SQLite, true or false in PostgreSQL. */
  | { readonly kind: "condition" }
  /** A moment. `exact`: SQLite's texts of it have one form each, and sort as the moments do. */
  | { readonly kind: "time"; readonly type: TimeType; readonly exact: boolean }
  | { readonly kind: "other"; readonly type: string }
  | { readonly kind: "null" }
  | { readonly kind: "parameter" }
  /** Written by a rule's safe fix. */
  | { readonly kind: "rewritten" }
  | { readonly kind: "unknown" };

/** An integer: always 64 bits wide in SQLite; in PostgreSQL 32 unless something says otherwise. */
export interface IntegerKind {
  readonly kind: "integer";
  /** Of a literal. */
  readonly literal?: bigint;
  /** PostgreSQL has it as a bigint (or as a numeric). */
  readonly wide?: true;
  /** So far from its type's limits that two of them can be added: at most 2^30 either way, or a count. */
  readonly small?: true;
  /** PostgreSQL has it as a numeric, whose division leaves a fraction: a sum of bigints. */
  readonly numeric?: true;
  /** A zero has become NULL, or there is none. */
  readonly nonzero?: true;
}

/** What tells kinds: the columns' meaning, and which expressions safe fixes have rewritten. */
export interface KindContext {
  readonly resolution: Resolution;
  /** The kind of a node that a fix has written or settled; undefined for one that stands as it was. */
  readonly settled: (node: Node) => ValueKind | undefined;
}

/** Nesting beyond which nothing is said: trees may be thousands deep. */
const deepest = 60;

/** What is known of an expression's value. Nothing is guessed: what is not listed is `unknown`. */
export function kindOf(node: Expression, context: KindContext, depth = 0): ValueKind {
  const settled = context.settled(node);
  if (settled !== undefined) return settled;
  if (depth > deepest) return { kind: "unknown" };
  const of = (inner: Expression): ValueKind => kindOf(inner, context, depth + 1);
  switch (node.kind) {
    case "NumericLiteral":
      if (node.form === "integer") return /^\d{1,19}$/.test(node.text) && BigInt(node.text) < 2n ** 63n ? integerLiteral(BigInt(node.text)) : { kind: "unknown" };
      return node.form === "float" && isExactDecimal(node.text) ? { kind: "numeric", literal: node.text } : { kind: "unknown" };
    case "StringLiteral":
      return node.holes.length > 0 ? { kind: "unknown" } : { kind: "text", binary: true, ordered: false, literal: node.value };
    case "BlobLiteral":
      return { kind: "other", type: "bytea" };
    case "NullLiteral":
      return { kind: "null" };
    case "CurrentTimeLiteral":
      return { kind: "text", binary: true, ordered: false };
    case "BindParameter":
      return { kind: "parameter" };
    case "ColumnReference":
      return ofColumn(node, context, depth);
    case "ParenthesizedExpression":
      return of(node.expression);
    case "Subquery": {
      const [term] = node.select.terms;
      const [column, more] = node.select.terms.length === 1 && term?.kind === "SelectCore" ? term.columns : [];
      return column?.kind === "ResultColumn" && more === undefined ? passedOn(of(column.expression)) : { kind: "unknown" };
    }
    case "UnaryExpression": {
      if (node.operator === "NOT") return { kind: "condition" };
      const operand = of(node.operand);
      if (node.operator === "~") return operand.kind === "integer" && operand.numeric === undefined ? withoutLiteral(operand) : { kind: "unknown" };
      if (node.operator === "+") return operand.kind === "integer" || operand.kind === "double" ? withoutLiteral(operand) : { kind: "unknown" };
      if (operand.kind === "integer" && operand.literal !== undefined) return integerLiteral(-operand.literal);
      if (operand.kind === "numeric" && operand.literal !== undefined) return { kind: "numeric", literal: `-${operand.literal}` };
      return operand.kind === "integer" || operand.kind === "double" ? withoutLiteral(operand) : { kind: "unknown" };
    }
    case "BinaryExpression":
      return ofBinary(node.operator, () => of(node.left), () => of(node.right));
    case "IsExpression":
    case "NullTest":
    case "LikeExpression":
    case "BetweenExpression":
    case "InExpression":
    case "ExistsExpression":
      return { kind: "condition" };
    case "CaseExpression": {
      const results = node.branches.flatMap((branch) => (branch.kind === "CaseBranch" ? [of(branch.result)] : [{ kind: "unknown" } as const]));
      return unified(node.otherwise === undefined ? results : [...results, of(node.otherwise)]);
    }
    case "CastExpression":
      return ofCast(node, of(node.expression));
    case "FunctionCall": {
      const name = node.name.kind === "Identifier" ? node.name.value.toLowerCase() : "";
      if (name !== "ifnull" && context.settled(node.name) !== undefined) return { kind: "rewritten" };
      const [first] = node.arguments;
      switch (name) {
        case "count":
        case "row_number":
        case "rank":
        case "dense_rank":
          return { kind: "integer", wide: true, small: true };
        case "ntile":
          return { kind: "integer", small: true };
        case "percent_rank":
        case "cume_dist":
          return { kind: "double" };
        case "lag":
        case "lead":
        case "first_value":
        case "last_value":
        case "nth_value":
          return first === undefined || node.over === undefined ? { kind: "unknown" } : passedOn(of(first));
        case "length":
          return { kind: "integer", small: true };
        case "sum": {
          const summed = first === undefined ? undefined : of(first);
          // PostgreSQL's sum of bigints is a numeric, that of integers a bigint.
          if (summed?.kind === "integer") return summed.wide === true ? { kind: "integer", wide: true, numeric: true } : { kind: "integer", wide: true };
          return summed === undefined ? { kind: "unknown" } : withoutLiteral(summed);
        }
        case "min":
        case "max":
        case "abs":
          return first === undefined ? { kind: "unknown" } : withoutLiteral(of(first));
        case "lower":
        case "upper":
        case "trim":
        case "ltrim":
        case "rtrim":
        case "replace":
        case "substr":
        case "substring": {
          const text = first === undefined ? undefined : of(first);
          return text?.kind === "text" ? { kind: "text", binary: true, ordered: text.ordered } : { kind: "unknown" };
        }
        case "coalesce":
        case "ifnull":
          return unified(node.arguments.map(of));
        case "datetime":
        case "date":
        case "time":
        case "strftime":
        case "timediff":
          // SQLite's own result; a rule that rewrites the call says what it is then.
          return { kind: "text", binary: true, ordered: false };
        case "julianday":
          return { kind: "double" };
        case "nullif": {
          const [, other] = node.arguments;
          const kind = first === undefined ? undefined : withoutLiteral(of(first));
          if (kind === undefined || other === undefined) return { kind: "unknown" };
          const zero = of(other);
          return (kind.kind === "integer" || kind.kind === "double") && zero.kind === "integer" && zero.literal === 0n ? { ...kind, nonzero: true } : kind;
        }
        default:
          return { kind: "unknown" };
      }
    }
    default:
      return { kind: "unknown" };
  }
}

/** A CAST as it stands, where PostgreSQL gives what SQLite gives. */
function ofCast(node: CastExpression, operand: ValueKind): ValueKind {
  switch (castWords(node)) {
    case "TEXT":
      if (operand.kind === "text") return withoutLiteral(operand);
      return operand.kind === "integer" ? { kind: "text", binary: true, ordered: false } : { kind: "unknown" };
    case "BIGINT":
      return operand.kind === "integer" ? { kind: "integer", wide: true, ...(operand.literal === undefined ? {} : { literal: operand.literal }), ...(operand.small === true ? { small: true } : {}), ...(operand.nonzero === true ? { nonzero: true } : {}) } : { kind: "unknown" };
    case "INTEGER":
      // Out of a boolean, or so small that 32 bits hold it.
      if (operand.kind === "condition" || operand.kind === "boolean") return { kind: "integer", small: true };
      return operand.kind === "integer" && (operand.small === true || (operand.literal !== undefined && operand.wide === undefined)) ? { kind: "integer", small: true } : { kind: "unknown" };
    case "DOUBLE PRECISION":
      if (operand.kind === "integer") return { kind: "double", ...(operand.nonzero === true ? { nonzero: true } : {}) };
      return operand.kind === "double" || operand.kind === "numeric" ? { kind: "double" } : { kind: "unknown" };
    default:
      return { kind: "unknown" };
  }
}

function ofBinary(operator: string, left: () => ValueKind, right: () => ValueKind): ValueKind {
  switch (operator) {
    case "+":
    case "-":
    case "*":
    case "/":
    case "%": {
      const [a, b] = [left(), right()];
      if (a.kind === "integer" && b.kind === "integer") return ofIntegers(a, b);
      if (operator === "%") return { kind: "unknown" };
      return isDoubleArithmetic(a, b) || isDoubleArithmetic(b, a) ? { kind: "double" } : { kind: "unknown" };
    }
    case "||": {
      const [a, b] = [left(), right()];
      const ordered = (value: ValueKind): boolean => value.kind === "text" && value.ordered;
      const neutral = (value: ValueKind): boolean => ordered(value) || (value.kind === "text" && value.literal !== undefined) || value.kind === "integer" || value.kind === "parameter";
      // PostgreSQL takes the collation of a column before that of a literal or a number's digits.
      return { kind: "text", binary: true, ordered: (ordered(a) && neutral(b)) || (ordered(b) && neutral(a)) };
    }
    case "&":
    case "|": {
      const [a, b] = [left(), right()];
      return a.kind === "integer" && b.kind === "integer" ? ofIntegers(a, b) : { kind: "unknown" };
    }
    case "<<":
    case ">>": {
      const a = left();
      return a.kind === "integer" && a.wide === true ? { kind: "integer", wide: true } : { kind: "unknown" };
    }
    case "->":
    case "->>":
      return { kind: "unknown" };
    default:
      return { kind: "condition" };
  }
}

function ofIntegers(a: IntegerKind, b: IntegerKind): ValueKind {
  return { kind: "integer", ...(a.wide === true || b.wide === true ? { wide: true } : {}), ...(a.numeric === true || b.numeric === true ? { numeric: true } : {}) };
}

/** PostgreSQL makes a double of the other side, as SQLite does. */
function isDoubleArithmetic(a: ValueKind, b: ValueKind): boolean {
  return a.kind === "double" && (b.kind === "double" || b.kind === "integer" || b.kind === "numeric");
}

const half = 2n ** 30n;

/** The kind of an integer literal, by its value. */
export function integerLiteral(literal: bigint): IntegerKind {
  // PostgreSQL reads the digits without their sign: -2147483648 is a bigint there.
  const size = literal < 0n ? -literal : literal;
  return { kind: "integer", literal, ...(size >= 2n ** 31n ? { wide: true } : {}), ...(size <= half ? { small: true } : {}), ...(literal === 0n ? {} : { nonzero: true }) };
}

/** Whether a decimal number's double is the same on both engines, and comes back as the same digits. */
export function isExactDecimal(text: string): boolean {
  const [, whole = "", fraction = "", exponent = "0"] = /^(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  return (whole + fraction).length > 0 && (whole + fraction).replace(/^0+/, "").length <= 15 && fraction.length <= 15 && Math.abs(Number(exponent)) <= 20;
}

function ofColumn(node: ColumnReference, context: KindContext, depth: number): ValueKind {
  if (isTruthWord(node)) return { kind: "boolean" };
  const view = context.resolution(node);
  if (view !== undefined) return columnKind(view);
  const given = context.resolution.values?.(node)?.values ?? [];
  return given.length === 0 ? { kind: "unknown" } : passedOn(unified(given.map((value) => kindOf(value, context, depth + 1))));
}

/** The kind of a subquery's column, which its expression gives: a literal's type is settled there, without a column's affinity in SQLite. */
function passedOn(kind: ValueKind): ValueKind {
  switch (kind.kind) {
    case "numeric":
      return kind.literal === undefined ? kind : { kind: "unknown" };
    case "null":
    case "parameter":
      return { kind: "unknown" };
    default:
      return withoutLiteral(kind);
  }
}

/** TRUE and FALSE, which parse as columns. */
export function isTruthWord(node: ColumnReference): boolean {
  return node.table === undefined && node.column.kind === "Identifier" && node.column.quote === "none" && /^(true|false)$/i.test(node.column.value);
}

/** A column's kind: its decided type, where SQLite's affinity compares it in the same way. */
export function columnKind({ column, decision }: ColumnView): ValueKind {
  const numeric = column.affinity === "INTEGER" || column.affinity === "NUMERIC" || column.affinity === "REAL";
  switch (decision.type) {
    case "bigint":
      return numeric ? { kind: "integer", wide: true } : { kind: "unknown" };
    case "integer":
      return numeric ? { kind: "integer" } : { kind: "unknown" };
    case "double precision":
      return numeric ? { kind: "double" } : { kind: "unknown" };
    case "numeric":
      return numeric ? { kind: "numeric" } : { kind: "unknown" };
    case "text": {
      if (column.affinity !== "TEXT") return { kind: "unknown" };
      const binary = column.collation === undefined || column.collation.toUpperCase() === "BINARY";
      return { kind: "text", binary, ordered: binary && decision.collation === "C" };
    }
    case "boolean":
      return numeric ? { kind: "boolean" } : { kind: "unknown" };
    case "timestamp":
    case "timestamptz":
    case "date":
      return { kind: "time", type: decision.type, exact: isExact(decision) };
    case "jsonb":
    case "bytea":
    case "uuid":
      return { kind: "other", type: decision.type };
  }
}

/** Whether all of a column's texts were looked at and have the form that PostgreSQL prints. */
function isExact({ confidence, warnings, overridden }: ColumnView["decision"]): boolean {
  return confidence >= 0.95 && warnings.length === 0 && !overridden;
}

/** The kind of a value that came out of such a one: what is known of a literal's value is gone. */
export function withoutLiteral(kind: ValueKind): ValueKind {
  switch (kind.kind) {
    case "integer":
      return { kind: "integer", ...(kind.wide === true ? { wide: true } : {}), ...(kind.small === true ? { small: true } : {}), ...(kind.numeric === true ? { numeric: true } : {}) };
    case "double":
    case "numeric":
      return { kind: kind.kind };
    case "text":
      return { kind: "text", binary: kind.binary, ordered: kind.ordered };
    default:
      return kind;
  }
}

/** The kind of a value that is one of several. */
export function unified(kinds: readonly ValueKind[]): ValueKind {
  const known = kinds.filter((kind) => kind.kind !== "null");
  const [first] = known;
  if (first === undefined) return { kind: "unknown" };
  // A flag, or a comparison's truth: both are boolean in PostgreSQL.
  if (known.some((kind) => kind.kind === "condition") && known.every((kind) => kind.kind === "condition" || kind.kind === "boolean")) return { kind: "condition" };
  if (known.some((kind) => kind.kind !== first.kind)) return { kind: "unknown" };
  switch (first.kind) {
    case "integer":
      return {
        kind: "integer",
        ...(known.some((kind) => kind.kind === "integer" && kind.wide === true) ? { wide: true } : {}),
        ...(known.every((kind) => kind.kind === "integer" && kind.small === true) ? { small: true } : {}),
        ...(known.some((kind) => kind.kind === "integer" && kind.numeric === true) ? { numeric: true } : {}),
      };
    case "double":
    case "boolean":
      return { kind: first.kind };
    case "numeric":
      // A literal among them would be a double in SQLite.
      return known.every((kind) => kind.kind === "numeric" && kind.literal === undefined) ? { kind: "numeric" } : { kind: "unknown" };
    case "text":
      return {
        kind: "text",
        binary: known.every((kind) => kind.kind === "text" && kind.binary),
        ordered: known.every((kind) => kind.kind === "text" && (kind.ordered || kind.literal !== undefined)) && known.some((kind) => kind.kind === "text" && kind.ordered),
      };
    case "time":
      return known.every((kind) => kind.kind === "time" && kind.type === first.type) ? { kind: "time", type: first.type, exact: known.every((kind) => kind.kind === "time" && kind.exact) } : { kind: "unknown" };
    default:
      return { kind: "unknown" };
  }
}

/** Whether two equal values are equal on both engines, so that they may be grouped, made distinct and looked up. */
export function isPlain(kind: ValueKind): boolean {
  return kind.kind === "integer" || kind.kind === "double" || kind.kind === "boolean" || (kind.kind === "numeric" && kind.literal === undefined) || (kind.kind === "text" && kind.binary) || (kind.kind === "time" && kind.exact);
}

/** For messages. */
export function kindName(kind: ValueKind): string {
  switch (kind.kind) {
    case "time":
    case "other":
      return kind.type;
    case "numeric":
      return kind.literal === undefined ? "numeric" : "a decimal number";
    case "unknown":
      return "a value whose type is not known here";
    case "condition":
      return "a comparison";
    case "null":
      return "NULL";
    case "rewritten":
      return "a rewritten value";
    default:
      return `${/^[aeiou]/.test(kind.kind) ? "an" : "a"} ${kind.kind}`;
  }
}
