/**
 * Expressions, by precedence climbing. The order of binding is parse.y's:
 * OR < AND < NOT < = == <> != IS LIKE … IN ISNULL NOTNULL < < <= > >= < ESCAPE < & | << >> < + - < * / % < || -> ->> <
 * COLLATE < unary ~ + -.
 */
import type {
  BinaryOperator, CaseBranch, Expression, ExpressionList, Hole, InSource, LikeExpression, RaiseExpression, RowValue, Subquery,
} from "../nodes.ts";
import type { Token } from "../token.ts";
import { type Cursor, isIdj, isName, none } from "./cursor.ts";
import { functionCall } from "./functions.ts";
import { blobLiteral, bindParameter, numericLiteral, stringLiteral } from "./literals.ts";
import { name, qualifiedName } from "./names.ts";
import { selectStatement, startsSelect } from "./select.ts";
import { collationName, typeName } from "./types.ts";

const OR = 1;
const AND = 2;
const NOT = 3;
const EQUAL = 4;
const ORDER = 5;
const COLLATE = 11;
const UNARY = 12;

const powers: ReadonlyMap<string, number> = new Map([
  ["OR", OR],
  ["AND", AND],
  ["NOT", NOT],
  ...["=", "==", "<>", "!=", "IS", "LIKE", "GLOB", "REGEXP", "MATCH", "BETWEEN", "IN", "ISNULL", "NOTNULL"].map((s): [string, number] => [s, EQUAL]),
  ...["<", "<=", ">", ">="].map((s): [string, number] => [s, ORDER]),
  ...["&", "|", "<<", ">>"].map((s): [string, number] => [s, 7]),
  ["+", 8],
  ["-", 8],
  ["*", 9],
  ["/", 9],
  ["%", 9],
  ...["||", "->", "->>"].map((s): [string, number] => [s, 10]),
  ["COLLATE", COLLATE],
]);

/** parse.y's expr. What is missing becomes an error node. */
export function expression(c: Cursor, least: number = OR): Expression {
  if (!c.enter(1)) return c.fail();
  const parsed = operators(c, operand(c), least);
  c.leave(1);
  return parsed;
}

/** Parses what stands inside parentheses or the like, where a hole cannot be a clause. */
export function enclosed<T>(c: Cursor, parse: (cursor: Cursor) => T): T {
  c.enclosed++;
  const result = parse(c);
  c.enclosed--;
  return result;
}

/** Operators after a left operand, as long as they bind at least so tightly. */
export function operators(c: Cursor, first: Expression, least: number): Expression {
  let left = first;
  for (;;) {
    const token = c.token;
    const power = powers.get(token.symbol);
    if (power === undefined) {
      if (token.kind !== "hole" || least > EQUAL) return left;
      const joined = holeOperator(c, left);
      if (joined === undefined) return left;
      left = joined;
      continue;
    }
    if (power < least) return left;
    switch (token.symbol) {
      case "NOT": {
        const negated = negatedOperator(c, left);
        if (negated !== undefined) {
          left = negated;
          break;
        }
        // Nothing else can begin with NOT after an operand.
        c.advance();
        c.fail();
        return left;
      }
      case "IS": left = isTest(c, left); break;
      case "LIKE": case "GLOB": case "REGEXP": case "MATCH": left = like(c, left, undefined, token.symbol); break;
      case "BETWEEN": left = between(c, left, undefined); break;
      case "IN": left = inside(c, left, undefined); break;
      case "ISNULL": case "NOTNULL":
        c.advance();
        left = { kind: "NullTest", span: { start: left.span.start, end: token.end }, form: token.symbol, operatorSpan: c.spanOf(token), operand: left };
        break;
      case "COLLATE": left = collate(c, left); break;
      default: left = binary(c, left, token, power);
    }
  }
}

function binary(c: Cursor, left: Expression, token: Token, power: number): Expression {
  c.advance();
  let right: Expression;
  if (c.enter(1)) {
    right = expression(c, power + 1);
    c.leave(1);
  } else right = c.fail();
  return {
    kind: "BinaryExpression",
    span: { start: left.span.start, end: c.last.end },
    operator: token.symbol as BinaryOperator,
    operatorSpan: c.spanOf(token),
    left,
    right,
  };
}

function isTest(c: Cursor, left: Expression): Expression {
  const word = c.advance();
  const not = c.accept("NOT") !== undefined;
  const distinctFrom = c.accept("DISTINCT") !== undefined;
  if (distinctFrom) c.expect("FROM");
  const operatorSpan = c.spanFrom(word);
  const right = expression(c, ORDER);
  return { kind: "IsExpression", span: { start: left.span.start, end: c.last.end }, not, distinctFrom, operatorSpan, left, right };
}

function collate(c: Cursor, operand: Expression): Expression {
  const word = c.advance();
  const collation = collationName(c);
  return { kind: "CollateExpression", span: { start: operand.span.start, end: c.last.end }, operand, operatorSpan: c.spanOf(word), collation };
}

/** `NOT NULL`, `NOT LIKE`, `NOT BETWEEN`, `NOT IN` after an operand; undefined if NOT starts none of them. */
function negatedOperator(c: Cursor, left: Expression): Expression | undefined {
  const next = c.peek();
  switch (next.symbol) {
    case "NULL": {
      const not = c.advance();
      c.advance();
      return {
        kind: "NullTest",
        span: { start: left.span.start, end: next.end },
        form: "NOT NULL",
        operatorSpan: { start: not.start, end: next.end },
        operand: left,
      };
    }
    case "LIKE": case "GLOB": case "REGEXP": case "MATCH": return like(c, left, c.advance(), next.symbol);
    case "BETWEEN": return between(c, left, c.advance());
    case "IN": return inside(c, left, c.advance());
    default: return undefined;
  }
}

function like(c: Cursor, left: Expression, not: Token | undefined, operator: LikeExpression["operator"]): Expression {
  const word = c.advance();
  const operatorSpan = c.spanFrom(not ?? word);
  const right = expression(c, ORDER);
  const escapeWord = c.accept("ESCAPE");
  const escape = escapeWord === undefined ? undefined : expression(c, ORDER);
  return {
    kind: "LikeExpression",
    span: { start: left.span.start, end: c.last.end },
    operator,
    not: not !== undefined,
    operatorSpan,
    left,
    right,
    escapeSpan: escapeWord === undefined ? undefined : c.spanOf(escapeWord),
    escape,
  };
}

function between(c: Cursor, operand: Expression, not: Token | undefined): Expression {
  const word = c.advance();
  const operatorSpan = c.spanFrom(not ?? word);
  if (!c.enter(2)) return operand;
  let low = expression(c, NOT);
  c.leave(2);
  // SQLite goes on after OR here and then finds no AND that could be BETWEEN's.
  if (c.is("OR")) low = operators(c, low, OR);
  const and = c.expect("AND");
  const high = and === undefined ? c.fail() : expression(c, ORDER);
  return {
    kind: "BetweenExpression",
    span: { start: operand.span.start, end: c.last.end },
    not: not !== undefined,
    operatorSpan,
    operand,
    low,
    andSpan: and === undefined ? undefined : c.spanOf(and),
    high,
  };
}

function inside(c: Cursor, operand: Expression, not: Token | undefined): Expression {
  const word = c.advance();
  const operatorSpan = c.spanFrom(not ?? word);
  const source = inSource(c);
  return {
    kind: "InExpression",
    span: { start: operand.span.start, end: c.last.end },
    not: not !== undefined,
    operatorSpan,
    operand,
    source,
  };
}

function inSource(c: Cursor): InSource {
  if (c.is("(")) return startsSelect(c, 1) ? subquery(c) : expressionList(c);
  if (c.token.kind === "hole" && c.peek().symbol !== ".") return c.hole();
  if (!isName(c.token)) return c.fail();
  const table = qualifiedName(c);
  const args = c.is("(") ? expressionList(c) : undefined;
  return { kind: "InTable", span: c.spanFrom(table.span), table, arguments: args };
}

/** `(a, b)` or `()`, on the parenthesis. */
export function expressionList(c: Cursor): ExpressionList {
  const open = c.advance();
  const items: Expression[] = [];
  if (!c.is(")") && c.enter(4)) {
    c.enclosed++;
    do items.push(expression(c));
    while (c.accept(",") !== undefined);
    c.enclosed--;
    c.leave(4);
  }
  c.expect(")");
  return { kind: "ExpressionList", span: c.spanFrom(open), items };
}

/** `(SELECT …)`, on the parenthesis. A hole may stand for the whole query. */
export function subquery(c: Cursor): Subquery {
  const open = c.advance();
  if (!c.enter(8)) {
    const error = c.fail();
    const select = {
      kind: "SelectStatement", span: error.span, with: undefined, terms: [error], operators: none, orderBy: undefined, limit: undefined,
      holes: none, problem: undefined, rest: undefined,
    } as const;
    return { kind: "Subquery", span: c.spanFrom(open), select };
  }
  const { enclosed: before } = c;
  c.enclosed = 0;
  const select = selectStatement(c);
  c.enclosed = before;
  c.leave(8);
  c.expect(")");
  return { kind: "Subquery", span: c.spanFrom(open), select };
}

/** A hole where an operator is expected, or undefined when it is rather a clause of the statement around. */
function holeOperator(c: Cursor, left: Expression): Expression | undefined {
  const next = c.peek();
  if (startsOperand(next)) {
    const operator = c.hole();
    const right = expression(c, ORDER);
    return { kind: "HoleOperatorExpression", span: c.spanFrom(left.span), left, operator, right };
  }
  if (c.enclosed === 0 && !powers.has(next.symbol)) return undefined;
  const operator = c.hole();
  return { kind: "HoleOperatorExpression", span: c.spanFrom(left.span), left, operator, right: undefined };
}

/** Tokens that can only be an operand after a hole: a word might as well start the next clause. */
function startsOperand(token: Token): boolean {
  switch (token.kind) {
    case "number": case "string": case "blob": case "variable": case "name": case "quoted": return true;
    default: return token.symbol === "NULL" || token.symbol === "(" || token.symbol === "CASE" || token.symbol === "CAST";
  }
}

/** A literal, name, call, parenthesis or prefix operator with its operand. */
function operand(c: Cursor): Expression {
  const token = c.token;
  switch (token.kind) {
    case "number": return numericLiteral(c);
    case "string": return c.peek().symbol === "." ? columnReference(c) : stringLiteral(c);
    case "blob": return blobLiteral(c);
    case "variable": return bindParameter(c);
    case "name": case "quoted": return c.peek().symbol === "(" ? functionCall(c) : columnReference(c);
    case "hole": {
      const next = c.peek();
      if (next.symbol === ".") return columnReference(c);
      return next.symbol === "(" && next.start === token.end ? functionCall(c) : c.hole();
    }
    case "operator":
      switch (token.symbol) {
        case "(": return startsSelect(c, 1) ? subquery(c) : parenthesized(c);
        case "-": case "+": case "~": return unary(c, token.symbol, UNARY);
        default: return c.fail();
      }
    case "keyword": return keywordOperand(c, token);
    default: return c.fail();
  }
}

function keywordOperand(c: Cursor, token: Token): Expression {
  switch (token.symbol) {
    case "NULL":
      c.advance();
      return { kind: "NullLiteral", span: c.spanOf(token) };
    case "CURRENT_TIME": case "CURRENT_DATE": case "CURRENT_TIMESTAMP":
      c.advance();
      return { kind: "CurrentTimeLiteral", span: c.spanOf(token), name: token.symbol };
    case "NOT": return unary(c, "NOT", NOT);
    case "EXISTS": {
      c.advance();
      if (c.token.kind === "hole") return { kind: "ExistsExpression", operatorSpan: c.spanOf(token), subquery: c.hole(), span: c.spanFrom(token) };
      const query = c.is("(") ? subquery(c) : c.fail();
      return { kind: "ExistsExpression", span: c.spanFrom(token), operatorSpan: c.spanOf(token), subquery: query };
    }
    case "CASE": return caseExpression(c);
    case "CAST": return castExpression(c);
    case "RAISE": return raiseExpression(c);
    default:
      if (!isIdj(token)) return c.fail();
      return c.peek().symbol === "(" ? functionCall(c) : columnReference(c);
  }
}

function unary(c: Cursor, operator: "-" | "+" | "~" | "NOT", least: number): Expression {
  const sign = c.advance();
  let inner: Expression;
  if (c.enter(2)) {
    inner = expression(c, least);
    c.leave(2);
  } else inner = c.fail();
  return { kind: "UnaryExpression", span: c.spanFrom(sign), operator, operatorSpan: c.spanOf(sign), operand: inner };
}

/** `(expr)` or `(expr, expr …)`. */
function parenthesized(c: Cursor): Expression {
  const open = c.advance();
  if (!c.enter(2)) return { ...c.fail(), span: c.spanOf(open) };
  c.enclosed++;
  const first = expression(c);
  let items: Expression[] | undefined;
  while (c.is(",")) {
    c.advance();
    items ??= [first];
    items.push(expression(c));
  }
  c.enclosed--;
  c.leave(2);
  c.expect(")");
  const span = c.spanFrom(open);
  return items === undefined ? { kind: "ParenthesizedExpression", span, expression: first } : ({ kind: "RowValue", span, items } satisfies RowValue);
}

/** `a`, `a.b` or `a.b.c`. */
function columnReference(c: Cursor): Expression {
  const first = name(c);
  const { start } = first.span;
  if (!c.is(".")) {
    return { kind: "ColumnReference", span: c.spanFrom(first.span), schema: undefined, table: undefined, column: first };
  }
  c.advance();
  const second = name(c);
  if (!c.is(".")) return { kind: "ColumnReference", span: { start, end: c.last.end }, schema: undefined, table: first, column: second };
  c.advance();
  const third = name(c);
  return { kind: "ColumnReference", span: { start, end: c.last.end }, schema: first, table: second, column: third };
}

function caseExpression(c: Cursor): Expression {
  const word = c.advance();
  if (!c.enter(3)) return { ...c.fail(), span: c.spanOf(word) };
  c.enclosed++;
  const subject = c.is("WHEN") || (c.token.kind === "hole" && (c.peek().symbol === "END" || c.peek().symbol === "ELSE")) ? undefined : expression(c);
  const branches: (CaseBranch | Hole)[] = [];
  if (!c.is("WHEN") && c.token.kind !== "hole") c.fail();
  while (c.is("WHEN") || c.token.kind === "hole") {
    if (c.token.kind === "hole") {
      branches.push(c.hole());
      continue;
    }
    const when = c.advance();
    const condition = expression(c);
    const result = c.expect("THEN") === undefined ? c.fail() : expression(c);
    branches.push({ kind: "CaseBranch", span: c.spanFrom(when), condition, result });
  }
  const elseWord = c.accept("ELSE");
  const otherwise = elseWord === undefined ? undefined : expression(c);
  c.enclosed--;
  c.leave(3);
  const end = c.expect("END");
  return {
    kind: "CaseExpression",
    span: c.spanFrom(word),
    operand: subject,
    branches,
    elseSpan: elseWord === undefined ? undefined : c.spanOf(elseWord),
    otherwise,
    endSpan: end === undefined ? undefined : c.spanOf(end),
  };
}

/** An expression in the parentheses of CAST or RAISE. */
function nestedExpression(c: Cursor): Expression {
  if (!c.enter(2)) return c.fail();
  c.enclosed++;
  const parsed = expression(c);
  c.enclosed--;
  c.leave(2);
  return parsed;
}

function castExpression(c: Cursor): Expression {
  const word = c.advance();
  if (c.expect("(") === undefined) return { ...c.fail(), span: c.spanOf(word) };
  const inner = nestedExpression(c);
  const as = c.expect("AS");
  const type = as === undefined ? undefined : typeName(c);
  c.expect(")");
  return { kind: "CastExpression", span: c.spanFrom(word), expression: inner, asSpan: as === undefined ? undefined : c.spanOf(as), type };
}

function raiseExpression(c: Cursor): Expression {
  const word = c.advance();
  let action: RaiseExpression["action"];
  let message: Expression | undefined;
  if (c.expect("(") !== undefined) {
    const { symbol } = c.token;
    if (symbol === "IGNORE") {
      action = symbol;
      c.advance();
    } else if (symbol === "ROLLBACK" || symbol === "ABORT" || symbol === "FAIL") {
      action = symbol;
      c.advance();
      if (c.expect(",") !== undefined) message = nestedExpression(c);
    } else c.fail();
    c.expect(")");
  }
  return { kind: "RaiseExpression", span: c.spanFrom(word), action, message };
}
