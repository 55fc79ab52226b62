import { CutoverError } from "#core/cutover-error.ts";
import { readParts } from "./journal.ts";
import type { MigratedTable } from "./migrate-options.ts";
import type { Work } from "./work.ts";

/** Counts both sides: what is in the target and what is kept aside must be the source, exactly. @throws CutoverError target-failed; PostgresFailure */
export async function verifyCounts({ connections, run, tables, rows }: Work): Promise<MigratedTable[]> {
  const session = connections.main();
  const parts = await readParts(session, run);
  const kept = new Map((await session.query("SELECT table_name, count(*) FROM cutover.quarantine WHERE run = $1 GROUP BY table_name", [run])).rows.map(([table, count]) => [table, Number(count)]));
  const result: MigratedTable[] = [];
  for (const table of tables.values()) {
    const copied = Number((await session.query(`SELECT count(*) FROM ${table.target}`)).rows[0]?.[0]);
    const quarantined = kept.get(table.name) ?? 0;
    const sourceRows = rows.get(table.name) ?? 0;
    const own = parts.filter((part) => part.table === table.name);
    const journaled = own.reduce((sum, part) => sum + part.rows, 0);
    if (copied + quarantined !== sourceRows || journaled !== copied) {
      throw new CutoverError({
        tag: "target-failed",
        what: `The table ${table.name} does not hold what was copied`,
        where: session.name,
        why: `the source has ${sourceRows} rows; the target has ${copied}, ${quarantined} are kept aside, the journal counts ${journaled}`,
        next: "Keep other writers off the target while it is filled, then start over with --drop.",
      });
    }
    result.push({ table: table.name, sourceRows, copied, quarantined, bytes: own.reduce((sum, part) => sum + part.bytes, 0) });
  }
  return result;
}
