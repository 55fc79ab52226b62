import { resolve } from "node:path";
import { renderDdl } from "#core/schema/render-ddl.ts";
import { readPlan } from "#engine/sqlite/read-plan.ts";
import { loadConfig } from "#engine/workspace/config.ts";
import type { SchemaModel, WorkerMethods } from "#protocol/worker.ts";
import { schemaModel } from "./schema-model.ts";

/**
 * The translated schema of a database or of SQL text, decided by the rows and by cutover.json.
 * @throws CutoverError when the configuration or the source cannot be used
 */
export async function schema({ root, source }: WorkerMethods["schema"]["request"], signal: AbortSignal): Promise<SchemaModel> {
  const { policies, overrides, partitions, schema: targetSchema, present } = await loadConfig(root);
  const read = await readPlan({ source: resolve(root, source), policies, overrides, partitions, schema: targetSchema, profile: true, signal, ...(present ? { cache: root } : {}) });
  read.close();
  return schemaModel(source, read.plan, renderDdl(read.plan));
}
