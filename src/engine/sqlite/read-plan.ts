import { readFile, stat } from "node:fs/promises";
import { CutoverError } from "#core/cutover-error.ts";
import type { Catalog } from "#core/schema/catalog.ts";
import { decide } from "#core/schema/decide.ts";
import { defaultPolicies, type ColumnProfile, type Decision, type Overrides, type Policies } from "#core/schema/decision.ts";
import type { PartitionChoices } from "#core/schema/partition-choice.ts";
import type { Plan } from "#core/schema/plan.ts";
import { introspect } from "./introspect.ts";
import { openDdl, openScripts } from "./open-ddl.ts";
import { openSource, type Source } from "./open-source.ts";
import { planFrom } from "./plan-from.ts";
import { cachedProfile } from "./profile/cached-profile.ts";
import { profile, type ProfileOptions } from "./profile/profile.ts";
import { readMigrations } from "./read-migrations.ts";

/** What is read, and by which rules. */
export interface ReadPlanOptions {
  /** A database file, DDL in a file that ends in `.sql`, or a folder of migrations. */
  readonly source: string;
  readonly policies?: Policies;
  readonly overrides?: Overrides;
  /** Tables that are to be partitioned, by name, folded. */
  readonly partitions?: PartitionChoices;
  /** The target schema; `public` by default. */
  readonly schema?: string;
  /** PostgreSQL's major version; 14, the oldest supported, by default: its DDL works on all. */
  readonly targetVersion?: number;
  /** Whether the data is looked at, too; with false only declarations count. DDL has no data. */
  readonly profile: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: ProfileOptions["onProgress"];
  /** Gets each table's decisions as soon as its data has been looked at, while other tables are still read. */
  readonly onTable?: (table: string, decisions: readonly Decision[]) => void;
  /** The workspace in whose `.cutover/cache` profiles are kept and found; without, the data is looked at each time. */
  readonly cache?: string;
}

/** A source, open, with all that was made of it. Close it. */
export interface ReadPlan {
  readonly source: Source;
  readonly catalog: Catalog;
  /** Undefined when the data was not looked at. */
  readonly profiles: ReadonlyMap<string, ColumnProfile> | undefined;
  readonly plan: Plan;
  readonly close: () => void;
}

/**
 * The way from a file to a plan: open, introspect, profile, decide, plan.
 * @throws CutoverError source-missing, source-not-sqlite, source-locked, source-unreadable; the signal's reason when aborted.
 */
export async function readPlan(options: ReadPlanOptions): Promise<ReadPlan> {
  const source = await openAny(options.source);
  try {
    const policies = options.policies ?? defaultPolicies;
    const catalog = introspect(source);
    const overrides = options.overrides ?? new Map();
    const look = (): Promise<Map<string, ColumnProfile>> => {
      const soFar = new Map<string, ColumnProfile>();
      const { signal, onProgress, onTable } = options;
      return profile(source, catalog, {
        ...(signal === undefined ? {} : { signal }),
        ...(onProgress === undefined ? {} : { onProgress }),
        ...(onTable === undefined ? {} : {
          onTable: (table, columns) => {
            for (const [key, found] of columns) soFar.set(key, found);
            onTable(table, decisionsOf(table, decide(catalog, soFar, policies, overrides)));
          },
        }),
      });
    };
    let profiles: Map<string, ColumnProfile> | undefined;
    if (options.profile && source.path !== undefined) profiles = options.cache === undefined ? await look() : await cachedProfile(options.cache, source.path, look);
    const plan = planFrom(catalog, profiles, options);
    return { source, catalog, profiles, plan, close: () => { source.close(); } };
  } catch (cause) {
    source.close();
    throw cause;
  }
}

function decisionsOf(table: string, decisions: ReadonlyMap<string, Decision>): Decision[] {
  return [...decisions.values()].filter((decision) => decision.table === table);
}

/** Opens a database, a `.sql` file as DDL, or the `.sql` files of a folder as migrations. @throws CutoverError as openSource and openDdl do */
export async function openAny(path: string): Promise<Source> {
  if (await isFolder(path)) return openScripts(await readMigrations(path), path);
  if (!/\.sql$/i.test(path)) return openSource(path);
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    const missing = cause instanceof Error && "code" in cause && cause.code === "ENOENT";
    throw new CutoverError({
      tag: missing ? "source-missing" : "source-unreadable",
      what: missing ? "There is no such file" : "The file cannot be read",
      where: path,
      why: cause instanceof Error ? cause.message : String(cause),
      next: missing ? "Check the path: it is taken from the current folder." : "Give this user the right to read it.",
      cause,
    });
  }
  return openDdl(text, path);
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false, // what is not there is told of by what opens it
  );
}
