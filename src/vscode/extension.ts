import * as vscode from "vscode";
import { codeActions } from "./codeActions/code-actions.ts";
import { commands } from "./commands/commands.ts";
import type { Contribution, Services } from "./contribution.ts";
import { createDatabases } from "./databases/databases.ts";
import { databasesView } from "./databases/databases-view.ts";
import { createAnalyses } from "./diagnostics/analyses.ts";
import { diagnostics } from "./diagnostics/diagnostics.ts";
import { analysisStatus } from "./diagnostics/analysis-status.ts";
import { createFindings } from "./findings/findings.ts";
import { fileBadges } from "./findings/file-badges.ts";
import { findingsView } from "./findings/findings-view.ts";
import { createGrouping } from "./findings/grouping.ts";
import { statusItem } from "./findings/status-item.ts";
import { hover } from "./hover/hover.ts";
import { schemaPanels } from "./schema/schema-panel.ts";
import { tableActions } from "./schema/table-actions.ts";
import { codeLens } from "./statements/code-lens.ts";
import { proofs } from "./statements/proofs.ts";
import { createStatementDocuments } from "./statements/statement-documents.ts";
import { createTrials } from "./statements/trials.ts";
import { tasks } from "./tasks/tasks.ts";
import { createWorkerClient } from "./worker-client.ts";

/** Every surface of the extension. A new one is a folder and a line here. */
const contributions: readonly Contribution[] = [diagnostics, analysisStatus, codeActions, codeLens, proofs, hover, findingsView, fileBadges, statusItem, databasesView, schemaPanels, tableActions, tasks, commands];

/**
 * Registers the surfaces and nothing else: drivers, grammars and the engine live in the worker, which starts with the
 * first question to it.
 */
export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel("Cutover", { log: true });
  const worker = createWorkerClient(vscode.Uri.joinPath(context.extensionUri, "dist", "worker.js").fsPath, (message) => {
    log.error(message);
  });
  const analyses = createAnalyses(worker, log);
  const databases = createDatabases(worker);
  const findings = createFindings(worker, analyses, databases, context.workspaceState);
  const grouping = createGrouping(context.workspaceState);
  const trials = createTrials();
  const statements = createStatementDocuments();
  const services: Services = { extensionUri: context.extensionUri, log, worker, analyses, databases, findings, grouping, trials, statements };
  context.subscriptions.push(log, worker, analyses, databases, findings, grouping, trials, statements, ...contributions.map((register) => register(services)));
}
