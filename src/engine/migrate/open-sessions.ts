import { CutoverError } from "#core/cutover-error.ts";
import type { PostgresSession } from "../postgres/session.ts";
import { answersInTime } from "./answers-in-time.ts";

/** How many sessions a run wants, and how it gets them. */
export interface SessionWish {
  /** Open already, one at least; counted among the others. */
  readonly open: readonly PostgresSession[];
  readonly connect: () => Promise<PostgresSession>;
  readonly jobs: number;
  /** With fewer the run is not to begin. */
  readonly least: number;
  readonly warn: (message: string) => void;
}

/**
 * Opens sessions until there are `jobs`, or as many as the server has room for: its max_connections, the role's and the database's limit, a pooler's pool.
 * A shortage is told.
 * @throws CutoverError target-unreachable when there are fewer than `least`.
 */
export async function openSessions({ open, connect, jobs, least, warn }: SessionWish): Promise<PostgresSession[]> {
  const sessions = [...open];
  const [first] = sessions;
  if (first === undefined) throw new Error("no session is open");
  const room = first.pooled ? { sessions: jobs, why: "the pooler" } : await roomFor(first, open.length);
  const wanted = Math.min(jobs, Math.max(1, room.sessions));
  let short = wanted < jobs ? `${room.why} leaves room for ${wanted === 1 ? "one session" : `${wanted} sessions`}` : undefined;
  while (sessions.length < wanted) {
    const session = await oneMore(connect);
    if (session === undefined) {
      short = `the server has no more connections than ${sessions.length}`;
      break;
    }
    sessions.push(session);
  }
  if (first.pooled) {
    const served = await servedAtOnce(sessions);
    if (served < sessions.length) short = `the pooler's pool has no more than ${served === 1 ? "one connection" : `${served} connections`} for them`;
    await Promise.all(sessions.splice(served).map((session) => session.close()));
  }
  if (sessions.length < least) {
    throw new CutoverError({
      tag: "target-unreachable",
      what: `${sessions.length === 1 ? "One session is" : `${sessions.length} sessions are`} to be had, and the run is to have ${least}`,
      where: first.name,
      ...(short === undefined ? {} : { why: short }),
      next: "Close other connections or raise the limit; connections.min in cutover.json (POSTGRES_POOL_MIN) says how many there must be.",
    });
  }
  if (short !== undefined) warn(`${short}: ${sessions.length === 1 ? "one job works" : `${sessions.length} jobs work`} instead of ${jobs}`);
  return sessions;
}

/** Opens one more; undefined when there is no room, which only trying tells for sure. */
async function oneMore(connect: () => Promise<PostgresSession>): Promise<PostgresSession | undefined> {
  try {
    return await connect();
  } catch (cause) {
    if (cause instanceof CutoverError && cause.tag === "target-unreachable") return undefined;
    throw cause;
  }
}

/** How many of the sessions, from the first on, a pooler finds a process of the server for at the same time. */
async function servedAtOnce(sessions: readonly PostgresSession[]): Promise<number> {
  let served = 0;
  for (const session of sessions) {
    if (!(await answersInTime(session.query("BEGIN")).catch(() => false))) break;
    served++;
  }
  await Promise.all(sessions.slice(0, served).map((session) => session.query("ROLLBACK")));
  return served;
}

interface Room {
  /** Sessions of ours in all, those that are open counted. */
  readonly sessions: number;
  /** What sets the limit, for people. */
  readonly why: string;
}

/** How many sessions the server's own limits leave us. */
async function roomFor(session: PostgresSession, open: number): Promise<Room> {
  const { rows } = await session.query(
    `SELECT current_setting('max_connections')::int
       - CASE WHEN r.rolsuper THEN 0 ELSE current_setting('superuser_reserved_connections')::int + coalesce(nullif(current_setting('reserved_connections', true), '')::int, 0) END
       - (SELECT coalesce(sum(numbackends), 0) FROM pg_stat_database),
       CASE WHEN r.rolconnlimit < 0 OR r.rolsuper THEN NULL ELSE r.rolconnlimit - (SELECT count(*) FROM pg_stat_activity a WHERE a.usesysid = r.oid AND a.datid IS NOT NULL) END,
       CASE WHEN d.datconnlimit < 0 OR r.rolsuper THEN NULL ELSE d.datconnlimit - (SELECT count(*) FROM pg_stat_activity a WHERE a.datid = d.oid) END
     FROM pg_roles r, pg_database d WHERE r.rolname = session_user AND d.datname = current_database()`,
  );
  const [server, role, database] = rows[0] ?? [];
  const limits = [
    { free: server, why: "max_connections of the server" },
    { free: role, why: "the role's CONNECTION LIMIT" },
    { free: database, why: "the database's CONNECTION LIMIT" },
  ].flatMap(({ free, why }) => (free === null || free === undefined ? [] : [{ sessions: Number(free) + open, why }]));
  return limits.reduce((least, limit) => (limit.sessions < least.sessions ? limit : least), { sessions: Number.MAX_SAFE_INTEGER, why: "" });
}
