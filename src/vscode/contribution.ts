import type * as vscode from "vscode";
import type { CommandId } from "./ids.ts";
import type { WorkerClient } from "./worker-client.ts";
import type { Analyses } from "./diagnostics/analyses.ts";
import type { Databases } from "./databases/databases.ts";
import type { Findings } from "./findings/findings.ts";
import type { GroupingChoice } from "./findings/grouping.ts";
import type { StatementDocuments } from "./statements/statement-documents.ts";
import type { Trials } from "./statements/trials.ts";

/** What the surfaces share; made once by the activation. */
export interface Services {
  readonly extensionUri: vscode.Uri;
  readonly log: vscode.LogOutputChannel;
  readonly worker: WorkerClient;
  readonly analyses: Analyses;
  readonly databases: Databases;
  readonly findings: Findings;
  readonly grouping: GroupingChoice;
  readonly trials: Trials;
  readonly statements: StatementDocuments;
}

/** A surface of the extension: registers itself with the editor and says how to take it back. Does no work before it is used. */
export type Contribution = (services: Services) => vscode.Disposable;

/** What a command runs, with the arguments its caller passed; they come from anywhere, so each handler parses its own. */
export type CommandHandler = (...args: readonly unknown[]) => unknown;

/** One handler for each command: a forgotten one does not compile. */
export type CommandHandlers = Readonly<Record<CommandId, CommandHandler>>;
