import * as vscode from "vscode";
import type { Contribution } from "../contribution.ts";
import { viewIds } from "../ids.ts";
import type { PairOfFolder } from "./databases.ts";
import { createTree } from "./tree.ts";

/** The view with both databases of every configured pair, tables paired, with row counts. */
export const databasesView: Contribution = ({ databases }) => {
  const tree = createTree(databases);
  const view = vscode.window.createTreeView(viewIds.databases, { treeDataProvider: tree, showCollapseAll: true });
  return vscode.Disposable.from(view, tree);
};

/** The pair of the tree node that a command was called on, or undefined when it was called otherwise. */
export function pairOfNode(argument: unknown): PairOfFolder | undefined {
  if (typeof argument !== "object" || argument === null || !("kind" in argument) || !("pair" in argument)) return undefined;
  return isPair(argument.pair) ? argument.pair : undefined;
}

function isPair(value: unknown): value is PairOfFolder {
  return typeof value === "object" && value !== null && "folder" in value && "name" in value && "source" in value && "target" in value;
}
