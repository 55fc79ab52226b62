import { relative, sep } from "node:path";
import { tablesOf } from "#core/rules/tables-of.ts";
import { lineIndex, type LineIndex } from "#core/text/line-index.ts";
import type { Span } from "#core/text/span.ts";
import { analyzeText } from "#engine/workspace/analyze-text.ts";
import { located } from "#engine/workspace/scan-file.ts";
import type { DocumentAnalysis, Range, WorkerMethods } from "#protocol/worker.ts";

/** What one document's text holds, with editor positions. @throws CutoverError when the configuration cannot be used */
export async function analyze({ root, path, text }: WorkerMethods["analyze"]["request"], signal: AbortSignal): Promise<DocumentAnalysis> {
  const { findings, sites, ignored } = await analyzeText({ root, path: workspacePath(root, path), text });
  signal.throwIfAborted();
  const lines = lineIndex(text);
  const tables = tablesOf(sites);
  return {
    findings: findings.map((finding) => located(finding, lines, tables)),
    sites: sites.map((site) => ({ range: toRange(site.span, lines), whole: site.kind !== "fragment" && site.holes.length === 0 })),
    ignored: ignored.length,
  };
}

/** The path of a file as the engine counts it: relative to the root, with `/`. */
export function workspacePath(root: string, path: string): string {
  return relative(root, path).split(sep).join("/");
}

/** A span as lines and characters. */
export function toRange({ start, end }: Span, lines: LineIndex): Range {
  return { start: lines.positionAt(start), end: lines.positionAt(end) };
}

/** Lines and characters as a span. */
export function toSpan({ start, end }: Range, lines: LineIndex): Span {
  return { start: lines.offsetAt(start), end: lines.offsetAt(end) };
}
