import * as vscode from "vscode";
import type { Configuration, ConfiguredPair, DatabasePair, Problem } from "#protocol/worker.ts";
import type { Disposable } from "../disposable.ts";
import { contextKeys } from "../ids.ts";
import { problemOf } from "../problem.ts";
import { Cancelled, type WorkerClient } from "../worker-client.ts";

/** A workspace folder on disk and what its cutover.json says, or why it cannot be used. */
export interface FolderDatabases {
  readonly folder: vscode.WorkspaceFolder;
  readonly configuration: Configuration | undefined;
  readonly problem: Problem | undefined;
}

/** A configured move of one folder. */
export interface PairOfFolder extends ConfiguredPair {
  readonly folder: vscode.WorkspaceFolder;
}

/** What is known of a pair's two sides. `busy`: a task of ours is at work on a database, so nothing else opens one. */
export type PairLoad = { readonly kind: "loaded"; readonly pair: DatabasePair } | { readonly kind: "failed"; readonly problem: Problem } | { readonly kind: "busy" };

/** The configured databases of the workspace: read on demand, kept until they change. */
export interface Databases extends Disposable {
  /** What each folder's cutover.json says. Never rejects: a folder carries its problem. */
  folders(): Promise<readonly FolderDatabases[]>;
  /** All usable pairs of all folders. */
  pairs(): Promise<readonly PairOfFolder[]>;
  /** Opens both sides of a pair, unless they are known. Never rejects. */
  load(pair: PairOfFolder): Promise<PairLoad>;
  /** What is known of a pair without opening anything. */
  known(pair: PairOfFolder): PairLoad | undefined;
  /** Forgets everything, or one pair. */
  refresh(pair?: PairOfFolder): void;
  /** Keeps our hands off the databases until disposed, because a process of ours needs them; resolves when they are off. */
  hold(): Promise<Disposable>;
  /** The pair whose knowledge changed, or undefined for all. */
  readonly onDidChange: vscode.Event<PairOfFolder | undefined>;
}

/** Makes the shared knowledge of the configured databases; it watches every folder's cutover.json and .env. */
export function createDatabases(worker: WorkerClient): Databases {
  const changed = new vscode.EventEmitter<PairOfFolder | undefined>();
  const loads = new Map<string, PairLoad>();
  const underWay = new Map<string, { readonly promise: Promise<PairLoad>; readonly controller: AbortController }>();
  let folders: Promise<readonly FolderDatabases[]> | undefined;
  let holds = 0;

  const refresh = (pair?: PairOfFolder): void => {
    if (pair === undefined) {
      for (const { controller } of underWay.values()) controller.abort();
      underWay.clear();
      loads.clear();
      folders = undefined;
    } else {
      underWay.get(keyOf(pair))?.controller.abort();
      underWay.delete(keyOf(pair));
      loads.delete(keyOf(pair));
    }
    changed.fire(pair);
  };

  const readFolders = async (): Promise<readonly FolderDatabases[]> => {
    const onDisk = (vscode.workspace.workspaceFolders ?? []).filter((folder) => folder.uri.scheme === "file");
    const read = await Promise.all(
      onDisk.map(async (folder): Promise<FolderDatabases> => {
        try {
          return { folder, configuration: await worker.ask("configuration", { root: folder.uri.fsPath }), problem: undefined };
        } catch (error) {
          return { folder, configuration: undefined, problem: problemOf(error) };
        }
      }),
    );
    await vscode.commands.executeCommand("setContext", contextKeys.configuration, stateOf(read));
    return read;
  };

  const open = async (pair: PairOfFolder, signal: AbortSignal): Promise<PairLoad> => {
    try {
      const answer = await worker.ask("database", { root: pair.folder.uri.fsPath, name: pair.name, connect: vscode.workspace.isTrusted }, signal);
      return { kind: "loaded", pair: answer };
    } catch (error) {
      if (error instanceof Cancelled) return { kind: "busy" };
      return { kind: "failed", problem: problemOf(error) };
    }
  };

  const load = (pair: PairOfFolder): Promise<PairLoad> => {
    const key = keyOf(pair);
    const known = loads.get(key);
    if (known !== undefined) return Promise.resolve(known);
    if (holds > 0) return Promise.resolve({ kind: "busy" });
    const running = underWay.get(key);
    if (running !== undefined) return running.promise;
    const controller = new AbortController();
    const promise = open(pair, controller.signal).then((result) => {
      // A refresh or a hold meanwhile has made this answer stale.
      if (underWay.get(key)?.controller !== controller) return result;
      underWay.delete(key);
      if (result.kind !== "busy") loads.set(key, result);
      changed.fire(pair);
      return result;
    });
    underWay.set(key, { promise, controller });
    return promise;
  };

  const watcher = vscode.workspace.createFileSystemWatcher("**/{cutover.json,.env}");
  const atRoot = (uri: vscode.Uri): void => {
    if (vscode.workspace.workspaceFolders?.some((folder) => vscode.Uri.joinPath(uri, "..").toString() === folder.uri.toString()) === true) refresh();
  };
  const disposables = [
    changed,
    watcher,
    watcher.onDidCreate(atRoot),
    watcher.onDidChange(atRoot),
    watcher.onDidDelete(atRoot),
    vscode.workspace.onDidChangeWorkspaceFolders(() => {
      refresh();
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => {
      refresh();
    }),
  ];

  return {
    folders: () => (folders ??= readFolders()),
    async pairs() {
      const all = await (folders ??= readFolders());
      return all.flatMap(({ folder, configuration }) => (configuration?.databases ?? []).map((pair) => ({ ...pair, folder })));
    },
    load,
    known: (pair) => loads.get(keyOf(pair)),
    refresh,
    async hold() {
      holds++;
      for (const { controller } of underWay.values()) controller.abort();
      underWay.clear();
      await worker.idle("database");
      return new vscode.Disposable(once(() => {
        holds--;
        if (holds === 0) refresh();
      }));
    },
    onDidChange: changed.event,
    dispose() {
      for (const { controller } of underWay.values()) controller.abort();
      for (const disposable of disposables) disposable.dispose();
    },
  };
}

function keyOf(pair: PairOfFolder): string {
  return JSON.stringify([pair.folder.uri.toString(), pair.name]);
}

function stateOf(folders: readonly FolderDatabases[]): "missing" | "empty" | "present" | "broken" {
  if (folders.some((f) => f.problem !== undefined)) return "broken";
  if (folders.some((f) => (f.configuration?.databases.length ?? 0) > 0)) return "present";
  return folders.some((f) => f.configuration?.present === true) ? "empty" : "missing";
}

function once(run: () => void): () => void {
  let ran = false;
  return () => {
    if (ran) return;
    ran = true;
    run();
  };
}
