import type { Mode } from "#core/rules/mode.ts";
import type { DdlTranslation } from "#core/rules/rule.ts";
import { schemaView, type SchemaView } from "#core/rules/schema-view.ts";
import { decide } from "#core/schema/decide.ts";
import type { Plan } from "#core/schema/plan.ts";
import { makePlan } from "#core/schema/make-plan.ts";
import { ddlTranslator } from "#engine/sqlite/ddl-translator.ts";
import { introspect } from "#engine/sqlite/introspect.ts";
import { openDdl } from "#engine/sqlite/open-ddl.ts";
import type { Source } from "#engine/sqlite/open-source.ts";
import { openAny, readPlan } from "#engine/sqlite/read-plan.ts";
import type { SchemaAtHand } from "#engine/workspace/schema-at-hand.ts";
import type { Config } from "#engine/workspace/config.ts";
import { openProver, type Prover } from "./prover.ts";
import { statementTranslator } from "./statement-translator.ts";

/** What statements are translated with. Close it. */
export interface TranslationBasis {
  readonly schema: SchemaView | undefined;
  readonly translateDdl: (sql: string) => DdlTranslation;
  readonly prover: Prover | undefined;
  readonly close: () => Promise<void>;
}

/** A schema, a server that holds it and, from a database, its rows. @throws CutoverError as readPlan does */
export async function basisOf(path: string, config: Config, mode: Mode, signal: AbortSignal): Promise<TranslationBasis> {
  const { plan, source } = await readPlan({ source: path, policies: config.policies, overrides: config.overrides, partitions: config.partitions, schema: config.schema, targetVersion: config.targetVersion, profile: true, signal });
  return withProver({ plan, schema: schemaView(plan), translateDdl: ddlTranslator(plan, config.policies, config.overrides), source, mode });
}

/** The same from a schema that is at hand already. @throws CutoverError when its file cannot be opened any more */
export async function basisOfSchema({ path, plan, view, translateDdl }: SchemaAtHand, mode: Mode): Promise<TranslationBasis> {
  return withProver({ plan, schema: view, translateDdl, source: await openAny(path), mode });
}

interface Basis {
  readonly plan: Plan;
  readonly schema: SchemaView;
  readonly translateDdl: (sql: string) => DdlTranslation;
  readonly source: Source;
  readonly mode: Mode;
}

/** Starts the server; the source stays open as long, and is closed when there is no server. */
async function withProver({ plan, schema, translateDdl, source, mode }: Basis): Promise<TranslationBasis> {
  try {
    const prover = await openProver({ plan, mode, source });
    return {
      schema,
      translateDdl,
      prover,
      close: async () => {
        await prover.close();
        source.close();
      },
    };
  } catch (cause) {
    source.close();
    throw cause;
  }
}

/** Without a schema: DDL is translated by its declarations, and PostgreSQL's parser alone is asked. */
export async function basisWithoutSchema(config: Config): Promise<TranslationBasis> {
  const empty = await openDdl("", "nothing");
  try {
    const catalog = introspect(empty);
    const plan = makePlan(catalog, decide(catalog, undefined, config.policies, config.overrides), { schema: config.schema, targetVersion: config.targetVersion, collation: config.policies.collation }, statementTranslator);
    return { schema: undefined, translateDdl: ddlTranslator(plan, config.policies, config.overrides), prover: undefined, close: () => Promise.resolve() };
  } finally {
    empty.close();
  }
}
