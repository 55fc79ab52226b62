import type { Applicability } from "#core/rules/finding.ts";
import type { Mode } from "#core/rules/mode.ts";
import { outcomes, type Outcome } from "#core/rules/outcome.ts";
import type { DdlTranslation } from "#core/rules/rule.ts";
import type { SchemaView } from "#core/rules/schema-view.ts";
import type { Verdict } from "#core/rules/verdict.ts";
import type { Statement } from "#core/sql/nodes.ts";
import { parseScript } from "#core/sql/parse.ts";
import type { Span } from "#core/text/span.ts";
import { asAdapterSends } from "./as-adapter-sends.ts";
import { fixStatement, type TranslationFinding } from "./fix-statement.ts";
import { styled, withNumbers, type ParameterStyle } from "./placeholders.ts";
import { proveSyntax, type Prover } from "./prover.ts";
import { notLookedAt } from "./same/same-on-both.ts";

/** What became of one statement of a text. */
export interface TranslatedStatement {
  /** In the given text. */
  readonly span: Span;
  readonly outcome: Outcome;
  /** What PostgreSQL said of its translation; undefined for a text that SQLite would refuse. */
  readonly verdict: Verdict | undefined;
  readonly findings: readonly TranslationFinding[];
}

/** A text after translation. */
export interface Translation {
  readonly sql: string;
  /** The worst of its statements'. */
  readonly outcome: Outcome;
  readonly findings: readonly TranslationFinding[];
  readonly statements: readonly TranslatedStatement[];
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

/**
 * Translates a text of one or more statements. What stands between them stays as it is; the outcome is the worst of theirs.
 * Nothing is believed: a statement whose PostgreSQL form is refused is `manual`, whatever the rules say.
 */
export async function translateSql(sql: string, options: TranslationOptions): Promise<Translation> {
  const { statements, errors } = parseScript(sql);
  const [error] = errors;
  if (error !== undefined) {
    const { findings, statement } = unparsed({ start: 0, end: sql.length }, `SQLite would refuse this: ${error.message}`);
    return { sql, outcome: "unparsed", findings, statements: [statement] };
  }
  let text = "";
  let end = 0;
  let outcome: Outcome | undefined;
  const translated: TranslatedStatement[] = [];
  for (const { span } of statements) {
    const one = await translateStatement(sql.slice(span.start, span.end), options);
    text += sql.slice(end, span.start) + one.sql;
    end = span.end;
    if (outcome === undefined || outcomes.indexOf(one.statement.outcome) > outcomes.indexOf(outcome)) outcome = one.statement.outcome;
    const moved = one.statement.findings.map((finding) => ({ ...finding, span: { start: finding.span.start + span.start, end: finding.span.end + span.start } }));
    translated.push({ ...one.statement, span, findings: moved });
  }
  return { sql: text + sql.slice(end), outcome: outcome ?? "translated", findings: translated.flatMap((each) => each.findings), statements: translated };
}

function unparsed(span: Span, message: string): { readonly findings: TranslationFinding[]; readonly statement: TranslatedStatement } {
  const findings: TranslationFinding[] = [{ rule: "unparsed", message, applicability: "manual", span }];
  return { findings, statement: { span, outcome: "unparsed", verdict: undefined, findings } };
}

/** One statement that stands alone; the spans are in its own text. */
async function translateStatement(sql: string, options: TranslationOptions): Promise<{ readonly sql: string; readonly statement: TranslatedStatement }> {
  const whole = { start: 0, end: sql.length };
  const given = parseOne(sql);
  if (given === undefined) return { sql, statement: unparsed(whole, "it does not stand alone as one statement").statement };
  const numbered = withNumbers(sql, given);
  const statement = parseOne(numbered.sql) ?? given;
  const fixed = fixStatement(numbered.sql, statement, options);
  const inGiven = ({ start, end }: Span): Span => ({ start: numbered.toGiven(start), end: Math.max(numbered.toGiven(start), numbered.toGiven(end)) });
  const findings: TranslationFinding[] = fixed.findings.map((finding) => ({ ...finding, span: inGiven(finding.span) }));
  const add = (rule: string, message: string, applicability: Applicability, span: Span): void => {
    if (!findings.some((each) => each.rule === rule && each.message === message)) findings.push({ rule, message, applicability, span });
  };

  for (const { what, span } of notLookedAt(statement, numbered.sql, { schema: options.schema, rewritten: fixed.rewritten, settles: fixed.settles })) {
    const at = inGiven(span);
    // A rule has spoken of it already, and said more.
    if (findings.some((finding) => finding.applicability !== "safe" && finding.span.start === at.start && finding.span.end <= at.end)) continue;
    add("not-looked-at", `Nothing shows yet that this means the same on PostgreSQL: ${what} (${snippet(numbered.sql, span)}).`, "review", at);
  }
  const text = styled(fixed.sql, numbered.names, options.params);
  if (text.rebinding !== undefined) add("parameters", `Bind the values anew: ${text.rebinding}.`, "review", whole);

  const asked = options.params === "numeric" ? text : styled(fixed.sql, numbered.names, "numeric");
  const sent = options.mode === "both" ? asAdapterSends(asked.sql) : undefined;
  const seen = sent?.sql ?? asked.sql;
  const verdict: Verdict = fixed.answered
    ? { verdict: "unchecked", reason: "the generated adapter answers it; no server sees it" }
    : options.prover === undefined ? await proveSyntax(seen) : await options.prover.prove(seen, numbered.sql);
  switch (verdict.verdict) {
    case "rejected": {
      const from = verdict.offset === undefined ? undefined : fixed.toGiven(asked.toGiven(sent?.toGiven(verdict.offset) ?? verdict.offset));
      const at = from === undefined ? undefined : inGiven({ start: from, end: from }).start;
      add("rejected", rejectedMessage(verdict, seen), "manual", at === undefined ? whole : wordAt(sql, at));
      break;
    }
    case "prepared":
      if (verdict.difference !== undefined) add("rows-differ", `Both engines ran it on the rows at hand: ${verdict.difference.message}.`, verdict.difference.kind === "order" ? "review" : "manual", whole);
      break;
    case "proven":
    case "unchecked":
      break;
  }
  return { sql: text.sql, statement: { span: whole, outcome: outcomeOf(findings, verdict), verdict, findings } };
}

/** The word or sign at a place: what a person looks for. */
function wordAt(sql: string, at: number): Span {
  const start = Math.min(at, Math.max(0, sql.length - 1));
  const length = /^(?:[\w$.]+|.)/su.exec(sql.slice(start))?.[0].length ?? 0;
  return { start, end: start + length };
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
