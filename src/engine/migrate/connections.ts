import type { PostgresSession } from "../postgres/session.ts";
import type { MigrateOptions } from "./migrate-options.ts";
import { openSessions } from "./open-sessions.ts";
import { takeRunLock } from "./run-lock.ts";

/** The sessions of a run. When the run is to stop, the server stops what they do. */
export interface Connections {
  /** The first one; it holds the lock. */
  readonly main: () => PostgresSession;
  readonly all: () => readonly PostgresSession[];
  /** Opens sessions until there are `count`, or as many as the server has room for, which `warn` is told. @throws CutoverError */
  readonly grow: (count: number, warn: (message: string) => void) => Promise<readonly PostgresSession[]>;
  /** Keeps other runs off the target until the main session ends. @throws CutoverError target-busy */
  readonly lock: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Opens the first session. @throws CutoverError */
export async function openConnections({ target, signal }: Pick<MigrateOptions, "target" | "signal">): Promise<Connections> {
  let sessions: readonly PostgresSession[] = [];
  let unlock = (): Promise<void> => Promise.resolve();
  const connect = async (): Promise<PostgresSession> => {
    const session = await target.connect();
    sessions = [...sessions, session];
    if (target.kind === "server") {
      // Rows and their line in the journal are lost together or not at all; the last commit is waited for.
      await session.set({ synchronous_commit: "off", maintenance_work_mem: "256MB" });
    }
    return session;
  };
  const onAbort = (): void => {
    for (const session of sessions) session.cancel().catch(() => undefined);
  };
  const close = async (): Promise<void> => {
    signal?.removeEventListener("abort", onAbort);
    await unlock().catch(() => undefined); // it ends with its session anyway
    await Promise.all(sessions.map((session) => session.close()));
  };
  let main: PostgresSession;
  try {
    main = await connect();
  } catch (cause) {
    await close();
    throw cause;
  }
  signal?.addEventListener("abort", onAbort);
  return {
    main: () => main,
    all: () => sessions,
    grow: async (count, warn) => {
      if (sessions.length < count) sessions = await openSessions({ open: sessions, connect, jobs: count, least: target.minSessions, warn });
      return sessions;
    },
    lock: async () => {
      if (target.kind === "server") unlock = await takeRunLock(main, () => target.connect());
    },
    close,
  };
}
