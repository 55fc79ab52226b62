import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { lineIndex } from "#core/text/line-index.ts";
import { proveSyntax } from "#engine/proof/prover.ts";
import { translateSql } from "#engine/proof/translate-sql.ts";
import { basisOf, basisWithoutSchema, type TranslationBasis } from "#engine/proof/translation-basis.ts";
import { analyzeText } from "#engine/workspace/analyze-text.ts";
import { loadConfig, type Config } from "#engine/workspace/config.ts";
import type { StatementTrial, WorkerMethods } from "#protocol/worker.ts";
import { toSpan, workspacePath } from "./analyze.ts";

/** Milliseconds that an embedded server waits for the next statement: it takes seconds to fill one. */
const patience = 60_000;

/** The server that was asked last, as long as its source and the configuration stay what they were. */
let kept: { readonly key: string; readonly basis: Promise<TranslationBasis> } | undefined;
let closing: NodeJS.Timeout | undefined;
/** One after the other: a server has one session. */
let turn: Promise<unknown> = Promise.resolve();

/**
 * Translates a site's SQL and asks both engines about it: PostgreSQL with the schema of the first configured source that is
 * there, both with its rows. Undefined when there is no whole statement at the range.
 * @throws CutoverError when the configuration or the source cannot be used
 */
export async function trial(request: WorkerMethods["trial"]["request"], signal: AbortSignal): Promise<StatementTrial | undefined> {
  const mine = turn.then(
    () => ask(request, signal),
    () => ask(request, signal),
  );
  turn = mine;
  return mine;
}

async function ask({ root, path, text, range }: WorkerMethods["trial"]["request"], signal: AbortSignal): Promise<StatementTrial | undefined> {
  signal.throwIfAborted();
  const place = toSpan(range, lineIndex(text));
  const { sites } = await analyzeText({ root, path: workspacePath(root, path), text });
  const site = sites.find(({ span }) => span.start === place.start && span.end === place.end);
  if (site === undefined || site.holes.length > 0) return undefined;
  const config = await loadConfig(root);
  clearTimeout(closing);
  try {
    const basis = await basisFor(root, config, signal);
    signal.throwIfAborted();
    const { sql, findings } = await translateSql(site.text, { mode: config.mode, params: "numeric", schema: basis.schema, translateDdl: basis.translateDdl, prover: basis.prover });
    const verdict = basis.prover === undefined ? await proveSyntax(sql) : await basis.prover.prove(sql, site.text);
    const worst = ["manual", "review", "safe"];
    return { before: site.text, after: sql, verdict, remarks: findings.toSorted((a, b) => worst.indexOf(a.applicability) - worst.indexOf(b.applicability)) };
  } finally {
    closing = setTimeout(() => void letGo(), patience).unref();
  }
}

async function basisFor(root: string, config: Config, signal: AbortSignal): Promise<TranslationBasis> {
  const source = await firstThere(root, config);
  const key = JSON.stringify([root, source, config.mode, config.schema, config.policies, [...config.overrides]]);
  if (kept?.key === key) return kept.basis;
  await letGo();
  const basis = source === undefined ? basisWithoutSchema(config) : basisOf(source.path, config, config.mode, signal);
  const made = { key, basis };
  kept = made;
  basis.catch(() => {
    if (kept === made) kept = undefined;
  });
  return basis;
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
