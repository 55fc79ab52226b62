import { schemaView } from "#core/rules/schema-view.ts";
import type { AnalysisBasis } from "./analyze-text.ts";
import type { PoolContext } from "./scan-pool.ts";

/** Makes ready what files are analysed with, from plain data. */
export async function basisOf({ config, mode, schema, adapters }: PoolContext): Promise<AnalysisBasis> {
  if (schema === undefined) return { config, mode, schema, adapters };
  const { loadDriver } = await import("#engine/sqlite/driver.ts");
  const { ddlTranslator } = await import("#engine/sqlite/ddl-translator.ts");
  await loadDriver();
  const { source, path, plan } = schema;
  return { config, mode, schema: { source, path, plan, view: schemaView(plan), translateDdl: ddlTranslator(plan, config.policies, config.overrides) }, adapters };
}
