/** FROM and its joins. */
import type {
  ErrorNode, FromClause, Hole, IndexedBy, JoinOperator, JoinTerm, OnClause, ParenthesizedSource, SubquerySource, TableSource, UsingClause,
} from "../nodes.ts";
import type { Token } from "../token.ts";
import { isJoinWord } from "../keywords.ts";
import { type Cursor, isName } from "./cursor.ts";
import { expression, expressionList, subquery } from "./expressions.ts";
import { name, nameList, optionalAlias, qualifiedName } from "./names.ts";
import { startsSelect } from "./select.ts";

/** On FROM. */
export function fromClause(c: Cursor): FromClause {
  const word = c.advance();
  const terms = joinTerms(c);
  return { kind: "FromClause", span: c.spanFrom(word), fromSpan: c.spanOf(word), terms };
}

/** parse.y's seltablist. A hole is a term of its own when a join goes on after it. */
export function joinTerms(c: Cursor): (JoinTerm | Hole)[] {
  const terms: (JoinTerm | Hole)[] = [joinTerm(c, undefined)];
  for (;;) {
    if (c.token.kind === "hole" && startsJoin(c.peek())) terms.push(c.hole());
    else if (startsJoin(c.token)) terms.push(joinTerm(c, joinOperator(c)));
    else return terms;
  }
}

/** Whether a token begins a join operator. */
export function startsJoin(token: Token): boolean {
  return token.symbol === "," || token.symbol === "JOIN" || (token.kind === "keyword" && isJoinWord(token.symbol));
}

/** parse.y's joinop: any one to three words, of which SQLite then accepts some (select.c, sqlite3JoinType). */
export function joinOperator(c: Cursor): JoinOperator {
  const first = c.advance();
  let natural = false;
  let outer = false;
  let left = false;
  let right = false;
  let full = false;
  let inner = false;
  let cross = false;
  let known = true;
  if (first.symbol !== "," && first.symbol !== "JOIN") {
    for (let word: Token = first, count = 1; ; word = c.advance(), count++) {
      switch (word.symbol) {
        case "NATURAL": natural = true; break;
        case "OUTER": outer = true; break;
        case "LEFT": left = true; break;
        case "RIGHT": right = true; break;
        case "FULL": full = true; break;
        case "INNER": inner = true; break;
        case "CROSS": cross = true; break;
        default: known = false;
      }
      if (count === 3 || !isName(c.token) || c.token.kind === "hole") break;
    }
    const words = c.spanFrom(first);
    const isOuter = outer || left || right || full;
    if (!known || (isOuter && (inner || cross)) || (outer && !left && !right && !full)) {
      c.complain(words, `unknown join type: ${c.source.slice(words.start, words.end)}`);
    }
    c.expect("JOIN");
  }
  const type = full || (left && right) ? "FULL" : left ? "LEFT" : right ? "RIGHT" : cross ? "CROSS" : inner ? "INNER" : undefined;
  return { kind: "JoinOperator", span: c.spanFrom(first), comma: first.symbol === ",", natural, type, outer };
}

/** A source after its operator, with ON or USING. */
export function joinTerm(c: Cursor, operator: JoinOperator | undefined): JoinTerm {
  const source = tableSource(c);
  const constraint = joinConstraint(c);
  if (constraint !== undefined && operator === undefined) {
    c.complain(constraint.span, `a JOIN clause is required before ${constraint.kind === "OnClause" ? "ON" : "USING"}`);
  }
  return { kind: "JoinTerm", span: c.spanFrom(operator?.span ?? source.span), operator, source, constraint };
}

/** ON or USING, if it is there. */
export function joinConstraint(c: Cursor): OnClause | UsingClause | undefined {
  if (c.is("ON")) {
    const on = c.advance();
    const condition = expression(c);
    return { kind: "OnClause", span: c.spanFrom(on), onSpan: c.spanOf(on), condition };
  }
  if (!c.is("USING")) return undefined;
  const word = c.advance();
  if (!c.is("(")) {
    const error = c.fail();
    return { kind: "UsingClause", span: c.spanOf(word), usingSpan: c.spanOf(word), columns: { kind: "NameList", span: error.span, names: [error] } };
  }
  const columns = nameList(c);
  return { kind: "UsingClause", span: c.spanFrom(word), usingSpan: c.spanOf(word), columns };
}

function tableSource(c: Cursor): TableSource {
  if (c.is("(")) return startsSelect(c, 1) ? subquerySource(c) : parenthesizedSource(c);
  if (!isName(c.token)) return c.fail();
  const table = qualifiedName(c);
  if (c.is("(")) {
    const args = expressionList(c);
    const alias = optionalAlias(c);
    return { kind: "TableFunctionCall", span: c.spanFrom(table.span), name: table, arguments: args, alias };
  }
  const alias = optionalAlias(c);
  const indexedBy = optionalIndexedBy(c);
  return { kind: "TableReference", span: c.spanFrom(table.span), table, alias, indexedBy };
}

/** INDEXED BY or NOT INDEXED, if it is there. */
export function optionalIndexedBy(c: Cursor): IndexedBy | undefined {
  if (c.is("NOT")) {
    const not = c.advance();
    c.expect("INDEXED");
    return { kind: "IndexedBy", span: c.spanFrom(not), index: undefined };
  }
  if (!c.is("INDEXED")) return undefined;
  const word = c.advance();
  c.expect("BY");
  const index = name(c);
  return { kind: "IndexedBy", span: c.spanFrom(word), index };
}

function subquerySource(c: Cursor): SubquerySource {
  const query = subquery(c);
  const alias = optionalAlias(c);
  return { kind: "SubquerySource", span: c.spanFrom(query.span), subquery: query, alias };
}

function parenthesizedSource(c: Cursor): ParenthesizedSource | ErrorNode {
  const open = c.advance();
  if (!c.enter(4)) return { ...c.fail(), span: c.spanOf(open) };
  const { enclosed } = c;
  c.enclosed = 1;
  const terms = joinTerms(c);
  if (c.token.kind === "hole") terms.push(c.hole());
  c.enclosed = enclosed;
  c.leave(4);
  c.expect(")");
  const alias = optionalAlias(c);
  return { kind: "ParenthesizedSource", span: c.spanFrom(open), terms, alias };
}
