import * as vscode from "vscode";
import type { Verdict } from "#core/rules/verdict.ts";
import type { DocumentFinding, DocumentFix } from "#protocol/worker.ts";
import { reviewReason } from "./review-reason.ts";

/**
 * The title of a quick fix: what it does, how far it can be trusted, and what the engines said of the statement with all of its fixes
 * made, where they have been asked.
 */
export function actionTitle(fix: DocumentFix, finding: DocumentFinding, verdict: Verdict["verdict"] | undefined): string {
  const said = verdict === undefined || verdict === "unchecked" ? "" : `, ${words()[verdict]}`;
  return fix.applicability === "safe" ? vscode.l10n.t("{0} (safe{1})", fix.title, said) : vscode.l10n.t("{0} (review: {1}{2})", fix.title, reviewReason(finding.message), said);
}

function words(): Record<Exclude<Verdict["verdict"], "unchecked">, string> {
  return { proven: vscode.l10n.t("proven"), prepared: vscode.l10n.t("prepared"), rejected: vscode.l10n.t("rejected by PostgreSQL") };
}
