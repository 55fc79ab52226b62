import { engineOf } from "#core/hosts/engine-of.ts";
import { tablesOf } from "#core/rules/tables-of.ts";
import { lineIndex } from "#core/text/line-index.ts";
import { proveSite, type SiteProof } from "#engine/proof/prove-site.ts";
import { analyzeText, leaveAlone } from "#engine/workspace/analyze-text.ts";
import { loadConfig } from "#engine/workspace/config.ts";
import { located } from "#engine/workspace/scan-file.ts";
import { proofRules } from "#core/rules/registry.ts";
import type { DocumentProofs, WorkerMethods } from "#protocol/worker.ts";
import { toRange, workspacePath } from "./analyze.ts";
import { withProofServer } from "./proof-server.ts";
import { trialOf } from "./trial.ts";

/**
 * Puts every site of a document to the embedded PostgreSQL; undefined without a source to fill it from.
 * @throws CutoverError when the configuration or the source cannot be used
 */
export async function proofs({ root, path, text }: WorkerMethods["proofs"]["request"], signal: AbortSignal): Promise<DocumentProofs | undefined> {
  const own = workspacePath(root, path);
  const { sites } = await analyzeText({ root, path: own, text });
  if (sites.length === 0) return { trials: [], findings: [] };
  const proven = await withProofServer(root, signal, async ({ onData, options }) => {
    if (!onData) return undefined;
    const made: SiteProof[] = [];
    for (const site of sites) {
      signal.throwIfAborted();
      if (engineOf(site, text) === undefined) made.push(await proveSite(site, options));
    }
    return made;
  });
  if (proven === undefined) return undefined;
  const lines = lineIndex(text);
  const { findings } = leaveAlone(proven.flatMap((proof) => proof.findings), { path: own, text, sites }, await loadConfig(root));
  const tables = tablesOf(sites);
  return {
    trials: proven.map((proof) => ({ range: toRange(proof.site.span, lines), trial: trialOf(proof) })),
    // What is wrong with the file's comments its analysis says.
    findings: findings.filter(({ rule }) => proofRules.some(({ id }) => id === rule)).map((finding) => located(finding, lines, tables)),
  };
}
