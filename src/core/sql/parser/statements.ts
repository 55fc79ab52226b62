/** Which statement starts here, the short ones themselves, and what happens when one goes wrong. */
import type {
  BeginStatement, CommitStatement, DropStatement, ErrorNode, ExplainStatement, Expression, Identifier, PragmaStatement, QualifiedName,
  RollbackStatement, Statement, VacuumStatement,
} from "../nodes.ts";
import type { Span } from "#core/text/span.ts";
import type { Token } from "../token.ts";
import { alterStatement } from "./alter.ts";
import { deleteStatement, insertStatement, updateStatement } from "./changes.ts";
import { createStatement } from "./create.ts";
import { type Cursor, isName } from "./cursor.ts";
import { expression } from "./expressions.ts";
import { fragmentFrom } from "./fragment.ts";
import { identifier, name, optionalSpan, qualifiedName } from "./names.ts";
import { selectAfterWith, selectStatement, withClause } from "./select.ts";
import { signedNumber } from "./types.ts";

const sound = { problem: undefined, rest: undefined } as const;

/** Every statement up to the end of the text. */
export function statements(c: Cursor): Statement[] {
  const found: Statement[] = [];
  for (;;) {
    while (c.accept(";") !== undefined) continue;
    if (c.token.kind === "end") return found;
    found.push(wholeStatement(c));
  }
}

/** One statement and, if it is not sound, what is left of it: up to its `;`, or to the END of a trigger. */
export function wholeStatement(c: Cursor): Statement {
  const first = c.token;
  const started = c.position;
  c.enclosed = 0;
  const parsed = statement(c);
  if (!c.is(";") && c.token.kind !== "end") c.fail();
  const problem = c.takeProblem();
  if (problem === undefined) return parsed;
  const rest = skipRest(c, first, started, problem.message);
  const span = { start: first.start, end: Math.max(c.last.end, first.start) };
  if (parsed.kind === "ErrorNode") return { kind: "ErrorNode", span, message: problem.message };
  return { ...parsed, span, problem, rest };
}

/** Steps to the end of a broken statement. */
function skipRest(c: Cursor, first: Token, started: number, message: string): ErrorNode | undefined {
  const from = c.token;
  const before = c.position;
  const end = startsTrigger(c, first) ? triggerEnd(c, started) : undefined;
  while (c.token.kind !== "end" && (end === undefined ? !c.is(";") : c.position < end)) c.advance();
  return c.position === before ? undefined : { kind: "ErrorNode", span: c.spanFrom(from), message };
}

/** Whether a statement is a CREATE TRIGGER, in whose body a `;` ends nothing (sqlite3_complete's rule). */
function startsTrigger(c: Cursor, first: Token): boolean {
  const text = c.source.slice(first.start, Math.min(c.source.length, first.start + 200));
  return /^(?:EXPLAIN\s+(?:QUERY\s+PLAN\s+)?)?CREATE\s+(?:TEMP(?:ORARY)?\s+)?TRIGGER\b/i.test(text);
}

/** How far the text goes up to `; END`, counted in tokens; undefined if it never comes. */
function triggerEnd(c: Cursor, started: number): number | undefined {
  if (c.last.symbol === "END" && c.position > started) return c.position;
  for (let distance = 0; ; distance++) {
    const token = distance === 0 ? c.token : c.peek(distance);
    if (token.kind === "end") return undefined;
    const before = distance === 0 ? c.last : distance === 1 ? c.token : c.peek(distance - 1);
    const after = c.peek(distance + 1);
    if (before.symbol === ";" && token.symbol === "END" && (after.symbol === ";" || after.kind === "end")) return c.position + distance + 1;
  }
}

/** parse.y's cmd, by its first word. */
export function statement(c: Cursor): Statement {
  const first = c.token;
  switch (first.symbol) {
    case "SELECT": case "VALUES": return selectStatement(c);
    case "WITH": return afterWith(c);
    case "INSERT": case "REPLACE": return insertStatement(c, undefined);
    case "UPDATE": return updateStatement(c, undefined);
    case "DELETE": return deleteStatement(c, undefined);
    case "CREATE": return createStatement(c);
    case "ALTER": return alterStatement(c);
    case "DROP": return dropStatement(c);
    case "PRAGMA": return pragmaStatement(c);
    case "BEGIN": return beginStatement(c);
    case "COMMIT": case "END": return commitStatement(c, first.symbol);
    case "ROLLBACK": return rollbackStatement(c);
    case "SAVEPOINT": {
      c.advance();
      const savepoint = name(c);
      return { kind: "SavepointStatement", span: c.spanFrom(first), name: savepoint, ...sound };
    }
    case "RELEASE": {
      c.advance();
      c.accept("SAVEPOINT");
      const savepoint = name(c);
      return { kind: "ReleaseStatement", span: c.spanFrom(first), name: savepoint, ...sound };
    }
    case "ATTACH": {
      c.advance();
      c.accept("DATABASE");
      const file = expression(c);
      const schema = c.expect("AS") === undefined ? c.fail() : expression(c);
      const key = c.accept("KEY") === undefined ? undefined : expression(c);
      return { kind: "AttachStatement", span: c.spanFrom(first), file, name: schema, key, ...sound };
    }
    case "DETACH": {
      c.advance();
      c.accept("DATABASE");
      const schema = expression(c);
      return { kind: "DetachStatement", span: c.spanFrom(first), name: schema, ...sound };
    }
    case "VACUUM": return vacuumStatement(c);
    case "ANALYZE": {
      c.advance();
      const analyzed = optionalQualifiedName(c);
      return { kind: "AnalyzeStatement", span: c.spanFrom(first), name: analyzed, ...sound };
    }
    case "REINDEX": {
      c.advance();
      const reindexed = optionalQualifiedName(c);
      return { kind: "ReindexStatement", span: c.spanFrom(first), name: reindexed, ...sound };
    }
    case "EXPLAIN": return explainStatement(c);
    default:
  }
  if (first.kind !== "hole") return c.fail();
  return c.peek().symbol === "INTO" ? insertStatement(c, undefined) : fragmentFrom(c);
}

function afterWith(c: Cursor): Statement {
  const first = c.token;
  const withPart = withClause(c);
  switch (c.token.symbol) {
    case "INSERT": case "REPLACE": return insertStatement(c, withPart);
    case "UPDATE": return updateStatement(c, withPart);
    case "DELETE": return deleteStatement(c, withPart);
    default: return selectAfterWith(c, withPart, first);
  }
}

function optionalQualifiedName(c: Cursor): QualifiedName | undefined {
  return isName(c.token) ? qualifiedName(c) : undefined;
}

function dropStatement(c: Cursor): Statement {
  const word = c.advance();
  const object = c.token.symbol;
  if (object !== "TABLE" && object !== "VIEW" && object !== "INDEX" && object !== "TRIGGER") return c.fail();
  c.advance();
  const ifWord = c.accept("IF");
  if (ifWord !== undefined) c.expect("EXISTS");
  const ifExistsSpan = ifWord === undefined ? undefined : c.spanFrom(ifWord);
  const dropped = qualifiedName(c);
  return { kind: "DropStatement", span: c.spanFrom(word), object, ifExistsSpan, name: dropped, ...sound } satisfies DropStatement;
}

function pragmaStatement(c: Cursor): PragmaStatement {
  const word = c.advance();
  const pragma = qualifiedName(c);
  let form: PragmaStatement["form"];
  let value: PragmaStatement["value"];
  if (c.accept("=") !== undefined || c.accept("==") !== undefined) {
    form = "=";
    value = pragmaValue(c);
  } else if (c.accept("(") !== undefined) {
    form = "()";
    value = pragmaValue(c);
    c.expect(")");
  }
  return { kind: "PragmaStatement", span: c.spanFrom(word), name: pragma, form, value, ...sound };
}

/** parse.y's nmnum and minus_num. */
function pragmaValue(c: Cursor): Expression | Identifier {
  if (c.token.kind === "hole") return c.hole();
  if (c.is("ON") || c.is("DELETE") || c.is("DEFAULT") || isName(c.token)) return identifier(c);
  return signedNumber(c);
}

function transactionName(c: Cursor): { readonly transactionSpan: Span | undefined; readonly name: BeginStatement["name"] } {
  const word = c.accept("TRANSACTION");
  return { transactionSpan: optionalSpan(c, word), name: word !== undefined && isName(c.token) ? name(c) : undefined };
}

function beginStatement(c: Cursor): BeginStatement {
  const word = c.advance();
  const { symbol } = c.token;
  const mode = symbol === "DEFERRED" || symbol === "IMMEDIATE" || symbol === "EXCLUSIVE" ? symbol : undefined;
  const modeWord = mode === undefined ? undefined : c.advance();
  const transaction = transactionName(c);
  return { kind: "BeginStatement", span: c.spanFrom(word), mode, modeSpan: optionalSpan(c, modeWord), ...transaction, ...sound };
}

function commitStatement(c: Cursor, verb: CommitStatement["verb"]): CommitStatement {
  const word = c.advance();
  const transaction = transactionName(c);
  return { kind: "CommitStatement", span: c.spanFrom(word), verb, ...transaction, ...sound };
}

function rollbackStatement(c: Cursor): RollbackStatement {
  const word = c.advance();
  const transaction = transactionName(c);
  let savepoint: RollbackStatement["savepoint"];
  if (c.accept("TO") !== undefined) {
    c.accept("SAVEPOINT");
    savepoint = name(c);
  }
  return { kind: "RollbackStatement", span: c.spanFrom(word), ...transaction, savepoint, ...sound };
}

function vacuumStatement(c: Cursor): VacuumStatement {
  const word = c.advance();
  const schema = isName(c.token) ? name(c) : undefined;
  const into = c.accept("INTO") === undefined ? undefined : expression(c);
  return { kind: "VacuumStatement", span: c.spanFrom(word), schema, into, ...sound };
}

function explainStatement(c: Cursor): ExplainStatement {
  const word = c.advance();
  const query = c.accept("QUERY");
  if (query !== undefined) c.expect("PLAN");
  const explainSpan = c.spanFrom(word);
  const explained = c.is("EXPLAIN") ? c.fail() : statement(c);
  return { kind: "ExplainStatement", span: c.spanFrom(word), explainSpan, queryPlan: query !== undefined, statement: explained, ...sound };
}
