import * as vscode from "vscode";
import type { Applicability } from "#core/rules/finding.ts";
import type { DocumentFinding, DocumentSite, StatementTrial } from "#protocol/worker.ts";
import { touches } from "../codeActions/quick-fixes.ts";
import type { Contribution } from "../contribution.ts";
import { rulePageLink } from "../diagnostics/diagnostics.ts";
import { toRange } from "../diagnostics/editor-range.ts";
import { hostLanguages } from "../diagnostics/languages.ts";
import { commandIds } from "../ids.ts";
import type { AddressedStatement } from "../statements/statement-of.ts";
import { verdictLine } from "../statements/verdict-line.ts";
import { fixDiff } from "./fix-diff.ts";

/** Beside the diagnostic's message, which the editor shows itself: how far the fix can be trusted, what it would write, and what the engines said of the statement. */
export const hover: Contribution = ({ analyses, trials }) =>
  vscode.languages.registerHoverProvider(
    hostLanguages.map((language) => ({ language, scheme: "file" })),
    {
      provideHover(document, position) {
        const at = { start: position, end: position };
        const analysis = analyses.known(document);
        if (analysis === undefined) return undefined;
        const here = analysis.findings.filter((finding) => touches(finding.range, at));
        const site = analysis.sites.find(({ range }) => touches(range, at));
        const trial = site === undefined ? undefined : trials.known(document, site.range);
        const range = here[0]?.range ?? (trial === undefined ? undefined : site?.range);
        if (range === undefined) return undefined;
        const contents = here.map((finding) => contentsOf(finding, document));
        const statement = site === undefined ? undefined : statementContents(document, site, trial);
        return new vscode.Hover(statement === undefined ? contents : [...contents, statement], toRange(range));
      },
    },
  );

/** Lines of source that a hover shows of a fix; of a longer one nothing. */
const longestDiff = 8;
/** Characters of a statement that a hover shows; a longer one has the preview. */
const longestStatement = 2000;

/** What each applicability promises. */
function promiseOf(applicability: Applicability): string {
  switch (applicability) {
    case "safe":
      return vscode.l10n.t("**safe**: the fix keeps the meaning");
    case "review":
      return vscode.l10n.t("**review**: the fix may change the meaning, the message says when");
    case "manual":
      return vscode.l10n.t("**manual**: no automatic fix");
  }
}

function contentsOf(finding: DocumentFinding, document: vscode.TextDocument): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  text.isTrusted = { enabledCommands: [commandIds.showRule] };
  text.appendMarkdown(`[${finding.rule}](${rulePageLink(finding.rule).toString()}) · ${promiseOf(finding.applicability)}`);
  const fix = finding.fixes[0];
  if (fix !== undefined) {
    const diff = fixDiff(document.getText(), fix.changes, longestDiff);
    if (diff !== undefined) text.appendCodeblock(diff, "diff");
  }
  return text;
}

/** The statement's form for PostgreSQL and the engines' verdict where they have been asked, else the ways to ask. */
function statementContents(document: vscode.TextDocument, site: DocumentSite, trial: StatementTrial | undefined): vscode.MarkdownString | undefined {
  const text = new vscode.MarkdownString(undefined, true);
  text.isTrusted = { enabledCommands: [commandIds.previewStatement, commandIds.runOnBoth] };
  const statement: AddressedStatement = { uri: document.uri.toString(), version: document.version, range: site.range };
  const link = (title: string, command: string): string => `[${title}](command:${command}?${encodeURIComponent(JSON.stringify([statement]))})`;
  if (trial !== undefined) {
    text.appendMarkdown(`${verdictLine(trial.verdict)}\n`);
    if (trial.after !== trial.before && trial.after.length <= longestStatement) text.appendCodeblock(trial.after, "sql");
  }
  const ways = [link(vscode.l10n.t("Preview as diff"), commandIds.previewStatement), ...(site.whole ? [link(vscode.l10n.t("Run on both"), commandIds.runOnBoth)] : [])];
  text.appendMarkdown(`\n${ways.join(" · ")}`);
  return text;
}
