/** CREATE of what is no table: virtual tables, indexes, views, triggers. */
import type {
  CreateIndexStatement, CreateTriggerStatement, CreateViewStatement, CreateVirtualTableStatement, ErrorNode, ModuleArgument, Name, OrderingTerm,
  Hole, Statement, TriggerEvent, TriggerWhen,
} from "../nodes.ts";
import type { Span } from "#core/text/span.ts";
import type { Token } from "../token.ts";
import { deleteStatement, insertStatement, updateStatement } from "./changes.ts";
import { createTable, ifNotExists } from "./create-table.ts";
import { type Cursor, none } from "./cursor.ts";
import { enclosed, expression } from "./expressions.ts";
import { columnNameList, name, optionalSpan, qualifiedName } from "./names.ts";
import { optionalWhere, orderingTerms, selectAfterWith, selectStatement, startsSelect, takeClauseHoles, withClause } from "./select.ts";

/** On CREATE. */
export function createStatement(c: Cursor): Statement {
  const create = c.advance();
  const temporary = c.accept("TEMP") ?? c.accept("TEMPORARY");
  switch (c.token.symbol) {
    case "TABLE": return createTable(c, create, temporary);
    case "VIEW": return createView(c, create, temporary);
    case "TRIGGER": return createTrigger(c, create, temporary);
    case "INDEX": case "UNIQUE":
      if (temporary === undefined) return createIndex(c, create);
      break;
    case "VIRTUAL":
      if (temporary === undefined) return createVirtualTable(c, create);
      break;
    default:
  }
  return { ...c.fail(), span: c.spanFrom(create) };
}

function createIndex(c: Cursor, create: Token): CreateIndexStatement {
  const unique = c.accept("UNIQUE");
  c.expect("INDEX");
  const ifNotExistsSpan = ifNotExists(c);
  const index = qualifiedName(c);
  c.expect("ON");
  const table = name(c);
  let terms: readonly OrderingTerm[] = none;
  let termsSpan: Span | undefined;
  if (c.is("(")) {
    const open = c.advance();
    terms = enclosed(c, orderingTerms);
    c.expect(")");
    termsSpan = c.spanFrom(open);
  } else if (c.token.kind !== "hole") c.fail();
  const holes: Hole[] = [];
  takeClauseHoles(c, holes);
  const where = optionalWhere(c);
  takeClauseHoles(c, holes);
  return {
    kind: "CreateIndexStatement",
    span: c.spanFrom(create),
    uniqueSpan: optionalSpan(c, unique),
    ifNotExistsSpan,
    name: index,
    table,
    terms,
    termsSpan,
    where,
    holes: holes.length === 0 ? none : holes,
    problem: undefined,
    rest: undefined,
  };
}

function createView(c: Cursor, create: Token, temporary: Token | undefined): CreateViewStatement {
  c.advance();
  const ifNotExistsSpan = ifNotExists(c);
  const view = qualifiedName(c);
  const columns = c.is("(") ? columnNameList(c) : undefined;
  const as = c.expect("AS");
  const select = startsSelect(c, 0) ? selectStatement(c) : c.token.kind === "hole" ? c.hole() : c.fail();
  return {
    kind: "CreateViewStatement",
    span: c.spanFrom(create),
    temporarySpan: optionalSpan(c, temporary),
    ifNotExistsSpan,
    name: view,
    columns,
    asSpan: optionalSpan(c, as),
    select,
    problem: undefined,
    rest: undefined,
  };
}

function createVirtualTable(c: Cursor, create: Token): CreateVirtualTableStatement {
  c.advance();
  c.expect("TABLE");
  const ifNotExistsSpan = ifNotExists(c);
  const table = qualifiedName(c);
  c.expect("USING");
  const module = name(c);
  let args: readonly ModuleArgument[] = none;
  let argumentsSpan: Span | undefined;
  if (c.is("(")) {
    const open = c.advance();
    args = moduleArguments(c);
    c.expect(")");
    argumentsSpan = c.spanFrom(open);
  }
  return {
    kind: "CreateVirtualTableStatement",
    span: c.spanFrom(create),
    ifNotExistsSpan,
    name: table,
    module,
    argumentsSpan,
    arguments: args,
    problem: undefined,
    rest: undefined,
  };
}

/** Any tokens up to the closing parenthesis, cut at the commas outside inner ones; an empty argument is left out. */
function moduleArguments(c: Cursor): ModuleArgument[] {
  const found: ModuleArgument[] = [];
  const { stop, closed } = closing(c);
  let depth = 0;
  let first: Token | undefined;
  let holes: Hole[] = [];
  const finish = (): void => {
    if (first === undefined) return;
    const span = c.spanFrom(first);
    found.push({ kind: "ModuleArgument", span, text: c.source.slice(span.start, span.end), holes: holes.length === 0 ? none : holes });
    first = undefined;
    holes = [];
  };
  while (c.position < stop && c.token.kind !== "illegal") {
    if (depth === 0 && c.is(",")) {
      finish();
      c.advance();
      continue;
    }
    if (c.is("(")) depth++;
    else if (c.is(")")) depth--;
    first ??= c.token;
    if (c.token.kind === "hole") holes.push(c.hole());
    else holes.push(...c.holesIn(c.advance()));
  }
  finish();
  if (!closed && c.token.kind !== "illegal") c.complain(c.spanOf(c.token), "incomplete input");
  return found;
}

/** Where the open parenthesis closes; without that, where the statement seems to end. SQLite lets `;` stand inside. */
function closing(c: Cursor): { readonly stop: number; readonly closed: boolean } {
  let depth = 0;
  let semicolon: number | undefined;
  for (let distance = 0; ; distance++) {
    const token = distance === 0 ? c.token : c.peek(distance);
    if (token.kind === "end") return { stop: semicolon ?? c.position + distance, closed: false };
    if (token.symbol === ";") semicolon ??= c.position + distance;
    else if (token.symbol === "(") depth++;
    else if (token.symbol === ")" && depth-- === 0) return { stop: c.position + distance, closed: true };
  }
}

function createTrigger(c: Cursor, create: Token, temporary: Token | undefined): CreateTriggerStatement {
  c.advance();
  const ifNotExistsSpan = ifNotExists(c);
  const trigger = qualifiedName(c);
  let timing: CreateTriggerStatement["timing"];
  let timingSpan: Span | undefined;
  const time = c.token;
  if (time.symbol === "BEFORE" || time.symbol === "AFTER") {
    timing = time.symbol;
    timingSpan = c.spanOf(c.advance());
  } else if (c.accept("INSTEAD") !== undefined) {
    c.expect("OF");
    timing = "INSTEAD OF";
    timingSpan = c.spanFrom(time);
  }
  const event = triggerEvent(c);
  c.expect("ON");
  const table = qualifiedName(c);
  const forWord = c.accept("FOR");
  if (forWord !== undefined) {
    c.expect("EACH");
    c.expect("ROW");
  }
  const forEachRowSpan = forWord === undefined ? undefined : c.spanFrom(forWord);
  const when = triggerWhen(c);
  const begin = c.expect("BEGIN");
  const body: Statement[] = [];
  if (begin !== undefined) {
    do {
      const before = c.position;
      body.push(triggerStep(c));
      if (c.expect(";") === undefined || c.position === before) break;
    } while (!c.is("END") && c.token.kind !== "end");
  }
  const end = c.expect("END");
  return {
    kind: "CreateTriggerStatement",
    span: c.spanFrom(create),
    temporarySpan: optionalSpan(c, temporary),
    ifNotExistsSpan,
    name: trigger,
    timing,
    timingSpan,
    event,
    table,
    forEachRowSpan,
    when,
    beginSpan: optionalSpan(c, begin),
    body,
    endSpan: optionalSpan(c, end),
    problem: undefined,
    rest: undefined,
  };
}

function triggerEvent(c: Cursor): TriggerEvent | ErrorNode {
  const word = c.token;
  const { symbol } = word;
  if (symbol !== "INSERT" && symbol !== "DELETE" && symbol !== "UPDATE") return c.fail();
  c.advance();
  const columns: Name[] = [];
  if (symbol === "UPDATE" && c.accept("OF") !== undefined) {
    do columns.push(name(c));
    while (c.accept(",") !== undefined);
  }
  return { kind: "TriggerEvent", span: c.spanFrom(word), event: symbol, columns };
}

function triggerWhen(c: Cursor): TriggerWhen | undefined {
  if (!c.is("WHEN")) return undefined;
  const word = c.advance();
  const condition = expression(c);
  return { kind: "TriggerWhen", span: c.spanFrom(word), condition };
}

/** One statement of a trigger's body: fewer forms than outside (https://www.sqlite.org/lang_createtrigger.html). */
function triggerStep(c: Cursor): Statement {
  const first = c.token;
  switch (first.symbol) {
    case "INSERT": case "REPLACE": return insertStatement(c, undefined, "trigger");
    case "UPDATE": case "DELETE": {
      const step = first.symbol === "UPDATE" ? updateStatement(c, undefined, "trigger") : deleteStatement(c, undefined, "trigger");
      const { indexedBy } = step;
      if (indexedBy !== undefined) {
        const form = indexedBy.index === undefined ? "NOT INDEXED" : "INDEXED BY";
        c.complain(indexedBy.span, `the ${form} clause is not allowed on UPDATE or DELETE statements within triggers`);
      }
      return step;
    }
    case "WITH": return selectAfterWith(c, withClause(c), first);
    default:
      if (startsSelect(c, 0)) return selectStatement(c);
      return first.kind === "hole" ? { kind: "Fragment", span: c.spanOf(first), parts: [c.hole()], problem: undefined, rest: undefined } : c.fail();
  }
}
