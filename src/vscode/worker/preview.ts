import { lineIndex } from "#core/text/line-index.ts";
import { previewSite } from "#engine/workspace/preview-site.ts";
import type { StatementPreview, WorkerMethods } from "#protocol/worker.ts";
import { toSpan, workspacePath } from "./analyze.ts";

/** A site's SQL before and after its fixes. @throws CutoverError when the configuration cannot be used */
export function preview({ root, path, text, range }: WorkerMethods["preview"]["request"]): Promise<StatementPreview | undefined> {
  return previewSite({ root, path: workspacePath(root, path), text }, toSpan(range, lineIndex(text)));
}
