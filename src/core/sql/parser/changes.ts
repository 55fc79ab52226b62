/** INSERT, REPLACE, UPDATE and DELETE. */
import type {
  Alias, Assignment, ConflictAction, ConflictTarget, DeleteStatement, FromClause, Hole, InsertStatement, LimitClause, Name, NameList, OrAction,
  OrderByClause, QualifiedName, ReturningClause, SetClause, UpdateStatement, UpsertClause, WhereClause, WithClause,
} from "../nodes.ts";
import type { Token } from "../token.ts";
import { type Cursor, isName, none } from "./cursor.ts";
import { expression } from "./expressions.ts";
import { fromClause, optionalIndexedBy } from "./from.ts";
import { asAlias, holesHere, name, nameList, optionalSpan, qualifiedName } from "./names.ts";
import {
  limitClause, optionalOrderBy, optionalWhere, orderingTerms, resultItems, selectStatement, startsSelect, takeClauseHoles,
} from "./select.ts";

const conflictActions: ReadonlyMap<string, ConflictAction> = new Map(
  (["ROLLBACK", "ABORT", "FAIL", "IGNORE", "REPLACE"] as const).map((action) => [action, action]),
);

/** parse.y's resolvetype. */
export function conflictAction(c: Cursor): ConflictAction | undefined {
  const action = conflictActions.get(c.token.symbol);
  if (action === undefined) c.fail();
  else c.advance();
  return action;
}

function optionalOr(c: Cursor): OrAction | undefined {
  if (!c.is("OR")) return undefined;
  const word = c.advance();
  if (c.token.kind === "hole") {
    const hole = c.hole();
    return { kind: "OrAction", span: c.spanFrom(word), action: undefined, hole };
  }
  const action = conflictAction(c);
  return { kind: "OrAction", span: c.spanFrom(word), action, hole: undefined };
}

/** parse.y's xfullname: an alias needs AS. */
function target(c: Cursor): { readonly table: QualifiedName; readonly alias: Alias | undefined } {
  const table = qualifiedName(c);
  return { table, alias: c.is("AS") ? asAlias(c) : undefined };
}

/** Inside a trigger there is no DEFAULT VALUES, and UPDATE and DELETE end with their WHERE. */
export type Place = "statement" | "trigger";

/** On INSERT, REPLACE, or a hole that INTO follows. */
export function insertStatement(c: Cursor, withPart: WithClause | undefined, place: Place = "statement"): InsertStatement {
  const word = c.advance();
  const verb = word.symbol === "INSERT" || word.symbol === "REPLACE" ? word.symbol : undefined;
  const holes: Hole[] = [];
  let or = verb === "INSERT" ? optionalOr(c) : undefined;
  if (or === undefined && c.token.kind === "hole") {
    const hole = c.hole();
    or = { kind: "OrAction", span: hole.span, action: undefined, hole };
  }
  const into = c.expect("INTO");
  const { table, alias } = target(c);
  const columns = c.is("(") ? nameList(c) : undefined;
  const source = withoutTail(insertSource(c, place), holes);
  takeClauseHoles(c, holes);
  const upserts: UpsertClause[] = [];
  if (source.kind !== "DefaultValues") {
    while (c.is("ON")) {
      upserts.push(upsertClause(c));
      takeClauseHoles(c, holes);
      if (upserts.at(-1)?.target === undefined && upserts.at(-1)?.holes.length === 0) break;
    }
  }
  const returning = optionalReturning(c);
  takeClauseHoles(c, holes);
  return {
    kind: "InsertStatement",
    span: c.spanFrom(withPart?.span ?? word),
    with: withPart,
    verb,
    verbSpan: c.spanOf(word),
    or,
    intoSpan: optionalSpan(c, into),
    table,
    alias,
    columns,
    source,
    upserts,
    returning,
    holes: holes.length === 0 ? none : holes,
    problem: undefined,
    rest: undefined,
  };
}

/** After VALUES no clause of a query may follow: holes there stand for the upsert or RETURNING. */
function withoutTail(source: InsertStatement["source"], holes: Hole[]): InsertStatement["source"] {
  if (source.kind !== "SelectStatement" || source.holes.length === 0) return source;
  const last = source.terms.at(-1);
  if (last?.kind !== "ValuesClause") return source;
  holes.push(...source.holes);
  return { ...source, span: { start: source.span.start, end: last.span.end }, holes: none };
}

function insertSource(c: Cursor, place: Place): InsertStatement["source"] {
  if (c.is("DEFAULT") && place === "statement") {
    const word = c.advance();
    c.expect("VALUES");
    return { kind: "DefaultValues", span: c.spanFrom(word) };
  }
  if (startsSelect(c, 0)) return selectStatement(c);
  return c.token.kind === "hole" ? c.hole() : c.fail();
}

/** On ON. */
export function upsertClause(c: Cursor): UpsertClause {
  const word = c.advance();
  c.expect("CONFLICT");
  const holes: Hole[] = [];
  const conflictTarget = c.is("(") ? conflictTargetClause(c) : undefined;
  holes.push(...holesHere(c));
  const doWord = c.expect("DO");
  let action: UpsertClause["action"];
  let set: SetClause | undefined;
  let where: WhereClause | undefined;
  let actionSpan: UpsertClause["actionSpan"];
  if (c.accept("NOTHING") !== undefined) {
    action = "NOTHING";
    if (doWord !== undefined) actionSpan = c.spanFrom(doWord);
  } else if (c.token.kind === "hole" && doWord !== undefined) {
    holes.push(c.hole());
  } else if (c.expect("UPDATE") !== undefined) {
    action = "UPDATE";
    if (doWord !== undefined) actionSpan = c.spanFrom(doWord);
    if (c.is("SET")) set = setClause(c);
    else c.fail();
    where = optionalWhere(c);
  }
  return { kind: "UpsertClause", span: c.spanFrom(word), target: conflictTarget, action, actionSpan, set, where, holes };
}

function conflictTargetClause(c: Cursor): ConflictTarget {
  const open = c.advance();
  c.enclosed++;
  const terms = orderingTerms(c);
  c.enclosed--;
  c.expect(")");
  const where = optionalWhere(c);
  return { kind: "ConflictTarget", span: c.spanFrom(open), terms, where };
}

/** RETURNING, if it is there. */
export function optionalReturning(c: Cursor): ReturningClause | undefined {
  if (!c.is("RETURNING")) return undefined;
  const word = c.advance();
  const columns = resultItems(c);
  return { kind: "ReturningClause", span: c.spanFrom(word), returningSpan: c.spanOf(word), columns };
}

/** On SET. */
export function setClause(c: Cursor): SetClause {
  const word = c.advance();
  const assignments: (Assignment | Hole)[] = [];
  do {
    assignments.push(c.token.kind === "hole" && c.peek().symbol !== "=" && c.peek().symbol !== "==" ? c.hole() : assignment(c));
    if (c.token.kind === "hole" && c.peek().symbol === ",") assignments.push(c.hole());
  } while (c.accept(",") !== undefined);
  return { kind: "SetClause", span: c.spanFrom(word), setSpan: c.spanOf(word), assignments };
}

function assignment(c: Cursor): Assignment {
  const assigned: Name | NameList = c.is("(") ? nameList(c) : name(c);
  const equals = c.accept("==") ?? c.expect("=");
  const value = equals === undefined ? c.fail() : expression(c);
  return { kind: "Assignment", span: c.spanFrom(assigned.span), target: assigned, operatorSpan: optionalSpan(c, equals), value };
}

/** What UPDATE and DELETE have after their table. */
interface Tail {
  readonly where: WhereClause | undefined;
  readonly returning: ReturningClause | undefined;
  readonly orderBy: OrderByClause | undefined;
  readonly limit: LimitClause | undefined;
}

function tail(c: Cursor, holes: Hole[], place: Place): Tail {
  takeClauseHoles(c, holes);
  const where = optionalWhere(c);
  takeClauseHoles(c, holes);
  if (place === "trigger") return { where, returning: undefined, orderBy: undefined, limit: undefined };
  const returning = optionalReturning(c);
  takeClauseHoles(c, holes);
  const order = optionalOrderBy(c);
  takeClauseHoles(c, holes);
  const limit = c.is("LIMIT") ? limitClause(c) : undefined;
  takeClauseHoles(c, holes);
  return { where, returning, orderBy: order, limit };
}

/** On UPDATE. */
export function updateStatement(c: Cursor, withPart: WithClause | undefined, place: Place = "statement"): UpdateStatement {
  const word: Token = c.advance();
  const holes: Hole[] = [];
  let or = optionalOr(c);
  if (or === undefined && c.token.kind === "hole" && isName(c.peek())) {
    const hole = c.hole();
    or = { kind: "OrAction", span: hole.span, action: undefined, hole };
  }
  const { table, alias } = target(c);
  const indexedBy = optionalIndexedBy(c);
  if (!c.is("SET")) takeClauseHoles(c, holes);
  const set = c.is("SET") ? setClause(c) : c.fail();
  takeClauseHoles(c, holes);
  const from: FromClause | undefined = c.is("FROM") ? fromClause(c) : undefined;
  const { where, returning, orderBy, limit } = tail(c, holes, place);
  return {
    kind: "UpdateStatement",
    span: c.spanFrom(withPart?.span ?? word),
    with: withPart,
    verbSpan: c.spanOf(word),
    or,
    table,
    alias,
    indexedBy,
    set,
    from,
    where,
    returning,
    orderBy,
    limit,
    holes: holes.length === 0 ? none : holes,
    problem: undefined,
    rest: undefined,
  };
}

/** On DELETE. */
export function deleteStatement(c: Cursor, withPart: WithClause | undefined, place: Place = "statement"): DeleteStatement {
  const word = c.advance();
  const holes: Hole[] = [];
  const from = c.expect("FROM");
  const { table, alias } = target(c);
  const indexedBy = optionalIndexedBy(c);
  const { where, returning, orderBy, limit } = tail(c, holes, place);
  return {
    kind: "DeleteStatement",
    span: c.spanFrom(withPart?.span ?? word),
    with: withPart,
    verbSpan: c.spanOf(word),
    fromSpan: optionalSpan(c, from),
    table,
    alias,
    indexedBy,
    where,
    returning,
    orderBy,
    limit,
    holes: holes.length === 0 ? none : holes,
    problem: undefined,
    rest: undefined,
  };
}
