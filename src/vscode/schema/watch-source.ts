import { statSync } from "node:fs";
import { basename, dirname } from "node:path";
import * as vscode from "vscode";
import type { SchemaSource } from "#protocol/worker.ts";
import { uriOf } from "./schema-request.ts";
import { configUri } from "./write-choice.ts";

/** Milliseconds of quiet after which a change is looked at: a person types, an application writes. */
const quiet = { text: 150, file: 500 } as const;

/** Tells when a source or its cutover.json has changed, on disk or in an editor. */
export function watchSource(source: SchemaSource, changed: () => void): vscode.Disposable {
  let timer: NodeJS.Timeout | undefined;
  const soon = (delay: number): void => {
    clearTimeout(timer);
    timer = setTimeout(changed, delay);
  };
  const uri = uriOf(source);
  const config = configUri(source.root).toString();
  const own = new Set([config, ...(source.code ? [uri.toString()] : [])]);
  const name = basename(uri.fsPath);
  const watchers = [
    { watcher: vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(vscode.Uri.file(source.root), "cutover.json")), counts: () => true },
    // By the folder and not by a pattern: a name may hold what a pattern reads as its own.
    { watcher: vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(vscode.Uri.file(dirname(uri.fsPath)), "*")), counts: (path: vscode.Uri) => path.fsPath === uri.fsPath || basename(path.fsPath) === `${name}-wal` },
    ...(isFolder(uri) ? [{ watcher: vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(uri, "**/*.sql")), counts: () => true }] : []),
  ];
  return vscode.Disposable.from(
    new vscode.Disposable(() => {
      clearTimeout(timer);
    }),
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length > 0 && own.has(document.uri.toString())) soon(quiet.text);
    }),
    vscode.workspace.onDidCloseTextDocument((document) => {
      // What was not written is gone with it.
      if (own.has(document.uri.toString())) soon(quiet.text);
    }),
    ...watchers.flatMap(({ watcher, counts }) => {
      const look = (path: vscode.Uri): void => {
        if (counts(path)) soon(quiet.file);
      };
      return [watcher, watcher.onDidCreate(look), watcher.onDidChange(look), watcher.onDidDelete(look)];
    }),
  );
}

function isFolder(uri: vscode.Uri): boolean {
  return statSync(uri.fsPath, { throwIfNoEntry: false })?.isDirectory() === true;
}
