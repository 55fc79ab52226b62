import type { Plan } from "#core/schema/plan.ts";
import type { Phase, ProgressDetail } from "#protocol/progress.ts";
import type { PostgresTarget } from "../postgres/session.ts";
import type { DamageCheck } from "../sqlite/find-damage.ts";
import type { BadRowPolicy } from "./bad-row.ts";
import type { Estimate } from "./estimate.ts";

export interface MigrateOptions {
  /** The SQLite file. It is read, and backed up; nothing is written to it. */
  readonly from: string;
  readonly target: PostgresTarget;
  /** Made from this source. */
  readonly plan: Plan;
  /** The folder that backups go below, as `.cutover/backups`. */
  readonly workspace: string;
  /** Source tables to move, all when absent. Views wait for a run of all tables. */
  readonly tables?: readonly string[];
  /** Sessions that copy at the same time; the target's limit and the processors bound it. */
  readonly jobs?: number;
  /** Whether each session's rows are read on a thread of its own; by default for a large source where there are more than two processors. */
  readonly threads?: boolean;
  /** Look and tell only: nothing is written anywhere. */
  readonly dryRun?: boolean;
  /** Go on with the run that was not finished. */
  readonly resume?: boolean;
  /** How the source is looked at for damage; `full` when absent. */
  readonly integrity?: DamageCheck;
  /** Days that backups are kept, 0 for ever; 30 when absent. */
  readonly backupDays?: number;
  /** `fail` when absent. */
  readonly badRows?: BadRowPolicy;
  /** Drop the plan's own tables and views in the target first. */
  readonly drop?: boolean;
  /** For how long a lost connection is tried to be opened again, in seconds; 120 when absent, 0 for not at all. */
  readonly retryFor?: number;
  /** After how many milliseconds of silence the server is asked on another connection what it does; 20,000 when absent. */
  readonly patience?: number;
  /** Stops the run, on the server too; `migrate` then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: ProgressDetail & { readonly version: 1 }) => void;
}

/** What became of one table. `copied + quarantined = sourceRows` always. */
export interface MigratedTable {
  readonly table: string;
  readonly sourceRows: number;
  readonly copied: number;
  readonly quarantined: number;
  /** Bytes of the COPY stream. */
  readonly bytes: number;
  /** Of the rows in the target, the same as of those that were sent: 16 hexadecimal digits; undefined for a dry run. */
  readonly checksum: string | undefined;
}

export interface MigrationReport {
  readonly version: 1;
  /** `planned` for a dry run. */
  readonly outcome: "migrated" | "planned";
  readonly from: string;
  /** Never with a password. */
  readonly to: string;
  readonly run: string | undefined;
  readonly resumed: boolean;
  readonly backup: { readonly path: string; readonly bytes: number } | undefined;
  readonly tables: readonly MigratedTable[];
  /** The file with the rows that were kept aside, as JSON lines; undefined when there are none. */
  readonly quarantineFile: string | undefined;
  /** What a dry run would have the target do. */
  readonly statements: readonly string[];
  /** Of a dry run. */
  readonly estimate?: Estimate;
  readonly warnings: readonly string[];
  readonly phases: readonly { readonly phase: Phase; readonly seconds: number }[];
  readonly seconds: number;
}
