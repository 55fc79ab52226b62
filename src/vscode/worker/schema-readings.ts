import { stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Catalog } from "#core/schema/catalog.ts";
import { decide } from "#core/schema/decide.ts";
import type { ColumnProfile, Decision, Policies } from "#core/schema/decision.ts";
import type { Plan } from "#core/schema/plan.ts";
import { lineIndex } from "#core/text/line-index.ts";
import { introspect } from "#engine/sqlite/introspect.ts";
import type { Source } from "#engine/sqlite/open-source.ts";
import { planFrom } from "#engine/sqlite/plan-from.ts";
import { openAny } from "#engine/sqlite/read-plan.ts";
import { sqlFiles } from "#engine/sqlite/read-migrations.ts";
import { codeSchema, type CodeSchema } from "#engine/workspace/code-schema.ts";
import { configFileName, loadConfig, parseConfig, type Config } from "#engine/workspace/config.ts";
import type { SchemaRequest } from "#protocol/worker.ts";
import { workspacePath } from "./analyze.ts";

/** What is known of a source: its objects, and what a scan of its values has found. */
export interface Reading {
  readonly kind: Source["kind"];
  readonly catalog: Catalog;
  /** Changes whenever what is read may have. */
  readonly state: string;
  readonly code: Pick<CodeSchema, "tables" | "refused"> | undefined;
  readonly profiles: ReadonlyMap<string, ColumnProfile> | undefined;
  /** The state that the profiles are of. */
  readonly profiled: string | undefined;
}

/** A reading with what was decided about it. */
export interface Decided extends Reading {
  readonly config: Config;
  readonly plan: Plan;
  /** What would be decided if nobody had chosen anything. */
  readonly automatic: ReadonlyMap<string, Decision>;
}

/** The sources that panels show, the last used last: no more than a person looks at. */
const readings = new Map<string, Reading>();
const most = 8;

/** The plans made last, by reading and configuration: a panel asks for one table after the other. */
const plans = new WeakMap<Reading, { readonly rules: string; readonly decided: Decided }>();
const automatics = new WeakMap<Reading, { readonly rules: string; readonly automatic: Decided["automatic"] }>();

/**
 * Reads a source, unless it is as it was, and plans it as cutover.json has it; no values are read.
 * @throws CutoverError when the configuration or the source cannot be used
 */
export async function decidedSchema(request: SchemaRequest): Promise<Decided> {
  const config = request.config === undefined ? await loadConfig(request.root) : parseConfig(request.config, join(request.root, configFileName));
  const reading = await currentReading(request);
  const { policies, overrides, partitions, schema, targetVersion } = config;
  const rules = JSON.stringify([policies, [...overrides], [...partitions], schema, targetVersion]);
  const known = plans.get(reading);
  if (known?.rules === rules) return { ...known.decided, config };
  const decided = {
    ...reading,
    config,
    plan: planFrom(reading.catalog, reading.profiles, { policies, overrides, partitions, schema, targetVersion }),
    automatic: automaticDecisions(reading, policies),
  };
  plans.set(reading, { rules, decided });
  return decided;
}

function automaticDecisions(reading: Reading, policies: Policies): Decided["automatic"] {
  const rules = JSON.stringify(policies);
  const known = automatics.get(reading);
  if (known?.rules === rules) return known.automatic;
  const automatic = decide(reading.catalog, reading.profiles, policies, new Map());
  automatics.set(reading, { rules, automatic });
  return automatic;
}

/** Keeps what a scan of the values has found: in `whole`, or so far. */
export function keepProfiles(request: SchemaRequest, reading: Reading, profiles: ReadonlyMap<string, ColumnProfile>, whole: boolean): void {
  const now = readings.get(keyOf(request)) ?? reading;
  keep(request, { ...now, profiles, profiled: whole ? reading.state : now.profiled });
}

/** What is known of a source as it is now; profiles of an earlier state stay until there are newer ones. @throws CutoverError */
export async function currentReading(request: SchemaRequest): Promise<Reading> {
  const state = await stateOf(request);
  const known = readings.get(keyOf(request));
  if (known?.state === state) return known;
  const { source, code } = await openRequested(request);
  try {
    const reading: Reading = { kind: source.kind, catalog: introspect(source), state, code, profiles: known?.profiles, profiled: known?.profiled };
    keep(request, reading);
    return reading;
  } finally {
    source.close();
  }
}

/** Opens what a request names. Close the source. @throws CutoverError */
export async function openRequested({ root, source, code, text }: SchemaRequest): Promise<{ readonly source: Source; readonly code: Reading["code"] }> {
  if (!code) return { source: await openAny(resolve(root, source)), code: undefined };
  const found = await codeSchema(root, workspacePath(root, resolve(root, source)), text ?? "");
  return { source: found.source, code: { tables: found.tables, refused: found.refused } };
}

/** The table whose CREATE statement is at a place of the text; the next one where there is none. */
export function tableAt({ code }: Reading, text: string, at: { readonly line: number; readonly character: number }): string | undefined {
  const offset = lineIndex(text).offsetAt(at);
  return code?.tables.find(({ span }) => offset <= span.end)?.name;
}

function keep(request: SchemaRequest, reading: Reading): void {
  const key = keyOf(request);
  readings.delete(key);
  readings.set(key, reading);
  const [oldest] = readings.keys();
  if (readings.size > most && oldest !== undefined) readings.delete(oldest);
}

function keyOf({ root, source, code }: SchemaRequest): string {
  return JSON.stringify([resolve(root, source), code]);
}

/** A file's size and time and those of its write-ahead log; of a folder, those of its files; of a text, the text. */
async function stateOf({ root, source, code, text }: SchemaRequest): Promise<string> {
  if (code) return text ?? "";
  const path = resolve(root, source);
  const found = await stat(path).catch(() => undefined); // what is not there is told of by what opens it
  if (found?.isDirectory() === true) return JSON.stringify(await Promise.all([...(await sqlFiles(path))].sort().map(async (file) => [file, await fileState(join(path, file))])));
  return `${await fileState(path)}/${await fileState(`${path}-wal`)}`;
}

async function fileState(path: string): Promise<string> {
  return stat(path).then(
    // An empty log is as good as none: reading makes one.
    ({ size, mtimeMs }) => (size === 0 ? "" : `${size}:${mtimeMs}`),
    () => "",
  );
}
