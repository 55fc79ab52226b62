import * as vscode from "vscode";
import type { Problem } from "#protocol/worker.ts";
import { WorkerFailure } from "./worker-client.ts";

/** The problem that a caught error carries. */
export function problemOf(error: unknown): Problem {
  if (error instanceof WorkerFailure) return error.problem;
  const why = error instanceof Error ? error.message : String(error);
  return { tag: "internal", what: vscode.l10n.t("Something unforeseen happened"), why, next: vscode.l10n.t("Try again; the log has the details.") };
}

/** A problem on one line, for logs and messages. */
export function problemText({ what, where, why, next }: Problem): string {
  return `${[what, where, why].filter((part) => part !== undefined).join(": ")}. ${next}`;
}
