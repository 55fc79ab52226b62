import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import type { ProofOptions } from "#engine/proof/prove-site.ts";
import { basisOf, basisWithoutSchema, type TranslationBasis } from "#engine/proof/translation-basis.ts";
import type { Translation } from "#engine/proof/translate-sql.ts";
import { loadConfig, type Config } from "#engine/workspace/config.ts";

/** Milliseconds that an embedded server waits for the next statement: it takes seconds to fill one. */
const patience = 300_000;

/** Texts whose translations are remembered; beyond that all are forgotten. */
const mostKnown = 2000;

/** The server that was asked last, as long as its source and the configuration stay what they were. */
let kept: { readonly key: string; readonly basis: Promise<TranslationBasis>; readonly known: Map<string, Translation> } | undefined;
let closing: NodeJS.Timeout | undefined;
/** One after the other: a server has one session. */
let turn: Promise<unknown> = Promise.resolve();

/** What statements of a workspace are proven with. `onData`: there is a source, whose schema the server holds. */
export interface ProofServer {
  readonly options: ProofOptions;
  readonly onData: boolean;
}

/**
 * Does work with an embedded PostgreSQL that holds the schema of the first configured source that is there; one piece of work after
 * the other. Without a source there is PostgreSQL's parser only.
 * @throws CutoverError when the configuration or the source cannot be used
 */
export function withProofServer<T>(root: string, signal: AbortSignal, work: (server: ProofServer) => Promise<T>): Promise<T> {
  const mine = turn.then(
    () => serve(root, signal, work),
    () => serve(root, signal, work),
  );
  turn = mine;
  return mine;
}

async function serve<T>(root: string, signal: AbortSignal, work: (server: ProofServer) => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  const config = await loadConfig(root);
  clearTimeout(closing);
  try {
    const { basis: made, known } = await basisFor(root, config, signal);
    const basis = await made;
    signal.throwIfAborted();
    if (known.size > mostKnown) known.clear();
    return await work({ onData: basis.prover !== undefined, options: { mode: config.mode, schema: basis.schema, translateDdl: basis.translateDdl, prover: basis.prover, known } });
  } finally {
    closing = setTimeout(() => void letGo(), patience).unref();
  }
}

async function basisFor(root: string, config: Config, signal: AbortSignal): Promise<NonNullable<typeof kept>> {
  const source = await firstThere(root, config);
  const key = JSON.stringify([root, source, config.mode, config.schema, config.targetVersion, config.policies, [...config.overrides], [...config.partitions]]);
  if (kept?.key === key) return kept;
  await letGo();
  const basis = source === undefined ? basisWithoutSchema(config) : basisOf(source.path, config, config.mode, signal);
  const made = { key, basis, known: new Map<string, Translation>() };
  kept = made;
  basis.catch(() => {
    if (kept === made) kept = undefined;
  });
  return made;
}

/** The first configured source that is there, with what changes when its content does. */
async function firstThere(root: string, config: Config): Promise<{ readonly path: string; readonly state: string } | undefined> {
  for (const { source } of config.databases) {
    const path = resolve(root, source);
    const states = await Promise.all([path, `${path}-wal`].map((file) => stat(file).then(({ size, mtimeMs }) => `${size}:${mtimeMs}`, () => "")));
    if (states[0] !== "") return { path, state: states.join() };
  }
  return undefined;
}

async function letGo(): Promise<void> {
  const last = kept;
  kept = undefined;
  await last?.basis.then(
    (basis) => basis.close(),
    () => undefined,
  );
}
