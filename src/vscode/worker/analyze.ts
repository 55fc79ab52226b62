import { relative, sep } from "node:path";
import type { Finding } from "#core/rules/finding.ts";
import { lineIndex, type LineIndex } from "#core/text/line-index.ts";
import type { Span } from "#core/text/span.ts";
import { analyzeText } from "#engine/workspace/analyze-text.ts";
import type { DocumentFinding, Range, WorkerMethods } from "#protocol/worker.ts";

/** Findings of one document's text, with editor positions. @throws CutoverError when the configuration cannot be used */
export async function analyze({ root, path, text }: WorkerMethods["analyze"]["request"], signal: AbortSignal): Promise<readonly DocumentFinding[]> {
  const { findings } = await analyzeText({ root, path: relative(root, path).split(sep).join("/"), text });
  signal.throwIfAborted();
  const lines = lineIndex(text);
  return findings.map((finding) => toDocumentFinding(finding, lines));
}

/** The finding with lines and characters instead of offsets. */
export function toDocumentFinding({ rule, message, severity, applicability, span, fixes }: Finding, lines: LineIndex): DocumentFinding {
  const range = ({ start, end }: Span): Range => ({ start: lines.positionAt(start), end: lines.positionAt(end) });
  return {
    rule,
    message,
    severity,
    applicability,
    range: range(span),
    fixes: fixes.map((fix) => ({ title: fix.title, applicability: fix.applicability, changes: fix.edits.map((edit) => ({ range: range(edit.span), newText: edit.newText, ...(edit.around === undefined ? {} : { around: range(edit.around) }) })) })),
  };
}
