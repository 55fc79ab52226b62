import { hash } from "node:crypto";
import type { Finding } from "#core/rules/finding.ts";
import type { Unless } from "#core/rules/declared/unless.ts";
import type { IgnoredBy } from "#core/rules/ignores/ignored-finding.ts";
import type { Language } from "#core/hosts/site.ts";
import { whoseSql } from "#core/hosts/whose-sql.ts";
import { tablesOf } from "#core/rules/tables-of.ts";
import { lineIndex, type LineIndex } from "#core/text/line-index.ts";
import type { Span } from "#core/text/span.ts";
import type { DocumentFinding, Range } from "#protocol/worker.ts";
import { analyzeFile, type AnalysisBasis } from "./analyze-text.ts";
import { factsOf, type FileFacts } from "./file-facts.ts";
import { ParseFailure, prepareParser } from "./host-parser.ts";
import type { LeftOut } from "./left-out.ts";
import { readHostFile } from "./read-host-file.ts";
import { decodeSource, readBytes } from "./read-source.ts";

/** One file to scan: plain data. */
export interface FileTask {
  /** Relative to the workspace's root, with `/`. */
  readonly path: string;
  readonly absolute: string;
  readonly language: Language;
  /** Whether it was named itself: then no bundle is too dense. */
  readonly asked: boolean;
  /** What an editor holds of it and has not written. */
  readonly text: string | undefined;
  /** Of the content that an earlier result stands for. */
  readonly knownHash: string | undefined;
}

/** A finding with editor positions, as scans keep it: plain data. */
export interface ScannedFinding extends DocumentFinding {
  /** What, all of it declared in the project, leaves nothing to say. */
  readonly unless?: readonly Unless[];
}

/** What came of one file: plain data. `failed`: it could not be looked at this time, and why. */
export type FileOutcome =
  | {
      readonly kind: "scanned";
      readonly facts: FileFacts;
      readonly findings: readonly ScannedFinding[];
      readonly ignored: readonly { readonly finding: ScannedFinding; readonly by: IgnoredBy; readonly reason: string }[];
      /** Sites that SQLite would refuse; lines count from 1. */
      readonly unparsed: readonly { readonly line: number; readonly message: string }[];
    }
  | ({ readonly kind: "left-out" } & Omit<LeftOut, "path">)
  | { readonly kind: "failed"; readonly reason: string };

/** The state of the file that an outcome stands for. */
export interface FileStamp {
  readonly size: number;
  readonly modified: number;
  readonly hash: string;
  /** When it was read, so that a change within the clock's grain is not missed. */
  readonly readAt: number;
}

/** `outcome` is undefined when the content is the one of `knownHash`. */
export interface FileResult {
  readonly outcome: FileOutcome | undefined;
  /** Absent where the result is not to be kept. */
  readonly stamp: FileStamp | undefined;
}

/**
 * Reads one file and looks at it. Whatever the file holds, the answer is an outcome, not an error.
 * @param onStage told when the file's own time starts: a grammar that is loaded for it does not count
 */
export async function scanFile(task: FileTask, basis: AnalysisBasis, onStage: (stage: "file" | "loading") => void = () => undefined): Promise<FileResult> {
  onStage("file");
  try {
    const readAt = Date.now();
    const read = task.text === undefined ? readBytes(task.absolute, basis.config.limits.maxFileBytes) : undefined;
    if (read !== undefined && !("bytes" in read)) return { outcome: { kind: "left-out", ...read }, stamp: undefined };
    const stamp = read === undefined ? undefined : { size: read.size, modified: read.modified, hash: hash("sha1", read.bytes, "base64"), readAt };
    if (stamp !== undefined && stamp.hash === task.knownHash) return { outcome: undefined, stamp };
    const source = read === undefined ? { text: task.text ?? "" } : decodeSource(task.path, task.language, read.bytes, task.asked);
    if (!("text" in source)) return { outcome: { kind: "left-out", ...source }, stamp };
    if (task.language !== "sql") {
      onStage("loading");
      await prepareParser(task.language);
      onStage("file");
    }
    return { outcome: await scanText(task, source.text, basis), stamp };
  } catch (error) {
    return { outcome: { kind: "failed", reason: reasonOf(error) }, stamp: undefined };
  }
}

/** Milliseconds of parsing by second of the limit: who gave the file the time ends what takes too long, this is for those whom nobody watches. */
const parsingMay = 4000;

async function scanText({ path, language }: FileTask, text: string, basis: AnalysisBasis): Promise<FileOutcome> {
  const host = await readHostFile(language, text, { limit: basis.config.limits.maxFileSeconds * parsingMay });
  const { findings, ignored, unparsed } = analyzeFile({ path, language, text, host }, basis);
  const lines = lineIndex(text);
  const tables = tablesOf(host.sites);
  return {
    kind: "scanned",
    facts: factsOf(host, whoseSql({ source: text, host, path }).site),
    findings: findings.map((finding) => located(finding, lines, tables)),
    ignored: ignored.map(({ finding, by, reason }) => ({ finding: located(finding, lines, tables), by, reason })),
    unparsed: unparsed.map(({ site, message }) => ({ line: lines.positionAt(site.span.start).line + 1, message: shortened(message) })),
  };
}

/** A finding with lines and characters instead of offsets, and the tables of its statement. */
export function located({ rule, severity, applicability, message, span, fixes, supplied, unless }: Finding, lines: LineIndex, tables: (place: Span) => readonly string[] = () => []): ScannedFinding {
  const range = ({ start, end }: Span): Range => ({ start: lines.positionAt(start), end: lines.positionAt(end) });
  return {
    rule,
    severity,
    applicability,
    message,
    range: range(span),
    fixes: fixes.map((fix) => ({
      title: fix.title,
      applicability: fix.applicability,
      changes: fix.edits.map((edit) => ({ range: range(edit.span), newText: edit.newText, ...(edit.around === undefined ? {} : { around: range(edit.around) }) })),
    })),
    supplied,
    tables: tables(span),
    ...(unless === undefined ? {} : { unless }),
  };
}

/** A message may quote what it speaks of, however long that is. */
function shortened(message: string): string {
  return message.length > 400 ? `${message.slice(0, 400)}…` : message;
}

function reasonOf(error: unknown): string {
  if (error instanceof ParseFailure) return error.message;
  if (error instanceof RangeError && /call stack/i.test(error.message)) return "it is nested too deep";
  return `something unforeseen happened (please report it): ${error instanceof Error ? error.message : String(error)}`;
}
