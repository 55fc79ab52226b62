import * as vscode from "vscode";
import type { Analysis } from "../diagnostics/analyses.ts";
import { rootOf } from "../diagnostics/analyses.ts";
import { toDiagnostic } from "../diagnostics/diagnostics.ts";
import type { Contribution } from "../contribution.ts";
import { diagnosticSource, settings } from "../ids.ts";
import { problemOf, problemText } from "../problem.ts";
import { Cancelled } from "../worker-client.ts";

/** Milliseconds of quiet after an analysis before the engines are asked. */
const quiet = 800;

/**
 * Puts the statements of the document in front to the embedded PostgreSQL whenever it has been analysed, on a thread of their own:
 * verdicts for the hover and the light bulb, and what PostgreSQL refuses as diagnostics.
 */
export const proofs: Contribution = ({ analyses, worker, trials, log }) => {
  const collection = vscode.languages.createDiagnosticCollection(`${diagnosticSource}-proof`);
  let timer: NodeJS.Timeout | undefined;
  let running: AbortController | undefined;
  let lastProblem: string | undefined;

  const isWanted = (uri: vscode.Uri): boolean => vscode.workspace.getConfiguration(settings.section, uri).get<boolean>(settings.proofsAutomatic, true) && vscode.window.activeTextEditor?.document.uri.toString() === uri.toString();

  const prove = async ({ uri, version, sites }: Analysis): Promise<void> => {
    const document = vscode.window.activeTextEditor?.document;
    if (document?.uri.toString() !== uri.toString() || document.version !== version) return;
    if (sites.length === 0) {
      collection.delete(uri);
      return;
    }
    const controller = new AbortController();
    running = controller;
    try {
      const found = await worker.ask("proofs", { root: rootOf(uri), path: uri.fsPath, text: document.getText() }, controller.signal);
      if (document.isClosed || document.version !== version) return;
      for (const { range, trial } of found?.trials ?? []) trials.keep(document, range, trial);
      collection.set(uri, (found?.findings ?? []).map(toDiagnostic));
      lastProblem = undefined;
    } catch (error) {
      if (error instanceof Cancelled) return;
      const text = problemText(problemOf(error));
      // The same problem at every pause in typing is one problem.
      if (text !== lastProblem) log.warn(text);
      lastProblem = text;
    } finally {
      if (running === controller) running = undefined;
    }
  };

  const listening = analyses.onDidChange((analysis) => {
    clearTimeout(timer);
    running?.abort();
    if (!isWanted(analysis.uri)) {
      collection.delete(analysis.uri);
      return;
    }
    timer = setTimeout(() => void prove(analysis), quiet);
  });
  const switched = vscode.window.onDidChangeActiveTextEditor((editor) => {
    const analysis = editor === undefined ? undefined : analyses.known(editor.document);
    if (analysis === undefined || !isWanted(analysis.uri)) return;
    clearTimeout(timer);
    timer = setTimeout(() => void prove(analysis), quiet);
  });
  return vscode.Disposable.from(collection, listening, switched, new vscode.Disposable(() => {
    clearTimeout(timer);
    running?.abort();
  }));
};
