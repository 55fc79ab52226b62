import { dirname } from "node:path";
import * as vscode from "vscode";
import type { DocumentAnalysis, Problem } from "#protocol/worker.ts";
import type { Disposable } from "../disposable.ts";
import { settings } from "../ids.ts";
import { problemOf, problemText } from "../problem.ts";
import { Cancelled, type WorkerClient } from "../worker-client.ts";
import { isAnalysed } from "./languages.ts";

/** What was found in one version of a document. Its ranges hold for that version only. */
export interface Analysis extends DocumentAnalysis {
  readonly uri: vscode.Uri;
  readonly version: number;
}

/** The findings of the open documents, kept up with what is typed. */
export interface Analyses extends Disposable {
  /**
   * The analysis of the document as it stands, made now if need be. Undefined when the document is not one to be analysed,
   * changed meanwhile, or could not be analysed (which is logged).
   */
  of(document: vscode.TextDocument): Promise<Analysis | undefined>;
  /** The finished analysis of the document as it stands, if there is one. */
  known(document: vscode.TextDocument): Analysis | undefined;
  /** Fires with each finished analysis that is still current, and with empty findings when a document is left. */
  readonly onDidChange: vscode.Event<Analysis>;
  /** Fires after a document is left, with its address: what it holds is what its file holds. */
  readonly onDidLeave: vscode.Event<vscode.Uri>;
  /** Fires with the problem when an analysis fails, and with undefined when one succeeds after that. */
  readonly onDidFail: vscode.Event<Problem | undefined>;
}

/** Milliseconds of quiet after which a changed document is analysed. */
const quiet = 150;

interface Running {
  readonly version: number;
  readonly controller: AbortController;
  readonly promise: Promise<Analysis | undefined>;
}

/** Follows the open documents; starts nothing before one of them is to be analysed. */
export function createAnalyses(worker: WorkerClient, log: vscode.LogOutputChannel): Analyses {
  const changed = new vscode.EventEmitter<Analysis>();
  const left = new vscode.EventEmitter<vscode.Uri>();
  const failed = new vscode.EventEmitter<Problem | undefined>();
  let failing = false;
  const finished = new Map<string, Analysis>();
  const running = new Map<string, Running>();
  const timers = new Map<string, NodeJS.Timeout>();

  const stop = (key: string): void => {
    clearTimeout(timers.get(key));
    timers.delete(key);
    running.get(key)?.controller.abort();
    running.delete(key);
  };

  const leave = (document: vscode.TextDocument): void => {
    const key = document.uri.toString();
    stop(key);
    if (!finished.delete(key)) return;
    changed.fire({ uri: document.uri, version: document.version, findings: [], sites: [], ignored: 0 });
    left.fire(document.uri);
  };

  const analyse = async (document: vscode.TextDocument, version: number, signal: AbortSignal): Promise<Analysis | undefined> => {
    const key = document.uri.toString();
    try {
      const found = await worker.ask("analyze", { root: rootOf(document.uri), path: document.uri.fsPath, text: document.getText() }, signal);
      if (document.isClosed || document.version !== version) return undefined;
      const analysis = { uri: document.uri, version, ...found };
      if (failing) failed.fire(undefined);
      failing = false;
      finished.set(key, analysis);
      changed.fire(analysis);
      return analysis;
    } catch (error) {
      if (error instanceof Cancelled) return undefined;
      const problem = problemOf(error);
      log.error(`${document.uri.fsPath}: ${problemText(problem)}`);
      failing = true;
      failed.fire(problem);
      return undefined;
    } finally {
      if (running.get(key)?.version === version) running.delete(key);
    }
  };

  const known = (document: vscode.TextDocument): Analysis | undefined => {
    const analysis = finished.get(document.uri.toString());
    return analysis?.version === document.version ? analysis : undefined;
  };

  const of = (document: vscode.TextDocument): Promise<Analysis | undefined> => {
    if (document.isClosed || !isAnalysed(document) || !isEnabled(document)) return Promise.resolve(undefined);
    const ready = known(document);
    if (ready !== undefined) return Promise.resolve(ready);
    const key = document.uri.toString();
    const { version } = document;
    const current = running.get(key);
    if (current?.version === version) return current.promise;
    stop(key);
    const controller = new AbortController();
    const promise = analyse(document, version, controller.signal);
    running.set(key, { version, controller, promise });
    return promise;
  };

  const schedule = (document: vscode.TextDocument): void => {
    const key = document.uri.toString();
    stop(key);
    timers.set(
      key,
      setTimeout(() => {
        timers.delete(key);
        void of(document);
      }, quiet),
    );
  };

  /** What is found depends on more than the text: starts every open document afresh. */
  const restart = (): void => {
    for (const document of vscode.workspace.textDocuments) {
      if (!isAnalysed(document)) continue;
      if (!isEnabled(document)) {
        leave(document);
        continue;
      }
      finished.delete(document.uri.toString());
      schedule(document);
    }
  };

  const watcher = vscode.workspace.createFileSystemWatcher("**/cutover.json");
  const disposables = [
    changed,
    left,
    failed,
    watcher,
    watcher.onDidCreate(restart),
    watcher.onDidChange(restart),
    watcher.onDidDelete(restart),
    vscode.workspace.onDidOpenTextDocument((document) => {
      if (isAnalysed(document) && isEnabled(document)) schedule(document);
    }),
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length > 0 && isAnalysed(document) && isEnabled(document)) schedule(document);
    }),
    vscode.workspace.onDidCloseTextDocument(leave),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(settings.section)) restart();
    }),
  ];
  restart();

  return {
    of,
    known,
    onDidChange: changed.event,
    onDidLeave: left.event,
    onDidFail: failed.event,
    dispose() {
      for (const key of [...timers.keys(), ...running.keys()]) stop(key);
      for (const disposable of disposables) disposable.dispose();
    },
  };
}

function isEnabled(document: vscode.TextDocument): boolean {
  return vscode.workspace.getConfiguration(settings.section, document.uri).get<boolean>(settings.diagnosticsEnabled, true);
}

/** The workspace folder that a file belongs to; a file outside every folder is analysed by the defaults of its own folder. */
export function rootOf(uri: vscode.Uri): string {
  return vscode.workspace.getWorkspaceFolder(uri)?.uri.fsPath ?? dirname(uri.fsPath);
}
