import * as vscode from "vscode";
import type { Applicability } from "#core/rules/finding.ts";
import type { DocumentFinding } from "#protocol/worker.ts";
import { touches } from "../codeActions/quick-fixes.ts";
import type { Contribution } from "../contribution.ts";
import { rulePageLink } from "../diagnostics/diagnostics.ts";
import { toRange } from "../diagnostics/editor-range.ts";
import { hostLanguages } from "../diagnostics/languages.ts";
import { commandIds } from "../ids.ts";
import { fixDiff } from "./fix-diff.ts";

/** Beside the diagnostic's message, which the editor shows itself: how far the fix can be trusted, and what it would write. */
export const hover: Contribution = ({ analyses }) =>
  vscode.languages.registerHoverProvider(
    hostLanguages.map((language) => ({ language, scheme: "file" })),
    {
      provideHover(document, position) {
        const at = { start: position, end: position };
        const here = (analyses.known(document)?.findings ?? []).filter((finding) => touches(finding.range, at));
        const [first] = here;
        return first === undefined ? undefined : new vscode.Hover(here.map((finding) => contentsOf(finding, document)), toRange(first.range));
      },
    },
  );

/** Lines of source that a hover shows of a fix; of a longer one nothing. */
const longestDiff = 8;

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
