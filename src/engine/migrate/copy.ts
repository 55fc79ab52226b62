import { CutoverError } from "#core/cutover-error.ts";
import { makeLineReader } from "../checksum/line-reader.ts";
import type { PostgresFailure, PostgresSession } from "../postgres/session.ts";
import { openSource, type Source } from "../sqlite/open-source.ts";
import { sqliteIdentifier } from "../sqlite/rows.ts";
import { badRowsError, countBadRow, type BadRow, type BadRowKind, type BadRowPolicy } from "./bad-row.ts";
import type { ChunkSource } from "./chunk-source.ts";
import type { CopiedTable } from "./copied-table.ts";
import { findBadRows } from "./find-bad-rows.ts";
import { advancePart, claimPart, quarantine, type JournaledPart } from "./journal.ts";
import { startedOver } from "./journaled-run.ts";
import { partRows, type PartRows } from "./part-rows.ts";
import { tableReader, type Chunk, type ReadRow } from "./table-reader.ts";
import { isRefusedRow } from "./target-problem.ts";

/** Bytes of COPY that go into one transaction together with their line in the journal: what a broken run has to send again at most, for each job. */
const transactionBytes = 32 << 20;
/** Bytes of quarantined rows that end a transaction early; they wait in memory for the end of the COPY. */
const quarantineBytes = 8 << 20;

/** Rows from which a table is worth cutting into parts for several jobs. */
const rowsWorthCutting = 200_000;

export interface CopyContext {
  /** The file to read: the backup. */
  readonly path: string;
  /** Opens it for a job. */
  readonly open: () => ChunkSource | Promise<ChunkSource>;
  /** One for each job. */
  readonly sessions: readonly PostgresSession[];
  readonly run: string;
  readonly tables: ReadonlyMap<string, CopiedTable>;
  readonly badRows: BadRowPolicy;
  readonly signal: AbortSignal | undefined;
  /** Called after every commit. */
  readonly onCommit: (part: JournaledPart) => void;
}

/**
 * Cuts a table into parts for `jobs` sessions: by rowid, at rows that exist. A table without a rowid that can be named is one part.
 */
export function planParts(source: Source, table: CopiedTable, rows: number, jobs: number): Pick<JournaledPart, "table" | "part" | "from" | "to">[] {
  const whole = [{ table: table.name, part: 0, from: undefined, to: undefined }];
  const { rowid } = table;
  if (rowid === undefined || jobs === 1 || rows < rowsWorthCutting) return whole;
  const count = jobs * 2;
  const name = sqliteIdentifier(table.name);
  const [first, last] = source.db.prepare<[], [bigint, bigint]>(`SELECT min(${rowid}), max(${rowid}) FROM ${name}`).raw().get() ?? [];
  if (first === undefined || last === undefined) return whole;
  const at = source.db.prepare<[bigint], [bigint]>(`SELECT ${rowid} FROM ${name} WHERE ${rowid} >= ? ORDER BY ${rowid} LIMIT 1`).raw();
  const starts = new Set<bigint>([first]);
  for (let i = 1; i < count; i++) starts.add(at.get(first + ((last - first) * BigInt(i)) / BigInt(count))?.[0] ?? first);
  const sorted = [...starts].sort((a, b) => (a < b ? -1 : 1));
  return sorted.map((from, part) => {
    const next = sorted[part + 1];
    return { table: table.name, part, from, to: next === undefined ? last : next - 1n };
  });
}

/** Thrown inside of the copy when rows are found that must not be lost, to stop all jobs. */
class BadRowsFound extends Error {
  readonly kinds: readonly BadRowKind[];
  constructor(kinds: readonly BadRowKind[]) {
    super("bad rows");
    this.kinds = kinds;
  }
}

/**
 * Copies the parts that are not done, each job the next one in the given order. Rows and their line in the journal are committed together.
 * @throws CutoverError bad-rows with every kind there is, under the policy `fail`; the signal's reason; PostgresFailure.
 */
export async function copyParts(context: CopyContext, parts: readonly JournaledPart[]): Promise<void> {
  const queue = parts.filter((part) => !part.done);
  const stop = new AbortController();
  const failures: Error[] = [];
  const job = async (session: PostgresSession): Promise<void> => {
    const source = await context.open();
    try {
      for (let part = queue.shift(); part !== undefined && !stop.signal.aborted; part = queue.shift()) {
        const table = context.tables.get(part.table);
        if (table === undefined) throw new CutoverError({ tag: "internal", what: "The journal speaks of a table that the plan lacks", where: part.table, next: "Start over with --drop." });
        await copyPart(context, session, table, source, part, stop.signal);
      }
    } catch (cause) {
      failures.push(cause instanceof Error ? cause : new Error(String(cause)));
      stop.abort();
    } finally {
      source.close();
    }
  };
  await Promise.all(context.sessions.map(job));
  if (failures.length === 0) return;
  context.signal?.throwIfAborted();
  const found = failures.filter((failure) => failure instanceof BadRowsFound);
  // Another failure than bad rows says more about why it ended.
  const other = failures.find((failure) => !(failure instanceof BadRowsFound));
  if (other !== undefined) throw other;
  throw badRowsError(await allKinds(context, parts, found.flatMap((failure) => failure.kinds)));
}

/** Reads everything once more, without a target, so that a person gets the whole list and not the first line of it. */
async function allKinds(context: CopyContext, parts: readonly JournaledPart[], refused: readonly BadRowKind[]): Promise<BadRowKind[]> {
  const source = await openSource(context.path);
  try {
    const kinds = await findBadRows(source, [...new Set(parts.map((part) => part.table))].flatMap((name) => context.tables.get(name) ?? []), context.signal);
    // What only the server could see is known from the rows that were sent.
    const isKnown = (kind: BadRowKind): boolean => kinds.some(({ table, column, reason }) => table === kind.table && column === kind.column && reason === kind.reason);
    return [...kinds, ...refused.filter((kind) => !isKnown(kind))];
  } finally {
    source.close();
  }
}

async function copyPart(context: CopyContext, session: PostgresSession, table: CopiedTable, source: ChunkSource, given: JournaledPart, stop: AbortSignal): Promise<void> {
  const rows = partRows(source, table, given.to);
  try {
    let part = given;
    while (!part.done) {
      context.signal?.throwIfAborted();
      if (stop.aborted) return;
      part = await copyTransaction(context, session, table, rows, part);
      context.onCommit(part);
    }
  } finally {
    await rows.end();
  }
}

/** Begins a transaction that alone speaks of a part, and gives the part as the journal has it. */
async function claim(context: CopyContext, session: PostgresSession, part: JournaledPart): Promise<JournaledPart> {
  await session.query("BEGIN");
  const claimed = await claimPart(session, context.run, part);
  if (claimed !== undefined) return claimed;
  await rollBack(session);
  throw startedOver(session.name);
}

/** Sends one transaction's worth of a part, and gives the part as the journal then has it. */
async function copyTransaction(context: CopyContext, session: PostgresSession, table: CopiedTable, rows: PartRows, given: JournaledPart): Promise<JournaledPart> {
  const part = await claim(context, session, given);
  if (part.done) {
    await rollBack(session);
    return part;
  }
  const taken = { rows: 0, bytes: 0, lastKey: undefined as bigint | undefined, ended: true, checksum: 0n };
  const bad: BadRow[] = [];
  let badBytes = 0;
  const take = (chunk: Chunk): void => {
    taken.rows += chunk.rows;
    taken.bytes += chunk.bytes.length;
    taken.checksum += chunk.checksum;
    taken.lastKey = chunk.lastKey ?? taken.lastKey;
    for (const row of chunk.bad) {
      bad.push(row);
      badBytes += row.row.length;
    }
    if (bad.length > 0 && context.badRows === "fail") throw new BadRowsFound(kindsOf(bad));
  };
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (let chunk = await rows.next(); chunk !== undefined; chunk = await rows.next()) {
      context.signal?.throwIfAborted();
      take(chunk);
      if (chunk.bytes.length > 0) yield chunk.bytes;
      // Where there is no key to go on from, the table is one transaction.
      if (chunk.lastKey !== undefined && (taken.bytes >= transactionBytes || badBytes >= quarantineBytes)) {
        taken.ended = part.to !== undefined && chunk.lastKey >= part.to;
        return;
      }
    }
  }
  try {
    await rows.begin(part.next);
    const accepted = await session.copyIn(table.copySql, chunks(), { wholeRows: true });
    if (accepted !== taken.rows) throw new CutoverError({ tag: "internal", what: `${taken.rows} rows were sent, the target took ${accepted}`, where: table.name, next: "Report this; nothing of it was kept." });
    return await commit(context, session, part, taken, bad);
  } catch (cause) {
    await rollBack(session);
    // A server that stopped in the middle of the rows has read up to some row that was sent: look at these one by one.
    if (isRefusedRow(cause)) return await copyCarefully(context, session, table, part, taken.lastKey);
    throw cause;
  }
}

interface Taken {
  readonly rows: number;
  readonly bytes: number;
  readonly lastKey: bigint | undefined;
  readonly ended: boolean;
  readonly checksum: bigint;
}

async function commit(context: CopyContext, session: PostgresSession, part: JournaledPart, taken: Taken, bad: readonly BadRow[]): Promise<JournaledPart> {
  await quarantine(session, context.run, bad);
  const next: JournaledPart = {
    ...part,
    next: taken.ended || taken.lastKey === undefined ? part.next : taken.lastKey + 1n,
    rows: part.rows + taken.rows,
    bytes: part.bytes + taken.bytes,
    quarantined: part.quarantined + bad.length,
    checksum: BigInt.asUintN(64, part.checksum + taken.checksum),
    done: taken.ended,
  };
  await advancePart(session, context.run, next);
  await session.query("COMMIT");
  return next;
}

/** Rows that are sent together while one among them is looked for. */
const carefulRows = 500;

/**
 * Sends the rows after one of them was refused: in small COPYs under savepoints, halved until the refused ones stand alone.
 * @param last the last rowid to send; without one everything up to the part's end goes.
 */
async function copyCarefully(context: CopyContext, session: PostgresSession, table: CopiedTable, part: JournaledPart, last: bigint | undefined): Promise<JournaledPart> {
  const taken = { rows: 0, bytes: 0, lastKey: last, ended: last === undefined || (part.to !== undefined && last >= part.to), checksum: 0n };
  const lineReader = makeLineReader(table.columns);
  const bad: BadRow[] = [];
  const refuse = (row: BadRow): void => {
    bad.push(row);
    if (context.badRows === "fail") throw new BadRowsFound(kindsOf(bad));
  };
  const send = async (rows: readonly ReadRow[]): Promise<void> => {
    if (rows.length === 0) return;
    const bytes = Buffer.from(rows.map((row) => row.line).join(""), "utf8");
    await session.query("SAVEPOINT rows");
    try {
      await session.copyIn(table.copySql, [bytes], { wholeRows: true });
      await session.query("RELEASE rows");
      taken.rows += rows.length;
      taken.bytes += bytes.length;
      lineReader.read(bytes);
      taken.checksum += lineReader.sum;
    } catch (cause) {
      if (!isRefusedRow(cause)) throw cause;
      await session.query("ROLLBACK TO rows");
      const [row] = rows;
      if (rows.length === 1 && row !== undefined) {
        refuse({ table: table.name, key: row.key, column: cause.problem.column, storageClass: undefined, reason: refusalText(cause), row: row.json });
      } else {
        await send(rows.slice(0, rows.length >> 1));
        await send(rows.slice(rows.length >> 1));
      }
    }
  };
  const source = await openSource(context.path);
  try {
    // Between the two transactions nobody else had reason to speak of the part.
    await claim(context, session, part);
    let waiting: ReadRow[] = [];
    for (const row of tableReader(source.db, table).rows(part.next, last ?? part.to)) {
      context.signal?.throwIfAborted();
      if (!("line" in row)) {
        refuse(row);
        continue;
      }
      waiting.push(row);
      if (waiting.length < carefulRows) continue;
      const full = waiting;
      waiting = [];
      await send(full);
    }
    await send(waiting);
    return await commit(context, session, part, taken, bad);
  } catch (cause) {
    await rollBack(session);
    throw cause;
  } finally {
    source.close();
  }
}

/** What the server said of a row, without the parts that name its place among others. */
function refusalText({ problem }: PostgresFailure): string {
  return `PostgreSQL refuses it: ${problem.message} (${problem.code})`;
}

function kindsOf(rows: readonly BadRow[]): BadRowKind[] {
  const kinds = new Map<string, BadRowKind>();
  for (const row of rows) countBadRow(kinds, row);
  return [...kinds.values()];
}

/** Ends a transaction that failed; when the connection is gone, the server has ended it already. */
async function rollBack(session: PostgresSession): Promise<void> {
  try {
    await session.query("ROLLBACK");
  } catch (cause) {
    if (!(cause instanceof CutoverError)) throw cause;
  }
}
