import { stat } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import type { DdlTranslation } from "#core/rules/rule.ts";
import { schemaView, type SchemaView } from "#core/rules/schema-view.ts";
import type { Plan } from "#core/schema/plan.ts";
import type { Config } from "./config.ts";

/** The schema that findings are made with, from a database or DDL file. */
export interface SchemaAtHand {
  /** The file, as configured or given. */
  readonly source: string;
  /** The same, absolute. */
  readonly path: string;
  readonly plan: Plan;
  readonly view: SchemaView;
  /** Translates DDL text found in code, with the decisions made for the source. */
  readonly translateDdl: (sql: string) => DdlTranslation;
}

const cache = new Map<string, { readonly state: string; readonly schema: Promise<SchemaAtHand> }>();

/**
 * The schema for a workspace: the one asked for, else the first configured database that is there.
 * Kept until the file or the configuration changes.
 * @throws CutoverError when the one asked for cannot be read
 */
export async function schemaAtHand(root: string, config: Config, asked: string | undefined): Promise<SchemaAtHand | undefined> {
  for (const source of asked === undefined ? config.databases.map((d) => d.source) : [asked]) {
    const path = isAbsolute(source) ? source : join(root, source);
    const state = await stateOf(path);
    // A configured database that is not there yet is no reason not to look at the code; one that was asked for is.
    if (state === undefined && asked === undefined) continue;
    const key = `${path}\0${JSON.stringify([config.schema, config.targetVersion, config.policies, [...config.overrides], [...config.partitions]])}`;
    const known = cache.get(key);
    if (known !== undefined && known.state === state) return known.schema;
    const schema = load(root, path, source, config);
    cache.set(key, { state: state ?? "", schema });
    schema.catch(() => cache.delete(key));
    return schema;
  }
  return undefined;
}

async function load(root: string, path: string, source: string, config: Config): Promise<SchemaAtHand> {
  const { readPlan } = await import("#engine/sqlite/read-plan.ts");
  const { ddlTranslator } = await import("#engine/sqlite/ddl-translator.ts");
  const read = await readPlan({ source: path, policies: config.policies, overrides: config.overrides, partitions: config.partitions, schema: config.schema, targetVersion: config.targetVersion, profile: true, ...(config.present ? { cache: root } : {}) });
  read.close();
  const { plan } = read;
  return { source, path, plan, view: schemaView(plan), translateDdl: ddlTranslator(plan, config.policies, config.overrides) };
}

/** Changes whenever the file's content may have: its own state and its write-ahead log's. */
async function stateOf(path: string): Promise<string | undefined> {
  const of = async (file: string): Promise<string | undefined> =>
    stat(file).then(
      (s) => `${s.size}:${s.mtimeMs}`,
      () => undefined,
    );
  const own = await of(path);
  return own === undefined ? undefined : `${own}/${(await of(`${path}-wal`)) ?? ""}`;
}
