import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { PostgresFailure, type PostgresSession } from "../postgres/session.ts";
import { ownBackend, type Backend } from "./backend.ts";
import { defaultRetryFor } from "./keep-trying.ts";
import type { MigrateOptions } from "./migrate-options.ts";
import { openSessions } from "./open-sessions.ts";
import { lockedBy, lockHolder, tryRunLock } from "./run-lock.ts";
import type { RunLog } from "./run-log.ts";
import { runSession } from "./run-session.ts";

/** What sessions of a run are called in pg_stat_activity, before the process and the machine they come from. */
const applicationName = "cutover migrate";

/** How long a server may be silent before it is asked what it does, in milliseconds. */
const defaultPatience = 20_000;

/** How long a session that has ended may take to let go of the lock, and how often the lock is asked for, in milliseconds. */
const afterEnd = 3000;
const askAgain = 250;

/**
 * With these the server notices by itself within half a minute that its client is gone: also while it works, and also when the client's machine went
 * without a word. Not every server has each of them.
 * @see https://www.postgresql.org/docs/current/runtime-config-connection.html#RUNTIME-CONFIG-CONNECTION-TCP
 */
const noticing = { client_connection_check_interval: "2000", tcp_keepalives_idle: "10", tcp_keepalives_interval: "5", tcp_keepalives_count: "3", tcp_user_timeout: "30000" };

/** The sessions of a run. When the run is to stop, the server stops what they do. */
export interface Connections {
  /** The first one; with it the lock ends. */
  readonly main: () => PostgresSession;
  readonly all: () => readonly PostgresSession[];
  /** Opens sessions until there are `count`, or as many as the server has room for, which is told. @throws CutoverError */
  readonly grow: (count: number) => Promise<readonly PostgresSession[]>;
  /**
   * Keeps other runs off the target until the main session ends, and ends the sessions that the server still keeps of runs that are over:
   * whoever has the lock is alone.
   * @param patient whether another run is waited for that seems to be over, as when its machine went without a word.
   * @throws CutoverError target-busy
   */
  readonly lock: (patient: boolean) => Promise<void>;
  /** Closes what is open and opens the first session again, with the lock if there was one. @throws CutoverError */
  readonly reopen: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** The sessions of a run; none is open before `reopen`. */
export function makeConnections({ target, signal, patience = defaultPatience, retryFor = defaultRetryFor }: MigrateOptions, log: RunLog): Connections {
  let sessions: readonly PostgresSession[] = [];
  let former: Backend[] = [];
  let isLocked = false;
  let unlock = (): Promise<void> => Promise.resolve();

  const onBlocked = (pids: string): void => {
    log.warn(log.current(), `waiting for what the server's process ${pids} holds`);
  };
  const connect = async (): Promise<PostgresSession> => {
    signal?.throwIfAborted();
    const raw = await target.connect();
    const session = target.kind === "embedded" ? raw : await prepared(raw);
    sessions = [...sessions, session];
    return session;
  };
  const prepared = async (raw: PostgresSession): Promise<PostgresSession> => {
    try {
      // Rows and their line in the journal are lost together or not at all; the last commit of a phase is waited for.
      await raw.set({ synchronous_commit: "off", maintenance_work_mem: "256MB" });
      // A pooler's processes serve others, too: what they notice and how they are called is not ours to say, nor is their end.
      if (raw.pooled) return runSession(raw, { target, backend: undefined, signal, patience, onBlocked });
      for (const [name, value] of Object.entries(noticing)) {
        await raw.set({ [name]: value }).catch((cause: unknown) => {
          if (!(cause instanceof PostgresFailure)) throw cause;
        });
      }
      if (isLocked) await sign(raw);
      const backend = await ownBackend(raw);
      former.push(backend);
      return runSession(raw, { target, backend, signal, patience, onBlocked });
    } catch (cause) {
      await raw.close();
      throw cause;
    }
  };
  /** Only who has the lock signs: what is signed and not ours is over. */
  const sign = async (session: PostgresSession): Promise<void> => {
    if (!session.pooled) await session.set({ application_name: `${applicationName} ${process.pid} ${hostname()}`.slice(0, 63) });
  };
  const main = (): PostgresSession => {
    const [first] = sessions;
    if (first === undefined) throw new Error("no session is open");
    return first;
  };
  const closeAll = async (): Promise<void> => {
    const open = sessions;
    const give = unlock;
    sessions = [];
    unlock = () => Promise.resolve();
    await Promise.all([give(), ...open.map((session) => session.close())]);
  };

  /** Ends processes of the server that work for sessions which are no more, and waits until they have gone. */
  const endBackends = async (condition: string, parameters: readonly string[]): Promise<number> => {
    const own = `datname = current_database() AND usename = current_user AND pid <> pg_backend_pid() AND ${condition}`;
    const { rows } = await main().query(`SELECT pid, pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${own}`, parameters);
    const until = performance.now() + afterEnd;
    for (let left = rows.length; left > 0 && performance.now() < until; ) {
      await sleep(askAgain / 5);
      left = Number((await main().query(`SELECT count(*) FROM pg_stat_activity WHERE ${own}`, parameters)).rows[0]?.[0]);
    }
    return rows.length;
  };
  const takeLock = async (patience: number): Promise<void> => {
    const until = performance.now() + patience;
    let isTold = false;
    for (;;) {
      const taken = await tryRunLock(main(), () => target.connect());
      if (taken !== undefined) {
        unlock = taken;
        return;
      }
      const holder = await lockHolder(main());
      if (performance.now() >= until) throw lockedBy(main().name, holder);
      if (!isTold) log.warn(log.current(), `waiting for another run to let go of this database: ${holder.text}`);
      isTold = true;
      await sleep(askAgain, undefined, signal === undefined ? {} : { signal });
    }
  };

  return {
    main,
    all: () => sessions,
    grow: async (count) => {
      if (sessions.length < count) {
        sessions = await openSessions({ open: sessions, connect, jobs: count, least: target.minSessions, warn: (message) => { log.warn(log.current(), message); } });
      }
      return sessions;
    },
    lock: async (patient) => {
      if (target.kind === "embedded") return;
      await takeLock(patient ? Math.max(retryFor * 1000, afterEnd) : 0);
      isLocked = true;
      await sign(main());
      if (main().pooled) return;
      const ended = await endBackends("application_name LIKE $1", [`${applicationName} %`]);
      if (ended > 0) log.warn(log.current(), `${ended} ${ended === 1 ? "session" : "sessions"} of an earlier run, which the server still kept, ${ended === 1 ? "was" : "were"} ended`);
    },
    reopen: async () => {
      await closeAll();
      const lost = former;
      former = [];
      try {
        await connect();
        // The server may not know yet that these sessions are no more; what they hold would stand in our way.
        if (target.kind === "server" && !main().pooled) for (const { pid, started } of lost) await endBackends("pid = $1::int AND backend_start = $2::timestamptz", [pid, started]);
      } catch (cause) {
        former.push(...lost);
        throw cause;
      }
      if (!isLocked) return;
      await takeLock(afterEnd);
      await sign(main());
    },
    close: closeAll,
  };
}
