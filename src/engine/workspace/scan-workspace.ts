import { relative, resolve, sep } from "node:path";
import type { HostFile, Language } from "#core/hosts/site.ts";
import { lineIndex, type LineIndex } from "#core/text/line-index.ts";
import type { Finding } from "#core/rules/finding.ts";
import type { IgnoredFinding } from "#core/rules/ignores/ignored-finding.ts";
import type { Mode } from "#core/rules/mode.ts";
import type { LeftOut, ReportedFinding, ReportedIgnored, ScanReport } from "#core/report/scan-report.ts";
import type { Config } from "./config.ts";
import { analyzeFile, type FileAnalysis } from "./analyze-text.ts";
import { findAdapters, isAdapterFile } from "./find-adapter.ts";
import { ParseFailure } from "./host-parser.ts";
import { inventory } from "./inventory.ts";
import { readHostFile } from "./read-host-file.ts";
import { resolveHelpers, type WorkspaceFile } from "./resolve-helpers.ts";
import { schemaAtHand, type SchemaAtHand } from "./schema-at-hand.ts";
import { walkFiles } from "./walk-files.ts";

export interface ScanOptions {
  /** The workspace's root, absolute: paths are reported relative to it. */
  readonly root: string;
  /** Files and folders to look into, absolute; the root unless given. */
  readonly paths?: readonly string[];
  readonly config: Config;
  readonly mode?: Mode;
  /** A database or DDL file to take the schema from, instead of the configured ones. */
  readonly schema?: string | undefined;
  readonly signal?: AbortSignal;
  /** Told of each file before it is analysed. */
  readonly onFile?: (path: string) => void;
}

/** A file's text and findings, for fixing. */
export interface ScannedFile {
  readonly path: string;
  readonly language: Language;
  readonly text: string;
  readonly findings: readonly Finding[];
}

/** What a scan found: the report, and the files it speaks of. */
export interface Scan {
  readonly report: ScanReport;
  readonly files: readonly ScannedFile[];
  /** Analyses a changed text of one of the files anew. */
  readonly again: (path: string, language: Language, text: string) => Promise<readonly Finding[]>;
}

/**
 * Scans a workspace: finds the sites of every file, runs the rules, counts the inventory.
 * @throws CutoverError when the schema that was asked for cannot be read
 */
export async function scanWorkspace(options: ScanOptions): Promise<Scan> {
  const { root, config } = options;
  const mode = options.mode ?? config.mode;
  const schema = await schemaAtHand(root, config, options.schema);
  const leftOut: LeftOut[] = [];
  const sources: { path: string; language: Language; text: string; host: HostFile }[] = [];
  for (const start of options.paths ?? [root]) {
    const walked = walkFiles(start, {
      ignore: config.ignore,
      leftOut: (item) => {
        if (item.why !== "nothing-of-sql" && item.why !== "folder" && item.why !== "ignored") leftOut.push({ path: relativePath(root, resolve(start, item.path)), line: undefined, reason: reasons[item.why] + (item.detail === undefined ? "" : `: ${item.detail}`) });
      },
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
    for await (const { path, language, text } of walked) {
      const own = relativePath(root, resolve(start, path));
      options.onFile?.(own);
      try {
        sources.push({ path: own, language, text, host: await readHostFile(language, text) });
      } catch (error) {
        if (!(error instanceof ParseFailure)) throw error;
        leftOut.push({ path: own, line: undefined, reason: error.message });
      }
    }
  }
  const adapters = await findAdapters(root, sources.map((s) => s.path));
  const analyze = (path: string, language: Language, text: string, host: HostFile): FileAnalysis => analyzeFile({ path, language, text, host }, { config, mode, schema, adapters });
  const own = sources.filter((s) => !isAdapterFile(adapters, s.path));
  const resolved: WorkspaceFile[] = resolveHelpers(own);
  const files: ScannedFile[] = [];
  const reported: { path: string; findings: ReportedFinding[] }[] = [];
  const ignored: ReportedIgnored[] = [];
  for (const { path, language, text, host } of own) {
    const { findings, unparsed, ignored: leftAlone } = analyze(path, language, text, host);
    const lines = lineIndex(text);
    for (const { site, message } of unparsed) leftOut.push({ path, line: lines.positionAt(site.span.start).line + 1, reason: `SQLite would refuse this SQL: ${message}` });
    files.push({ path, language, text, findings });
    ignored.push(...leftAlone.map((each) => reportedIgnored(each, path, lines)));
    if (findings.length > 0) reported.push({ path, findings: findings.map((finding) => reportedFinding(finding, lines)) });
  }
  return {
    report: { version: 1, mode, schema: sourceOf(schema), inventory: inventory(resolved), files: reported, ignored, leftOut, proof: undefined },
    files,
    again: async (path, language, text) => analyze(path, language, text, await readHostFile(language, text)).findings,
  };
}

const reasons = {
  "too-large": "larger than 5 MB",
  binary: "not text",
  minified: "minified",
  encoding: "not UTF-8",
  unreadable: "cannot be read",
} as const;

function sourceOf(schema: SchemaAtHand | undefined): string | undefined {
  return schema?.source;
}

function relativePath(root: string, path: string): string {
  return relative(root, path).split(sep).join("/");
}

/** A finding as reports show it. */
export function reportedFinding(finding: Finding, lines: LineIndex): ReportedFinding {
  return {
    rule: finding.rule,
    severity: finding.severity,
    applicability: finding.applicability,
    message: finding.message,
    range: { start: lines.positionAt(finding.span.start), end: lines.positionAt(finding.span.end) },
    fixes: finding.fixes.map((fix) => fix.title),
    supplied: finding.supplied,
  };
}

/** What was left alone, as reports show it. */
export function reportedIgnored({ finding, by, reason }: IgnoredFinding, path: string, lines: LineIndex): ReportedIgnored {
  return { path, ...reportedFinding(finding, lines), by, reason };
}
