import { lineIndex } from "#core/text/line-index.ts";
import { ignoreEdit } from "#engine/workspace/ignore-edit.ts";
import type { TextChange, WorkerMethods } from "#protocol/worker.ts";
import { toRange, toSpan, workspacePath } from "./analyze.ts";

/** The comment that leaves a finding alone. @throws CutoverError when the configuration cannot be used */
export async function ignore({ root, path, text, rule, range, scope, reason }: WorkerMethods["ignore"]["request"]): Promise<TextChange | undefined> {
  const lines = lineIndex(text);
  const edit = await ignoreEdit({ root, path: workspacePath(root, path), text }, { rule, place: toSpan(range, lines), scope, reason });
  return edit === undefined ? undefined : { range: toRange(edit.span, lines), newText: edit.newText };
}
