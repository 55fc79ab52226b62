import type { Span } from "#core/text/span.ts";
import type { Alias, Hole, Identifier, Name, NameList, QualifiedName, QuoteStyle } from "../nodes.ts";
import type { Token } from "../token.ts";
import { type Cursor, isIds, isName, none } from "./cursor.ts";

/** Steps over the current token, whatever it is, as an identifier. */
export function identifier(c: Cursor): Identifier {
  const token = c.advance();
  const text = c.source.slice(token.start, token.end);
  const quote = quoteOf(token, text);
  return { kind: "Identifier", span: c.spanOf(token), value: unquote(text, quote), quote, holes: c.holesIn(token) };
}

/** parse.y's nm, a hole, or an error node. */
export function name(c: Cursor): Name {
  if (c.token.kind === "hole") return c.hole();
  return isName(c.token) ? identifier(c) : c.fail();
}

/** parse.y's `nm dbnm`: a name with an optional schema before it. */
export function qualifiedName(c: Cursor): QualifiedName {
  const first = name(c);
  if (!c.is(".") || first.kind === "ErrorNode") return { kind: "QualifiedName", span: first.span, schema: undefined, name: first };
  c.advance();
  const second = name(c);
  return { kind: "QualifiedName", span: c.spanFrom(first.span), schema: first, name: second };
}

/** parse.y's as: `AS name`, or a bare name that no keyword of this place claims. */
export function optionalAlias(c: Cursor): Alias | undefined {
  if (c.is("AS")) return asAlias(c);
  if (!isIds(c.token)) return undefined;
  const bare = identifier(c);
  return { kind: "Alias", span: bare.span, asSpan: undefined, name: bare };
}

/** `AS name`, on the word AS. */
export function asAlias(c: Cursor): Alias {
  const as = c.advance();
  const given = name(c);
  return { kind: "Alias", span: c.spanFrom(as), asSpan: c.spanOf(as), name: given };
}

/** `(a, b)`, on the parenthesis. */
export function nameList(c: Cursor): NameList {
  const open = c.advance();
  const names: Name[] = [name(c)];
  while (c.accept(",") !== undefined || c.token.kind === "hole") names.push(name(c));
  c.expect(")");
  return { kind: "NameList", span: c.spanFrom(open), names };
}

/**
 * parse.y's eidlist: names in parentheses where SQLite once took COLLATE, ASC and DESC and now refuses them with words
 * of their own.
 */
export function columnNameList(c: Cursor): NameList {
  const open = c.advance();
  const names: Name[] = [];
  do {
    const at = c.token;
    names.push(name(c));
    const before = c.last;
    if (c.accept("COLLATE") !== undefined) {
      if (isIds(c.token)) c.advance();
      else c.fail();
    }
    if (c.is("ASC") || c.is("DESC")) c.advance();
    if (c.last !== before) c.complain(c.spanOf(at), `syntax error after column name "${c.source.slice(at.start, at.end)}"`);
  } while (c.accept(",") !== undefined || c.token.kind === "hole");
  c.expect(")");
  return { kind: "NameList", span: c.spanFrom(open), names };
}

/** The holes under the cursor, stepped over. */
export function holesHere(c: Cursor): readonly Hole[] {
  let holes: readonly Hole[] = none;
  while (c.token.kind === "hole") holes = [...holes, c.hole()];
  return holes;
}

/** The span of a token that may be missing. */
export function optionalSpan(c: Cursor, token: Token | undefined): Span | undefined {
  return token === undefined ? undefined : c.spanOf(token);
}

function quoteOf(token: Token, text: string): QuoteStyle {
  if (token.kind === "string") return "single";
  if (token.kind !== "quoted") return "none";
  if (text.startsWith('"')) return "double";
  return text.startsWith("[") ? "bracket" : "backtick";
}

/** A name or string without its quotes, doubled quotes halved. */
export function unquote(text: string, quote: QuoteStyle): string {
  if (quote === "none") return text;
  const inner = text.slice(1, -1);
  const mark = text.charAt(0);
  return quote === "bracket" || !inner.includes(mark) ? inner : inner.replaceAll(mark + mark, mark);
}
