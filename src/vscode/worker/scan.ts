import { join } from "node:path";
import { byStatement } from "#core/rules/by-statement.ts";
import { fixText } from "#core/rules/fix-text.ts";
import { lineIndex } from "#core/text/line-index.ts";
import { loadConfig } from "#engine/workspace/config.ts";
import { scanCache, type ScanCache } from "#engine/workspace/scan-cache.ts";
import { createScanPool, type ScanPool } from "#engine/workspace/scan-pool.ts";
import { scanWorkspace, type Scan } from "#engine/workspace/scan-workspace.ts";
import type { FileChanges, UnwrittenTexts, WorkerMethods, WorkProgress, WorkspaceFindings } from "#protocol/worker.ts";
import { toRange, workspacePath } from "./analyze.ts";

/** Results of earlier scans by root and by whether it has a cutover.json, and the threads that scan: both serve the next scan as well. */
const caches = new Map<string, ScanCache>();
let pool: ScanPool | undefined;

/** Findings of every file of a folder. @throws CutoverError when the configuration cannot be used */
export async function scan({ root, texts }: WorkerMethods["scan"]["request"], signal: AbortSignal, progress: (news: WorkProgress) => void): Promise<WorkspaceFindings> {
  const { files, withSites, looked, report } = await look(root, texts, signal, progress);
  return {
    files: files.map(({ path, findings }) => ({ path: join(root, path), findings })),
    looked,
    withSites: withSites.map((path) => join(root, path)),
    ignored: report.ignored.length,
  };
}

/** What the preferred fixes would change in every file of a folder, statement by statement. @throws CutoverError when the configuration cannot be used */
export async function fixes({ root, texts, rule, level, path: only }: WorkerMethods["fixes"]["request"], signal: AbortSignal, progress: (news: WorkProgress) => void): Promise<readonly FileChanges[]> {
  const { files, read, analyze } = await look(root, texts, signal, progress);
  const changes: FileChanges[] = [];
  for (const file of files) {
    signal.throwIfAborted();
    const path = join(root, file.path);
    if ((only !== undefined && only !== path) || !file.findings.some((finding) => finding.fixes.length > 0 && (rule === undefined || finding.rule === rule))) continue;
    const now = await read(file.path);
    if (now === undefined) continue;
    const { text, language, host } = now;
    const { findings } = await analyze(file.path, language, text);
    const { fixed, waiting } = fixText(text, rule === undefined ? findings : findings.filter((finding) => finding.rule === rule), level);
    if (fixed.length === 0) continue;
    const lines = lineIndex(text);
    const whole = byStatement(text, fixed.map(({ fix }) => fix), host.sites.map((site) => site.span));
    changes.push({ path, text, changes: whole.map(({ span, newText, review }) => ({ range: toRange(span, lines), newText, review })), fixed: fixed.length, waiting });
  }
  return changes;
}

async function look(root: string, texts: UnwrittenTexts, signal: AbortSignal, progress: (news: WorkProgress) => void): Promise<Scan> {
  const config = await loadConfig(root);
  // A folder that has nothing of Cutover's gets nothing written into it by being looked at.
  const key = JSON.stringify([root, config.present]);
  const cache = caches.get(key) ?? scanCache(config.present ? root : undefined);
  caches.set(key, cache);
  pool ??= createScanPool();
  return scanWorkspace({
    root,
    config,
    cache,
    pool,
    texts: new Map(texts.map(({ path, text }) => [workspacePath(root, path), text])),
    signal,
    onProgress: ({ done, total }) => {
      progress({ done, total });
    },
  });
}
