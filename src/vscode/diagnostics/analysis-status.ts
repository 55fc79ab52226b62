import * as vscode from "vscode";
import type { Contribution } from "../contribution.ts";
import { commandIds } from "../ids.ts";
import { problemText } from "../problem.ts";
import { analysedLanguages } from "./languages.ts";

/** Says beside the language's name that findings are missing, and why: no squiggles must not look like a clean file. */
export const analysisStatus: Contribution = ({ analyses }) => {
  let item: vscode.LanguageStatusItem | undefined;
  const listening = analyses.onDidFail((problem) => {
    if (problem === undefined) {
      item?.dispose();
      item = undefined;
      return;
    }
    item ??= vscode.languages.createLanguageStatusItem("cutover.analysis", analysedLanguages.map((language) => ({ language, scheme: "file" })));
    item.name = vscode.l10n.t("Cutover");
    item.severity = vscode.LanguageStatusSeverity.Error;
    item.text = vscode.l10n.t("Cutover does not look at the code: {0}", problem.what);
    item.detail = problemText(problem);
    item.command = { command: commandIds.showLog, title: vscode.l10n.t("Show Log") };
  });
  return new vscode.Disposable(() => {
    listening.dispose();
    item?.dispose();
  });
};
