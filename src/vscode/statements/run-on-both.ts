import * as vscode from "vscode";
import type { Services } from "../contribution.ts";
import { rootOf } from "../diagnostics/analyses.ts";
import { problemOf, problemText } from "../problem.ts";
import { Cancelled } from "../worker-client.ts";
import { statementOf } from "./statement-of.ts";
import { verdictText } from "./verdict-line.ts";

/** Asks SQLite and an embedded PostgreSQL about a statement, and says what they said. Nothing of the user's databases is changed. */
export async function runOnBoth({ worker, log, trials, statements }: Services, argument: unknown): Promise<void> {
  const statement = statementOf(argument);
  if (statement === undefined) return;
  const { range } = statement;
  const uri = vscode.Uri.parse(statement.uri, true);
  const document = await vscode.workspace.openTextDocument(uri);
  const { version } = document;
  const place = `${vscode.workspace.asRelativePath(uri)}:${range.start.line + 1}`;
  try {
    const trial = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: vscode.l10n.t("Running {0} on both engines", place), cancellable: true }, (_, token) => {
      const controller = new AbortController();
      token.onCancellationRequested(() => {
        controller.abort();
      });
      return worker.ask("trial", { root: rootOf(uri), path: uri.fsPath, text: document.getText(), range }, controller.signal);
    });
    if (trial === undefined) {
      void vscode.window.showInformationMessage(vscode.l10n.t("The statement is put together at run time, or is not there any more; only a whole one can be run."));
      return;
    }
    if (document.version === version) trials.keep(document, range, trial);
    const show = vscode.l10n.t("Show Both");
    const remark = trial.remarks.find(({ applicability }) => applicability !== "safe");
    const said = `${place}: ${verdictText(trial.verdict)}${remark === undefined ? "" : `. ${remark.message}`}`;
    const chosen = trial.verdict.verdict === "rejected" ? await vscode.window.showWarningMessage(said, show) : await vscode.window.showInformationMessage(said, show);
    if (chosen === show) await statements.compare(place, vscode.l10n.t("{0}: SQLite and PostgreSQL", place), trial.before, trial.after);
  } catch (error) {
    if (error instanceof Cancelled) return;
    const text = problemText(problemOf(error));
    log.error(text);
    void vscode.window.showErrorMessage(text);
  }
}
