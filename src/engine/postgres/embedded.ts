import type { PGlite } from "@electric-sql/pglite";
import { mkdir } from "node:fs/promises";
import { CutoverError } from "#core/cutover-error.ts";
import { lockFolder } from "./embedded-lock.ts";
import { makeMutex } from "./mutex.ts";
import { PostgresFailure, type Description, type PostgresSession, type PostgresTarget, type QueryResult, type TextRow } from "./session.ts";
import { sessionSettings, settingsScript } from "./session-settings.ts";
import {
  bindMessage,
  copyDataMessage,
  copyDoneMessage,
  describePortalMessage,
  describeStatementMessage,
  executeMessage,
  messageReader,
  parseMessage,
  queryMessage,
  readDataRow,
  readParameterDescription,
  readProblem,
  readRowCount,
  readRowDescription,
  syncMessage,
  type BackendMessage,
} from "./wire.ts";

/** Bytes of rows that go to the embedded server in one COPY; it takes an answer's input as a whole, and memory follows this. */
const copyBytes = 4 << 20;

/**
 * The embedded PostgreSQL with its data in a folder, made when there is none. One process at a time; all connections are one session,
 * which ends with the target's `close()`.
 * @param folder an absolute path.
 * @param shown the path as the user knows it.
 */
export function embeddedTarget(folder: string, shown: string): PostgresTarget {
  const name = `embedded:${shown}`;
  let opening: Promise<{ readonly session: PostgresSession; readonly end: () => Promise<void> }> | undefined;
  return {
    name,
    kind: "embedded",
    maxSessions: 1,
    minSessions: 1,
    connect: async () => {
      opening ??= open(folder, name);
      try {
        return (await opening).session;
      } catch (cause) {
        opening = undefined;
        throw cause;
      }
    },
    close: async () => {
      const opened = opening;
      opening = undefined;
      await (await opened?.catch(() => undefined))?.end();
    },
  };
}

async function open(folder: string, name: string): Promise<{ session: PostgresSession; end: () => Promise<void> }> {
  const unlock = await lockFolder(folder, name);
  let database: PGlite | undefined;
  try {
    await mkdir(folder, { recursive: true });
    const { PGlite } = await import("@electric-sql/pglite");
    database = await PGlite.create({ dataDir: folder });
    const session = await makeSession(database, name);
    const opened = database;
    return {
      session,
      end: async () => {
        try {
          await opened.close();
        } finally {
          unlock();
        }
      },
    };
  } catch (cause) {
    await database?.close().catch(() => undefined);
    unlock();
    if (cause instanceof CutoverError) throw cause;
    throw new CutoverError({
      tag: "target-unreachable",
      what: "The embedded database does not start",
      where: name,
      why: cause instanceof Error ? cause.message : String(cause),
      next: "Check that the folder can be written and is empty or was made by this version; --to embedded:DIR takes another one.",
      cause,
    });
  }
}

async function makeSession(database: PGlite, name: string): Promise<PostgresSession> {
  const mutex = makeMutex();
  /** The transaction's state as the last ReadyForQuery gave it: I idle, T in one, E in a failed one. */
  let state = "I";

  /** Sends messages that end with a Sync or are one simple query, and hands out the answers. @throws PostgresFailure */
  const exchange = async (message: Uint8Array, onMessage: (message: BackendMessage) => void): Promise<void> => {
    let failure: PostgresFailure | undefined;
    const read = messageReader((answer) => {
      if (answer.type === "E") {
        failure ??= new PostgresFailure(readProblem(answer.body));
      } else if (answer.type === "Z") {
        state = String.fromCharCode(answer.body[0] ?? 0x49);
      } else if (failure === undefined) {
        onMessage(answer);
      }
    });
    try {
      await database.execProtocolRawStream(message, { onRawData: read });
    } catch (cause) {
      throw new CutoverError({
        tag: "target-failed",
        what: "The embedded database has stopped",
        where: name,
        why: cause instanceof Error ? cause.message : String(cause),
        next: "Run this again; what was committed is kept.",
        cause,
      });
    }
    if (failure !== undefined) throw failure;
  };

  const collect = async (message: Uint8Array): Promise<QueryResult> => {
    let columns: string[] = [];
    let rows: TextRow[] = [];
    let rowCount = 0;
    await exchange(message, ({ type, body }) => {
      if (type === "T") {
        columns = readRowDescription(body).map((column) => column.name);
        rows = [];
      } else if (type === "D") {
        rows.push(readDataRow(body));
      } else if (type === "C") {
        rowCount = readRowCount(body);
      }
    });
    return { columns, rows, rowCount };
  };
  const run = (sql: string): Promise<QueryResult> => collect(queryMessage(sql));

  const query = async (sql: string, parameters: readonly (string | null)[] = []): Promise<QueryResult> =>
    parameters.length === 0 ? await run(sql) : await collect(Buffer.concat([parseMessage(sql), bindMessage(parameters), describePortalMessage(), executeMessage(), syncMessage()]));

  const describe = async (sql: string): Promise<Description> => {
    let parameters: number[] = [];
    let columns: Description["columns"] = [];
    await exchange(Buffer.concat([parseMessage(sql), describeStatementMessage(), syncMessage()]), ({ type, body }) => {
      if (type === "t") parameters = readParameterDescription(body);
      if (type === "T") columns = readRowDescription(body);
    });
    return { parameters, columns };
  };

  const copyIn = async (sql: string, chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, wholeRows = false): Promise<number> => {
    // Several COPYs stand for one, so they need a transaction around them to succeed or fail as one.
    const own = state === "I";
    if (own) await run("BEGIN");
    try {
      let rows = 0;
      for await (const parts of wholeRows ? gatherWhole(chunks) : gatherRows(chunks, isCut(sql))) {
        await exchange(Buffer.concat([queryMessage(sql), copyDataMessage(parts), copyDoneMessage()]), ({ type, body }) => {
          if (type === "C") rows += readRowCount(body);
        });
      }
      if (own) await run("COMMIT");
      return rows;
    } catch (cause) {
      // PostgreSQL fails the whole transaction when a COPY fails; so must a failure of the caller's chunks between two of them.
      if (own) await run("ROLLBACK");
      else if (state === "T") await run("DO 'BEGIN RAISE; END'").catch(() => undefined);
      throw cause;
    }
  };

  async function* copyOut(sql: string): AsyncGenerator<Uint8Array> {
    const unlock = await mutex.lock();
    // The server runs in this thread: it cannot be made to wait, so its output waits here.
    const output: Uint8Array[] = [];
    try {
      let pending: Buffer[] = [];
      let size = 0;
      const flush = (): void => {
        if (size > 0) output.push(Buffer.concat(pending));
        pending = [];
        size = 0;
      };
      await exchange(queryMessage(sql), ({ type, body }) => {
        if (type !== "d") return;
        // The body lies in memory that the next message writes over.
        pending.push(Buffer.from(body));
        size += body.length;
        if (size >= 1 << 18) flush();
      });
      flush();
    } finally {
      unlock();
    }
    yield* output;
  }

  const number = await run("SELECT current_setting('server_version_num')");
  const version = Math.trunc(Number(number.rows[0]?.[0]) / 10_000);
  await run(settingsScript(sessionSettings(version, { statement: 0, lock: 0 })));
  return {
    name,
    version,
    pooled: false,
    query: (sql, parameters) => mutex.run(() => query(sql, parameters)),
    script: (sql) =>
      mutex.run(async () => {
        await run(sql);
      }),
    set: (settings) =>
      mutex.run(async () => {
        await run(settingsScript(new Map(Object.entries(settings))));
      }),
    describe: (sql) => mutex.run(() => describe(sql)),
    copyIn: (sql, chunks, options) => mutex.run(() => copyIn(sql, chunks, options?.wholeRows)),
    copyOut,
    // Nothing can be running while this thread runs this.
    cancel: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}

/** Whether a COPY's data may be cut between rows: text format, where a row's end is a line feed that no backslash stands before. */
function isCut(sql: string): boolean {
  return !/\b(binary|csv|header)\b/i.test(sql);
}

/** Gathers chunks to about {@link copyBytes}, each gathering ending where a row ends; at least one, maybe empty. */
async function* gatherRows(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, mayCut: boolean): AsyncGenerator<readonly Uint8Array[]> {
  let parts: Uint8Array[] = [];
  let size = 0;
  let given = false;
  for await (const chunk of chunks) {
    // A producer may use its buffer again.
    const end = mayCut && size + chunk.length >= copyBytes ? lastRowEnd(chunk) : -1;
    if (end < 0) {
      parts.push(Buffer.from(chunk));
      size += chunk.length;
      continue;
    }
    parts.push(chunk.subarray(0, end));
    yield parts;
    given = true;
    const rest = Buffer.from(chunk.subarray(end));
    parts = rest.length > 0 ? [rest] : [];
    size = rest.length;
  }
  if (size > 0 || !given) yield parts;
}

/** Gathers chunks of whole rows to about {@link copyBytes}; at least one gathering, maybe empty. */
async function* gatherWhole(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<readonly Uint8Array[]> {
  let parts: Uint8Array[] = [];
  let size = 0;
  let given = false;
  for await (const chunk of chunks) {
    parts.push(chunk);
    size += chunk.length;
    if (size < copyBytes) continue;
    yield parts;
    given = true;
    parts = [];
    size = 0;
  }
  if (size > 0 || !given) yield parts;
}

/** The offset behind the last line feed of a chunk that ends a row, -1 for none. */
function lastRowEnd(chunk: Uint8Array): number {
  for (let at = chunk.lastIndexOf(0x0a); at >= 0; at = chunk.lastIndexOf(0x0a, at - 1)) {
    let backslashes = 0;
    while (at - 1 - backslashes >= 0 && chunk[at - 1 - backslashes] === 0x5c) backslashes++;
    // When backslashes reach the chunk's start, those of the chunk before would count too: look for another end.
    if (backslashes % 2 === 0 && at - backslashes > 0) return at + 1;
    if (at === 0) return -1;
  }
  return -1;
}
