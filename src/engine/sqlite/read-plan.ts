import { readFile } from "node:fs/promises";
import { CutoverError } from "#core/cutover-error.ts";
import type { Catalog } from "#core/schema/catalog.ts";
import { decide } from "#core/schema/decide.ts";
import { defaultPolicies, type ColumnProfile, type Overrides, type Policies } from "#core/schema/decision.ts";
import { makePlan } from "#core/schema/make-plan.ts";
import type { Plan } from "#core/schema/plan.ts";
import { statementTranslator } from "../proof/statement-translator.ts";
import { introspect } from "./introspect.ts";
import { openDdl } from "./open-ddl.ts";
import { openSource, type Source } from "./open-source.ts";
import { profile, type ProfileOptions } from "./profile/profile.ts";

/** What is read, and by which rules. */
export interface ReadPlanOptions {
  /** A database file, or DDL in a file that ends in `.sql`. */
  readonly source: string;
  readonly policies?: Policies;
  readonly overrides?: Overrides;
  /** The target schema; `public` by default. */
  readonly schema?: string;
  /** PostgreSQL's major version; 14, the oldest supported, by default: its DDL works on all. */
  readonly targetVersion?: number;
  /** Whether the data is looked at, too; with false only declarations count. DDL has no data. */
  readonly profile: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: ProfileOptions["onProgress"];
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
    const profiles =
      options.profile && source.kind === "database"
        ? await profile(source, catalog, {
            ...(options.signal === undefined ? {} : { signal: options.signal }),
            ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
          })
        : undefined;
    const decisions = decide(catalog, profiles, policies, options.overrides ?? new Map());
    const plan = makePlan(catalog, decisions, {
      schema: options.schema ?? "public",
      targetVersion: options.targetVersion ?? 14,
      collation: policies.collation,
      ...(profiles === undefined ? {} : { profiles }),
    }, statementTranslator);
    return { source, catalog, profiles, plan, close: () => { source.close(); } };
  } catch (cause) {
    source.close();
    throw cause;
  }
}

/** Opens a database, or a `.sql` file as DDL. @throws CutoverError as openSource and openDdl do */
export async function openAny(path: string): Promise<Source> {
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
