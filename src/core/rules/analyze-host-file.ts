import type { Engine } from "#core/hosts/engine-name.ts";
import { engineOf } from "#core/hosts/engine-of.ts";
import type { HostFile, Site } from "#core/hosts/site.ts";
import { whoseSql } from "#core/hosts/whose-sql.ts";
import { wrapByEngine } from "#core/hosts/wrap-by-engine.ts";
import { parseFragment, parseScript } from "#core/sql/parse.ts";
import type { Expression, Statement } from "#core/sql/nodes.ts";
import { nodesOfKind } from "#core/sql/walk.ts";
import type { Edit } from "#core/text/edit.ts";
import { apart } from "./apart.ts";
import { besideOf } from "./beside.ts";
import type { Applicability, Finding, Fix, Settled } from "./finding.ts";
import { kindOf, type ValueKind } from "./kinds/value-kind.ts";
import { placeholderForms, type Driver, type Mode } from "./mode.ts";
import { placeholderStyle } from "./placeholders/placeholder-style.ts";
import { psycopgPlaceholders } from "./placeholders/psycopg-placeholders.ts";
import { statementRules, useRules } from "./registry.ts";
import type { DdlTranslation, SqlFinding, SqlFix, StatementContext } from "./rule.ts";
import type { SchemaView } from "./schema-view.ts";
import { meaningsOf, resolutionOf, type Meanings, type Resolution } from "./scope.ts";
import type { SiteFindings, SiteMemo } from "./site-memo.ts";

/** What an analysis is made with; the same for every site of a file. */
export interface AnalysisOptions {
  /**
   * The file's path in its workspace. With it, what the code says to be another engine's is left alone; without, the text is
   * SQLite's because whoever asks says so.
   */
  readonly path?: string | undefined;
  readonly mode: Mode;
  readonly driver: Driver;
  readonly schema: SchemaView | undefined;
  readonly translateDdl: ((sql: string) => DdlTranslation) | undefined;
  /** The import line that brings `by_engine` into a file of this project, if an adapter is (or will be) there. */
  readonly byEngineImport: string | undefined;
  /** What was said of sites before, for one who analyses the same file again and again. */
  readonly memo?: SiteMemo | undefined;
}

/** What one host file's analysis found, in the order of the file. */
export interface HostFileAnalysis {
  readonly findings: readonly Finding[];
  /** Sites whose text SQLite would refuse, so that no rule looked at it; fragments are not among them. */
  readonly unparsed: readonly { readonly site: Site; readonly message: string }[];
}

/** Runs every rule over a host file's sites and uses, and carries what they say to the characters of the file. */
export function analyzeHostFile(file: HostFile, text: string, options: AnalysisOptions): HostFileAnalysis {
  const findings: Finding[] = [];
  const unparsed: { site: Site; message: string }[] = [];
  const whose = options.path === undefined ? undefined : whoseSql({ source: text, host: file, path: options.path });
  const others = (engine: Engine | undefined): boolean => engine !== undefined && engine !== "sqlite";
  for (const site of file.sites) {
    if (engineOf(site, text) !== undefined || others(whose?.site(site))) continue;
    const ask = (): SiteFindings => askRules(site, options);
    const said = options.memo === undefined ? ask() : options.memo.of(site, options, ask);
    if (said.problem !== undefined) unparsed.push({ site, message: said.problem });
    for (const { rule, found } of said.findings) findings.push(mapped(rule, found, site, file, text, options));
  }
  for (const use of file.uses) {
    if (others(whose?.place(use.span))) continue;
    for (const rule of useRules) {
      const found = rule.checkUse(use, { mode: options.mode, language: file.language });
      if (found !== undefined) findings.push({ rule: rule.meta.id, severity: found.severity, message: found.message, applicability: (found.supplied?.length ?? 0) > 0 ? "safe" : "manual", span: found.span, fixes: [], supplied: found.supplied ?? [], settles: [] });
    }
  }
  findings.sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
  return { findings, unparsed };
}

/** What the rules say of a site's statements, in terms of its text. */
function askRules(site: Site, options: AnalysisOptions): SiteFindings {
  const { statements, problem } = parsed(site, options);
  if (problem !== undefined) return { findings: [], problem };
  const findings: { rule: string; found: SqlFinding }[] = [];
  for (const statement of statements) {
    // What SQLite would refuse has no meaning to keep.
    if (statement.kind === "ErrorNode" || statement.problem !== undefined || hidesWords(statement, site)) continue;
    const context = statementContext(site, statement, options);
    for (const rule of isSound(statement) ? statementRules : [placeholderStyle]) for (const found of rule.check(context)) findings.push({ rule: rule.meta.id, found });
  }
  return { findings, problem };
}

function statementContext(site: Site, statement: Statement, { mode, driver, schema, translateDdl }: AnalysisOptions): StatementContext {
  let known: Meanings | undefined;
  const look = (): Meanings => (known ??= meaningsOf(statement, schema, statement.kind === "Fragment" ? besideOf(site) : []));
  const meanings: Meanings = {
    of: (reference) => look().of(reference),
    source: (reference) => look().source(reference),
    isNoColumn: (reference) => look().isNoColumn(reference),
    nearest: (reference) => look().nearest(reference),
    sources: (core) => look().sources(core),
    outputs: (select) => look().outputs(select),
    isCommonTable: (name) => look().isCommonTable(name),
  };
  const resolution: Resolution = resolutionOf(meanings);
  const kinds = new Map<Expression, ValueKind>();
  const kind = (node: Expression): ValueKind => {
    const found = kinds.get(node) ?? kindOf(node, { resolution, settled: () => undefined });
    kinds.set(node, found);
    return found;
  };
  return { site, statement, mode, driver, schema, resolution, meanings, kind, translateDdl };
}

const wordsOfSql = /^\W*(?:\w+\.)*(?:SELECT|DISTINCT|FROM|WHERE|AND|OR|NOT|IN|LIKE|SET|VALUES|UPDATE|INSERT_INTO|DELETE_FROM|(?:LEFT_|INNER_|CROSS_)?JOIN|ON|AS|UNION(?:_ALL)?|GROUP_BY|ORDER_BY|HAVING|LIMIT|OFFSET|IS_(?:NOT_)?NULL)\W*$/;

/** Whether constants that are called like SQL's words (`"a=?" + WHERE + "b=?"`) stand between the parts of a statement: what it says cannot be read here. */
function hidesWords({ span }: Statement, { text, holes }: Site): boolean {
  return holes.some((hole) => hole.span.start >= span.start && hole.span.end <= span.end && wordsOfSql.test(text.slice(hole.span.start, hole.span.end)));
}

/** Whether all of a part of a statement could be read; only its first operand may lie before it. Of the rest nothing is certain but its placeholders. */
function isSound(statement: Statement): boolean {
  return statement.kind !== "Fragment" || nodesOfKind(statement, "ErrorNode").every(({ span }) => span.end <= statement.span.start);
}

/** A site's statements; a text that SQLite would refuse gives none, but the message. */
function parsed(site: Site, { mode, driver }: AnalysisOptions): { readonly statements: readonly Statement[]; readonly problem: string | undefined } {
  const holes = site.holes.map((hole) => hole.span);
  // What has been given the driver's placeholders already is as good as what still has SQLite's.
  const written = mode === "postgres" && placeholderForms[driver] === "percent" ? psycopgPlaceholders(site.text, holes) : [];
  const options = { holes: [...holes, ...written].sort((a, b) => a.start - b.start) };
  if (site.kind === "fragment") {
    // DDL that is whole is the same wherever it is run from.
    const ddl = /^\s*(?:create|alter|drop)\b/i.test(site.text) ? parseScript(site.text, options) : undefined;
    return { statements: ddl?.errors.length === 0 ? ddl.statements : [parseFragment(site.text, options)], problem: undefined };
  }
  const script = parseScript(site.text, options);
  return { statements: script.statements, problem: script.errors[0]?.message };
}

function mapped(rule: string, found: SqlFinding, site: Site, file: HostFile, text: string, options: AnalysisOptions): Finding {
  const fixes = found.fixes.map((fix) => mapFix(fix, site, file, text, options)).filter((fix) => fix !== undefined);
  const lost = found.fixes.length > 0 && fixes.length === 0;
  return {
    rule,
    severity: found.severity,
    message: lost ? `${found.message} (${whyLost(found, options)})` : found.message,
    applicability: applicabilityOf(fixes[0], found),
    span: site.map.toFile(found.span),
    fixes,
    supplied: found.supplied ?? [],
    settles: inFile(found.settles, site),
    ...(found.unless === undefined ? {} : { unless: found.unless }),
  };
}

function inFile(settles: readonly Settled[] | undefined, site: Site): readonly Settled[] {
  return settles?.map((each) => ({ ...each, span: site.map.toFile(each.span) })) ?? [];
}

/** Why none of a finding's fixes can be made in this file. */
function whyLost(found: SqlFinding, options: AnalysisOptions): string {
  return options.byEngineImport === undefined && found.fixes.every((fix) => fix.kind === "by-engine")
    ? "The fix needs by_engine(), which `cutover generate adapter` brings."
    : "This text is put together in a way that cannot be edited safely here: change it by hand.";
}

function applicabilityOf(preferred: Fix | undefined, found: SqlFinding): Applicability {
  if (found.supplied !== undefined && found.supplied.length > 0) return found.advice === true ? "review" : "safe";
  if (preferred === undefined) return found.advice === true ? "review" : "manual";
  return preferred.applicability;
}

function mapFix(fix: SqlFix, site: Site, file: HostFile, text: string, options: AnalysisOptions): Fix | undefined {
  const base = { title: fix.title, applicability: fix.applicability, needs: fix.needs ?? [], settles: inFile(fix.settles, site) };
  switch (fix.kind) {
    case "by-engine": {
      const edits = options.byEngineImport === undefined ? undefined : wrapByEngine({ source: text, site, file, postgresql: fix.postgresql, importLine: options.byEngineImport });
      return edits === undefined ? undefined : { ...base, edits };
    }
    case "host":
      return { ...base, edits: fix.edits };
    case "edit": {
      const edits: Edit[] = [];
      for (const edit of fix.edits) {
        const mappedEdits = site.map.mapEdit(apart(site.text, edit));
        if (mappedEdits === undefined) return undefined;
        const around = edit.around === undefined ? undefined : site.map.toFile(edit.around);
        edits.push(...(around === undefined ? mappedEdits : mappedEdits.map((each) => ({ ...each, around }))));
      }
      return { ...base, edits };
    }
  }
}
