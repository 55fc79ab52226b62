import { CutoverError } from "#core/cutover-error.ts";
import { checksumHex } from "../checksum/checksum-hex.ts";
import { readChecksum, targetChecksum } from "../checksum/target-checksum.ts";
import type { PostgresSession } from "../postgres/session.ts";
import type { CopiedTable } from "./copied-table.ts";
import { readParts } from "./journal.ts";
import type { MigratedTable } from "./migrate-options.ts";
import { onAll, type Work } from "./work.ts";

/**
 * Compares both sides: what is in the target and what is kept aside must be the source's rows, exactly, and the server's checksum of what it holds
 * must be that of what was read and sent.
 * @throws CutoverError target-failed; PostgresFailure
 */
export async function verifyRows({ options, log, connections, run, tables, rows }: Work): Promise<MigratedTable[]> {
  const session = connections.main();
  const parts = await readParts(session, run);
  const kept = new Map((await session.query("SELECT table_name, count(*) FROM cutover.quarantine WHERE run = $1 GROUP BY table_name", [run])).rows.map(([table, count]) => [table, Number(count)]));
  const result = new Map<string, MigratedTable>();
  const verify = async (on: PostgresSession, table: CopiedTable): Promise<void> => {
    const own = parts.filter((part) => part.table === table.name);
    const expected = BigInt.asUintN(64, own.reduce((sum, part) => sum + part.checksum, 0n));
    const [found] = (await on.query(`SELECT count(*), ${targetChecksum(table.columns, "t")} FROM ${table.target} t`)).rows;
    const copied = Number(found?.[0]);
    const checksum = readChecksum(found?.[1]);
    const quarantined = kept.get(table.name) ?? 0;
    const sourceRows = rows.get(table.name) ?? 0;
    const journaled = own.reduce((sum, part) => sum + part.rows, 0);
    if (copied + quarantined !== sourceRows || journaled !== copied || checksum !== expected) {
      throw new CutoverError({
        tag: "target-failed",
        what: `The table ${table.name} does not hold what was copied`,
        where: session.name,
        why:
          copied + quarantined !== sourceRows || journaled !== copied
            ? `the source has ${sourceRows} rows; the target has ${copied}, ${quarantined} are kept aside, the journal counts ${journaled}`
            : `its ${copied} rows have the checksum ${checksumHex(checksum)}, those that were sent had ${checksumHex(expected)}`,
        next: "Keep other writers off the target while it is filled, then start over with --drop.",
      });
    }
    result.set(table.name, { table: table.name, sourceRows, copied, quarantined, bytes: own.reduce((sum, part) => sum + part.bytes, 0), checksum: checksumHex(checksum) });
  };
  // The largest first, so that nobody waits for it alone.
  const queue = [...tables.values()].sort((a, b) => (rows.get(b.name) ?? 0) - (rows.get(a.name) ?? 0));
  await onAll(connections, async (on) => {
    for (let table = queue.shift(); table !== undefined; table = queue.shift()) {
      options.signal?.throwIfAborted();
      await verify(on, table);
      log.emit({ kind: "step", phase: "verify", name: table.name, done: result.size, of: tables.size });
    }
  });
  return [...tables.keys()].flatMap((name) => result.get(name) ?? []);
}
