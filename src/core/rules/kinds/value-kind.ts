import { nameOf, type Resolution } from "../scope.ts";
import type { ColumnView } from "../schema-view.ts";
import type { ColumnReference, Expression, Node } from "#core/sql/nodes.ts";

/** What is known of a value on both engines. */
export type ValueKind =
  | { readonly kind: "integer"; /** Of a literal. */ readonly literal?: bigint }
  | { readonly kind: "double" }
  | { readonly kind: "numeric"; /** A literal such as 1.5: a double in SQLite, a numeric in PostgreSQL. */ readonly literal?: string }
  /** `binary`: equal when the bytes are. `ordered`: PostgreSQL orders it by bytes, too. */
  | { readonly kind: "text"; readonly binary: boolean; readonly ordered: boolean; readonly literal?: string }
  | { readonly kind: "boolean" }
  /** A comparison and its like: 0 or 1 in SQLite, true or false in PostgreSQL. */
  | { readonly kind: "condition" }
  | { readonly kind: "time"; readonly type: string }
  | { readonly kind: "other"; readonly type: string }
  | { readonly kind: "null" }
  | { readonly kind: "parameter" }
  /** Written by a rule's safe fix. */
  | { readonly kind: "rewritten" }
  | { readonly kind: "unknown" };

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
      if (node.form === "integer") return /^\d{1,18}$/.test(node.text) ? { kind: "integer", literal: BigInt(node.text) } : { kind: "unknown" };
      return node.form === "float" && /^\d{0,15}\.\d{1,14}$/.test(node.text) && node.text.length <= 16 ? { kind: "numeric", literal: node.text } : { kind: "unknown" };
    case "StringLiteral":
      return node.holes.length > 0 ? { kind: "unknown" } : { kind: "text", binary: true, ordered: false, literal: node.value };
    case "NullLiteral":
      return { kind: "null" };
    case "BindParameter":
      return { kind: "parameter" };
    case "ColumnReference":
      return ofColumn(node, context);
    case "ParenthesizedExpression":
      return of(node.expression);
    case "UnaryExpression": {
      if (node.operator === "NOT") return { kind: "condition" };
      const operand = of(node.operand);
      if (node.operator !== "-") return { kind: "unknown" };
      if (operand.kind === "integer" && operand.literal !== undefined) return { kind: "integer", literal: -operand.literal };
      if (operand.kind === "numeric" && operand.literal !== undefined) return { kind: "numeric", literal: `-${operand.literal}` };
      return operand.kind === "integer" || operand.kind === "double" ? { kind: operand.kind } : { kind: "unknown" };
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
    case "CastExpression": {
      const [word, more] = node.type?.words ?? [];
      const operand = of(node.expression);
      return more === undefined && nameOf(word)?.toUpperCase() === "TEXT" && operand.kind === "integer" ? { kind: "text", binary: true, ordered: false } : { kind: "unknown" };
    }
    case "FunctionCall": {
      const name = node.name.kind === "Identifier" ? node.name.value.toLowerCase() : "";
      if (name !== "ifnull" && context.settled(node.name) !== undefined) return { kind: "rewritten" };
      const [first] = node.arguments;
      switch (name) {
        case "count":
        case "length":
          return { kind: "integer" };
        case "sum":
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
        case "nullif":
          return first === undefined ? { kind: "unknown" } : withoutLiteral(of(first));
        default:
          return { kind: "unknown" };
      }
    }
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
      if (a.kind === "integer" && b.kind === "integer") return { kind: "integer" };
      return a.kind === "double" && (b.kind === "double" || b.kind === "integer") ? { kind: "double" } : { kind: "unknown" };
    }
    case "||":
      return { kind: "text", binary: true, ordered: false };
    case "&":
    case "|":
    case "<<":
    case ">>":
    case "->":
    case "->>":
      return { kind: "unknown" };
    default:
      return { kind: "condition" };
  }
}

function ofColumn(node: ColumnReference, { resolution }: KindContext): ValueKind {
  if (isTruthWord(node)) return { kind: "boolean" };
  const view = resolution(node);
  return view === undefined ? { kind: "unknown" } : columnKind(view);
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
      return { kind: "time", type: decision.type };
    case "jsonb":
    case "bytea":
    case "uuid":
      return { kind: "other", type: decision.type };
  }
}

function withoutLiteral(kind: ValueKind): ValueKind {
  switch (kind.kind) {
    case "integer":
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
  if (first === undefined || known.some((kind) => kind.kind !== first.kind)) return { kind: "unknown" };
  switch (first.kind) {
    case "integer":
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
    default:
      return { kind: "unknown" };
  }
}

/** Whether two equal values are equal on both engines, so that they may be grouped, made distinct and looked up. */
export function isPlain(kind: ValueKind): boolean {
  return kind.kind === "integer" || kind.kind === "double" || kind.kind === "boolean" || (kind.kind === "numeric" && kind.literal === undefined) || (kind.kind === "text" && kind.binary);
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
