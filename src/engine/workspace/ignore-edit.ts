import type { Language } from "#core/hosts/site.ts";
import type { SyntaxNode } from "#core/hosts/syntax-node.ts";
import type { Finding } from "#core/rules/finding.ts";
import { parseScript } from "#core/sql/parse.ts";
import { tokenize } from "#core/sql/tokenize.ts";
import { applyEdits, type Edit } from "#core/text/edit.ts";
import { contains, type Span } from "#core/text/span.ts";
import { analyzeText, type FileAnalysis, type TextToAnalyze } from "./analyze-text.ts";
import { languageOf, parseHost } from "./host-parser.ts";
import { readHostFile } from "./read-host-file.ts";

/** What is to be left alone, and why. */
export interface IgnoreRequest {
  readonly rule: string;
  /** The finding's place in the file. */
  readonly place: Span;
  /** `here`: the finding's statement; `file`: the rule in the whole file. */
  readonly scope: "here" | "file";
  readonly reason: string;
}

const lineComment: Readonly<Record<Language, string>> = { python: "#", ruby: "#", sql: "--", typescript: "//", tsx: "//", javascript: "//", go: "//", java: "//", csharp: "//", php: "//", rust: "//" };

/**
 * The insertion of a comment that leaves a finding alone. Each place that comes into question is tried on the text: taken is
 * one where the host reads a comment, the SQL stays as it was, and nothing but this rule's findings is left alone; of several, the
 * one that leaves the fewest alone. Undefined where there is none.
 * @throws CutoverError when the configuration cannot be used
 */
export async function ignoreEdit(file: TextToAnalyze, { rule, place, scope, reason }: IgnoreRequest): Promise<Edit | undefined> {
  const { text, path } = file;
  const language = languageOf(path);
  const before = await analyzeText(file);
  if (language === undefined || !before.findings.some((finding) => finding.rule === rule && sameSpan(finding.span, place))) return undefined;
  const words = `${lineComment[language]} cutover-ignore${scope === "file" ? "-file" : ""}[${rule}]: ${reason.replace(/\s+/g, " ").trim()}`;
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const places = scope === "file" ? [lineStart(text, (await readHostFile(language, text)).importAt)] : linesAbove(text, language, before, place);
  let best: { readonly edit: Edit; readonly ignored: number } | undefined;
  for (const start of new Set(places)) {
    const indent = scope === "file" ? "" : (/^[ \t]*/.exec(text.slice(start))?.[0] ?? "");
    const edit = { span: { start, end: start }, newText: `${indent}${words}${eol}` };
    const changed = applyEdits(text, [edit]);
    const after = await analyzeText({ ...file, text: changed });
    if (!(await isComment(language, changed, start + indent.length)) || !onlyIgnores(before, after, { rule, place, language }, edit)) continue;
    const ignored = after.ignored.length - before.ignored.length;
    if (best === undefined || ignored < best.ignored) best = { edit, ignored };
  }
  return best?.edit;
}

/** The starts of the lines that a comment may stand above: that of the call, of its text, of the statement, of the finding. */
function linesAbove(text: string, language: Language, { sites }: FileAnalysis, place: Span): readonly number[] {
  const wholes = sites
    .filter((site) => contains(site.span, place))
    .flatMap((site) => {
      if (language !== "sql") return [...(site.call === undefined ? [] : [site.call.span]), site.span];
      return parseScript(site.text).statements.map((statement) => site.map.toFile(statement.span)).filter((span) => contains(span, place));
    });
  return [...wholes, place].map(({ start }) => lineStart(text, start));
}

function lineStart(text: string, offset: number): number {
  return Math.max(text.lastIndexOf("\n", offset - 1), text.lastIndexOf("\r", offset - 1)) + 1;
}

/** Whether the host, or SQL, reads a comment there: not the inside of a string, nor markup. */
async function isComment(language: Language, text: string, at: number): Promise<boolean> {
  if (language === "sql") return tokenize(text, []).some((token) => token.kind === "comment" && token.start === at);
  // A line that a backslash carries on to the next one takes no comment behind it, whatever the grammar says of it.
  if (/\\\r?\n$/.test(text.slice(0, lineStart(text, at)))) return false;
  const { root } = await parseHost(language, text);
  const inside = (node: SyntaxNode): boolean => (node.start === at && node.type.endsWith("comment")) || node.children.some((child) => child.start <= at && at < child.end && inside(child));
  return inside(root);
}

function onlyIgnores(before: FileAnalysis, after: FileAnalysis, { rule, place, language }: { readonly rule: string; readonly place: Span; readonly language: Language }, { span, newText }: Edit): boolean {
  const moved = (old: Span): Span => (old.start >= span.start ? { start: old.start + newText.length, end: old.end + newText.length } : old);
  const has = (findings: readonly Finding[], wanted: Finding): boolean => findings.some((each) => each.rule === wanted.rule && sameSpan(each.span, moved(wanted.span)));
  const left = after.ignored.map(({ finding }) => finding);
  // A comment in a script is a part of its text; that no finding is lost tells that it still means the same.
  if (language !== "sql" && (before.sites.length !== after.sites.length || before.sites.some((site, i) => site.text !== after.sites[i]?.text))) return false;
  return (
    before.findings.every((finding) => has(after.findings, finding) || (finding.rule === rule && has(left, finding))) &&
    after.findings.length + after.ignored.length === before.findings.length + before.ignored.length &&
    left.some((finding) => finding.rule === rule && sameSpan(finding.span, moved(place)))
  );
}

function sameSpan(a: Span, b: Span): boolean {
  return a.start === b.start && a.end === b.end;
}
