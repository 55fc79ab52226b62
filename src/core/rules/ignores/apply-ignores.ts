import type { Site } from "#core/hosts/site.ts";
import { parseScript } from "#core/sql/parse.ts";
import { lineIndex } from "#core/text/line-index.ts";
import { contains, type Span } from "#core/text/span.ts";
import type { Finding, Severity } from "../finding.ts";
import { reportedRules } from "../registry.ts";
import { ignoreCommentMeta } from "./ignore-comment-meta.ts";
import { ignoreComments, type IgnoreComment } from "./ignore-comments.ts";
import type { IgnoredFinding } from "./ignored-finding.ts";

/** What a team has decided about findings, as far as it concerns one file. */
export interface IgnorePolicy {
  readonly severity: ReadonlyMap<string, Severity | "off">;
  /** The entries of `ignores` whose paths hold the file; without rules, of every rule. */
  readonly entries: readonly { readonly rules: readonly string[] | undefined; readonly reason: string }[];
}

/** A file's findings, told apart by what a person has decided. */
export interface SortedFindings {
  readonly findings: readonly Finding[];
  readonly ignored: readonly IgnoredFinding[];
}

/** Sets aside what cutover.json and the file's own comments ask to leave alone, and adds what is wrong with such a comment. */
export function applyIgnores(all: readonly Finding[], text: string, sites: readonly Site[], policy: IgnorePolicy): SortedFindings {
  const comments = ignoreComments(text);
  const effective = comments.filter((comment) => comment.reason !== undefined);
  const covers = effective.some((comment) => comment.scope === "line") ? lineCover(text, sites) : () => false;
  const findings: Finding[] = [];
  const ignored: IgnoredFinding[] = [];
  for (const finding of [...all, ...comments.flatMap(problemsOf)]) {
    const severity = policy.severity.get(finding.rule);
    if (severity === "off") {
      ignored.push({ finding, by: "severity", reason: `cutover.json turns ${finding.rule} off` });
      continue;
    }
    const own = severity === undefined ? finding : { ...finding, severity };
    const entry = policy.entries.find(({ rules }) => rules === undefined || rules.includes(finding.rule));
    if (entry !== undefined) {
      ignored.push({ finding: own, by: "config", reason: entry.reason });
      continue;
    }
    const comment = effective.find((each) => each.rules.includes(finding.rule) && (each.scope === "file" || covers(each, finding)));
    if (comment?.reason !== undefined) ignored.push({ finding: own, by: "comment", reason: comment.reason });
    else findings.push(own);
  }
  findings.sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
  return { findings, ignored };
}

/**
 * Whether a comment speaks of a finding: by the finding's own line, or by the line where the statement, its text or its
 * call begins. A comment inside of one of these says nothing of the whole of it.
 */
function lineCover(text: string, sites: readonly Site[]): (comment: IgnoreComment, finding: Finding) => boolean {
  const index = lineIndex(text);
  const lineOf = (offset: number): number => index.positionAt(offset).line;
  const statements = new Map<Site, readonly Span[]>();
  const statementsOf = (site: Site): readonly Span[] => {
    const known = statements.get(site);
    if (known !== undefined) return known;
    const spans = site.kind === "fragment" ? [] : parseScript(site.text, { holes: site.holes.map((hole) => hole.span) }).statements.map(({ span }) => site.map.toFile(span));
    statements.set(site, spans);
    return spans;
  };
  return ({ span, lines }, finding) => {
    if (lines.includes(lineOf(finding.span.start))) return true;
    return sites
      .filter((site) => contains(site.span, finding.span))
      .flatMap((site) => [site.span, ...(site.call === undefined ? [] : [site.call.span]), ...statementsOf(site).filter((statement) => contains(statement, finding.span))])
      .some((whole) => !contains(whole, span) && lines.includes(lineOf(whole.start)));
  };
}

/** What keeps a comment from having an effect, as findings. */
function problemsOf({ span, rules, reason }: IgnoreComment): readonly Finding[] {
  const finding = (message: string): Finding => ({ rule: ignoreCommentMeta.id, severity: "information", message, applicability: "manual", span, fixes: [], supplied: [], settles: [] });
  if (rules.length === 0) return [finding("This comment ignores nothing: it names no rule. Write cutover-ignore[rule-id]: reason.")];
  if (reason === undefined) return [finding(`This comment ignores nothing: it gives no reason. Write why behind it: cutover-ignore[${rules.join(", ")}]: reason.`)];
  const unknown = rules.filter((id) => !reportedRules.some((rule) => rule.id === id));
  return unknown.map((id) => finding(`There is no rule "${id}", so nothing is ignored by that name. The rules are listed in the documentation.`));
}
