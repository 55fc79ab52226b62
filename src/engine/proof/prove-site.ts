import type { Site } from "#core/hosts/site.ts";
import type { Finding, Severity } from "#core/rules/finding.ts";
import { rejected } from "#core/rules/proof/rejected.ts";
import { rowsDiffer } from "#core/rules/proof/rows-differ.ts";
import type { Verdict } from "#core/rules/verdict.ts";
import { applyEdits, givenOffset } from "#core/text/edit.ts";
import type { Span } from "#core/text/span.ts";
import type { Outcome } from "#core/rules/outcome.ts";
import type { TranslationFinding } from "./fix-statement.ts";
import { translateSql, type TranslatedStatement, type Translation, type TranslationOptions } from "./translate-sql.ts";

/** What PostgreSQL said of one site's text, with every fix made. */
export interface SiteProof {
  readonly site: Site;
  /** `unchecked`: nothing could be asked, the verdict says why. */
  readonly outcome: Outcome | "unchecked";
  readonly verdict: Verdict;
  /** The site's text with every fix made; undefined when nothing could be asked, or code fills in a part of it. */
  readonly sql: string | undefined;
  /** What only the engines could tell, at its characters in the file. */
  readonly findings: readonly Finding[];
  /** All that a person may want to know of the translation, the worst first. */
  readonly remarks: readonly Pick<TranslationFinding, "rule" | "message" | "applicability">[];
}

/** What a site is proven with: the text that is asked about always writes parameters `$n`. */
export interface ProofOptions extends Omit<TranslationOptions, "params"> {
  /** Translations made before with the same options, by text: what has not changed is not asked about again. */
  readonly known?: Map<string, Translation>;
}

/** Asks PostgreSQL about a site. A text that is put together at run time cannot be asked about. */
export async function proveSite(site: Site, options: ProofOptions): Promise<SiteProof> {
  const unchecked = (reason: string): SiteProof => ({ site, outcome: "unchecked", verdict: { verdict: "unchecked", reason }, sql: undefined, findings: [], remarks: [] });
  if (site.kind === "fragment") return unchecked("it is a part that is joined to others at run time");
  if (site.holes.some((hole) => hole.what !== "placeholders")) return unchecked("parts of it are filled in at run time");
  // A list of placeholders is as good as any other: two of them.
  const filled = site.holes.map(({ span }) => ({ span, newText: "?, ?" }));
  const text = applyEdits(site.text, filled);
  const translation = options.known?.get(text) ?? (await translateSql(text, { ...options, params: "numeric" }));
  options.known?.set(text, translation);
  const { sql, outcome, statements } = translation;
  const worstFirst = ["manual", "review", "safe"];
  const remarks = translation.findings.toSorted((a, b) => worstFirst.indexOf(a.applicability) - worstFirst.indexOf(b.applicability));
  const inFile = ({ start, end }: Span): Span => site.map.toFile({ start: givenOffset(filled, start), end: givenOffset(filled, end) });
  return { site, outcome, verdict: worst(statements), sql: filled.length === 0 ? sql : undefined, findings: statements.flatMap((statement) => engineFindings(statement, inFile)), remarks };
}

/** The verdict of several statements is that of the one that fared worst. */
function worst(statements: readonly TranslatedStatement[]): Verdict {
  const order: readonly Verdict["verdict"][] = ["rejected", "unchecked", "prepared", "proven"];
  const verdicts = statements.flatMap(({ verdict }) => (verdict === undefined ? [] : [verdict]));
  const [first] = verdicts.toSorted((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict));
  return first ?? { verdict: "unchecked", reason: "SQLite would refuse it" };
}

/** The engines' own findings; a refusal that a rule has spoken of already is not said twice. */
function engineFindings({ findings }: TranslatedStatement, inFile: (span: Span) => Span): Finding[] {
  const explained = findings.some(({ rule, applicability }) => applicability === "manual" && rule !== rejected.id && rule !== rowsDiffer.id);
  return findings.flatMap(({ rule, message, applicability, span }) => {
    if (rule !== rejected.id && rule !== rowsDiffer.id) return [];
    if (rule === rejected.id && explained) return [];
    const severity: Severity = rule === rejected.id || applicability === "manual" ? "error" : "warning";
    return [{ rule, severity, message, applicability: "manual" as const, span: inFile(span), fixes: [], supplied: [], settles: [] }];
  });
}
