import * as vscode from "vscode";
import type { Services } from "../contribution.ts";
import type { PairOfFolder } from "../databases/databases.ts";
import { runTask } from "../tasks/tasks.ts";
import { pickPair } from "./pick.ts";

/** Runs `migrate` or `validate` for the given pair, or one that is picked. */
export async function moveData(services: Services, verb: "migrate" | "validate", given: PairOfFolder | undefined): Promise<void> {
  const pair = given ?? (await pickPair(services.databases, verb === "migrate" ? vscode.l10n.t("Migrate which database?") : vscode.l10n.t("Validate which database?")));
  if (pair === undefined) return;
  const args = verb === "migrate" ? await migrateArguments(services, pair) : [];
  if (args === undefined) return;
  const pairs = (await services.databases.pairs()).filter((other) => other.folder === pair.folder);
  await runTask(services, { verb, database: pairs.length > 1 ? pair.name : undefined, args }, pair.folder, pair);
}

/**
 * Asks before rows of the target are lost: when it already holds tables of the source's names, migrating means dropping
 * them, or going on with a run that is not finished. Undefined when the person steps back.
 */
async function migrateArguments({ databases }: Services, pair: PairOfFolder): Promise<readonly string[] | undefined> {
  const load = await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title: vscode.l10n.t("Looking at {0}", pair.target) }, () => databases.load(pair));
  const unfinished = load.kind === "loaded" && load.pair.unfinishedRun;
  const inTheWay = load.kind === "loaded" ? load.pair.tables.filter((table) => table.source !== undefined && table.target !== undefined) : [];
  if (inTheWay.length === 0 && !unfinished) return [];
  const target = load.kind === "loaded" ? (load.pair.targetName ?? pair.target) : pair.target;
  if (unfinished) {
    const goOn = vscode.l10n.t("Go On");
    const startOver = vscode.l10n.t("Start Over");
    const wanted = await vscode.window.showInformationMessage(
      vscode.l10n.t("A migration to {0} has begun and is not finished. Go on with it?", target),
      { modal: true, detail: vscode.l10n.t("What has been copied stays, and nothing is copied twice. It goes on only when {0} has not changed since.", pair.source) },
      goOn,
      startOver,
    );
    if (wanted !== startOver) return wanted === goOn ? ["--resume"] : undefined;
    if (inTheWay.length === 0) return [];
  }
  const drop = vscode.l10n.t("Drop and Migrate");
  const rows = inTheWay.reduce((sum, table) => sum + (table.target?.rows ?? 0), 0);
  const chosen = await vscode.window.showWarningMessage(
    vscode.l10n.t("{0} already holds {1} tables of {2}. Drop them, and migrate again?", target, inTheWay.length, pair.source),
    { modal: true, detail: vscode.l10n.t("Their {0} rows in {1} are deleted. {2} is only read.", new Intl.NumberFormat(vscode.env.language).format(rows), target, pair.source) },
    drop,
  );
  return chosen === drop ? ["--drop"] : undefined;
}
