import type { Mode } from "#core/rules/mode.ts";
import type { DdlTranslation } from "#core/rules/rule.ts";
import { schemaView, type SchemaView } from "#core/rules/schema-view.ts";
import { decide } from "#core/schema/decide.ts";
import { makePlan } from "#core/schema/make-plan.ts";
import { ddlTranslator } from "#engine/sqlite/ddl-translator.ts";
import { introspect } from "#engine/sqlite/introspect.ts";
import { openDdl } from "#engine/sqlite/open-ddl.ts";
import { readPlan } from "#engine/sqlite/read-plan.ts";
import type { Config } from "#engine/workspace/config.ts";
import { openProver, type Prover } from "./prover.ts";

/** What statements are translated with. Close it. */
export interface TranslationBasis {
  readonly schema: SchemaView | undefined;
  readonly translateDdl: (sql: string) => DdlTranslation;
  readonly prover: Prover | undefined;
  readonly close: () => Promise<void>;
}

/** A schema, a server that holds it and, from a database, its rows. @throws CutoverError as readPlan does */
export async function basisOf(path: string, config: Config, mode: Mode, signal: AbortSignal): Promise<TranslationBasis> {
  const read = await readPlan({ source: path, policies: config.policies, overrides: config.overrides, schema: config.schema, profile: true, signal });
  try {
    const prover = await openProver({ plan: read.plan, mode, source: read.source });
    return {
      schema: schemaView(read.plan),
      translateDdl: ddlTranslator(read.plan, config.policies, config.overrides),
      prover,
      close: async () => {
        await prover.close();
        read.close();
      },
    };
  } catch (cause) {
    read.close();
    throw cause;
  }
}

/** Without a schema: DDL is translated by its declarations, and PostgreSQL's parser alone is asked. */
export async function basisWithoutSchema(config: Config): Promise<TranslationBasis> {
  const empty = await openDdl("", "nothing");
  try {
    const catalog = introspect(empty);
    const plan = makePlan(catalog, decide(catalog, undefined, config.policies, config.overrides), { schema: config.schema, targetVersion: 14, collation: config.policies.collation });
    return { schema: undefined, translateDdl: ddlTranslator(plan, config.policies, config.overrides), prover: undefined, close: () => Promise.resolve() };
  } finally {
    empty.close();
  }
}
