import type { Site } from "#core/hosts/site.ts";
import type { Finding, Severity } from "#core/rules/finding.ts";
import { rejected } from "#core/rules/proof/rejected.ts";
import { rowsDiffer } from "#core/rules/proof/rows-differ.ts";
import type { Verdict } from "#core/rules/verdict.ts";
import type { Outcome } from "#core/rules/outcome.ts";
import { translateSql, type TranslatedStatement, type TranslationOptions } from "./translate-sql.ts";

/** What PostgreSQL said of one site's text, with every fix made. */
export interface SiteProof {
  readonly site: Site;
  /** `unchecked`: nothing could be asked, the verdict says why. */
  readonly outcome: Outcome | "unchecked";
  readonly verdict: Verdict;
  /** The site's text with every fix made; undefined when nothing could be asked. */
  readonly sql: string | undefined;
  /** What only the engines could tell, at its characters in the file. */
  readonly findings: readonly Finding[];
}

/** What a site is proven with: the text that is asked about always writes parameters `$n`. */
export type ProofOptions = Omit<TranslationOptions, "params">;

/** Asks PostgreSQL about a site. A text that is put together at run time cannot be asked about. */
export async function proveSite(site: Site, options: ProofOptions): Promise<SiteProof> {
  const unchecked = (reason: string): SiteProof => ({ site, outcome: "unchecked", verdict: { verdict: "unchecked", reason }, sql: undefined, findings: [] });
  if (site.kind === "fragment") return unchecked("it is a part that is joined to others at run time");
  if (site.holes.length > 0) return unchecked("parts of it are filled in at run time");
  const { sql, outcome, statements } = await translateSql(site.text, { ...options, params: "numeric" });
  return { site, outcome, verdict: worst(statements), sql, findings: statements.flatMap((statement) => engineFindings(statement, site)) };
}

/** The verdict of several statements is that of the one that fared worst. */
function worst(statements: readonly TranslatedStatement[]): Verdict {
  const order: readonly Verdict["verdict"][] = ["rejected", "unchecked", "prepared", "proven"];
  const verdicts = statements.flatMap(({ verdict }) => (verdict === undefined ? [] : [verdict]));
  const [first] = verdicts.toSorted((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict));
  return first ?? { verdict: "unchecked", reason: "SQLite would refuse it" };
}

/** The engines' own findings; a refusal that a rule has spoken of already is not said twice. */
function engineFindings({ findings }: TranslatedStatement, site: Site): Finding[] {
  const explained = findings.some(({ rule, applicability }) => applicability === "manual" && rule !== rejected.id && rule !== rowsDiffer.id);
  return findings.flatMap(({ rule, message, applicability, span }) => {
    if (rule !== rejected.id && rule !== rowsDiffer.id) return [];
    if (rule === rejected.id && explained) return [];
    const severity: Severity = rule === rejected.id || applicability === "manual" ? "error" : "warning";
    return [{ rule, severity, message, applicability: "manual" as const, span: site.map.toFile(span), fixes: [], supplied: [], settles: [] }];
  });
}
