import { CutoverError } from "#core/cutover-error.ts";
import type { PostgresSession } from "../postgres/session.ts";
import { answersInTime } from "./answers-in-time.ts";

/** The key of the advisory lock that keeps two runs off one target: "cutover" in ASCII. */
const lockKey = "27995196183506290";

/** How often a lock that a transaction holds shows that it is alive, in milliseconds: poolers end transactions that are quiet for long. */
const heartbeat = 20_000;

/**
 * Keeps other runs off a server's database until the session ends, however that ends. Behind a pooler a session has no process of the server to itself, so
 * the lock is held by a transaction on a session of its own, which `connect` opens.
 * @returns what gives the lock back where the session's end does not; undefined when another run has it.
 * @throws CutoverError target-unreachable when a pooler has room for the lock or the run only.
 */
export async function tryRunLock(session: PostgresSession, connect: () => Promise<PostgresSession>): Promise<(() => Promise<void>) | undefined> {
  if (!session.pooled) return isTaken(await session.query(`SELECT pg_try_advisory_lock(${lockKey})`)) ? () => Promise.resolve() : undefined;
  const holder = await connect();
  try {
    await holder.query("BEGIN");
    if (!isTaken(await holder.query(`SELECT pg_try_advisory_xact_lock(${lockKey})`))) {
      await holder.close();
      return undefined;
    }
    if (!(await answersInTime(session.query("SELECT 1")))) {
      throw new CutoverError({
        tag: "target-unreachable",
        what: "The pooler has one connection to the server for this user, and a run needs two",
        where: session.name,
        why: "one holds the lock that keeps other runs off, the others write",
        next: "Raise the pooler's pool size (default_pool_size), or name the server itself instead of the pooler.",
      });
    }
  } catch (cause) {
    await holder.close();
    throw cause;
  }
  const beat = setInterval(() => {
    // When the transaction is gone, the next run that takes the lock is told by the journal what this one is at.
    holder.query("SELECT 1").catch(() => { clearInterval(beat); });
  }, heartbeat);
  beat.unref();
  return async () => {
    clearInterval(beat);
    await answersInTime(holder.query("ROLLBACK")).catch(() => undefined); // a session that is gone holds nothing
    await holder.close();
  };
}

function isTaken({ rows }: { readonly rows: readonly (readonly (string | null)[])[] }): boolean {
  return rows[0]?.[0] === "t";
}

/** Who has the lock. */
export interface LockHolder {
  readonly pid: string | undefined;
  /** For people, as far as this user may know. */
  readonly text: string;
}

/** Looks who has the lock; it may have been given back meanwhile. */
export async function lockHolder(session: PostgresSession): Promise<LockHolder> {
  const { rows } = await session.query(
    `SELECT l.pid, concat_ws(', ', 'process ' || l.pid || ' of the server', nullif(a.application_name, ''), 'from ' || host(a.client_addr), 'since ' || date_trunc('second', a.backend_start), a.state)
     FROM pg_locks l LEFT JOIN pg_stat_activity a ON a.pid = l.pid
     WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
       AND (l.classid::bigint << 32 | l.objid::bigint) = ${lockKey}`,
  );
  return { pid: rows[0]?.[0] ?? undefined, text: rows[0]?.[1] ?? "it has ended just now" };
}

/** The error when another run keeps the lock. */
export function lockedBy(where: string, { pid, text }: LockHolder): CutoverError {
  return new CutoverError({
    tag: "target-busy",
    what: "Another run of Cutover writes to this database",
    where,
    why: text,
    next: `Wait for it to end or stop it, then run this again.${pid === undefined ? "" : ` If its machine is gone for good, SELECT pg_terminate_backend(${pid}) ends what is left of it.`}`,
  });
}
