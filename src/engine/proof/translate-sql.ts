import { findInSql } from "#core/hosts/sql.ts";
import { analyzeHostFile } from "#core/rules/analyze-host-file.ts";
import type { Applicability, Finding, Settled } from "#core/rules/finding.ts";
import { fixText } from "#core/rules/fix-text.ts";
import type { Mode } from "#core/rules/mode.ts";
import type { DdlTranslation } from "#core/rules/rule.ts";
import type { SchemaView } from "#core/rules/schema-view.ts";
import type { Verdict } from "#core/rules/verdict.ts";
import type { Statement } from "#core/sql/nodes.ts";
import { parseScript } from "#core/sql/parse.ts";
import type { Span } from "#core/text/span.ts";
import { styled, withNumbers, type ParameterStyle } from "./placeholders.ts";
import { proveSyntax, type Prover } from "./prover.ts";
import { notLookedAt } from "./same/same-on-both.ts";

/**
 * What became of a statement. `verified`: all edits are safe, and PostgreSQL has prepared it (or both engines gave the same rows);
 * `translated`: all edits are safe, and only PostgreSQL's parser has seen it; `review`: it may mean something else, the findings
 * say when; `manual`: something is left to a person; `unparsed`: SQLite would refuse it.
 */
export type Outcome = "verified" | "translated" | "review" | "manual" | "unparsed";

/** From the best to the worst. */
export const outcomes: readonly Outcome[] = ["verified", "translated", "review", "manual", "unparsed"];

/** What was found and done, or is left to do. */
export interface TranslationFinding {
  /** A rule's id; or `rejected` (PostgreSQL's refusal), `rows-differ`, `not-looked-at`, `parameters`, `unparsed`. */
  readonly rule: string;
  readonly message: string;
  readonly applicability: Applicability;
}

/** A text after translation. */
export interface Translation {
  readonly sql: string;
  readonly outcome: Outcome;
  readonly findings: readonly TranslationFinding[];
}

/** What a translation is made with. */
export interface TranslationOptions {
  readonly mode: Mode;
  readonly params: ParameterStyle;
  readonly schema: SchemaView | undefined;
  readonly translateDdl: ((sql: string) => DdlTranslation) | undefined;
  /** Absent without a schema: then PostgreSQL's parser alone is asked. */
  readonly prover: Prover | undefined;
}

/** How often a statement is looked at again after fixes, since one fix may have hidden another. */
const passes = 6;

/**
 * Translates a text of one or more statements. What stands between them stays as it is; the outcome is the worst of theirs.
 * Nothing is believed: a statement whose PostgreSQL form is refused is `manual`, whatever the rules say.
 */
export async function translateSql(sql: string, options: TranslationOptions): Promise<Translation> {
  const { statements, errors } = parseScript(sql);
  const [error] = errors;
  if (error !== undefined) return { sql, outcome: "unparsed", findings: [{ rule: "unparsed", message: `SQLite would refuse this: ${error.message}`, applicability: "manual" }] };
  let text = "";
  let end = 0;
  let outcome: Outcome | undefined;
  const findings: TranslationFinding[] = [];
  for (const { span } of statements) {
    const translated = await translateStatement(sql.slice(span.start, span.end), options);
    text += sql.slice(end, span.start) + translated.sql;
    end = span.end;
    if (outcome === undefined || outcomes.indexOf(translated.outcome) > outcomes.indexOf(outcome)) outcome = translated.outcome;
    findings.push(...translated.findings);
  }
  return { sql: text + sql.slice(end), outcome: outcome ?? "translated", findings };
}

async function translateStatement(sql: string, options: TranslationOptions): Promise<Translation> {
  const given = parseOne(sql);
  if (given === undefined) return { sql, outcome: "unparsed", findings: [{ rule: "unparsed", message: "it does not stand alone as one statement", applicability: "manual" }] };
  const numbered = withNumbers(sql, given);
  const statement = parseOne(numbered.sql) ?? given;
  const fixed = fixAll(numbered.sql, statement, options);
  const findings: TranslationFinding[] = [...fixed.findings];
  const add = (rule: string, message: string, applicability: Applicability): void => {
    if (!findings.some((each) => each.rule === rule && each.message === message)) findings.push({ rule, message, applicability });
  };

  for (const { what, span } of notLookedAt(statement, numbered.sql, { schema: options.schema, rewritten: fixed.rewritten, settles: fixed.settles })) {
    add("not-looked-at", `Nothing shows yet that this means the same on PostgreSQL: ${what} (${snippet(numbered.sql, span)}).`, "review");
  }
  const text = styled(fixed.sql, numbered.names, options.params);
  if (text.rebinding !== undefined) add("parameters", `Bind the values anew: ${text.rebinding}.`, "review");

  const asked = options.params === "numeric" ? text.sql : styled(fixed.sql, numbered.names, "numeric").sql;
  const verdict = options.prover === undefined ? await proveSyntax(asked) : await options.prover.prove(asked, numbered.names.size === 0 ? sql : undefined);
  switch (verdict.verdict) {
    case "rejected":
      add("rejected", rejectedMessage(verdict, asked), "manual");
      break;
    case "prepared":
      if (verdict.difference !== undefined) add("rows-differ", `Both engines ran it on the rows at hand: ${verdict.difference.message}.`, verdict.difference.kind === "order" ? "review" : "manual");
      break;
    case "proven":
    case "unchecked":
      break;
  }
  return { sql: text.sql, outcome: outcomeOf(findings, verdict), findings };
}

function parseOne(sql: string): Statement | undefined {
  const { statements, errors } = parseScript(sql);
  return errors.length === 0 && statements.length === 1 ? statements[0] : undefined;
}

function outcomeOf(findings: readonly TranslationFinding[], { verdict }: Verdict): Outcome {
  if (verdict === "rejected" || findings.some((finding) => finding.applicability === "manual")) return "manual";
  if (findings.some((finding) => finding.applicability === "review")) return "review";
  return verdict === "unchecked" ? "translated" : "verified";
}

function rejectedMessage(verdict: Verdict & { readonly verdict: "rejected" }, sql: string): string {
  const place = verdict.offset === undefined ? "" : ` at character ${verdict.offset + 1}${verdict.offset < sql.length ? ` (${snippet(sql, { start: verdict.offset, end: sql.length })})` : ""}`;
  return `PostgreSQL's ${verdict.gate} refuses this${place}: ${verdict.message} (${verdict.sqlState})${verdict.hint === undefined ? "" : `. ${verdict.hint}`}`;
}

function snippet(sql: string, { start, end }: Span): string {
  const text = sql.slice(start, end).replace(/\s+/g, " ");
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

interface FixedStatement {
  readonly sql: string;
  readonly findings: readonly TranslationFinding[];
  /** Of the given text: what safe fixes replace, and what the adapter supplies. */
  readonly rewritten: readonly Span[];
  readonly settles: readonly Settled[];
}

/** Makes every preferred fix, also those to review, until nothing is left that has one. */
function fixAll(sql: string, statement: Statement, options: TranslationOptions): FixedStatement {
  const findings: TranslationFinding[] = [];
  const add = (finding: Finding, applicability: Applicability): void => {
    const { rule, message } = finding;
    if (!findings.some((each) => each.rule === rule && each.message === message)) findings.push({ rule, message, applicability });
  };
  const rewritten: Span[] = [];
  const settles: Settled[] = [];
  // The result is for PostgreSQL: DDL is written for it in both modes.
  const mode: Mode = statement.kind === "CreateTableStatement" ? "postgres" : options.mode;
  let text = sql;
  let left = look(text, mode, options) ?? [];
  for (let pass = 0; pass < passes; pass++) {
    const made = fixText(text, left, "review");
    for (const { finding, fix } of made.fixed) {
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
      }
    }
    const done = new Set(made.fixed.map((each) => each.finding));
    const rest = left.filter((finding) => !done.has(finding));
    if (made.text === text) {
      left = rest;
      break;
    }
    text = made.text;
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
  }
  // What still has a fix was not made: it met another one, or comes back after every fix.
  for (const finding of left) add(finding, finding.fixes.length > 0 ? "manual" : finding.applicability);
  return { sql: text, findings, rewritten, settles };
}

/** What the rules find in a text; undefined when it is not SQLite's SQL any more. Parameters are converted at the end, not by a rule. */
function look(text: string, mode: Mode, options: TranslationOptions): readonly Finding[] | undefined {
  const { findings, unparsed } = analyzeHostFile(findInSql(text), text, {
    mode,
    driver: "asyncpg",
    schema: options.schema,
    translateDdl: options.translateDdl,
    byEngineImport: undefined,
  });
  return unparsed.length > 0 ? undefined : findings.filter((finding) => finding.rule !== "placeholder-style");
}
