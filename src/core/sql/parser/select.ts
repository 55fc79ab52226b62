/** SELECT, VALUES, WITH and the clauses of queries. */
import type {
  AllColumns, CommonTable, CompoundOperator, Expression, ExpressionList, FromClause, GroupByClause, HavingClause, Hole, LimitClause, OrderByClause,
  OrderingTerm, ResultItem, SelectCore, SelectStatement, SelectTerm, ValuesClause, WhereClause, WindowClause, WindowDefinition, WithClause,
} from "../nodes.ts";
import type { Token } from "../token.ts";
import { type Cursor, isName, none } from "./cursor.ts";
import { expression, expressionList, operators, subquery } from "./expressions.ts";
import { fromClause } from "./from.ts";
import { windowSpecification } from "./functions.ts";
import { columnNameList, name, optionalAlias, optionalSpan } from "./names.ts";

/** Clauses that can go on a query whose beginning is a hole. */
const clauseWords: ReadonlySet<string> = new Set(["FROM", "WHERE", "GROUP", "HAVING", "WINDOW", "ORDER", "LIMIT", "UNION", "EXCEPT", "INTERSECT"]);

/** Words that are no name where an expression may start, though they are elsewhere. */
const startsOnlyItself: ReadonlySet<string> = new Set(["CAST", "RAISE", "CURRENT_TIME", "CURRENT_DATE", "CURRENT_TIMESTAMP"]);

/** Whether a query starts some tokens on (0: here): with its word, or with a hole that a clause follows. */
export function startsSelect(c: Cursor, distance: number): boolean {
  const token = distance === 0 ? c.token : c.peek(distance);
  const { symbol } = token;
  return symbol === "SELECT" || symbol === "VALUES" || symbol === "WITH" || (token.kind === "hole" && clauseWords.has(c.peek(distance + 1).symbol));
}

/** parse.y's select. */
export function selectStatement(c: Cursor): SelectStatement {
  const first = c.token;
  const withPart = c.is("WITH") ? withClause(c) : undefined;
  return selectAfterWith(c, withPart, first);
}

/** parse.y's selectnowith, with the ORDER BY and LIMIT of the whole. */
export function selectAfterWith(c: Cursor, withPart: WithClause | undefined, first: Token): SelectStatement {
  const terms: SelectTerm[] = [];
  const joins: (CompoundOperator | Hole)[] = [];
  let order: OrderByClause | undefined;
  let limit: LimitClause | undefined;
  let holes: readonly Hole[] = none;
  for (;;) {
    const term = selectTerm(c);
    const tail: Hole[] = [];
    if (term.kind !== "ValuesClause") {
      takeHoles(c, tail);
      order = optionalOrderBy(c);
      takeHoles(c, tail);
      limit = c.is("LIMIT") ? limitClause(c) : undefined;
    }
    takeHoles(c, tail);
    const join = compoundOperator(c);
    if (join === undefined) {
      terms.push(term);
      holes = tail;
      break;
    }
    terms.push(withTail(c, term, order, limit, tail, join));
    joins.push(join);
    order = undefined;
    limit = undefined;
  }
  return {
    kind: "SelectStatement",
    span: c.spanFrom(first),
    with: withPart,
    terms,
    operators: joins,
    orderBy: order,
    limit,
    holes,
    problem: undefined,
    rest: undefined,
  };
}

/** A term before a compound operator: ORDER BY and LIMIT must not stand there, holes may. */
function withTail(
  c: Cursor, term: SelectTerm, order: OrderByClause | undefined, limit: LimitClause | undefined, holes: readonly Hole[], join: CompoundOperator | Hole,
): SelectTerm {
  if (term.kind !== "SelectCore" || (order === undefined && limit === undefined && holes.length === 0)) return term;
  const misplaced = [order, limit].filter((clause) => clause !== undefined);
  if (misplaced.length > 0 && join.kind === "CompoundOperator") {
    c.complain(join.span, `${order === undefined ? "LIMIT" : "ORDER BY"} clause should come after ${join.operator} not before`);
  }
  const end = Math.max(term.span.end, ...[...misplaced, ...holes].map((part) => part.span.end));
  return { ...term, span: { start: term.span.start, end }, misplaced, holes: [...term.holes, ...holes] };
}

/** A compound operator, or a hole that stands for one. */
function compoundOperator(c: Cursor): CompoundOperator | Hole | undefined {
  if (c.token.kind === "hole") return c.hole();
  const { symbol } = c.token;
  if (symbol !== "UNION" && symbol !== "EXCEPT" && symbol !== "INTERSECT") return undefined;
  const word = c.advance();
  const operator = symbol === "UNION" && c.accept("ALL") !== undefined ? "UNION ALL" : symbol;
  return { kind: "CompoundOperator", span: c.spanFrom(word), operator };
}

/** Takes holes that stand for clauses; leaves one that stands for a compound operator. */
export function takeHoles(c: Cursor, into: Hole[]): void {
  while (c.token.kind === "hole") {
    const next = c.peek().symbol;
    if (next === "SELECT" || next === "VALUES") return;
    into.push(c.hole());
  }
}

function selectTerm(c: Cursor): SelectTerm {
  if (c.is("VALUES")) return valuesClause(c);
  if (c.is("SELECT")) return selectCore(c);
  if (c.token.kind !== "hole") return c.fail();
  const hole = c.hole();
  return clauseWords.has(c.token.symbol) && !c.is("ORDER") && !c.is("LIMIT") ? coreClauses(c, hole.span, undefined, none, [hole]) : hole;
}

function selectCore(c: Cursor): SelectCore {
  const word = c.advance();
  const { symbol } = c.token;
  const quantifierWord = symbol === "DISTINCT" || symbol === "ALL" ? c.advance() : undefined;
  const columns = resultItems(c);
  return coreClauses(c, word, quantifierWord, columns, []);
}

/** The clauses from FROM to WINDOW. Without the word SELECT, a hole brought it. */
function coreClauses(
  c: Cursor, first: Token | Hole["span"], quantifierWord: Token | undefined, columns: readonly ResultItem[], holes: Hole[],
): SelectCore {
  takeClauseHoles(c, holes);
  const from: FromClause | undefined = c.is("FROM") ? fromClause(c) : undefined;
  takeClauseHoles(c, holes);
  const where = optionalWhere(c);
  takeClauseHoles(c, holes);
  const groupBy = c.is("GROUP") ? groupByClause(c) : undefined;
  takeClauseHoles(c, holes);
  const having = c.is("HAVING") ? havingClause(c) : undefined;
  takeClauseHoles(c, holes);
  const window = c.is("WINDOW") ? windowClause(c) : undefined;
  return {
    kind: "SelectCore",
    span: c.spanFrom(first),
    selectSpan: "kind" in first ? c.spanOf(first) : undefined,
    quantifier: quantifierWord === undefined ? undefined : quantifierWord.symbol === "ALL" ? "ALL" : "DISTINCT",
    quantifierSpan: optionalSpan(c, quantifierWord),
    columns,
    from,
    where,
    groupBy,
    having,
    window,
    holes: holes.length === 0 ? none : holes,
    misplaced: none,
  };
}

/** Takes holes between clauses; leaves one that begins a condition (`{where} AND …`) and one that is a compound operator. */
export function takeClauseHoles(c: Cursor, into: Hole[]): void {
  while (c.token.kind === "hole") {
    const next = c.peek().symbol;
    if (next === "AND" || next === "OR" || next === "SELECT" || next === "VALUES") return;
    into.push(c.hole());
  }
}

/** parse.y's selcollist. */
export function resultItems(c: Cursor): ResultItem[] {
  const items = [resultItem(c)];
  while (c.accept(",") !== undefined) items.push(resultItem(c));
  return items;
}

function resultItem(c: Cursor): ResultItem {
  const first = c.token;
  if (c.is("*")) {
    c.advance();
    return { kind: "AllColumns", span: c.spanOf(first), table: undefined };
  }
  if (isName(first) && c.peek().symbol === "." && c.peek(2).symbol === "*" && !startsOnlyItself.has(first.symbol)) {
    const table = name(c);
    c.advance();
    c.advance();
    return { kind: "AllColumns", span: c.spanFrom(first), table } satisfies AllColumns;
  }
  const value = expression(c);
  const alias = optionalAlias(c);
  return { kind: "ResultColumn", span: alias === undefined ? value.span : c.spanFrom(value.span), expression: value, alias };
}

/** On VALUES. */
export function valuesClause(c: Cursor): ValuesClause {
  const word = c.advance();
  const rows: (ExpressionList | Hole | ReturnType<Cursor["fail"]>)[] = [valuesRow(c)];
  while (c.is(",")) {
    c.advance();
    rows.push(valuesRow(c));
  }
  return { kind: "ValuesClause", span: c.spanFrom(word), valuesSpan: c.spanOf(word), rows };
}

function valuesRow(c: Cursor): ExpressionList | Hole | ReturnType<Cursor["fail"]> {
  if (c.token.kind === "hole") return c.hole();
  if (!c.is("(")) return c.fail();
  if (c.peek().symbol !== ")") return expressionList(c);
  const open = c.advance();
  const error = c.fail();
  c.advance();
  return { ...error, span: c.spanFrom(open) };
}

/** WHERE, or a condition that a hole begins. */
export function optionalWhere(c: Cursor): WhereClause | undefined {
  if (c.is("WHERE")) return whereClause(c);
  if (c.token.kind !== "hole") return undefined;
  const next = c.peek().symbol;
  if (next !== "AND" && next !== "OR") return undefined;
  const condition = operators(c, c.hole(), 1);
  return { kind: "WhereClause", span: condition.span, whereSpan: undefined, condition };
}

/** On WHERE. */
export function whereClause(c: Cursor): WhereClause {
  const word = c.advance();
  const condition = expression(c);
  return { kind: "WhereClause", span: c.spanFrom(word), whereSpan: c.spanOf(word), condition };
}

/** On GROUP. */
export function groupByClause(c: Cursor): GroupByClause {
  const word = c.advance();
  c.expect("BY");
  const groupBySpan = c.spanFrom(word);
  const expressions: Expression[] = [expression(c)];
  while (c.accept(",") !== undefined) expressions.push(expression(c));
  return { kind: "GroupByClause", span: c.spanFrom(word), groupBySpan, expressions };
}

/** On HAVING. */
export function havingClause(c: Cursor): HavingClause {
  const word = c.advance();
  const condition = expression(c);
  return { kind: "HavingClause", span: c.spanFrom(word), havingSpan: c.spanOf(word), condition };
}

/** On WINDOW. */
export function windowClause(c: Cursor): WindowClause {
  const word = c.advance();
  const definitions: WindowDefinition[] = [];
  do {
    const defined = name(c);
    c.expect("AS");
    const window = c.is("(") ? windowSpecification(c) : c.fail();
    definitions.push({ kind: "WindowDefinition", span: c.spanFrom(defined.span), name: defined, window });
  } while (c.accept(",") !== undefined);
  return { kind: "WindowClause", span: c.spanFrom(word), definitions };
}

/** ORDER BY, if it is there. */
export function optionalOrderBy(c: Cursor): OrderByClause | undefined {
  return c.is("ORDER") ? orderBy(c) : undefined;
}

/** On ORDER. */
export function orderBy(c: Cursor): OrderByClause {
  const word = c.advance();
  c.expect("BY");
  const orderBySpan = c.spanFrom(word);
  const terms = orderingTerms(c);
  return { kind: "OrderByClause", span: c.spanFrom(word), orderBySpan, terms };
}

/** parse.y's sortlist. */
export function orderingTerms(c: Cursor): OrderingTerm[] {
  const terms = [orderingTerm(c)];
  while (c.accept(",") !== undefined) terms.push(orderingTerm(c));
  return terms;
}

function orderingTerm(c: Cursor): OrderingTerm {
  const value = expression(c);
  return orderingTermAfter(c, value);
}

/** What follows the expression of an ordering term. */
export function orderingTermAfter(c: Cursor, value: Expression): OrderingTerm {
  let holes: readonly Hole[] = none;
  let directionWord = c.is("ASC") || c.is("DESC") ? c.advance() : undefined;
  if (directionWord === undefined && c.token.kind === "hole") {
    holes = [c.hole()];
    if (c.is("ASC") || c.is("DESC")) directionWord = c.advance();
  }
  const nullsWord = c.accept("NULLS");
  let nulls: OrderingTerm["nulls"];
  if (nullsWord !== undefined) {
    const { symbol } = c.token;
    if (symbol === "FIRST" || symbol === "LAST") {
      nulls = symbol;
      c.advance();
    } else c.fail();
  }
  return {
    kind: "OrderingTerm",
    span: c.spanFrom(value.span),
    expression: value,
    direction: directionWord === undefined ? undefined : directionWord.symbol === "DESC" ? "DESC" : "ASC",
    directionSpan: optionalSpan(c, directionWord),
    nulls,
    nullsSpan: nullsWord === undefined ? undefined : c.spanFrom(nullsWord),
    holes,
  };
}

/** On LIMIT. */
export function limitClause(c: Cursor): LimitClause {
  const word = c.advance();
  const first = expression(c);
  const separator = c.accept("OFFSET") ?? c.accept(",");
  const second = separator === undefined ? undefined : expression(c);
  const comma = separator?.symbol === ",";
  return {
    kind: "LimitClause",
    span: c.spanFrom(word),
    limitSpan: c.spanOf(word),
    limit: comma && second !== undefined ? second : first,
    offset: comma ? first : second,
    offsetForm: separator === undefined ? undefined : comma ? "comma" : "offset",
    offsetSpan: optionalSpan(c, separator),
  };
}

/** On WITH. */
export function withClause(c: Cursor): WithClause {
  const word = c.advance();
  const recursive = c.accept("RECURSIVE");
  const tables: (CommonTable | Hole)[] = [];
  do {
    tables.push(c.token.kind === "hole" && c.peek().symbol !== "AS" && c.peek().symbol !== "(" ? c.hole() : commonTable(c));
  } while (c.accept(",") !== undefined);
  return { kind: "WithClause", span: c.spanFrom(word), withSpan: c.spanOf(word), recursiveSpan: optionalSpan(c, recursive), tables };
}

function commonTable(c: Cursor): CommonTable {
  const defined = name(c);
  const columns = c.is("(") ? columnNameList(c) : undefined;
  c.expect("AS");
  const not = c.accept("NOT");
  const materializedWord = not === undefined ? c.accept("MATERIALIZED") : c.expect("MATERIALIZED");
  const query = c.is("(") ? subquery(c) : c.token.kind === "hole" ? c.hole() : c.fail();
  return {
    kind: "CommonTable",
    span: c.spanFrom(defined.span),
    name: defined,
    columns,
    materialized: materializedWord === undefined ? undefined : not === undefined ? "MATERIALIZED" : "NOT MATERIALIZED",
    materializedSpan: materializedWord === undefined ? undefined : c.spanFrom(not ?? materializedWord, materializedWord),
    query,
  };
}
