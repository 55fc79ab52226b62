import type { PostgresSession } from "../postgres/session.ts";

/** What a migration will be like. An estimate: the target's disk, the network and other work on both machines decide. */
export interface Estimate {
  readonly rows: number;
  /** Of the source's pages that are in use. */
  readonly bytes: number;
  readonly seconds: number;
  /** `journal`: from the rate of the last run into this target; `usual`: from what a machine with two processors does beside its server. */
  readonly basis: "journal" | "usual";
}

/** Bytes of the source that a whole migration, keys and verification included, moves in a second on a small machine. */
const usualRate = 12e6;
/** Seconds that any run takes. */
const least = 2;

/** Estimates a migration by what the journal knows of earlier ones, or else by the usual rate. @throws PostgresFailure */
export async function estimate(session: PostgresSession, rows: ReadonlyMap<string, number>, bytes: number): Promise<Estimate> {
  const rate = await journaledRate(session);
  return { rows: [...rows.values()].reduce((sum, count) => sum + count, 0), bytes, seconds: Math.max(least, bytes / (rate ?? usualRate)), basis: rate === undefined ? "usual" : "journal" };
}

/** Bytes a second of the last run that came to its end; undefined when there is none that says anything. */
async function journaledRate(session: PostgresSession): Promise<number | undefined> {
  const { rows: there } = await session.query("SELECT coalesce(has_table_privilege(to_regclass('cutover.run'), 'SELECT') AND has_table_privilege(to_regclass('cutover.journal'), 'SELECT'), false)");
  if (there[0]?.[0] !== "t") return undefined;
  const { rows } = await session.query(
    `SELECT sum(j.bytes) / extract(epoch FROM r.finished - r.started) FROM cutover.run r JOIN cutover.journal j ON j.run = r.id
     WHERE r.finished > r.started + interval '5 seconds' AND NOT EXISTS (SELECT FROM cutover.journal o WHERE o.run = r.id AND NOT o.done)
     GROUP BY r.id, r.started, r.finished HAVING sum(j.bytes) > 0 ORDER BY r.finished DESC LIMIT 1`,
  );
  const rate = Number(rows[0]?.[0]);
  return rate > 0 ? rate : undefined;
}
