import type { Plan } from "#core/schema/plan.ts";
import { targetRelation } from "#core/schema/target-names.ts";
import { checksumHex } from "../checksum/checksum-hex.ts";
import type { PostgresSession } from "../postgres/session.ts";
import { readParts } from "./journal.ts";
import type { JournaledRun } from "./journaled-run.ts";
import type { MigratedTable } from "./migrate-options.ts";
import { existingRelations } from "./existing-relations.ts";
import type { Selection } from "./selection.ts";

/** What a finished run has moved, as the journal has it; undefined when a table of its plan is not there any more. */
export async function finishedTables(session: PostgresSession, run: JournaledRun, plan: Plan, selection: Selection): Promise<MigratedTable[] | undefined> {
  const there = new Set(await existingRelations(session, plan, selection));
  if (selection.tables.some(({ name }) => !there.has(targetRelation(plan.names, name)))) return undefined;
  const parts = await readParts(session, run.id);
  return selection.tables.map(({ name }) => {
    const own = parts.filter(({ table }) => table === name);
    const sum = (field: "rows" | "bytes" | "quarantined"): number => own.reduce((total, part) => total + part[field], 0);
    return { table: name, sourceRows: sum("rows") + sum("quarantined"), copied: sum("rows"), quarantined: sum("quarantined"), bytes: sum("bytes"), checksum: checksumHex(BigInt.asUintN(64, own.reduce((total, part) => total + part.checksum, 0n))) };
  });
}
