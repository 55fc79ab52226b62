import type { Expression, FunctionCall } from "#core/sql/nodes.ts";
import { unified, withoutLiteral, type ValueKind } from "./value-kind.ts";

type OfCall = (kinds: readonly ValueKind[], call: FunctionCall) => ValueKind;

const unknown: ValueKind = { kind: "unknown" };
const text: ValueKind = { kind: "text", binary: true, ordered: false };

const always = (kind: ValueKind): OfCall => () => kind;
const ofFirst: OfCall = ([first]) => (first === undefined ? unknown : withoutLiteral(first));
const isNumber = (kind: ValueKind | undefined): boolean => kind?.kind === "integer" || kind?.kind === "double" || kind?.kind === "numeric" || kind?.kind === "boolean" || kind?.kind === "condition";

const double: OfCall = ([first]) => (isNumber(first) ? { kind: "double" } : unknown);

/** What is made of a text stays one, and is ordered as it was; a number is written as a text first. */
const cut: OfCall = ([first]) => (first?.kind === "text" ? { kind: "text", binary: true, ordered: first.ordered } : first?.kind === "integer" ? text : unknown);

/** PostgreSQL's sum of bigints is a numeric, that of integers a bigint. */
const sum: OfCall = ([first]) => {
  if (first === undefined) return unknown;
  if (first.kind === "condition" || first.kind === "boolean") return { kind: "integer", wide: true };
  if (first.kind !== "integer") return withoutLiteral(first);
  return first.wide === true ? { kind: "integer", wide: true, numeric: true } : { kind: "integer", wide: true };
};

const nullif: OfCall = ([first, other]) => {
  if (first === undefined || other === undefined) return unknown;
  const kind = withoutLiteral(first);
  return (kind.kind === "integer" || kind.kind === "double") && other.kind === "integer" && other.literal === 0n ? { ...kind, nonzero: true } : kind;
};

const extreme: OfCall = (kinds, call) => (call.arguments.length > 1 ? unified(kinds.map(withoutLiteral)) : ofFirst(kinds, call));

/** SQLite gives an integer for an integer, PostgreSQL a double. */
const whole: OfCall = ([first]) => (first?.kind === "double" ? { kind: "double" } : unknown);

const shifted: OfCall = ([first, , otherwise]) => (first === undefined ? unknown : otherwise === undefined ? withoutLiteral(first) : unified([first, otherwise].map(withoutLiteral)));

/** Conditions and results by turns, and one result more. */
const chosen: OfCall = (kinds) => unified(kinds.filter((_, i) => i % 2 === 1 || (i === kinds.length - 1 && kinds.length % 2 === 1)));

/** In 32 bits, and far from their limits. */
const count: OfCall = always({ kind: "integer", small: true });
/** In 64 bits, and far from their limits. */
const many: OfCall = always({ kind: "integer", wide: true, small: true });
const wide: OfCall = always({ kind: "integer", wide: true });
const bytes = always({ kind: "other", type: "bytea" });

const kindsOf: Readonly<Record<string, OfCall>> = {
  count: many, length: count, octet_length: count, instr: count, unicode: count, sign: count, json_array_length: count, ntile: count,
  random: wide, last_insert_rowid: wide, changes: many, total_changes: many, row_number: many, rank: many, dense_rank: many,
  percent_rank: always({ kind: "double" }), cume_dist: always({ kind: "double" }), pi: always({ kind: "double" }),
  avg: double, total: double, round: double, sqrt: double, ln: double, log: double, log10: double, log2: double, exp: double,
  ceil: whole, ceiling: whole, floor: whole, trunc: whole,
  sum, abs: ofFirst, min: extreme, max: extreme,
  lower: cut, upper: cut, trim: cut, ltrim: cut, rtrim: cut, replace: cut, substr: cut, substring: cut,
  hex: always(text), quote: always(text), char: always(text), typeof: always(text), printf: always(text), format: always(text), concat: always(text), concat_ws: always(text),
  group_concat: always(text), string_agg: always(text), json_type: always(text),
  zeroblob: bytes, randomblob: bytes, unhex: bytes,
  // SQLite's own results; a rule that rewrites the call says what it is then.
  datetime: always(text), date: always(text), time: always(text), strftime: always(text), timediff: always(text), julianday: always({ kind: "double" }),
  coalesce: (kinds) => unified(kinds),
  ifnull: (kinds) => unified(kinds),
  nullif,
  iif: chosen, if: chosen,
  likely: ([first]) => first ?? unknown, unlikely: ([first]) => first ?? unknown, likelihood: ([first]) => first ?? unknown,
  lag: shifted, lead: shifted, first_value: ofFirst, last_value: ofFirst, nth_value: ofFirst,
};

/** What is known of a call's value on both engines, once the rules have written what they write. */
export function callKind(call: FunctionCall, of: (argument: Expression) => ValueKind): ValueKind {
  const name = call.name.kind === "Identifier" ? call.name.value.toLowerCase() : "";
  const kind = Object.hasOwn(kindsOf, name) ? kindsOf[name] : undefined;
  return kind === undefined ? unknown : kind(call.arguments.map(of), call);
}
