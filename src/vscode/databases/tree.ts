import * as vscode from "vscode";
import type { Problem, TablePair } from "#protocol/worker.ts";
import type { Disposable } from "../disposable.ts";
import { commandIds } from "../ids.ts";
import type { Databases, FolderDatabases, PairLoad, PairOfFolder } from "./databases.ts";
import { countsLabel, pairColumns, tableState, type ColumnPair, type TableState } from "./table-label.ts";

/** A node of the Databases view. */
export type TreeNode =
  | { readonly kind: "folder"; readonly folder: FolderDatabases; readonly problem: Problem }
  | { readonly kind: "pair"; readonly pair: PairOfFolder }
  | { readonly kind: "problem"; readonly pair: PairOfFolder; readonly problem: Problem }
  | { readonly kind: "table"; readonly pair: PairOfFolder; readonly table: TablePair; readonly state: TableState }
  | { readonly kind: "column"; readonly pair: PairOfFolder; readonly table: string; readonly column: ColumnPair };

/** Says what the Databases view holds: pairs at the root, their tables, and the tables' columns, each read when it is expanded. */
export function createTree(databases: Databases): vscode.TreeDataProvider<TreeNode> & Disposable {
  const changed = new vscode.EventEmitter<TreeNode | undefined>();
  // The tree knows nodes by identity: a pair keeps the node it was first shown as.
  const pairNodes = new Map<string, TreeNode>();
  const nodeOf = (pair: PairOfFolder): TreeNode => {
    const id = pairId(pair);
    const known = pairNodes.get(id);
    if (known?.kind === "pair" && known.pair.source === pair.source && known.pair.target === pair.target) return known;
    const node: TreeNode = { kind: "pair", pair };
    pairNodes.set(id, node);
    return node;
  };
  const listening = databases.onDidChange((pair) => {
    changed.fire(pair === undefined ? undefined : nodeOf(pair));
  });

  const roots = async (): Promise<readonly TreeNode[]> =>
    (await databases.folders()).flatMap((folder): readonly TreeNode[] => {
      if (folder.problem !== undefined) return [{ kind: "folder", folder, problem: folder.problem }];
      return (folder.configuration?.databases ?? []).map((pair) => nodeOf({ ...pair, folder: folder.folder }));
    });

  return {
    onDidChangeTreeData: changed.event,
    getTreeItem: (node) => itemOf(node, databases),
    async getChildren(node) {
      if (node === undefined) return [...(await roots())];
      switch (node.kind) {
        case "pair":
          return childrenOf(node.pair, await databases.load(node.pair));
        case "table":
          return pairColumns(node.table).map((column) => ({ kind: "column", pair: node.pair, table: node.table.name, column }));
        case "folder":
        case "problem":
        case "column":
          return [];
      }
    },
    dispose() {
      listening.dispose();
      changed.dispose();
    },
  };
}

function childrenOf(pair: PairOfFolder, load: PairLoad): TreeNode[] {
  const problems = problemsOf(load).map((problem): TreeNode => ({ kind: "problem", pair, problem }));
  if (load.kind !== "loaded") return problems;
  const readable = { source: load.pair.sourceProblem === undefined, target: load.pair.targetProblem === undefined };
  return [...problems, ...load.pair.tables.map((table): TreeNode => ({ kind: "table", pair, table, state: tableState(table, readable) }))];
}

function itemOf(node: TreeNode, databases: Databases): vscode.TreeItem {
  switch (node.kind) {
    case "folder":
      return folderItem(node.folder, node.problem);
    case "pair":
      return pairItem(node.pair, databases.known(node.pair));
    case "problem":
      return problemItem(node.problem);
    case "table":
      return tableItem(node.pair, node.table, node.state);
    case "column":
      return columnItem(node.pair, node.table, node.column);
  }
}

function folderItem(folder: FolderDatabases, problem: Problem): vscode.TreeItem {
  const item = new vscode.TreeItem(folder.folder.name, vscode.TreeItemCollapsibleState.None);
  item.id = folder.folder.uri.toString();
  item.description = problem.what;
  item.tooltip = problemTooltip([problem]);
  item.iconPath = new vscode.ThemeIcon("error", new vscode.ThemeColor("list.errorForeground"));
  item.contextValue = "folder.problem";
  item.command = { command: commandIds.openConfig, title: vscode.l10n.t("Open cutover.json"), arguments: [folder.folder.uri] };
  item.accessibilityInformation = { label: vscode.l10n.t("{0}: {1}", folder.folder.name, problem.what) };
  return item;
}

function pairItem(pair: PairOfFolder, load: PairLoad | undefined): vscode.TreeItem {
  // The file's name leaves room for the target in a narrow side bar; the tooltip has the whole path.
  const item = new vscode.TreeItem(`${pair.source.replace(/^.*[\\/]/, "")} → ${pair.target}`, vscode.TreeItemCollapsibleState.Collapsed);
  item.id = pairId(pair);
  const problems = problemsOf(load);
  const [first] = problems;
  item.description = first?.what ?? (load?.kind === "loaded" ? tablesText(load.pair.tables.length) : "");
  item.tooltip = first === undefined ? vscode.l10n.t("{0}: SQLite {1} to PostgreSQL {2}", pair.name, pair.source, targetOf(pair, load)) : problemTooltip(problems);
  item.iconPath = first === undefined ? new vscode.ThemeIcon("database") : new vscode.ThemeIcon("error", new vscode.ThemeColor("list.errorForeground"));
  item.contextValue = first === undefined ? "pair" : "pair.problem";
  item.accessibilityInformation = { label: vscode.l10n.t("{0}, SQLite {1} to PostgreSQL {2}. {3}", pair.name, pair.source, pair.target, item.description) };
  return item;
}

/** What keeps a side from being read, under the pair's node, which offers to read it again. */
function problemItem(problem: Problem): vscode.TreeItem {
  const item = new vscode.TreeItem(problem.what, vscode.TreeItemCollapsibleState.None);
  item.description = [problem.where, problem.why].filter((part) => part !== undefined).join(": ");
  item.tooltip = problemTooltip([problem]);
  item.iconPath = new vscode.ThemeIcon("warning", new vscode.ThemeColor("list.warningForeground"));
  item.contextValue = "problem";
  item.accessibilityInformation = { label: item.tooltip };
  return item;
}

const tableIcons: Record<TableState, vscode.ThemeIcon> = {
  equal: new vscode.ThemeIcon("table", new vscode.ThemeColor("testing.iconPassed")),
  different: new vscode.ThemeIcon("table", new vscode.ThemeColor("list.warningForeground")),
  "only-source": new vscode.ThemeIcon("table"),
  "only-target": new vscode.ThemeIcon("table", new vscode.ThemeColor("list.warningForeground")),
  "source-unknown": new vscode.ThemeIcon("table"),
  "target-unknown": new vscode.ThemeIcon("table"),
};

/** What a table's state is called, with both sides' names in it. */
function stateText(state: TableState, pair: PairOfFolder): string {
  switch (state) {
    case "equal":
      return vscode.l10n.t("The row counts of {0} and {1} are equal.", pair.source, pair.target);
    case "different":
      return vscode.l10n.t("The row counts of {0} and {1} differ.", pair.source, pair.target);
    case "only-source":
      return vscode.l10n.t("{0} does not hold this table.", pair.target);
    case "only-target":
      return vscode.l10n.t("{0} does not hold this table.", pair.source);
    case "source-unknown":
      return vscode.l10n.t("{0} could not be read.", pair.source);
    case "target-unknown":
      return vscode.l10n.t("{0} could not be read.", pair.target);
  }
}

function tableItem(pair: PairOfFolder, table: TablePair, state: TableState): vscode.TreeItem {
  const item = new vscode.TreeItem(table.name, vscode.TreeItemCollapsibleState.Collapsed);
  item.id = `${pairId(pair)}/${table.name}`;
  item.description = countsLabel(table, state, vscode.env.language);
  item.tooltip = `${table.name}: ${stateText(state, pair)}`;
  item.iconPath = tableIcons[state];
  item.contextValue = "table";
  const rows = (count: number | undefined): string => (count === undefined ? vscode.l10n.t("no rows known") : vscode.l10n.t("{0} rows", count));
  item.accessibilityInformation = { label: vscode.l10n.t("Table {0}, SQLite {1}, PostgreSQL {2}. {3}", table.name, rows(table.source?.rows), rows(table.target?.rows), stateText(state, pair)) };
  return item;
}

function columnItem(pair: PairOfFolder, table: string, column: ColumnPair): vscode.TreeItem {
  const item = new vscode.TreeItem(column.name, vscode.TreeItemCollapsibleState.None);
  item.id = `${pairId(pair)}/${table}/${column.name}`;
  const type = (name: string | undefined): string => (name === undefined ? "–" : name === "" ? vscode.l10n.t("no type") : name);
  item.description = `${type(column.sourceType)} | ${type(column.targetType)}`;
  item.tooltip = vscode.l10n.t("{0}.{1}: {2} in SQLite, {3} in PostgreSQL", table, column.name, type(column.sourceType), type(column.targetType));
  item.iconPath = new vscode.ThemeIcon("symbol-field");
  item.contextValue = "column";
  item.accessibilityInformation = { label: item.tooltip };
  return item;
}

/** The target by its real name where that is known. */
function targetOf(pair: PairOfFolder, load: PairLoad | undefined): string {
  const name = load?.kind === "loaded" ? load.pair.targetName : undefined;
  return name === undefined || name === pair.target ? pair.target : `${pair.target} (${name})`;
}

function problemsOf(load: PairLoad | undefined): readonly Problem[] {
  if (load === undefined) return [];
  switch (load.kind) {
    case "failed":
      return [load.problem];
    case "busy":
      return [];
    case "loaded":
      return [load.pair.sourceProblem, load.pair.targetProblem].filter((problem) => problem !== undefined);
  }
}

function problemTooltip(problems: readonly Problem[]): string {
  return problems.map(({ what, where, why, next }) => [what, where, why, next].filter((line) => line !== undefined).join("\n")).join("\n\n");
}

function tablesText(count: number): string {
  return count === 1 ? vscode.l10n.t("1 table") : vscode.l10n.t("{0} tables", count);
}

/** Stable across refreshes and reloads. */
function pairId(pair: PairOfFolder): string {
  return `${pair.folder.uri.toString()}#${pair.name}`;
}
