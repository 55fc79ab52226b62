import * as vscode from "vscode";
import type { SchemaSource } from "#protocol/worker.ts";
import type { Services } from "../contribution.ts";
import { runTask } from "../tasks/tasks.ts";
import { panelTitle, requestOf, uriOf } from "./schema-request.ts";
import { configUri } from "./write-choice.ts";

/** How many names of a target a question lists. */
const listed = 12;

/**
 * Makes a source's schema in a target, as a task of the command line: asks for the target, looks at what is there, and asks by name before
 * anything is made, or dropped.
 */
export async function applyToTarget(services: Services, source: SchemaSource): Promise<void> {
  const folder = vscode.workspace.getWorkspaceFolder(uriOf(source));
  if (folder === undefined || source.code) {
    void vscode.window.showInformationMessage(vscode.l10n.t("Only a schema that lies in the workspace as a database, a .sql file or a folder of migrations can be made in a target. Save this one as .sql first."));
    return;
  }
  if (!vscode.workspace.isTrusted) {
    void vscode.window.showInformationMessage(vscode.l10n.t("The folder is not trusted, so nothing is connected to."));
    return;
  }
  if (await isUnsaved(source.root)) return;
  const target = await pickTarget(services, source, folder);
  if (target === undefined) return;
  const looking = { location: vscode.ProgressLocation.Notification, title: vscode.l10n.t("Looking at {0}", target), cancellable: false };
  const hold = await services.databases.hold();
  let found;
  try {
    found = await vscode.window.withProgress(looking, async () => services.worker.ask("schemaTarget", { ...(await requestOf(source)), target }));
  } finally {
    hold.dispose();
  }
  const args = await confirmed(source, found.target, found.taken);
  if (args === undefined) return;
  await runTask(services, { verb: "schema", database: undefined, args: [source.source, "--to", target, ...args] }, folder, undefined);
}

/** What the command line reads is what is on disk. */
async function isUnsaved(root: string): Promise<boolean> {
  const config = vscode.workspace.textDocuments.find((document) => document.isDirty && document.uri.toString() === configUri(root).toString());
  if (config === undefined) return false;
  const save = vscode.l10n.t("Save and Go On");
  const chosen = await vscode.window.showWarningMessage(vscode.l10n.t("cutover.json has changes that are not saved; the target would be made by what is saved."), { modal: true }, save);
  return chosen !== save || !(await config.save());
}

/** The targets that cutover.json names, those of this source first, and the embedded one. */
async function pickTarget({ databases }: Services, source: SchemaSource, folder: vscode.WorkspaceFolder): Promise<string | undefined> {
  const pairs = (await databases.pairs()).filter((pair) => pair.folder === folder);
  const own = pairs.filter((pair) => pair.source === source.source);
  const targets = [...new Set([...own, ...pairs].map((pair) => pair.target).concat("embedded"))];
  const items = targets.map((target) => ({
    label: target,
    description: own.some((pair) => pair.target === target) ? vscode.l10n.t("the target of {0} in cutover.json", source.source) : pairs.some((pair) => pair.target === target) ? vscode.l10n.t("of another database in cutover.json") : vscode.l10n.t("a PostgreSQL that Cutover brings along, for trying"),
  }));
  return (await vscode.window.showQuickPick(items, { title: panelTitle(source), placeHolder: vscode.l10n.t("Make the schema in which PostgreSQL?") }))?.label;
}

/** The arguments for what a person agreed to; undefined when the person steps back. */
async function confirmed(source: SchemaSource, target: string, taken: readonly string[]): Promise<readonly string[] | undefined> {
  if (taken.length === 0) {
    const make = vscode.l10n.t("Make the Schema");
    const chosen = await vscode.window.showInformationMessage(vscode.l10n.t("Make the schema of {0} in {1}?", source.source, target), { modal: true, detail: vscode.l10n.t("Tables, keys, indexes and views, without rows: all of it, or nothing when PostgreSQL refuses a part. Nothing there has one of these names yet.") }, make);
    return chosen === make ? [] : undefined;
  }
  const drop = vscode.l10n.t("Drop and Make");
  const names = taken.slice(0, listed).join(", ") + (taken.length > listed ? vscode.l10n.t(" and {0} more", taken.length - listed) : "");
  const chosen = await vscode.window.showWarningMessage(
    vscode.l10n.t("{0} already has {1} objects of these names. Drop its tables, with their rows, and make them again?", target, taken.length),
    { modal: true, detail: vscode.l10n.t("{0}\n\nWhat others have made to depend on them is not dropped: then nothing is changed. {1} is only read.", names, source.source) },
    drop,
  );
  return chosen === drop ? ["--drop"] : undefined;
}
