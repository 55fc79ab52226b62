import { setTimeout as sleep } from "node:timers/promises";
import type { PostgresSession, PostgresTarget } from "../postgres/session.ts";
import { lookAtBackend, type Backend } from "./backend.ts";
import { isLost } from "./lost-connection.ts";

/** How long a server may take to stop what a session does before the session is cut, in milliseconds, and how often it is told to. */
const grace = 10_000;
const cancelAgain = 500;

/** How often in a row the server may not be there when it is asked what a silent session does. */
const unanswered = 3;

export interface RunSessionOptions {
  readonly target: PostgresTarget;
  /** Undefined where a pooler gives each transaction another one. */
  readonly backend: Backend | undefined;
  readonly signal: AbortSignal | undefined;
  /** Milliseconds of silence after which the server is asked what the session does. */
  readonly patience: number;
  /** Told when the session waits for what other processes of the server hold. */
  readonly onBlocked: (pids: string) => void;
}

/**
 * A server's session as a run needs it.
 *
 * - Once the run is to stop, no statement but ROLLBACK begins any more, and the one that runs is stopped on the server, by force if need be.
 * - A connection that was cut without a word is noticed: when the server has been silent for too long, another connection asks what its process
 *   does. When it is gone, or waits for us as we wait for it, the session counts as lost; a process that works is waited for.
 */
export function runSession(raw: PostgresSession, { target, backend, signal, patience, onBlocked }: RunSessionOptions): PostgresSession {
  /** Since when an answer is waited for; undefined while it is our turn. */
  let since: number | undefined;
  let running = 0;
  let isAsking = false;
  let failures = 0;
  let told = "";

  const isWorking = async (asked: number): Promise<boolean> => {
    if (backend === undefined) return true;
    const before = await lookAtBackend(target, backend);
    if (before === undefined) return false;
    if (before.blockedBy !== "" && before.blockedBy !== told) onBlocked((told = before.blockedBy));
    if (!before.waitsForClient) return true;
    // It may have answered meanwhile, or have read on: nothing is lost as long as anything moves.
    await sleep(patience / 2);
    if (since !== asked) return true;
    const now = await lookAtBackend(target, backend);
    return now !== undefined && (!now.waitsForClient || now.mark !== before.mark);
  };
  const ask = async (asked: number): Promise<void> => {
    isAsking = true;
    try {
      const working = await isWorking(asked);
      failures = 0;
      if (!working && since === asked) await raw.close();
    } catch (cause) {
      if (isLost(cause) && ++failures >= unanswered && since === asked) await raw.close();
    } finally {
      isAsking = false;
    }
  };
  const watch = setInterval(() => {
    if (since === undefined || isAsking || performance.now() - since < patience) return;
    void ask(since);
  }, patience / 4);
  watch.unref();

  const stop = (): void => {
    const begun = performance.now();
    const again = (): void => {
      if (running === 0) return;
      if (performance.now() - begun > grace) void raw.close();
      else {
        raw.cancel().catch(() => undefined);
        setTimeout(again, cancelAgain).unref();
      }
    };
    again();
  };
  signal?.addEventListener("abort", stop);

  const during = async <T>(work: () => Promise<T>, isEnd = false): Promise<T> => {
    if (!isEnd) signal?.throwIfAborted();
    running++;
    since = performance.now();
    try {
      return await work();
    } finally {
      running--;
      since = running === 0 ? undefined : performance.now();
    }
  };
  /** While the next chunk is made, nobody waits for the server. */
  async function* inTurns(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    since = undefined;
    for await (const chunk of chunks) {
      since = performance.now();
      yield chunk;
      since = undefined;
    }
    since = performance.now();
  }

  return {
    ...raw,
    query: (sql, parameters) => during(() => raw.query(sql, parameters), sql === "ROLLBACK"),
    set: (settings) => during(() => raw.set(settings)),
    script: (sql) => during(() => raw.script(sql)),
    describe: (sql) => during(() => raw.describe(sql)),
    copyIn: (sql, chunks, options) => during(() => raw.copyIn(sql, inTurns(chunks), options)),
    close: async () => {
      clearInterval(watch);
      signal?.removeEventListener("abort", stop);
      await raw.close();
    },
  };
}
