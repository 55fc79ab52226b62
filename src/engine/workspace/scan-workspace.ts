import { hash } from "node:crypto";
import { relative, resolve, sep } from "node:path";
import { serialize } from "node:v8";
import type { HostFile, Language } from "#core/hosts/site.ts";
import { isIdle } from "#core/rules/declared/unless.ts";
import type { Mode } from "#core/rules/mode.ts";
import type { LeftOut as ReportedLeftOut, ReportedFile, ReportedFinding, ReportedIgnored, ScanReport } from "#core/report/scan-report.ts";
import type { Config } from "./config.ts";
import { analyzeFile, type AnalysisBasis, type FileAnalysis } from "./analyze-text.ts";
import { declareIn } from "./declared-in.ts";
import { engineVersion } from "./engine-version.ts";
import { findAdapters, isAdapterFile } from "./find-adapter.ts";
import { languageOf } from "./host-parser.ts";
import { inventory } from "./inventory.ts";
import type { LeftOut } from "./left-out.ts";
import { listFiles, type ListedFile } from "./list-files.ts";
import { readHostFile } from "./read-host-file.ts";
import { decodeSource, readBytes } from "./read-source.ts";
import { resolveHelpers, type WorkspaceFile } from "./resolve-helpers.ts";
import { mayHaveChanged, type ScanCache } from "./scan-cache.ts";
import type { FileOutcome, FileResult, FileTask, ScannedFinding } from "./scan-file.ts";
import { createScanPool, type ScanPool } from "./scan-pool.ts";
import { schemaAtHand } from "./schema-at-hand.ts";

/** A file's findings with editor positions and edits. */
export interface ScannedFile {
  /** Relative to the root, with `/`. */
  readonly path: string;
  readonly findings: readonly ScannedFinding[];
}

/** How far a scan is. `files` are those with findings that came since the last event, in no order. */
export interface ScanProgress {
  readonly done: number;
  readonly total: number;
  readonly files: readonly ScannedFile[];
}

export interface ScanOptions {
  /** The workspace's root, absolute: paths are reported relative to it. */
  readonly root: string;
  /** Files and folders to look into, absolute; the root unless given. */
  readonly paths?: readonly string[];
  readonly config: Config;
  readonly mode?: Mode;
  /** A database or DDL file to take the schema from, instead of the configured ones. */
  readonly schema?: string | undefined;
  /** Results of earlier scans; none unless given. */
  readonly cache?: ScanCache | undefined;
  /** Texts that an editor holds and has not written yet, by path. */
  readonly texts?: ReadonlyMap<string, string>;
  /** The threads to scan on; some of its own unless given. */
  readonly pool?: ScanPool | undefined;
  readonly signal?: AbortSignal;
  /** Told a few times a second, and when all files are done. */
  readonly onProgress?: (progress: ScanProgress) => void;
}

/** A file's text and what it holds. */
export interface ReadFile {
  readonly language: Language;
  readonly text: string;
  readonly host: HostFile;
}

/** What a scan found. */
export interface Scan {
  readonly report: ScanReport;
  /** Files with findings, in the report's order. */
  readonly files: readonly ScannedFile[];
  /** How many files were looked at. */
  readonly looked: number;
  /** Files with sites. */
  readonly withSites: readonly string[];
  /** One of the files as it is now; undefined when it cannot be read any more. */
  readonly read: (path: string) => Promise<ReadFile | undefined>;
  /** Analyses a text as that of one of the workspace's files. */
  readonly analyze: (path: string, language: Language, text: string) => Promise<FileAnalysis>;
}

/** Milliseconds between two progress events. */
const often = 100;

/**
 * Scans a workspace: finds the sites of every file, runs the rules, counts the inventory. The report is the same with and without
 * a cache, and on any number of threads.
 * @throws CutoverError when the schema that was asked for cannot be read; the signal's reason when aborted
 */
export async function scanWorkspace(options: ScanOptions): Promise<Scan> {
  const { root, config, cache, signal } = options;
  const mode = options.mode ?? config.mode;
  const schema = await schemaAtHand(root, config, options.schema);
  const listed = await list(options);
  const adapters = await findAdapters(root, listed.flatMap(({ path, file }) => (file === undefined ? [] : [path])));
  const data = { config, mode, schema: schema === undefined ? undefined : { source: schema.source, path: schema.path, plan: schema.plan }, adapters };
  // Whatever an outcome depends on besides the file.
  const environment = hash("sha1", Buffer.concat([Buffer.from(engineVersion()), serialize(data)]));
  await cache?.open(environment);
  const own = listed.filter(({ path, file }) => file === undefined || !isAdapterFile(adapters, path));
  const taskOf = (path: string, file: ListedFile): FileTask => ({
    path,
    absolute: file.absolute,
    language: file.language,
    asked: file.asked,
    text: options.texts?.get(path),
    knownHash: undefined,
  });

  const outcomes = new Map<string, FileOutcome>();
  const tasks: FileTask[] = [];
  const sizes: number[] = [];
  for (const { path, file } of own) {
    if (file === undefined) continue;
    const task = taskOf(path, file);
    const known = task.text === undefined ? cache?.get(path) : undefined;
    if (known?.key !== keyOf(task)) tasks.push(task);
    else if (known.stamp.size === file.size && known.stamp.modified === file.modified && !mayHaveChanged(known.stamp)) {
      outcomes.set(path, known.outcome);
      continue;
    } else tasks.push({ ...task, knownHash: known.stamp.hash });
    sizes.push(file.size);
  }

  const total = outcomes.size + tasks.length;
  let fresh: ScannedFile[] = [];
  let told = performance.now();
  for (const [path, outcome] of outcomes) addFindings(fresh, path, outcome);
  const tell = (): void => {
    told = performance.now();
    options.onProgress?.({ done: outcomes.size, total, files: fresh });
    fresh = [];
  };
  tell();
  const pool = options.pool ?? createScanPool();
  try {
    const take = (index: number, { outcome, stamp }: FileResult): void => {
      const task = tasks[index];
      if (task === undefined) return;
      const result = outcome ?? cache?.get(task.path)?.outcome;
      if (result === undefined) return;
      outcomes.set(task.path, result);
      if (stamp !== undefined) cache?.set(task.path, { stamp, key: keyOf(task), outcome: result });
      addFindings(fresh, task.path, result);
      if (performance.now() - told > often) tell();
    };
    await pool.run({ name: environment, ...data }, tasks, sizes, take, signal);
  } finally {
    if (options.pool === undefined) pool.dispose();
  }
  if (tasks.length > 0) tell();
  if (options.paths === undefined || options.paths.some((path) => path === root)) cache?.keep(new Set(own.map(({ path }) => path)));
  await cache?.save();

  const declared = declareIn(root, own.flatMap(({ path }) => {
    const outcome = outcomes.get(path);
    return outcome?.kind === "scanned" ? [{ path, declared: outcome.facts.declared }] : [];
  }));
  const found: WorkspaceFile[] = [];
  const files: ScannedFile[] = [];
  const ignored: ReportedIgnored[] = [];
  const leftOut: ReportedLeftOut[] = [];
  for (const { path, leftOut: unlisted } of own) {
    const outcome = unlisted === undefined ? outcomes.get(path) : ({ kind: "left-out", ...unlisted } as const);
    switch (outcome?.kind) {
      case "scanned":
        found.push({ path, host: outcome.facts });
        addFindings(files, path, { ...outcome, findings: outcome.findings.filter(({ unless }) => !isIdle(unless, declared)) });
        for (const { finding, by, reason } of outcome.ignored) ignored.push({ path, ...reported(finding), by, reason });
        for (const { line, message } of outcome.unparsed) leftOut.push({ path, line, reason: `SQLite would refuse this SQL: ${message}` });
        break;
      case "left-out":
        if (!unsaid.has(outcome.why)) leftOut.push({ path, line: undefined, reason: reasonFor(outcome, config.limits.maxFileBytes) });
        break;
      case "failed":
        leftOut.push({ path, line: undefined, reason: outcome.reason });
        break;
      case undefined:
        leftOut.push({ path, line: undefined, reason: "nothing came back for it (please report it)" });
    }
  }
  const hostOf = (language: Language, text: string): Promise<HostFile> => readHostFile(language, text, { limit: config.limits.maxFileSeconds * 1000 });
  const basis: AnalysisBasis = { config, mode, schema, adapters, declared };
  const reportedFiles: ReportedFile[] = files.map(({ path, findings }) => ({ path, findings: findings.map(reported) }));
  return {
    report: { version: 1, mode, schema: schema?.source, inventory: inventory(resolveHelpers(found)), files: reportedFiles, ignored, leftOut, proof: undefined },
    files,
    looked: found.length,
    withSites: found.filter(({ host }) => host.sites > 0).map(({ path }) => path),
    async read(path) {
      const language = languageOf(path);
      if (language === undefined) return undefined;
      const read = readBytes(resolve(root, path), config.limits.maxFileBytes);
      const source = "bytes" in read ? decodeSource(path, language, read.bytes, true) : read;
      const text = options.texts?.get(path) ?? ("text" in source ? source.text : undefined);
      return text === undefined ? undefined : { language, text, host: await hostOf(language, text) };
    },
    analyze: async (path, language, text) => analyzeFile({ path, language, text, host: await hostOf(language, text) }, basis),
  };
}

/** Everything below the paths to look into, each file once, by its path from the root. */
async function list({ root, paths, config, signal }: ScanOptions): Promise<{ readonly path: string; readonly file?: ListedFile | undefined; readonly leftOut?: LeftOut | undefined }[]> {
  const seen = new Set<string>();
  const all = [];
  for (const start of paths ?? [root]) {
    for (const each of await listFiles(start, { ignore: config.ignore, ...(signal === undefined ? {} : { signal }) })) {
      const { file, leftOut } = each;
      const asked = file === undefined ? each.asked === true : file.asked;
      // Of a single file, the listing's path is its name.
      const path = relativePath(root, asked ? start : resolve(start, file?.path ?? leftOut?.path ?? ""));
      if (seen.has(path)) continue;
      seen.add(path);
      all.push({ path, file, leftOut });
    }
  }
  return all;
}

/** What the outcome depends on besides the content and the environment. */
function keyOf({ language, asked }: FileTask): string {
  return `${language} ${asked}`;
}

/** A finding as reports show it. */
export function reported({ rule, severity, applicability, message, range, fixes, supplied }: ScannedFinding): ReportedFinding {
  return { rule, severity, applicability, message, range, fixes: fixes.map((fix) => fix.title), supplied };
}

function addFindings(files: ScannedFile[], path: string, outcome: FileOutcome): void {
  if (outcome.kind === "scanned" && outcome.findings.length > 0) files.push({ path, findings: outcome.findings });
}

/** Left out without a word: somebody said so, or there is nothing to look at. */
const unsaid: ReadonlySet<LeftOut["why"]> = new Set(["ignored", "folder", "nothing-of-sql"]);

function reasonFor({ why, detail }: Omit<LeftOut, "path">, maxFileBytes: number): string {
  const reasons: Readonly<Record<LeftOut["why"], string>> = {
    ignored: "ignored",
    folder: "a folder of others' code",
    link: "a link that leads out of what is scanned",
    "too-large": `larger than ${maxFileBytes / 1e6} MB`,
    binary: "not text",
    minified: "minified",
    encoding: "not UTF-8",
    unreadable: "cannot be read",
    changing: "it changed while it was read",
    "nothing-of-sql": "nothing of SQL",
  };
  return reasons[why] + (detail === undefined ? "" : `: ${detail}`);
}

function relativePath(root: string, path: string): string {
  return relative(root, path).split(sep).join("/");
}
