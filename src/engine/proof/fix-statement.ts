import { findInSql } from "#core/hosts/sql.ts";
import { analyzeHostFile } from "#core/rules/analyze-host-file.ts";
import type { Applicability, Finding, Settled } from "#core/rules/finding.ts";
import { fixText } from "#core/rules/fix-text.ts";
import type { Mode } from "#core/rules/mode.ts";
import type { DdlTranslation } from "#core/rules/rule.ts";
import type { SchemaView } from "#core/rules/schema-view.ts";
import type { Statement } from "#core/sql/nodes.ts";
import type { Edit } from "#core/text/edit.ts";
import type { Span } from "#core/text/span.ts";

/** What was found and done, or is left to do. */
export interface TranslationFinding {
  /** A rule's id; or `rejected` (PostgreSQL's refusal), `rows-differ`, `not-looked-at`, `parameters`, `unparsed`. */
  readonly rule: string;
  readonly message: string;
  readonly applicability: Applicability;
  /** In the given text, as near as can be told. */
  readonly span: Span;
}

/** Statements that make, change or drop objects: the code chooses by engine where the engines' forms differ. */
const definitions: ReadonlySet<Statement["kind"]> = new Set(["CreateTableStatement", "CreateIndexStatement", "CreateTriggerStatement", "CreateVirtualTableStatement", "AlterTableStatement", "DropStatement"]);

/** How often a statement is looked at again after fixes, since one fix may have hidden another. */
const passes = 6;

/** A statement after all fixes, those to review included. */
export interface FixedStatement {
  readonly sql: string;
  /** The place in the given text that a place of `sql` comes from. */
  readonly toGiven: (offset: number) => number;
  readonly findings: readonly TranslationFinding[];
  /** Of the given text: what safe fixes replace, and what the adapter supplies. */
  readonly rewritten: readonly Span[];
  readonly settles: readonly Settled[];
  /** The generated adapter takes the whole statement: PRAGMA and BEGIN IMMEDIATE never come to a server. */
  readonly answered: boolean;
  /** Functions of the generated adapter that the result calls. */
  readonly needs: readonly string[];
  /** Messages of findings that ask for a look at what may stay as it is. */
  readonly advice: ReadonlySet<string>;
}

/** What a statement is fixed with. */
export interface FixOptions {
  readonly mode: Mode;
  readonly schema: SchemaView | undefined;
  readonly translateDdl: ((sql: string) => DdlTranslation) | undefined;
  /** Made first, together with the fixes. */
  readonly edits?: readonly Edit[];
}

/** Makes every preferred fix, also those to review, until nothing is left that has one. */
export function fixStatement(sql: string, statement: Statement, options: FixOptions): FixedStatement {
  const findings: TranslationFinding[] = [];
  const back: ((offset: number) => number)[] = [];
  const toGiven = (offset: number, steps = back.length): number => back.slice(0, steps).reduceRight((at, step) => step(at), offset);
  /** How many rounds of fixes lie between the given text and the one that the findings speak of. */
  let steps = 0;
  const add = (finding: Finding, applicability: Applicability): void => {
    const { rule, message } = finding;
    const span = { start: toGiven(finding.span.start, steps), end: toGiven(finding.span.end, steps) };
    if (!findings.some((each) => each.rule === rule && each.message === message)) findings.push({ rule, message, applicability, span });
  };
  const rewritten: Span[] = [];
  const settles: Settled[] = [];
  const needs: string[] = [];
  let answered = false;
  // The result is for PostgreSQL: DDL is written for it in both modes.
  const mode: Mode = definitions.has(statement.kind) ? "postgres" : options.mode;
  let text = sql;
  let left = look(text, mode, options) ?? [];
  for (let pass = 0; pass < passes; pass++) {
    const made = fixText(text, pass === 0 ? [...given(options.edits), ...left] : left, "review");
    for (const { finding, fix } of made.fixed) {
      if (finding.rule === "given") continue;
      needs.push(...fix.needs);
      add(finding, fix.applicability);
      if (pass === 0 && fix.applicability === "safe") {
        rewritten.push(...fix.edits.map((edit) => edit.span));
        settles.push(...fix.settles);
      }
    }
    if (pass === 0) {
      for (const finding of left) {
        if (finding.settles.length > 0) settles.push(...finding.settles);
        else if (finding.supplied.length > 0) rewritten.push(finding.span);
        needs.push(...finding.supplied);
        answered ||= finding.supplied.length > 0 && (statement.kind === "PragmaStatement" || statement.kind === "BeginStatement");
      }
    }
    const done = new Set(made.fixed.map((each) => each.finding));
    const rest = left.filter((finding) => !done.has(finding));
    if (made.text === text) {
      left = rest;
      break;
    }
    text = made.text;
    back.push(made.toGiven);
    // DDL that is written anew is PostgreSQL's: SQLite's rules have nothing more to say.
    if (pass === 0 && statement.kind === "CreateTableStatement") {
      left = rest;
      break;
    }
    // PostgreSQL's own forms mean what they mean there: SQLite's rules are asked again only for what had no room in the first round.
    if (mode === "postgres" && made.waiting === 0) {
      left = rest;
      break;
    }
    const again = look(text, mode, options);
    // SQLite's grammar does not hold the result: what was not fixed so far stays so.
    left = again ?? rest;
    if (again === undefined) break;
    steps = back.length;
  }
  // What still has a fix was not made: it met another one, or comes back after every fix.
  for (const finding of left) add(finding, finding.fixes.length > 0 ? "manual" : finding.applicability);
  const advice = new Set(left.filter((finding) => finding.fixes.length === 0 && finding.applicability === "review").map((finding) => finding.message));
  return { sql: text, toGiven, findings, rewritten, settles, answered, needs, advice };
}

/** Edits that are made with the fixes, as one of them. */
function given(edits: readonly Edit[] | undefined): Finding[] {
  if (edits === undefined || edits.length === 0) return [];
  return [{ rule: "given", severity: "information", message: "", applicability: "safe", span: { start: 0, end: 0 }, fixes: [{ title: "", applicability: "safe", edits, needs: [], settles: [] }], supplied: [], settles: [] }];
}

/** What the rules find in a text; undefined when it is not SQLite's SQL any more. Parameters are converted at the end, not by a rule. */
function look(text: string, mode: Mode, options: FixOptions): readonly Finding[] | undefined {
  const { findings, unparsed } = analyzeHostFile(findInSql(text), text, {
    mode,
    driver: "asyncpg",
    schema: options.schema,
    translateDdl: options.translateDdl,
    byEngineImport: undefined,
  });
  return unparsed.length > 0 ? undefined : findings.filter((finding) => finding.rule !== "placeholder-style");
}
