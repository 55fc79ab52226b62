import * as vscode from "vscode";
import type { Contribution } from "../contribution.ts";
import { viewIds } from "../ids.ts";

/** How many findings are left, in the status bar; a click opens the Findings view. Hidden until something is known. */
export const statusItem: Contribution = ({ findings }) => {
  const item = vscode.window.createStatusBarItem("cutover.findings", vscode.StatusBarAlignment.Left, 10);
  item.name = vscode.l10n.t("Cutover: findings");
  item.command = { command: `${viewIds.findings}.focus`, title: vscode.l10n.t("Show Findings") };
  const show = (): void => {
    const { state } = findings;
    const { left, of } = findings.tally();
    if (of === 0 && state.kind !== "scanning") {
      item.hide();
      return;
    }
    const icon = state.kind === "scanning" ? "$(sync~spin)" : left === 0 ? "$(check)" : "$(database)";
    item.text = `${icon} ${vscode.l10n.t("{0} of {1}", left, of)}`;
    const files = findings.files().length;
    item.tooltip =
      state.kind === "done"
        ? vscode.l10n.t("Cutover: {0} findings are left of {1}, in {2} of the {3} files that were looked at; {4} are ignored", left, of, files, state.looked, state.ignored)
        : vscode.l10n.t("Cutover: {0} findings in the {1} files known so far", left, files);
    item.accessibilityInformation = { label: item.tooltip };
    item.show();
  };
  return vscode.Disposable.from(item, findings.onDidChange(show));
};
