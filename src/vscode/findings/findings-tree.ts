import * as vscode from "vscode";
import type { DocumentFinding } from "#protocol/worker.ts";
import { toRange } from "../diagnostics/editor-range.ts";
import type { Disposable } from "../disposable.ts";
import type { Findings } from "./findings.ts";
import { groupFindings, type FindingGroup, type Grouping, type PlacedFinding } from "./group-findings.ts";
import { countOpen, isOpen } from "./open-findings.ts";

/** A node of the Findings view. */
export type FindingNode =
  | { readonly kind: "group"; readonly grouping: Grouping; readonly group: FindingGroup<vscode.Uri> }
  | { readonly kind: "finding"; readonly id: string; readonly grouping: Grouping; readonly placed: PlacedFinding<vscode.Uri> };

/** Says what the Findings view holds: groups at the root, their findings under them. */
export function createFindingsTree(findings: Findings, grouping: () => Grouping): vscode.TreeDataProvider<FindingNode> & Disposable & { refresh(): void } {
  const changed = new vscode.EventEmitter<undefined>();
  const listening = findings.onDidChange(() => {
    changed.fire(undefined);
  });
  return {
    onDidChangeTreeData: changed.event,
    getTreeItem: itemOf,
    getChildren(node) {
      if (node === undefined) {
        const files = findings.files().map(({ uri, findings: found }) => ({ file: uri, path: vscode.workspace.asRelativePath(uri), findings: found }));
        return groupFindings(files, grouping()).map((group): FindingNode => ({ kind: "group", grouping: grouping(), group }));
      }
      if (node.kind === "finding") return [];
      const seen = new Map<string, number>();
      return node.group.findings.map((placed): FindingNode => {
        const { finding, file } = placed;
        const id = JSON.stringify([node.grouping, node.group.key, file.toString(), finding.rule, finding.range.start.line, finding.range.start.character]);
        const nth = seen.get(id) ?? 0;
        seen.set(id, nth + 1);
        return { kind: "finding", id: `${id}${nth}`, grouping: node.grouping, placed };
      });
    },
    refresh() {
      changed.fire(undefined);
    },
    dispose() {
      listening.dispose();
      changed.dispose();
    },
  };
}

function itemOf(node: FindingNode): vscode.TreeItem {
  return node.kind === "group" ? groupItem(node.grouping, node.group) : findingItem(node.id, node.grouping, node.placed);
}

function groupItem(grouping: Grouping, { key, label, findings }: FindingGroup<vscode.Uri>): vscode.TreeItem {
  const name = grouping === "file" ? label.replace(/^.*\//, "") : label === "" ? vscode.l10n.t("no table") : label;
  const item = new vscode.TreeItem(name, vscode.TreeItemCollapsibleState.Collapsed);
  item.id = `${grouping}:${key}`;
  const count = countText(findings.map(({ finding }) => finding));
  item.description = count;
  item.contextValue = fixable(findings) ? `group.${grouping}.fixable` : `group.${grouping}`;
  const [first] = findings;
  switch (grouping) {
    case "rule":
      item.iconPath = iconOf(worst(findings));
      break;
    case "file":
      if (first !== undefined) item.resourceUri = first.file;
      item.iconPath = vscode.ThemeIcon.File;
      item.tooltip = label;
      item.description = `${count} · ${label.slice(0, -name.length - 1)}`;
      break;
    case "table":
      item.iconPath = new vscode.ThemeIcon("table");
  }
  item.accessibilityInformation = { label: vscode.l10n.t("{0}, {1} findings", label === "" ? name : label, findings.length) };
  return item;
}

function countText(findings: readonly DocumentFinding[]): string {
  const open = countOpen(findings);
  const supplied = findings.length - open;
  if (supplied === 0) return String(open);
  return open === 0 ? vscode.l10n.t("{0} supplied by the adapter", supplied) : vscode.l10n.t("{0} + {1} supplied by the adapter", open, supplied);
}

function fixable(findings: readonly PlacedFinding<vscode.Uri>[]): boolean {
  return findings.some(({ finding }) => finding.fixes.length > 0);
}

function worst(findings: readonly PlacedFinding<vscode.Uri>[]): DocumentFinding["severity"] {
  const severities = findings.map(({ finding }) => finding.severity);
  return severities.includes("error") ? "error" : severities.includes("warning") ? "warning" : "information";
}

function iconOf(severity: DocumentFinding["severity"]): vscode.ThemeIcon {
  switch (severity) {
    case "error":
      return new vscode.ThemeIcon("error", new vscode.ThemeColor("problemsErrorIcon.foreground"));
    case "warning":
      return new vscode.ThemeIcon("warning", new vscode.ThemeColor("problemsWarningIcon.foreground"));
    case "information":
      return new vscode.ThemeIcon("info", new vscode.ThemeColor("problemsInfoIcon.foreground"));
  }
}

function findingItem(id: string, grouping: Grouping, { file, path, finding }: PlacedFinding<vscode.Uri>): vscode.TreeItem {
  const line = finding.range.start.line + 1;
  const name = path.replace(/^.*\//, "");
  const item = new vscode.TreeItem(grouping === "file" ? `${line}: ${finding.message}` : `${name}:${line}`, vscode.TreeItemCollapsibleState.None);
  item.id = id;
  item.description = grouping === "file" ? finding.rule : finding.message;
  const what = isOpen(finding) ? finding.applicability : "supplied";
  item.tooltip = new vscode.MarkdownString().appendText(finding.message).appendMarkdown(`\n\n\`${finding.rule}\` · ${wordOf(what)} · `).appendText(`${path}:${line}`);
  item.iconPath = iconOf(finding.severity);
  item.contextValue = `finding.${what}`;
  item.command = { command: "vscode.open", title: vscode.l10n.t("Open"), arguments: [file, { selection: toRange(finding.range), preserveFocus: true }] };
  item.accessibilityInformation = { label: vscode.l10n.t("{0}, {1}, line {2}, {3}", finding.message, path, line, finding.rule) };
  return item;
}

function wordOf(what: DocumentFinding["applicability"] | "supplied"): string {
  switch (what) {
    case "safe":
      return vscode.l10n.t("has a safe fix");
    case "review":
      return vscode.l10n.t("has a fix to review");
    case "manual":
      return vscode.l10n.t("is left to a person");
    case "supplied":
      return vscode.l10n.t("is supplied by the adapter");
  }
}
