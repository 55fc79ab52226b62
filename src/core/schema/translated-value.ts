import type { Affinity } from "./catalog.ts";
import type { PostgresType } from "./decision.ts";

/** A value's type on PostgreSQL's side. `condition` is the boolean of a comparison, which is 0 or 1 in SQLite; `null` the literal. */
export type ValueType = PostgresType | "condition" | "null";

/** A literal as SQLite's text has it, so that it can be written anew for the type it meets. */
export type LiteralValue =
  | { readonly kind: "number"; readonly text: string }
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "blob"; readonly hex: string };

/** How tightly an expression's outermost operator binds in PostgreSQL, loosest first. */
export const level = { or: 1, and: 2, not: 3, predicate: 4, other: 5, add: 6, multiply: 7, unary: 8, atom: 9 } as const;

/** An expression in PostgreSQL's words, with what its surroundings must know of it. */
export interface Value {
  readonly sql: string;
  readonly level: number;
  readonly type: ValueType;
  /** Columns and CASTs have one; other expressions have none. */
  readonly affinity: Affinity | undefined;
  readonly literal: LiteralValue | undefined;
  /** SQLite's collation, undefined for BINARY. */
  readonly collation: string | undefined;
  /** `x COLLATE …` was written: it goes before a column's own. */
  readonly explicitCollation: boolean;
  /** A text that PostgreSQL compares bytewise as it stands. */
  readonly bytewise: boolean;
  /** How to_char writes the text that SQLite has for a timestamp made by a function; undefined for columns and everything else. */
  readonly format: string | undefined;
  /** A column that holds values of another class (numbers, texts, BLOBs) than its type's. */
  readonly mixed?: boolean | undefined;
}

/** Thrown inside the translator; what is not known is never guessed. It does not leave `translateExpression` and its like. */
export class Untranslatable extends Error {}

/** Ends the translation with a reason for the report. */
export function refuse(reason: string): never {
  throw new Untranslatable(reason);
}

/** A value with the usual properties: no affinity, no literal, BINARY. */
export function value(sql: string, binding: number, type: ValueType, more: Partial<Value> = {}): Value {
  return { sql, level: binding, type, affinity: undefined, literal: undefined, collation: undefined, explicitCollation: false, bytewise: type !== "text", format: undefined, ...more };
}

/** The value's text, in parentheses when it binds more loosely than its place demands. */
export function wrapped(operand: Value, at: number): string {
  return operand.level >= at ? operand.sql : `(${operand.sql})`;
}

/** `x::type`. */
export function cast(operand: Value, type: string): string {
  return `${wrapped(operand, level.atom)}::${type}`;
}

export function isBoolean(type: ValueType): boolean {
  return type === "boolean" || type === "condition";
}

export function isNumber(type: ValueType): boolean {
  return type === "bigint" || type === "integer" || type === "numeric" || type === "double precision";
}

export function isInteger(type: ValueType): boolean {
  return type === "bigint" || type === "integer";
}
