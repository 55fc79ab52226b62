/** The parser's front door. It never throws, whatever the text. */
import type { ErrorNode, Expression, Fragment, Statement } from "./nodes.ts";
import { Cursor } from "./parser/cursor.ts";
import { expression } from "./parser/expressions.ts";
import { fragmentFrom } from "./parser/fragment.ts";
import { statements } from "./parser/statements.ts";
import type { ParseOptions, Script } from "./script.ts";
import { problemsOf } from "./problems.ts";

export type { ParseOptions, Script } from "./script.ts";

/**
 * Parses every statement of a text, as SQLite 3.54 would (parse.y). What SQLite would refuse is in `errors` and marked
 * in the tree; parsing goes on after the next `;`.
 */
export function parseScript(sql: string, options: ParseOptions = {}): Script {
  const cursor = new Cursor(sql, options.holes);
  const found = orTooDeep(cursor, () => statements(cursor), (error): Statement[] => [error]);
  return { source: sql, statements: found, tokens: cursor.tokens, errors: found.flatMap(problemsOf) };
}

/**
 * Parses a text that holds one statement; a final `;` is allowed. A text that holds none, or more than one, is an
 * ErrorNode.
 */
export function parseStatement(sql: string, options: ParseOptions = {}): Statement {
  const cursor = new Cursor(sql, options.holes);
  const found = orTooDeep(cursor, () => statements(cursor), (error): Statement[] => [error]);
  const [first, second] = found;
  if (first === undefined) return { kind: "ErrorNode", span: { start: 0, end: sql.length }, message: "incomplete input" };
  if (second === undefined) return first;
  const word = /^\w*/.exec(sql.slice(second.span.start))?.[0] ?? "";
  return { kind: "ErrorNode", span: { start: first.span.start, end: cursor.last.end }, message: `near "${word}": syntax error` };
}

/** Parses a text that is one expression. A text that SQLite would not take for one is an ErrorNode. */
export function parseExpression(sql: string, options: ParseOptions = {}): Expression {
  const cursor = new Cursor(sql, options.holes);
  const first = cursor.token;
  const parsed = orTooDeep(cursor, () => expression(cursor), (error): Expression => error);
  if (cursor.token.kind !== "end") cursor.fail();
  const { problem } = cursor;
  if (problem === undefined) return parsed;
  while (cursor.token.kind !== "end") cursor.advance();
  return { kind: "ErrorNode", span: cursor.spanFrom(first), message: problem.message };
}

/**
 * Parses a text that starts in the middle of a statement (`AND x = ?`, `WHERE …`, `ORDER BY x`, `a, b`), best effort.
 * Operands that lie before the text are empty error nodes; what fits nowhere is an error node.
 */
export function parseFragment(sql: string, options: ParseOptions = {}): Fragment {
  const cursor = new Cursor(sql, options.holes);
  return orTooDeep(cursor, () => fragmentFrom(cursor), (error): Fragment => ({ kind: "Fragment", span: error.span, parts: [error], problem: undefined, rest: undefined }));
}

/**
 * The parser keeps within a budget of nesting that leaves room on a usual stack. A caller who is near the end of the
 * stack already gets one error node for the whole text.
 */
function orTooDeep<T>(cursor: Cursor, parse: () => T, instead: (error: ErrorNode) => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return instead({ kind: "ErrorNode", span: { start: 0, end: cursor.source.length }, message: "Recursion limit" });
  }
}
