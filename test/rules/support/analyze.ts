import { engineOf } from "#core/hosts/engine-of.ts";
import type { HostFile } from "#core/hosts/site.ts";
import { analyzeHostFile, type AnalysisOptions, type HostFileAnalysis } from "#core/rules/analyze-host-file.ts";
import type { Finding } from "#core/rules/finding.ts";
import { fixText, type FixLevel } from "#core/rules/fix-text.ts";
import { offsetMap } from "#core/text/offset-map.ts";
import { readHostFile } from "#engine/workspace/read-host-file.ts";
import type { Host, RuleCase } from "./fixture.ts";

/** How a text is analysed. */
export interface Setting {
  readonly host: Host;
  readonly site: RuleCase["site"];
  readonly options: AnalysisOptions;
}

const imports: Partial<Record<Host, string>> = { python: "from database import by_engine", typescript: 'import { byEngine } from "./database/index.ts";' };

/** The setting of a case, with what the fixture's schema gives. */
export function settingOf({ mode, driver, host, site, schema }: RuleCase, made: Pick<AnalysisOptions, "schema" | "translateDdl">): Setting {
  return { host, site, options: { mode, driver, byEngineImport: imports[host], schema: schema ? made.schema : undefined, translateDdl: schema ? made.translateDdl : undefined } };
}

export async function analyze(text: string, setting: Setting): Promise<HostFileAnalysis> {
  return analyzeHostFile(await hostFile(text, setting), text, setting.options);
}

/** The SQL for each engine that a text holds: its only site's, or the two that are named for an engine. */
export async function textsByEngine(text: string, setting: Setting): Promise<{ readonly sqlite: string; readonly postgres: string }> {
  const { sites } = await hostFile(text, setting);
  const sqlite = sites.find((site) => engineOf(site, text) === "sqlite") ?? sites[0];
  const postgres = sites.find((site) => engineOf(site, text) === "postgresql") ?? sites[0];
  if (sqlite === undefined || postgres === undefined) throw new Error(`no SQL in ${text}`);
  return { sqlite: sqlite.text, postgres: postgres.text };
}

/** Makes the preferred fixes of the findings that `which` holds for, pass after pass, until nothing is left to make. */
export async function fixAll(text: string, setting: Setting, level: FixLevel, which: (finding: Finding) => boolean): Promise<string> {
  let now = text;
  for (let pass = 0; pass < 8; pass++) {
    const { findings } = await analyze(now, setting);
    const next = fixText(now, findings.filter(which), level);
    if (next.fixed.length === 0) return now;
    now = next.text;
  }
  throw new Error(`fixes without an end: ${now}`);
}

/** Without a host the text stands alone, character for character, as in a Python file. */
async function hostFile(text: string, { host, site }: Setting): Promise<HostFile> {
  if (host !== "none") return readHostFile(host, text);
  const contents = { start: 0, end: text.length };
  const map = offsetMap([{ kind: "verbatim", text: contents, file: contents, literal: 0 }], [{ contents, encode: (t) => t }]);
  return { language: "python", sites: [{ language: "python", span: contents, text, holes: [], map, call: undefined, kind: site }], uses: [], imports: [], calls: [], regions: [], importAt: 0 };
}
