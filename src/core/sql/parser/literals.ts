import type { BindParameter, Expression, StringLiteral } from "../nodes.ts";
import { type Cursor, none } from "./cursor.ts";
import { unquote } from "./names.ts";

/** SQLITE_MAX_VARIABLE_NUMBER's default. */
const maxVariable = 32766;

/** On a number token. Separators must stand between digits (util.c, sqlite3DequoteNumber). */
export function numericLiteral(c: Cursor): Expression {
  const token = c.advance();
  const text = c.source.slice(token.start, token.end);
  const hex = text.length > 2 && (text.charCodeAt(1) | 32) === 120;
  if (text.includes("_") && !(hex ? /^..[^_]+(_[^_]+)*$/ : /^[^_]*(?:\d_\d[^_]*)*$/).test(text)) {
    c.complain(c.spanOf(token), `unrecognized token: "${text}"`);
  }
  const form = hex ? "hex" : /[.eE]/.test(text) ? "float" : "integer";
  return { kind: "NumericLiteral", span: c.spanOf(token), form, text };
}

/** On a string token. */
export function stringLiteral(c: Cursor): StringLiteral {
  const token = c.advance();
  const text = c.source.slice(token.start, token.end);
  return { kind: "StringLiteral", span: c.spanOf(token), value: unquote(text, "single"), holes: c.holesIn(token) };
}

/** On a blob token. */
export function blobLiteral(c: Cursor): Expression {
  const token = c.advance();
  return { kind: "BlobLiteral", span: c.spanOf(token), hex: c.source.slice(token.start + 2, token.end - 1), holes: c.holesIn(token) };
}

/** On a variable token. `#` and a digit is one for SQLite's tokenizer and an error in its grammar. */
export function bindParameter(c: Cursor): Expression {
  const token = c.token;
  const text = c.source.slice(token.start, token.end);
  const prefix = text.charAt(0);
  if (/^#\d/.test(text)) {
    const error = c.fail();
    c.advance();
    return { ...error, span: c.spanOf(token) };
  }
  c.advance();
  const holes = token.holes.length === 0 ? none : c.holesIn(token);
  if (prefix !== "?") {
    return { kind: "BindParameter", span: c.spanOf(token), form: prefix as BindParameter["form"], text, name: text.slice(1), number: undefined, holes };
  }
  if (text.length === 1) return { kind: "BindParameter", span: c.spanOf(token), form: "?", text, name: undefined, number: undefined, holes };
  const number = holes.length > 0 ? undefined : Number(text.slice(1));
  if (number !== undefined && (number < 1 || number > maxVariable)) {
    c.complain(c.spanOf(token), `variable number must be between ?1 and ?${maxVariable}`);
  }
  return { kind: "BindParameter", span: c.spanOf(token), form: "?NNN", text, name: undefined, number, holes };
}
