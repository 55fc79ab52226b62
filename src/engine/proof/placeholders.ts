import { bindParameters } from "#core/sql/bind-parameters.ts";
import type { Statement } from "#core/sql/nodes.ts";
import { tokenize } from "#core/sql/tokenize.ts";
import { applyEdits, givenOffset } from "#core/text/edit.ts";

/** How a target's statements write parameters: `$1`; psycopg's `%s` and `%(name)s`; `:name`; `?`. */
export type ParameterStyle = "numeric" | "psycopg" | "named" | "qmark";

/** A statement whose parameters all say their number, and what they were called. */
export interface NumberedStatement {
  /** The place in the given text that a place of `sql` comes from. */
  readonly toGiven: (offset: number) => number;
  /** Every parameter as `?NNN`, so that a rewrite may move or repeat it. */
  readonly sql: string;
  /** By number; undefined for a parameter without a name. */
  readonly names: ReadonlyMap<number, string | undefined>;
}

/** Gives every parameter SQLite's own number for it (https://www.sqlite.org/lang_expr.html#varparam). */
export function withNumbers(sql: string, statement: Statement): NumberedStatement {
  const names = new Map<number, string | undefined>();
  const edits = bindParameters(statement).flatMap(({ node, number }) => {
    if (number === undefined) return [];
    names.set(number, names.get(number) ?? node.name);
    return [{ span: node.span, newText: `?${number}` }];
  });
  return { sql: applyEdits(sql, edits), names, toGiven: (offset) => givenOffset(edits, offset) };
}

/** A text with parameters in a style, and what its caller must know to bind the values. */
export interface StyledText {
  readonly sql: string;
  /** Why the values cannot be bound as they were on SQLite; undefined when they can. */
  readonly rebinding: string | undefined;
  /** The place in the given text that a place of `sql` comes from. */
  readonly toGiven: (offset: number) => number;
}

/** Writes the `?` and `?NNN` of a text in a style. A bare `?` is one more than the largest number before it. */
export function styled(sql: string, names: ReadonlyMap<number, string | undefined>, style: ParameterStyle): StyledText {
  const found: { readonly start: number; readonly end: number; readonly number: number }[] = [];
  let largest = 0;
  const percents: number[] = [];
  for (const token of tokenize(sql)) {
    const text = sql.slice(token.start, token.end);
    if (token.kind === "variable" && /^\?\d*$/.test(text)) {
      const number = text === "?" ? largest + 1 : Number(text.slice(1));
      largest = Math.max(largest, number);
      found.push({ start: token.start, end: token.end, number });
    }
    for (let at = text.indexOf("%"); at >= 0; at = text.indexOf("%", at + 1)) percents.push(token.start + at);
  }
  const order = found.map((each) => each.number);
  const inOrder = order.every((number, i) => number === i + 1);
  const nameOf = namesFor(order, names);
  const named = [...names.values()].some((name) => name !== undefined);
  const write = (number: number): string => {
    switch (style) {
      case "numeric":
        return `$${number}`;
      case "psycopg":
        return inOrder && !named ? "%s" : `%(${nameOf(number)})s`;
      case "named":
        return `:${nameOf(number)}`;
      case "qmark":
        return "?";
    }
  };
  const edits = found.map(({ start, end, number }) => ({ span: { start, end }, newText: write(number) }));
  // psycopg reads every % as the start of a placeholder as soon as values are passed.
  if (style === "psycopg" && found.length > 0) for (const at of percents) edits.push({ span: { start: at, end: at + 1 }, newText: "%%" });
  edits.sort((a, b) => a.span.start - b.span.start);
  return { sql: applyEdits(sql, edits), rebinding: rebinding(style, order, names, inOrder, named), toGiven: (offset) => givenOffset(edits, offset) };
}

/** A name for every number: its own where that is a plain word and no other number has it, else p1, p2 … */
function namesFor(order: readonly number[], names: ReadonlyMap<number, string | undefined>): (number: number) => string {
  const given = new Map<number, string>();
  const taken = new Set<string>();
  for (const number of [...new Set([...names.keys(), ...order])].sort((a, b) => a - b)) {
    const own = names.get(number);
    if (own === undefined || !/^[A-Za-z_][A-Za-z0-9_]*$/.test(own) || taken.has(own)) continue;
    given.set(number, own);
    taken.add(own);
  }
  return (number) => {
    const known = given.get(number);
    if (known !== undefined) return known;
    let name = `p${number}`;
    while (taken.has(name)) name = `_${name}`;
    taken.add(name);
    given.set(number, name);
    return name;
  };
}

function rebinding(style: ParameterStyle, order: readonly number[], names: ReadonlyMap<number, string | undefined>, inOrder: boolean, named: boolean): string | undefined {
  if (order.length === 0) return undefined;
  const complete = new Set(order).size === Math.max(...order);
  switch (style) {
    case "numeric":
      return complete ? undefined : `PostgreSQL wants every parameter up to $${Math.max(...order)} to be used, and some numbers are not`;
    case "psycopg":
    case "named": {
      if (style === "psycopg" && inOrder && !named) return undefined;
      const unnamed = [...new Set(order)].filter((number) => names.get(number) === undefined);
      return unnamed.length === 0 ? undefined : `the values of the parameters ${unnamed.join(", ")} are bound by name here (p${unnamed.join(", p")})`;
    }
    case "qmark":
      return inOrder && !named ? undefined : `the values are bound in the order ${order.map((number) => names.get(number) ?? String(number)).join(", ")}`;
  }
}
