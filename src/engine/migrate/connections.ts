import { CutoverError } from "#core/cutover-error.ts";
import type { PostgresSession } from "../postgres/session.ts";
import type { MigrateOptions } from "./migrate-options.ts";

/** The key of the advisory lock that keeps two runs off one target: "cutover" in ASCII. */
const lockKey = "27995196183506290";

/** The sessions of a run. When the run is to stop, the server stops what they do. */
export interface Connections {
  /** The first one; it holds the lock. */
  readonly main: () => PostgresSession;
  readonly all: () => readonly PostgresSession[];
  /** Opens sessions until there are `count`. @throws CutoverError */
  readonly grow: (count: number) => Promise<readonly PostgresSession[]>;
  /** Keeps other runs off the target until the main session ends. @throws CutoverError target-busy */
  readonly lock: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Opens the first session. @throws CutoverError */
export async function openConnections({ target, signal }: Pick<MigrateOptions, "target" | "signal">): Promise<Connections> {
  const sessions: PostgresSession[] = [];
  const connect = async (): Promise<PostgresSession> => {
    const session = await target.connect();
    sessions.push(session);
    if (target.kind === "server") {
      // Rows and their line in the journal are lost together or not at all; the last commit is waited for.
      await session.script("SET synchronous_commit = off; SET maintenance_work_mem = '256MB'");
    }
    return session;
  };
  const onAbort = (): void => {
    for (const session of sessions) session.cancel().catch(() => undefined);
  };
  const close = async (): Promise<void> => {
    signal?.removeEventListener("abort", onAbort);
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
    grow: async (count) => {
      while (sessions.length < count) await connect();
      return sessions;
    },
    lock: async () => {
      if (target.kind === "embedded") return;
      const { rows } = await main.query(`SELECT pg_try_advisory_lock(${lockKey})`);
      if (rows[0]?.[0] === "t") return;
      throw new CutoverError({ tag: "target-busy", what: "Another run of Cutover writes to this database", where: main.name, next: "Wait for it to end or stop it, then run this again." });
    },
    close,
  };
}
