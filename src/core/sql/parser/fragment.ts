/** SQL that is no whole statement: what can be told of it, best effort. */
import type { BinaryOperator, Expression, Fragment, Node } from "../nodes.ts";
import { setClause, optionalReturning, upsertClause } from "./changes.ts";
import { type Cursor, isName } from "./cursor.ts";
import { expression, operators } from "./expressions.ts";
import { fromClause, joinConstraint, joinOperator, joinTerm, startsJoin } from "./from.ts";
import { asAlias, identifier } from "./names.ts";
import {
  groupByClause, havingClause, limitClause, orderBy, orderingTermAfter, selectStatement, valuesClause, whereClause, windowClause,
} from "./select.ts";
import { statement } from "./statements.ts";

const statementWords: ReadonlySet<string> = new Set([
  "SELECT", "WITH", "INSERT", "UPDATE", "DELETE", "CREATE", "ALTER", "DROP", "PRAGMA",
]);

const infix: ReadonlySet<string> = new Set([
  "AND", "OR", "=", "==", "<>", "!=", "<", "<=", ">", ">=", "&", "|", "<<", ">>", "+", "-", "*", "/", "%", "||", "->", "->>",
]);

/** Parts up to the `;` or the end. Text that fits nowhere becomes error nodes, of which no problem is noted. */
export function fragmentFrom(c: Cursor): Fragment {
  const first = c.token;
  const parts: Node[] = [];
  while (c.token.kind !== "end" && !c.is(";")) {
    const before = c.position;
    const found = part(c, parts.length === 0);
    if (c.position === before) {
      const token = c.advance();
      if (token.symbol !== ",") parts.push({ kind: "ErrorNode", span: c.spanOf(token), message: c.messageAt(token) });
    } else if (found !== undefined) parts.push(found);
  }
  return { kind: "Fragment", span: c.spanFrom(first), parts, problem: undefined, rest: undefined };
}

function part(c: Cursor, isFirst: boolean): Node | undefined {
  const { token } = c;
  switch (token.symbol) {
    case "WHERE": return whereClause(c);
    case "FROM": return fromClause(c);
    case "GROUP": return groupByClause(c);
    case "HAVING": return havingClause(c);
    case "WINDOW": return windowClause(c);
    case "ORDER": return orderBy(c);
    case "LIMIT": return limitClause(c);
    case "VALUES": return valuesClause(c);
    case "SET": return setClause(c);
    case "RETURNING": return optionalReturning(c);
    case "ON": return c.peek().symbol === "CONFLICT" ? upsertClause(c) : joinConstraint(c);
    case "USING": return c.peek().symbol === "(" ? joinConstraint(c) : undefined;
    case "UNION": case "EXCEPT": case "INTERSECT": {
      const { symbol } = token;
      const word = c.advance();
      const operator = symbol === "UNION" && c.accept("ALL") !== undefined ? "UNION ALL" : symbol;
      return { kind: "CompoundOperator", span: c.spanFrom(word), operator };
    }
    case "AS": return isName(c.peek()) ? asAlias(c) : undefined;
    case ",": case ")": return undefined;
    default:
  }
  if (statementWords.has(token.symbol)) return token.symbol === "SELECT" ? selectStatement(c) : statement(c);
  if (token.symbol !== "," && startsJoin(token) && c.peek().symbol !== "(" && c.peek().symbol !== ".") return joinTerm(c, joinOperator(c));
  if (infix.has(token.symbol) && !(isFirst && (token.symbol === "-" || token.symbol === "+"))) return tail(c);
  if (isFirst && startsTest(c.token.symbol, c.peek().symbol)) return operators(c, missingBefore(c), 1);
  if (token.kind === "hole" && !infix.has(c.peek().symbol) && !startsTest(c.peek().symbol, c.peek(2).symbol)) return c.hole();
  const value = expression(c);
  if (c.is("ASC") || c.is("DESC") || c.is("NULLS")) return orderingTermAfter(c, value);
  return c.position === 0 && isName(c.token) ? identifier(c) : value;
}

/** Whether a test of the operand before it begins there: `LIKE ?`, `NOT IN (…)`. */
function startsTest(symbol: string, next: string): boolean {
  return symbol === "LIKE" || symbol === "GLOB" || (symbol === "NOT" && /^(?:LIKE|GLOB|IN|BETWEEN|REGEXP|MATCH)$/.test(next));
}

/** The operand that lies before the text. */
function missingBefore(c: Cursor): Expression {
  const { token } = c;
  return { kind: "ErrorNode", span: { start: token.start, end: token.start }, message: c.messageAt(token) };
}

/** `AND x = ?`: an operator whose left side lies outside the text, an empty error node here. */
function tail(c: Cursor): Expression {
  const missing = missingBefore(c);
  const word = c.advance();
  const power = word.symbol === "OR" ? 2 : word.symbol === "AND" ? 3 : 5;
  const right = expression(c, power);
  const first: Expression = {
    kind: "BinaryExpression",
    span: c.spanFrom(word),
    operator: word.symbol as BinaryOperator,
    operatorSpan: c.spanOf(word),
    left: missing,
    right,
  };
  return operators(c, first, 1);
}
