import * as vscode from "vscode";
import type { DocumentFinding, DocumentFix } from "#protocol/worker.ts";
import { reviewReason } from "./review-reason.ts";

/** The title of a quick fix: what it does, and how far it can be trusted. */
export function actionTitle(fix: DocumentFix, finding: DocumentFinding): string {
  return fix.applicability === "safe" ? vscode.l10n.t("{0} (safe)", fix.title) : vscode.l10n.t("{0} (review: {1})", fix.title, reviewReason(finding.message));
}
