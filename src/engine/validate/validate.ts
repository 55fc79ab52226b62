import { setImmediate as nextTurn } from "node:timers/promises";
import { CutoverError } from "#core/cutover-error.ts";
import { compareCatalogs } from "#core/schema/compare-catalogs.ts";
import { foldName } from "#core/schema/decision.ts";
import type { Plan } from "#core/schema/plan.ts";
import type { ProgressDetail } from "#protocol/progress.ts";
import { checksumHex } from "../checksum/checksum-hex.ts";
import { makeLineReader } from "../checksum/line-reader.ts";
import { readChecksum, targetChecksum } from "../checksum/target-checksum.ts";
import { copiedTable, type CopiedTable } from "../migrate/copied-table.ts";
import { copyOutOptions } from "../migrate/copy-format.ts";
import { selectTables, type Selection } from "../migrate/selection.ts";
import { tableReader, type TableReader } from "../migrate/table-reader.ts";
import { targetProblem } from "../migrate/target-problem.ts";
import { introspectPostgres } from "../postgres/introspect.ts";
import { PostgresFailure, type PostgresSession, type PostgresTarget } from "../postgres/session.ts";
import { openSource, sourceProblem, type Source } from "../sqlite/open-source.ts";
import { sqliteIdentifier } from "../sqlite/rows.ts";
import { mendedRows, type MendedLine, type MendedRow } from "./mended-rows.ts";
import { compareCells } from "./compare-cells.ts";
import { missingObjects } from "./missing-objects.ts";
import { wholeLines } from "./row-lines.ts";

/** How closely both sides are looked at: rows counted; every value summed; every value compared. */
export type ValidationLevel = "counts" | "checksums" | "cells";

export interface ValidateOptions {
  readonly from: string;
  readonly target: PostgresTarget;
  readonly plan: Plan;
  readonly level: ValidationLevel;
  /** Source tables to look at, all when absent. */
  readonly tables?: readonly string[];
  /** Differences that are listed at most, for each table; all are counted. 100 when absent. */
  readonly mostDifferences?: number;
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: ProgressDetail & { readonly version: 1 }) => void;
}

/** One thing that is not the same on both sides. */
export type Difference =
  | { readonly kind: "missing-table"; readonly table: string }
  | { readonly kind: "rows"; readonly table: string; readonly source: number; readonly target: number; readonly quarantined: number }
  | { readonly kind: "checksum"; readonly table: string; readonly source: string; readonly target: string }
  /** A row that the target would not take, and that is not kept aside either. */
  | { readonly kind: "refused-row"; readonly table: string; readonly key: string; readonly column: string | undefined; readonly reason: string }
  | { readonly kind: "cell"; readonly table: string; readonly key: string; readonly column: string; readonly source: string | null; readonly target: string | null }
  | { readonly kind: "missing-row" | "extra-row"; readonly table: string; readonly key: string }
  | { readonly kind: "missing-object"; readonly table: string | undefined; readonly object: string; readonly name: string }
  /** It is there, but not as the plan has it: another type, NULL allowed, another action. */
  | { readonly kind: "different-object"; readonly table: string | undefined; readonly object: string; readonly name: string; readonly problem: string };

export interface ValidatedTable {
  readonly table: string;
  readonly sourceRows: number;
  readonly targetRows: number;
  /** Rows kept aside in the target's `cutover.quarantine`. */
  readonly quarantined: number;
  /** Rows that were kept aside and went in with values that a person has given: these are what the target is compared with. */
  readonly mended: readonly MendedRow[];
  /** 16 hexadecimal digits; undefined at the level `counts`. Rows kept aside are left out. */
  readonly sourceChecksum: string | undefined;
  readonly targetChecksum: string | undefined;
  readonly equal: boolean;
}

export interface ValidationReport {
  readonly version: 1;
  readonly level: ValidationLevel;
  readonly from: string;
  readonly to: string;
  readonly tables: readonly ValidatedTable[];
  readonly differences: readonly Difference[];
  /** No difference at all. */
  readonly equal: boolean;
  readonly seconds: number;
}

/**
 * Compares a source with a target: rows, values and objects. Reads only, the source in one transaction.
 * @throws CutoverError; the signal's reason when aborted.
 */
export async function validate(options: ValidateOptions): Promise<ValidationReport> {
  const started = performance.now();
  const { plan, level, signal } = options;
  const emit = (event: ProgressDetail): void => options.onEvent?.({ version: 1, ...event });
  signal?.throwIfAborted();
  const selection = selectTables(plan, options.tables);
  const source = await openSource(options.from);
  let session: PostgresSession | undefined;
  const cancel = (): void => void session?.cancel().catch(() => undefined);
  signal?.addEventListener("abort", cancel);
  try {
    session = await options.target.connect();
    source.db.exec("BEGIN");
    emit({ kind: "phase-start", phase: "verify" });
    const tables: ValidatedTable[] = [];
    const differences: Difference[] = [];
    for (const table of selection.tables) {
      signal?.throwIfAborted();
      const found = await validateTable(source, session, copiedTable(plan, table), options);
      tables.push(found.table);
      differences.push(...found.differences);
      emit({ kind: "table", phase: "verify", table: table.name, rows: found.table.targetRows, totalRows: found.table.sourceRows, bytes: 0, quarantined: found.table.quarantined, done: true });
    }
    differences.push(...(await objectDifferences(session, plan, selection)));
    const seconds = (performance.now() - started) / 1000;
    emit({ kind: "phase-end", phase: "verify", seconds });
    emit({ kind: "done", seconds });
    return { version: 1, level, from: options.from, to: options.target.name, tables, differences, equal: differences.length === 0, seconds };
  } catch (cause) {
    if (signal?.aborted === true) throw signal.reason;
    const error = targetProblem(cause, options.target.name, "be read");
    if (error instanceof CutoverError) throw error;
    throw cause instanceof Error && "code" in cause && typeof cause.code === "string" && cause.code.startsWith("SQLITE_") ? sourceProblem(options.from, cause) : error;
  } finally {
    signal?.removeEventListener("abort", cancel);
    if (source.db.inTransaction) source.db.exec("ROLLBACK");
    source.close();
    await session?.close();
  }
}

async function objectDifferences(session: PostgresSession, plan: Plan, selection: Selection): Promise<Difference[]> {
  const missing = await missingObjects(session, plan, selection);
  const selected = new Set(selection.tables.map((table) => foldName(table.name)));
  const different = compareCatalogs(plan, await introspectPostgres(session, plan.schema)).filter((each) => !each.missing && selected.has(foldName(each.table ?? each.name)));
  return [
    ...missing.map((object): Difference => ({ kind: "missing-object", table: object.table, object: object.kind, name: object.name })),
    ...different.map(({ table, kind, name, problem }): Difference => ({ kind: "different-object", table, object: kind, name, problem })),
  ];
}

async function validateTable(source: Source, session: PostgresSession, table: CopiedTable, options: ValidateOptions): Promise<{ table: ValidatedTable; differences: Difference[] }> {
  const differences: Difference[] = [];
  const sourceRows = Number(source.db.prepare<[], [bigint]>(`SELECT count(*) FROM ${sqliteIdentifier(table.name)}`).raw().get()?.[0] ?? 0n);
  let targetRows: number;
  try {
    targetRows = Number((await session.query(`SELECT count(*) FROM ${table.target}`)).rows[0]?.[0]);
  } catch (cause) {
    if (!(cause instanceof PostgresFailure && cause.problem.code === "42P01")) throw cause;
    return {
      table: { table: table.name, sourceRows, targetRows: 0, quarantined: 0, mended: [], sourceChecksum: undefined, targetChecksum: undefined, equal: false },
      differences: [{ kind: "missing-table", table: table.name }],
    };
  }
  const aside = await keysKeptAside(session, table.name);
  const quarantined = aside.count;
  const mended = await mendedRows(session, source, table);
  if (sourceRows !== targetRows + quarantined) differences.push({ kind: "rows", table: table.name, source: sourceRows, target: targetRows, quarantined });
  let sourceHex: string | undefined;
  let targetHex: string | undefined;
  if (options.level !== "counts") {
    const reader = tableReader(source.db, table);
    sourceHex = checksumHex(await sourceSum(table, reader, aside.keys, mended, (row) => differences.push({ kind: "refused-row", table: table.name, ...row }), options.signal));
    targetHex = await targetHexOf(session, table);
    if (sourceHex !== targetHex) {
      differences.push({ kind: "checksum", table: table.name, source: sourceHex, target: targetHex });
    }
    if (options.level === "cells") {
      const most = options.mostDifferences ?? 100;
      differences.push(...(await compareCells(table, Math.max(sourceRows, targetRows), () => sourceLines(reader, aside.keys, mended, () => undefined, options.signal), () => targetLines(session, table, options.signal), most)));
    }
  }
  return {
    table: { table: table.name, sourceRows, targetRows, quarantined, mended: [...mended].map(([key, { columns }]) => ({ key, columns })), sourceChecksum: sourceHex, targetChecksum: targetHex, equal: differences.length === 0 },
    differences,
  };
}

/** The target's checksum; what the server says where its columns have other types than the plan's, of which it cannot make one. */
async function targetHexOf(session: PostgresSession, table: CopiedTable): Promise<string> {
  try {
    return checksumHex(readChecksum((await session.query(`SELECT ${targetChecksum(table.columns, "t")} FROM ${table.target} t`)).rows[0]?.[0]));
  } catch (cause) {
    if (!(cause instanceof PostgresFailure && /^(22|42)/.test(cause.problem.code))) throw cause;
    return cause.problem.message;
  }
}

/** The keys of the rows of a table that the last run kept aside. */
async function keysKeptAside(session: PostgresSession, table: string): Promise<{ readonly count: number; readonly keys: ReadonlySet<string> }> {
  if ((await session.query("SELECT to_regclass('cutover.quarantine')")).rows[0]?.[0] === null) return { count: 0, keys: new Set() };
  const { rows } = await session.query("SELECT source_key FROM cutover.quarantine WHERE table_name = $1", [table]);
  return { count: rows.length, keys: new Set(rows.map(([key]) => key ?? "")) };
}

type OnRefused = (row: { readonly key: string; readonly column: string | undefined; readonly reason: string }) => void;

/** The checksum of the source's rows without those kept aside, read as the copy reads them; rows that no line can be made of are told. */
async function sourceSum(table: CopiedTable, reader: TableReader, aside: ReadonlySet<string>, mended: ReadonlyMap<string, MendedLine>, onRefused: OnRefused, signal: AbortSignal | undefined): Promise<bigint> {
  let sum = 0n;
  if (aside.size + mended.size === 0) {
    for (const chunk of reader.chunks(undefined, undefined)) {
      for (const { key, column, reason } of chunk.bad) onRefused({ key, column, reason });
      sum += chunk.checksum;
      signal?.throwIfAborted();
      await nextTurn();
    }
  } else {
    const lineReader = makeLineReader(table.columns);
    for await (const lines of sourceLines(reader, aside, mended, onRefused, signal)) {
      lineReader.read(lines);
      sum += lineReader.sum;
    }
  }
  return BigInt.asUintN(64, sum);
}

/**
 * The source's rows as whole lines, without those kept aside; rows that no line can be made of are told. They are read value by value, where the
 * copy reads many rows by one expression, so that a mistake of the one is seen by the other.
 */
async function* sourceLines(reader: TableReader, aside: ReadonlySet<string>, mended: ReadonlyMap<string, MendedLine>, onRefused: OnRefused, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
  let lines: string[] = [];
  for (const row of reader.rows(undefined, undefined)) {
    if (aside.has(row.key)) continue;
    const line = mended.get(row.key)?.line ?? ("line" in row ? row.line : undefined);
    if (line !== undefined) lines.push(line);
    else if (!("line" in row)) onRefused(row);
    if (lines.length < 1000) continue;
    yield Buffer.from(lines.join(""), "utf8");
    lines = [];
    signal?.throwIfAborted();
    await nextTurn();
  }
  yield Buffer.from(lines.join(""), "utf8");
}

/** The target's rows as whole lines, printed as the copy wrote them. */
async function* targetLines(session: PostgresSession, table: CopiedTable, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
  const sql = `COPY ${table.copiedOut} TO STDOUT ${copyOutOptions(table.columns.map(({ target, type }) => ({ name: target, type })))}`;
  for await (const lines of wholeLines(session.copyOut(sql))) {
    signal?.throwIfAborted();
    yield lines;
  }
}
