import * as vscode from "vscode";
import type { Contribution } from "../contribution.ts";
import { contextKeys, viewIds } from "../ids.ts";
import { problemText } from "../problem.ts";
import { createFindingsTree } from "./findings-tree.ts";
import type { Findings } from "./findings.ts";

/** The view of every finding of the workspace, with how many are left. It is what first asks for a look at every file. */
export const findingsView: Contribution = ({ findings, grouping }) => {
  const tree = createFindingsTree(findings, grouping.value);
  const view = vscode.window.createTreeView(viewIds.findings, { treeDataProvider: tree, showCollapseAll: true });
  let progressing = false;
  const show = (): void => {
    const { left, of } = findings.tally();
    view.badge = left === 0 ? undefined : { value: left, tooltip: vscode.l10n.t("{0} findings are left", left) };
    view.description = of === 0 ? "" : vscode.l10n.t("{0} left of {1}", left, of);
    view.message = messageOf(findings);
    if (findings.state.kind !== "scanning" || progressing) return;
    progressing = true;
    void vscode.window.withProgress({ location: { viewId: viewIds.findings } }, () => untilQuiet(findings)).then(() => {
      progressing = false;
    });
  };
  const listening = [
    findings.onDidChange(show),
    grouping.onDidChange(() => {
      tree.refresh();
    }),
    view.onDidChangeVisibility(({ visible }) => {
      if (visible) void findings.start();
    }),
  ];
  if (view.visible) void findings.start();
  void vscode.commands.executeCommand("setContext", contextKeys.findingsScan, findings.state.kind);
  return vscode.Disposable.from(view, tree, ...listening);
};

function untilQuiet(findings: Findings): Promise<void> {
  return new Promise((resolve) => {
    const listening = findings.onDidChange(() => {
      if (findings.state.kind === "scanning") return;
      listening.dispose();
      resolve();
    });
  });
}

function messageOf({ state }: Findings): string {
  switch (state.kind) {
    case "none":
    case "stopped":
      return "";
    case "scanning":
      return state.total === 0 ? vscode.l10n.t("Looking for files") : vscode.l10n.t("Looking at file {0} of {1}", state.done, state.total);
    case "failed":
      return problemText(state.problem);
    case "done":
      if (state.ignored === 1) return vscode.l10n.t("1 finding is ignored by a comment or cutover.json.");
      return state.ignored === 0 ? "" : vscode.l10n.t("{0} findings are ignored by comments or cutover.json.", state.ignored);
  }
}
