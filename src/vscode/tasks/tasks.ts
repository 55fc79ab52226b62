import * as vscode from "vscode";
import type { Contribution, Services } from "../contribution.ts";
import type { PairOfFolder } from "../databases/databases.ts";
import type { Disposable } from "../disposable.ts";
import { problemMatcher, taskType } from "../ids.ts";
import { cliArguments, pairOfTask, parseTask, taskName, type CutoverTask } from "./cli-arguments.ts";

/** Tasks of type `cutover`: processes of our own command line, for each configured pair. */
export const tasks: Contribution = (services) => {
  const held = new Map<vscode.TaskExecution, Promise<Disposable>>();
  return vscode.Disposable.from(
    vscode.tasks.registerTaskProvider(taskType, createProvider(services)),
    vscode.tasks.onDidStartTask(({ execution }) => {
      if (opensDatabases(execution.task)) held.set(execution, services.databases.hold());
    }),
    vscode.tasks.onDidEndTask(({ execution }) => {
      const hold = held.get(execution);
      held.delete(execution);
      // Letting go also refreshes the view: the task has changed what it shows.
      void hold?.then((disposable) => {
        disposable.dispose();
      });
    }),
  );
};

function createProvider({ databases, extensionUri }: Services): vscode.TaskProvider {
  return {
    async provideTasks() {
      if (!vscode.workspace.isTrusted) return [];
      const made: vscode.Task[] = [];
      for (const { folder, configuration } of await databases.folders()) {
        const pairs = (configuration?.databases ?? []).map((pair) => ({ ...pair, folder }));
        made.push(makeTask(extensionUri, { verb: "scan", database: undefined, args: [] }, folder, undefined, pairs.length));
        for (const verb of ["migrate", "validate"] as const) {
          for (const pair of pairs) made.push(makeTask(extensionUri, { verb, database: pair.name, args: [] }, folder, pair, pairs.length));
        }
      }
      return made;
    },
    async resolveTask(task) {
      const wanted = parseTask(task.definition);
      const folder = folderOf(task);
      if (wanted === undefined || folder === undefined || !vscode.workspace.isTrusted) return undefined;
      const pairs = (await databases.pairs()).filter((pair) => pair.folder === folder);
      const pair = pairOfTask(wanted, pairs);
      if (wanted.verb !== "scan" && wanted.verb !== "schema" && pair === undefined) return undefined;
      // What is resolved must keep the definition that it was asked for.
      return makeTask(extensionUri, wanted, folder, pair, pairs.length, task.definition);
    },
  };
}

/** The task that runs a verb for a pair; `pairs` says how many there are, for the task's name. */
export function makeTask(extensionUri: vscode.Uri, task: CutoverTask, folder: vscode.WorkspaceFolder, pair: PairOfFolder | undefined, pairs: number, definition?: vscode.TaskDefinition): vscode.Task {
  const cli = vscode.Uri.joinPath(extensionUri, "dist", "cli.js").fsPath;
  const execution = new vscode.ProcessExecution(process.execPath, [cli, ...cliArguments(task, pair)], {
    cwd: folder.uri.fsPath,
    // On the desktop the extension host's program is Electron, which is asked to be plain Node.
    ...(process.versions["electron"] === undefined ? {} : { env: { ELECTRON_RUN_AS_NODE: "1" } }),
  });
  const made = new vscode.Task(
    definition ?? { type: taskType, verb: task.verb, ...(task.database === undefined ? {} : { database: task.database }), ...(task.args.length === 0 ? {} : { args: task.args }) },
    folder,
    taskName(task, pairs),
    taskType,
    execution,
    problemMatcher,
  );
  made.detail = detailOf(task, pair);
  made.presentationOptions = { reveal: vscode.TaskRevealKind.Always, panel: vscode.TaskPanelKind.Dedicated, clear: true };
  return made;
}

/**
 * Runs a verb for a pair once nothing of ours holds its databases any more, so that the process finds them free.
 * @returns the exit code, undefined when the task was ended
 */
export async function runTask({ databases, extensionUri }: Services, task: CutoverTask, folder: vscode.WorkspaceFolder, pair: PairOfFolder | undefined): Promise<number | undefined> {
  const pairs = (await databases.pairs()).filter((other) => other.folder === folder);
  const hold = await databases.hold();
  try {
    const execution = await vscode.tasks.executeTask(makeTask(extensionUri, task, folder, pair, pairs.length));
    return await exitCodeOf(execution);
  } finally {
    hold.dispose();
  }
}

function exitCodeOf(execution: vscode.TaskExecution): Promise<number | undefined> {
  return new Promise((resolve) => {
    let code: number | undefined;
    const listening = vscode.Disposable.from(
      vscode.tasks.onDidEndTaskProcess((event) => {
        if (event.execution === execution) code = event.exitCode;
      }),
      vscode.tasks.onDidEndTask((event) => {
        if (event.execution !== execution) return;
        listening.dispose();
        resolve(code);
      }),
    );
  });
}

function opensDatabases(task: vscode.Task): boolean {
  const verb = task.definition.type === taskType ? parseTask(task.definition)?.verb : undefined;
  return verb === "migrate" || verb === "validate" || verb === "schema";
}

function folderOf(task: vscode.Task): vscode.WorkspaceFolder | undefined {
  if (typeof task.scope === "object") return task.scope;
  return vscode.workspace.workspaceFolders?.[0];
}

function detailOf(task: CutoverTask, pair: PairOfFolder | undefined): string {
  switch (task.verb) {
    case "scan":
      return vscode.l10n.t("Find SQLite's SQL in the code");
    case "schema":
      return vscode.l10n.t("Translate a schema, or make it in a target");
    case "migrate":
      return pair === undefined ? "" : vscode.l10n.t("Move the data of {0} to {1}", pair.source, pair.target);
    case "validate":
      return pair === undefined ? "" : vscode.l10n.t("Compare {0} with {1}", pair.source, pair.target);
  }
}
