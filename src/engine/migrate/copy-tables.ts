import { availableParallelism } from "node:os";
import { copyParts } from "./copy.ts";
import { readParts, type JournaledPart } from "./journal.ts";
import { readHere } from "./read-here.ts";
import { readInThread } from "./read-in-thread.ts";
import type { Work } from "./work.ts";

/** Bytes of a database from which reading it on threads of its own is worth their start; with two processors the server's work leaves none for them. */
const worthThreads = 16 << 20;
const fewProcessors = 2;

/** How often the whole copy's progress is told, in milliseconds. */
const totalInterval = 200;

/**
 * Copies what the journal says is not copied yet, and tells how far it is.
 * @param onCommit called after every commit with the number of its rows.
 * @throws CutoverError; PostgresFailure
 */
export async function copyTables({ options, log, connections, run, backup, tables, rows }: Work, onCommit: (rows: number) => void): Promise<void> {
  const sessions = connections.all();
  const threads = options.threads ?? (backup.bytes >= worthThreads && availableParallelism() > fewProcessors);
  const parts = await readParts(connections.main(), run);
  const state = new Map(parts.map((part) => [partKey(part), part]));
  const totalRows = [...rows.values()].reduce((sum, count) => sum + count, 0);
  const resumedBytes = sum(parts, "bytes");
  const resumedRows = sum(parts, "rows") + sum(parts, "quarantined");
  const started = performance.now();
  let told = -totalInterval;
  // The largest first, so that no job is left alone with it at the end; parts of one table stay in their order.
  const ordered = [...parts].sort((a, b) => (rows.get(b.table) ?? 0) - (rows.get(a.table) ?? 0) || a.part - b.part);
  const tell = (part: JournaledPart): void => {
    const own = [...state.values()].filter(({ table }) => table === part.table);
    log.emit({ kind: "table", phase: "copy", table: part.table, rows: sum(own, "rows"), totalRows: rows.get(part.table), bytes: sum(own, "bytes"), quarantined: sum(own, "quarantined"), done: own.every(({ done }) => done) });
    const now = performance.now();
    const all = [...state.values()];
    const moved = sum(all, "rows") + sum(all, "quarantined");
    if (now - told < totalInterval && moved < totalRows) return;
    told = now;
    const seconds = Math.max((now - started) / 1000, 0.001);
    const rowsPerSecond = (moved - resumedRows) / seconds;
    log.emit({
      kind: "total",
      rows: moved,
      totalRows,
      bytes: sum(all, "bytes"),
      rowsPerSecond,
      bytesPerSecond: (sum(all, "bytes") - resumedBytes) / seconds,
      secondsRemaining: rowsPerSecond > 0 ? (totalRows - moved) / rowsPerSecond : undefined,
    });
  };
  await copyParts(
    {
      path: backup.path,
      open: () => (threads ? readInThread(backup.path) : readHere(backup.path)),
      sessions,
      run,
      tables,
      badRows: options.badRows ?? "fail",
      signal: options.signal,
      onCommit: (part) => {
        const before = state.get(partKey(part));
        state.set(partKey(part), part);
        onCommit(part.rows + part.quarantined - (before === undefined ? 0 : before.rows + before.quarantined));
        log.advance();
        tell(part);
      },
    },
    ordered,
  );
}

function partKey({ table, part }: JournaledPart): string {
  return `${table}\0${part}`;
}

function sum(parts: readonly JournaledPart[], field: "rows" | "bytes" | "quarantined"): number {
  return parts.reduce((total, part) => total + part[field], 0);
}
