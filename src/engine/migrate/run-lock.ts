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
 * @returns what gives the lock back.
 * @throws CutoverError target-busy when another run has it.
 */
export async function takeRunLock(session: PostgresSession, connect: () => Promise<PostgresSession>): Promise<() => Promise<void>> {
  if (!session.pooled) {
    mustBeTaken(session, await session.query(`SELECT pg_try_advisory_lock(${lockKey})`));
    return async () => {
      await session.query(`SELECT pg_advisory_unlock(${lockKey})`);
    };
  }
  const holder = await connect();
  try {
    await holder.query("BEGIN");
    mustBeTaken(session, await holder.query(`SELECT pg_try_advisory_xact_lock(${lockKey})`));
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
    await holder.query("ROLLBACK").catch(() => undefined); // a session that is gone holds nothing
    await holder.close();
  };
}

function mustBeTaken(session: PostgresSession, { rows }: { readonly rows: readonly (readonly (string | null)[])[] }): void {
  if (rows[0]?.[0] === "t") return;
  throw new CutoverError({ tag: "target-busy", what: "Another run of Cutover writes to this database", where: session.name, next: "Wait for it to end or stop it, then run this again." });
}
