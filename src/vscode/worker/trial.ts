import { lineIndex } from "#core/text/line-index.ts";
import { proveSite, type SiteProof } from "#engine/proof/prove-site.ts";
import { analyzeText } from "#engine/workspace/analyze-text.ts";
import type { StatementTrial, WorkerMethods } from "#protocol/worker.ts";
import { toSpan, workspacePath } from "./analyze.ts";
import { withProofServer } from "./proof-server.ts";

/**
 * Translates a site's SQL and asks both engines about it. Undefined when there is no whole statement at the range.
 * @throws CutoverError when the configuration or the source cannot be used
 */
export async function trial({ root, path, text, range }: WorkerMethods["trial"]["request"], signal: AbortSignal): Promise<StatementTrial | undefined> {
  const place = toSpan(range, lineIndex(text));
  const { sites } = await analyzeText({ root, path: workspacePath(root, path), text });
  const site = sites.find(({ span }) => span.start === place.start && span.end === place.end);
  if (site === undefined || site.holes.length > 0) return undefined;
  return withProofServer(root, signal, async ({ options }) => trialOf(await proveSite(site, options)));
}

/** A site's proof as the editor shows it. */
export function trialOf({ site, sql, verdict, remarks }: SiteProof): StatementTrial {
  return { before: site.text, after: sql ?? site.text, verdict, remarks: remarks.map(({ rule, message, applicability }) => ({ rule, message, applicability })) };
}
