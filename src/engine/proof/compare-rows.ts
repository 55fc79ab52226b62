import type { RowDifference } from "#core/rules/verdict.ts";
import { nodesOfKind } from "#core/sql/walk.ts";
import type { SelectStatement } from "#core/sql/nodes.ts";
import { PostgresFailure, type PostgresSession } from "#engine/postgres/session.ts";
import type { Source } from "#engine/sqlite/open-source.ts";
import { canonicalForms, canonicalJson, canonicalNumber } from "#engine/validate/canonical-value.ts";

/** Rows beyond which two results are not compared. */
const mostRows = 10_000;

/** What running a query on both engines showed. */
export type Comparison =
  | { readonly result: "same"; readonly rows: number }
  | { readonly result: "different"; readonly difference: RowDifference }
  | { readonly result: "skipped"; readonly reason: string };

/** Both engines' forms of one query without parameters, and where each is run. */
export interface QueryPair {
  readonly source: Source;
  readonly original: string;
  /** The parsed original. */
  readonly statement: SelectStatement;
  readonly session: PostgresSession;
  readonly translated: string;
}

/**
 * Runs a query on both engines and compares the rows, each value in its canonical form. Rows of a query without ORDER BY are
 * compared as a bag. Whoever calls makes sure that both sides hold the same data.
 */
export async function compareRows({ source, original, statement, session, translated }: QueryPair): Promise<Comparison> {
  const passing = whatChanges(statement);
  if (passing !== undefined) return { result: "skipped", reason: `its rows depend on ${passing}` };
  let sqlite: unknown[][];
  try {
    sqlite = readSqlite(source, original);
  } catch (problem) {
    if (!(problem instanceof Error)) throw problem;
    return { result: "skipped", reason: `SQLite does not run it here: ${problem.message}` };
  }
  if (sqlite.length > mostRows) return { result: "skipped", reason: `it gives more than ${mostRows} rows` };
  let rows: readonly (readonly (string | null)[])[];
  let types: readonly number[];
  try {
    types = (await session.describe(translated)).columns.map((column) => column.typeOid);
    rows = (await session.query(translated)).rows;
  } catch (problem) {
    if (!(problem instanceof PostgresFailure)) throw problem;
    return { result: "different", difference: { kind: "failure", message: `SQLite gives ${sqlite.length} rows, PostgreSQL an error: ${problem.message}` } };
  }
  const left = sqlite.map((row) => JSON.stringify(row.map((value, i) => fromSqlite(value, types[i] ?? 0))));
  const right = rows.map((row) => JSON.stringify(row.map((value, i) => fromPostgres(value, types[i] ?? 0))));
  if (left.length === right.length && left.every((row, i) => row === right[i])) return { result: "same", rows: left.length };
  const [a, b] = [left.toSorted(), right.toSorted()];
  const at = a.findIndex((row, i) => row !== b[i]);
  if (a.length === b.length && at < 0) {
    return statement.orderBy === undefined ? { result: "same", rows: left.length } : { result: "different", difference: { kind: "order", message: "both give the same rows, in another order" } };
  }
  const onlyLeft = a.find((row) => !b.includes(row));
  const onlyRight = b.find((row) => !a.includes(row));
  return {
    result: "different",
    difference: { kind: "rows", message: `SQLite gives ${a.length} rows, PostgreSQL ${b.length}${onlyLeft === undefined ? "" : `; only SQLite has ${shown(onlyLeft)}`}${onlyRight === undefined ? "" : `; only PostgreSQL has ${shown(onlyRight)}`}` },
  };
}

function shown(row: string): string {
  return row.length > 200 ? `${row.slice(0, 200)}…` : row;
}

function readSqlite(source: Source, sql: string): unknown[][] {
  const rows: unknown[][] = [];
  for (const row of source.db.prepare<[], unknown[]>(sql).raw().iterate()) {
    rows.push(row);
    if (rows.length > mostRows) break;
  }
  return rows;
}

const changing = new Set(["random", "randomblob", "changes", "total_changes", "last_insert_rowid", "sqlite_version", "sqlite_source_id"]);
const clock = new Set(["datetime", "date", "time", "julianday", "unixepoch", "strftime", "timediff"]);

/** What gives another value each time it is run. */
function whatChanges(statement: SelectStatement): string | undefined {
  if (nodesOfKind(statement, "CurrentTimeLiteral").length > 0) return "the time";
  for (const call of nodesOfKind(statement, "FunctionCall")) {
    const name = call.name.kind === "Identifier" ? call.name.value.toLowerCase() : "";
    if (changing.has(name)) return `${name}()`;
    const moment = call.arguments[name === "strftime" ? 1 : 0];
    if (clock.has(name) && (moment === undefined || (moment.kind === "StringLiteral" && moment.value.toLowerCase() === "now"))) return "the time";
  }
  return undefined;
}

/** Type OIDs of pg_type.dat that are the same in every PostgreSQL. */
const oid = { bool: 16, bytea: 17, int8: 20, int2: 21, int4: 23, json: 114, float4: 700, float8: 701, date: 1082, timestamp: 1114, timestamptz: 1184, numeric: 1700, uuid: 2950, jsonb: 3802 } as const;

/** One form for each value, so that equal forms mean equal values: a tag for the storage class and the text. */
function fromSqlite(value: unknown, type: number): string | null {
  if (value === null) return null;
  if (typeof value === "bigint") return `n:${canonicalNumber(value.toString())}`;
  if (typeof value === "number") return `n:${canonicalNumber(String(value))}`;
  if (value instanceof Uint8Array) return `b:${Buffer.from(value).toString("hex")}`;
  if (typeof value === "string") return `t:${textOf(value, type)}`;
  return `?:${typeof value}`;
}

function fromPostgres(value: string | null, type: number): string | null {
  if (value === null) return null;
  switch (type) {
    case oid.bool:
      return value === "t" ? "n:1e0" : "n:0";
    case oid.int2:
    case oid.int4:
    case oid.int8:
    case oid.numeric:
      return `n:${canonicalNumber(value)}`;
    case oid.float4:
    case oid.float8:
      return `n:${canonicalNumber(String(Number(value.replace(/^(-?)inf.*/i, "$1Infinity"))))}`;
    case oid.bytea:
      return `b:${value.slice(2).toLowerCase()}`;
    default:
      return `t:${textOf(value, type)}`;
  }
}

function textOf(value: string, type: number): string {
  switch (type) {
    case oid.json:
    case oid.jsonb:
      return canonicalJson(value);
    case oid.timestamp:
      return canonicalForms.timestamp?.(value) ?? value;
    case oid.timestamptz:
      return instant(value);
    case oid.uuid:
      return value.toLowerCase();
    default:
      return value;
  }
}

/** A moment with a zone as seconds since 1970 and its fraction; another text stays as it is. */
function instant(text: string): string {
  const parts = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.(\d+?)0*)?(Z|[+-]\d\d)(?::?(\d\d))?$/.exec(text);
  if (parts === null) return text;
  const [, day = "", time = "", fraction = "", zone = "", minutes = "00"] = parts;
  return `${Date.parse(`${day}T${time}${zone === "Z" ? "Z" : `${zone}:${minutes}`}`) / 1000}.${fraction}`;
}
