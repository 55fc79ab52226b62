import { readdir } from "node:fs/promises";
import { join, posix } from "node:path";
import { analyzeHostFile, type HostFileAnalysis } from "#core/rules/analyze-host-file.ts";
import { applyIgnores, type SortedFindings } from "#core/rules/ignores/apply-ignores.ts";
import type { Finding } from "#core/rules/finding.ts";
import type { Mode } from "#core/rules/mode.ts";
import type { DeclaredTables } from "#core/rules/declared/declared-tables.ts";
import { isIdle } from "#core/rules/declared/unless.ts";
import { siteMemo, type SiteMemo } from "#core/rules/site-memo.ts";
import type { HostFile, Language, Site } from "#core/hosts/site.ts";
import { mayHoldSql } from "#core/hosts/interest.ts";
import { loadConfig, type Config } from "./config.ts";
import { declaredIn } from "./declared-in.ts";
import { driverFor } from "./driver-for.ts";
import { byEngineImport, findAdapters, isAdapterFile, type FoundAdapter } from "./find-adapter.ts";
import { languageOf } from "./host-parser.ts";
import { ignoreRules } from "./ignore-rules.ts";
import { readHostFile } from "./read-host-file.ts";
import { schemaAtHand, type SchemaAtHand } from "./schema-at-hand.ts";

/** What one file holds: its sites, what is to be done in it, and what a person has decided to leave alone. */
export interface FileAnalysis extends SortedFindings {
  readonly sites: readonly Site[];
  readonly unparsed: HostFileAnalysis["unparsed"];
}

const nothing: FileAnalysis = { sites: [], findings: [], ignored: [], unparsed: [] };

/** One document to analyse, as an editor holds it. */
export interface TextToAnalyze {
  /** The workspace's root, absolute. */
  readonly root: string;
  /** Relative to the root, with `/`. */
  readonly path: string;
  readonly text: string;
}

/** What the files of a workspace are analysed with. */
export interface AnalysisBasis {
  readonly config: Config;
  readonly mode: Mode;
  readonly schema: SchemaAtHand | undefined;
  readonly adapters: readonly FoundAdapter[];
  readonly memo?: SiteMemo | undefined;
  /** What the workspace's own CREATE TABLE statements say, where they are known. */
  readonly declared?: DeclaredTables | undefined;
}

/** What the rules said of the sites of documents that are typed in. */
const memo = siteMemo();

/**
 * Analyses one document with the workspace's configuration and schema. Files of other languages and of a generated
 * adapter give nothing.
 * @throws CutoverError when the configuration or the configured source cannot be used
 */
export async function analyzeText({ root, path, text }: TextToAnalyze): Promise<FileAnalysis> {
  const language = languageOf(path);
  if (language === undefined || !mayHoldSql(language, text)) return nothing;
  const adapters = await adaptersAround(root, path);
  if (isAdapterFile(adapters, path)) return nothing;
  const config = await loadConfig(root);
  if (isIgnored(config.ignore, path)) return nothing;
  const [file, schema] = await Promise.all([readHostFile(language, text, { document: join(root, path) }), schemaAtHand(root, config, undefined)]);
  return analyzeFile({ path, language, text, host: file }, { config, mode: config.mode, schema, adapters, memo, declared: declaredIn(root) });
}

/** The one place where a file's findings are made, for the command line and the editor: the rules, then what is to be left alone. */
export function analyzeFile({ path, language, text, host }: { readonly path: string; readonly language: Language; readonly text: string; readonly host: HostFile }, { config, mode, schema, adapters, memo: known, declared }: AnalysisBasis): FileAnalysis {
  const { findings, unparsed } = analyzeHostFile(host, text, {
    path,
    mode,
    driver: driverFor(config, { path, language, hasAdapter: byEngineImport(adapters, path, language) !== undefined }),
    schema: schema?.view,
    translateDdl: schema?.translateDdl,
    byEngineImport: byEngineImport(adapters, path, language),
    memo: known,
  });
  const said = declared === undefined ? findings : findings.filter(({ unless }) => !isIdle(unless, declared));
  return { sites: host.sites, unparsed, ...leaveAlone(said, { path, text, sites: host.sites }, config) };
}

/** Takes out of a file's findings what a person has decided to leave alone, by a comment or in cutover.json. */
export function leaveAlone(findings: readonly Finding[], { path, text, sites }: { readonly path: string; readonly text: string; readonly sites: readonly Site[] }, { ignores, severity }: Config): SortedFindings {
  const entries = ignores.filter(({ paths }) => paths === undefined || isIgnored(paths, path));
  return applyIgnores(findings, text, sites, { severity, entries });
}

/** Whether cutover.json leaves the file, or a folder above it, out. */
function isIgnored(patterns: readonly string[], path: string): boolean {
  const rules = ignoreRules("", patterns);
  const parts = path.split("/");
  return parts.some((_, i) => rules(parts.slice(0, i + 1).join("/"), i + 1 < parts.length) === true);
}

/** Adapters in the folders from the file up to the root, or one below any of them: where `generate adapter` puts them. */
async function adaptersAround(root: string, path: string): Promise<FoundAdapter[]> {
  const candidates: string[] = [];
  for (let folder = posix.dirname(path); ; folder = posix.dirname(folder)) {
    const entries = await readdir(join(root, folder), { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const inside = folder === "." ? entry.name : posix.join(folder, entry.name);
      if (entry.isFile() && /^factory\.(py|ts)$/.test(entry.name)) candidates.push(inside);
      if (entry.isDirectory() && entry.name === "database") {
        const files = await readdir(join(root, inside)).catch(() => []);
        for (const name of files) if (/^factory\.(py|ts)$/.test(name)) candidates.push(posix.join(inside, name));
      }
    }
    if (folder === "." || folder === "/") break;
  }
  return findAdapters(root, candidates);
}
