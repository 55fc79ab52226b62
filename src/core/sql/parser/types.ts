import type { Expression, Name, TypeName } from "../nodes.ts";
import { type Cursor, isIds, none } from "./cursor.ts";
import { numericLiteral } from "./literals.ts";
import { identifier, name } from "./names.ts";

/** parse.y's typetoken: words and up to two numbers; undefined when there is none. */
export function typeName(c: Cursor): TypeName | undefined {
  const words: Name[] = [];
  if (c.token.kind === "hole") words.push(c.hole());
  while (isIds(c.token) && !startsGenerated(c)) words.push(identifier(c));
  const first = words[0];
  if (first === undefined) return undefined;
  let args: readonly Expression[] = none;
  const open = c.is("(") ? c.advance() : undefined;
  if (open !== undefined) {
    const numbers = [signedNumber(c)];
    if (c.accept(",") !== undefined) numbers.push(signedNumber(c));
    args = numbers;
    c.expect(")");
  }
  return {
    kind: "TypeName",
    span: c.spanFrom(first.span),
    words,
    arguments: args,
    argumentsSpan: open === undefined ? undefined : c.spanFrom(open),
  };
}

/** SQLite's grammar takes GENERATED ALWAYS into the type and strips it off again (build.c, sqlite3AddColumn). */
function startsGenerated(c: Cursor): boolean {
  return c.is("GENERATED") && c.peek().symbol === "ALWAYS" && c.peek(2).symbol === "AS";
}

/** parse.y's signed: a number with an optional sign, or a hole. */
export function signedNumber(c: Cursor): Expression {
  if (!c.is("+") && !c.is("-")) return unsignedNumber(c);
  const sign = c.advance();
  const operand = unsignedNumber(c);
  return { kind: "UnaryExpression", span: c.spanFrom(sign), operator: sign.symbol === "-" ? "-" : "+", operatorSpan: c.spanOf(sign), operand };
}

function unsignedNumber(c: Cursor): Expression {
  if (c.token.kind === "hole") return c.hole();
  // The grammar takes no digit separators here.
  return c.token.kind === "number" && !c.source.slice(c.token.start, c.token.end).includes("_") ? numericLiteral(c) : c.fail();
}

/** A name where the grammar allows only an identifier or string after a keyword. */
export function collationName(c: Cursor): Name {
  return isIds(c.token) || c.token.kind === "hole" ? name(c) : c.fail();
}
