import * as vscode from "vscode";
import type { DocumentFinding, Problem, WorkspaceFindings } from "#protocol/worker.ts";
import type { Databases } from "../databases/databases.ts";
import type { Analyses } from "../diagnostics/analyses.ts";
import type { Disposable } from "../disposable.ts";
import { contextKeys } from "../ids.ts";
import { problemOf } from "../problem.ts";
import { Cancelled, type WorkerClient } from "../worker-client.ts";
import { countOpen } from "./open-findings.ts";

/** One file of the workspace with what is found in it. */
export interface FileOfFindings {
  readonly uri: vscode.Uri;
  readonly findings: readonly DocumentFinding[];
}

/** How far the look at every file is. */
export type ScanState =
  | { readonly kind: "none" }
  | { readonly kind: "scanning"; readonly done: number; readonly total: number }
  | { readonly kind: "done"; readonly looked: number; readonly ignored: number }
  | { readonly kind: "stopped" }
  | { readonly kind: "failed"; readonly problem: Problem };

/** The findings of the whole workspace: what a scan has found, and of open documents what stands in the editor. */
export interface Findings extends Disposable {
  readonly state: ScanState;
  /** Files with findings, by address. Without a scan, the open ones. */
  files(): readonly FileOfFindings[];
  /** How many findings ask for something to be done, and how many there have been. */
  tally(): { readonly left: number; readonly of: number };
  /** Looks at every file, unless that has been done or is under way. */
  start(): Promise<void>;
  /** Looks at every file again. */
  refresh(): Promise<void>;
  /** Ends a look that is under way; what was known stays. */
  stop(): void;
  /** Fires with the files whose findings changed, or with undefined when any may have, or the state has. */
  readonly onDidChange: vscode.Event<readonly vscode.Uri[] | undefined>;
}

/** What is kept of a workspace from one session to the next: the most findings that there have been. */
const mostKey = "cutover.findings.most";
/** Milliseconds of quiet after which files that changed are looked at. */
const quiet = 500;
/** Milliseconds between two words of how far it is. */
const wordEvery = 200;
const watched = "**/{*.py,*.pyi,*.ts,*.mts,*.cts,*.tsx,*.js,*.mjs,*.cjs,*.jsx,*.go,*.java,*.cs,*.php,*.rs,*.rb,*.rake,*.sql,*.ddl,.gitignore,cutover.json}";
const elsewhere = /[\\/](?:node_modules|\.git|\.cutover|__pycache__|\.venv|venv|dist)[\\/]/;

/** Follows the workspace's findings; looks at nothing before it is asked to, or before a document of a configured folder has been. */
export function createFindings(worker: WorkerClient, analyses: Analyses, databases: Databases, memory: vscode.Memento): Findings {
  const changed = new vscode.EventEmitter<readonly vscode.Uri[] | undefined>();
  /** By path of the file. */
  const scanned = new Map<string, readonly DocumentFinding[]>();
  /** The files that a scan knows; a document that it leaves out is left out here as well. */
  let known: ReadonlySet<string> | undefined;
  const open = new Map<string, FileOfFindings>();
  let state: ScanState = { kind: "none" };
  let running: { readonly controller: AbortController; readonly promise: Promise<void> } | undefined;
  let timer: NodeJS.Timeout | undefined;
  let lastWord = 0;

  const setState = (next: ScanState): void => {
    if (next.kind !== state.kind) void vscode.commands.executeCommand("setContext", contextKeys.findingsScan, next.kind);
    state = next;
    changed.fire(undefined);
  };

  const files = (): readonly FileOfFindings[] => {
    const all = new Map<string, FileOfFindings>();
    for (const [path, findings] of scanned) all.set(path, { uri: vscode.Uri.file(path), findings });
    for (const [path, file] of open) if (known === undefined || known.has(path)) all.set(path, file);
    return [...all.values()].filter(({ findings }) => findings.length > 0).sort((a, b) => (a.uri.path < b.uri.path ? -1 : 1));
  };

  const left = (): number => files().reduce((sum, { findings }) => sum + countOpen(findings), 0);

  const keep = (results: readonly WorkspaceFindings[]): void => {
    scanned.clear();
    for (const result of results) for (const { path, findings } of result.files) scanned.set(path, findings);
    known = new Set([...scanned.keys(), ...results.flatMap((result) => result.withSites)]);
    const most = memory.get<number>(mostKey, 0);
    if (left() > most) void memory.update(mostKey, left());
    setState({ kind: "done", looked: results.reduce((sum, result) => sum + result.looked, 0), ignored: results.reduce((sum, result) => sum + result.ignored, 0) });
  };

  /** @param aloud whether a person waits for it and is told how far it is */
  const look = (aloud: boolean): Promise<void> => {
    running?.controller.abort();
    const controller = new AbortController();
    const before = state;
    const work = async (): Promise<void> => {
      const roots = (vscode.workspace.workspaceFolders ?? []).filter((folder) => folder.uri.scheme === "file");
      if (aloud) setState({ kind: "scanning", done: 0, total: 0 });
      try {
        const results: WorkspaceFindings[] = [];
        for (const folder of roots) {
          results.push(
            await worker.ask("scan", { root: folder.uri.fsPath, texts: [] }, controller.signal, (word) => {
              if (!aloud || controller.signal.aborted || Date.now() - lastWord < wordEvery) return;
              lastWord = Date.now();
              setState({ kind: "scanning", ...word });
            }),
          );
        }
        keep(results);
      } catch (error) {
        if (error instanceof Cancelled) {
          if (running?.controller === controller && aloud) setState(known === undefined ? { kind: "stopped" } : before);
        } else setState({ kind: "failed", problem: problemOf(error) });
      } finally {
        if (running?.controller === controller) running = undefined;
      }
    };
    // The run must be known before its work begins, which may end at once.
    const promise = Promise.resolve().then(work);
    running = { controller, promise };
    return promise;
  };

  const refresh = (): Promise<void> => look(true);
  const start = (): Promise<void> => running?.promise ?? (state.kind === "none" ? look(true) : Promise.resolve());

  const later = (uri: vscode.Uri): void => {
    if (known === undefined || elsewhere.test(uri.path)) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      // One that is under way aloud goes on being so.
      void look(state.kind === "scanning");
    }, quiet);
  };

  let first = true;
  const startWhereConfigured = async (): Promise<void> => {
    if (!first) return;
    first = false;
    const folders = await databases.folders();
    if (folders.some(({ configuration }) => configuration?.present === true)) await start();
  };

  const watcher = vscode.workspace.createFileSystemWatcher(watched);
  const disposables = [
    changed,
    watcher,
    watcher.onDidChange(later),
    watcher.onDidCreate(later),
    watcher.onDidDelete(later),
    vscode.workspace.onDidChangeWorkspaceFolders(() => {
      if (known !== undefined) void look(false);
    }),
    analyses.onDidChange(({ uri, findings }) => {
      if (vscode.workspace.getWorkspaceFolder(uri) !== undefined) open.set(uri.fsPath, { uri, findings });
      changed.fire([uri]);
      void startWhereConfigured();
    }),
    analyses.onDidLeave((uri) => {
      open.delete(uri.fsPath);
      changed.fire([uri]);
    }),
  ];

  return {
    get state() {
      return state;
    },
    files,
    tally() {
      const now = left();
      return { left: now, of: Math.max(now, memory.get<number>(mostKey, 0)) };
    },
    start,
    refresh,
    stop() {
      running?.controller.abort();
    },
    onDidChange: changed.event,
    dispose() {
      clearTimeout(timer);
      running?.controller.abort();
      for (const disposable of disposables) disposable.dispose();
    },
  };
}
