import type { PostgresSession } from "../postgres/session.ts";
import type { Source } from "../sqlite/open-source.ts";
import type { Backup } from "./backup.ts";
import type { Connections } from "./connections.ts";
import type { CopiedTable } from "./copied-table.ts";
import type { MigrateOptions } from "./migrate-options.ts";
import type { RunLog } from "./run-log.ts";
import type { Selection } from "./selection.ts";

/** What the phases that write to a target have in common. */
export interface Work {
  readonly options: MigrateOptions;
  readonly log: RunLog;
  readonly connections: Connections;
  /** The run's name in the journal. */
  readonly run: string;
  /** The backup, from which everything is read. */
  readonly snapshot: Source;
  readonly backup: Backup;
  readonly selection: Selection;
  readonly tables: ReadonlyMap<string, CopiedTable>;
  /** Source rows by table name. */
  readonly rows: ReadonlyMap<string, number>;
  /** Sessions to copy with. */
  readonly jobs: number;
}

/** Runs work on every open session at the same time; the first failure stops nobody but is the one that comes out. */
export async function onAll(connections: Connections, work: (session: PostgresSession) => Promise<void>): Promise<void> {
  const results = await Promise.allSettled(connections.all().map(work));
  for (const result of results) if (result.status === "rejected") throw result.reason;
}
