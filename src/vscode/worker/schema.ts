import { access } from "node:fs/promises";
import { join } from "node:path";
import { foldName, type ColumnProfile } from "#core/schema/decision.ts";
import { renderDdl } from "#core/schema/render-ddl.ts";
import { postgresTypes } from "#core/schema/type-fit.ts";
import { lineIndex } from "#core/text/line-index.ts";
import { takenNames } from "#engine/migrate/apply-schema.ts";
import { resolveTarget } from "#engine/postgres/resolve-target.ts";
import { cachedProfile } from "#engine/sqlite/profile/cached-profile.ts";
import { profile as scanValues } from "#engine/sqlite/profile/profile.ts";
import { configFileName } from "#engine/workspace/config.ts";
import { loadConfig } from "#engine/workspace/config.ts";
import { loadEnv } from "#engine/workspace/load-env.ts";
import { overrideEdits } from "#engine/workspace/override-edit.ts";
import type { SchemaModel, TextChange, WorkerMethods, WorkProgress } from "#protocol/worker.ts";
import { toRange } from "./analyze.ts";
import { rowEstimates } from "./row-estimates.ts";
import { schemaModel, sourceSql, tableSql } from "./schema-model.ts";
import { currentReading, decidedSchema, keepProfiles, openRequested, tableAt } from "./schema-readings.ts";

/** The translated schema by what is known of the values. @throws CutoverError when the configuration or the source cannot be used */
export async function schema({ table, at, ...request }: WorkerMethods["schema"]["request"]): Promise<SchemaModel> {
  const decided = await decidedSchema(request);
  return schemaModel(request.source, decided, at === undefined ? table : (tableAt(decided, request.text ?? "", at) ?? table));
}

/** Reads all values of a source, unless they are known; what has been found of some tables counts while others are still read. @throws CutoverError when the source cannot be read */
export async function profile(request: WorkerMethods["profile"]["request"], signal: AbortSignal, progress: (news: WorkProgress) => void): Promise<undefined> {
  const reading = await currentReading(request);
  if (reading.kind === "ddl" || reading.profiled === reading.state) return undefined;
  const { source } = await openRequested(request);
  const look = async (): Promise<Map<string, ColumnProfile>> => {
    const estimates = rowEstimates(source, reading.catalog);
    const total = [...estimates.values()].reduce((sum, rows) => sum + rows, 0);
    const rowsRead = new Map<string, number>();
    const soFar = new Map(reading.profiles);
    let done = 0;
    return scanValues(source, reading.catalog, {
      signal,
      onProgress: ({ table, rows, done: finished }) => {
        const estimate = estimates.get(table) ?? 0;
        const now = finished ? estimate : Math.min(rows, estimate);
        done += now - (rowsRead.get(table) ?? 0);
        rowsRead.set(table, now);
        progress({ done, total });
      },
      onTable: (_, columns) => {
        for (const [key, found] of columns) soFar.set(key, found);
        keepProfiles(request, reading, soFar, false);
      },
    });
  };
  try {
    // A cutover.json that cannot be read is told of where it is followed.
    const present = request.config !== undefined || (await access(join(request.root, configFileName)).then(() => true, () => false));
    keepProfiles(request, reading, present && source.path !== undefined ? await cachedProfile(request.root, source.path, look) : await look(), true);
  } finally {
    source.close();
  }
  return undefined;
}

/** The schema as text on both sides. @throws CutoverError */
export async function schemaText({ table, ...request }: WorkerMethods["schemaText"]["request"]): Promise<WorkerMethods["schemaText"]["answer"]> {
  const { plan } = await decidedSchema(request);
  const found = table === undefined ? undefined : plan.catalog.tables.find((each) => foldName(each.name) === foldName(table));
  return found === undefined ? { sqlite: sourceSql(plan), postgres: renderDdl(plan) } : tableSql(found, plan);
}

/** What of the schema's names is taken in a target. @throws CutoverError when the target cannot be reached */
export async function schemaTarget({ target: to, ...request }: WorkerMethods["schemaTarget"]["request"]): Promise<WorkerMethods["schemaTarget"]["answer"]> {
  const { plan } = await decidedSchema(request);
  const target = await resolveTarget(to, { workspace: request.root, env: await loadEnv(request.root, process.env), connections: (await loadConfig(request.root)).connections });
  try {
    return await takenNames(plan, target);
  } finally {
    await target.close();
  }
}

/** The changes of a cutover.json's text that choose a type, or take the choice back. @throws CutoverError config-invalid */
export function override({ text, table, column, type }: WorkerMethods["override"]["request"]): readonly TextChange[] {
  const lines = lineIndex(text);
  const chosen = type === undefined ? undefined : postgresTypes.find((known) => known === type);
  if (type !== undefined && chosen === undefined) throw new TypeError(`no type: ${type}`);
  return overrideEdits(text, { table, column, type: chosen }).map(({ span, newText }) => ({ range: toRange(span, lines), newText }));
}
