import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { writeQuarantineFile } from "./quarantine-file.ts";
import { quarantinedRows } from "./quarantined-rows.ts";
import type { MigratedTable } from "./migrate-options.ts";
import type { Work } from "./work.ts";

/** The folder of a workspace that has a file for each run that kept rows aside. */
function folderOf(workspace: string): string {
  return join(workspace, ".cutover", "quarantine");
}

/** The file with the rows that a run has kept aside, undefined when it kept none. */
export function quarantineFileOf(workspace: string, run: string, tables: readonly MigratedTable[]): string | undefined {
  return tables.some(({ quarantined }) => quarantined > 0) ? join(folderOf(workspace), `${run}.jsonl`) : undefined;
}

/**
 * Writes the rows that a run has kept aside to a file of the workspace, too. What counts is the target's table: the file is made from it when the run is
 * at its end, so that it is whole or not there.
 * @throws CutoverError write-refused
 */
export async function keepQuarantineFile({ options, connections, run }: Work, tables: readonly MigratedTable[]): Promise<void> {
  const file = quarantineFileOf(options.workspace, run, tables);
  if (file === undefined) return;
  await writeQuarantineFile(file, quarantinedRows(connections.main(), { run }), true);
  // Rows of a database are nothing to commit.
  await writeFile(join(folderOf(options.workspace), ".gitignore"), "*\n");
}
