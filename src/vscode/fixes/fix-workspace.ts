import * as vscode from "vscode";
import type { FileChanges } from "#protocol/worker.ts";
import { pickFolder } from "../commands/pick.ts";
import type { Services } from "../contribution.ts";
import { toRange } from "../diagnostics/editor-range.ts";
import { ruleOf, ruleOfFile } from "../findings/finding-of.ts";
import { problemOf, problemText } from "../problem.ts";
import { Cancelled } from "../worker-client.ts";
import { unwrittenTexts } from "./unwritten-texts.ts";

/** Makes every safe fix of a workspace folder, at once or through the refactor preview. */
export async function fixSafe(services: Services): Promise<void> {
  const folder = await pickFolder();
  if (folder !== undefined) await fixFolder(services, folder, { rule: undefined, level: "safe", path: undefined });
}

/** Makes the fixes of one rule in a folder or one file; those to review go through the refactor preview. The rule is picked unless given. */
export async function fixRule(services: Services, argument: unknown): Promise<void> {
  const inFile = ruleOfFile(argument);
  const rule = inFile?.rule ?? ruleOf(argument) ?? (await pickRule(services));
  if (rule === undefined) return;
  const folder = (inFile === undefined ? undefined : vscode.workspace.getWorkspaceFolder(inFile.uri)) ?? (await pickFolder());
  if (folder !== undefined) await fixFolder(services, folder, { rule, level: "review", path: inFile?.uri.fsPath });
}

async function pickRule({ findings }: Services): Promise<string | undefined> {
  await findings.start();
  const counts = new Map<string, number>();
  for (const file of findings.files()) for (const { rule, fixes } of file.findings) if (fixes.length > 0) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  if (counts.size === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t("No finding of this workspace has a fix."));
    return undefined;
  }
  const picked = await vscode.window.showQuickPick(
    [...counts].sort().map(([rule, count]) => ({ label: rule, description: vscode.l10n.t("{0} with a fix", count) })),
    { placeHolder: vscode.l10n.t("Fix all findings of which rule?") },
  );
  return picked?.label;
}

interface Wanted {
  readonly rule: string | undefined;
  readonly level: "safe" | "review";
  /** The only file, unless it is all of them. */
  readonly path: string | undefined;
}

async function fixFolder(services: Services, folder: vscode.WorkspaceFolder, wanted: Wanted): Promise<void> {
  const files = await changesOf(services, folder, wanted);
  if (files === undefined) return;
  const fixed = sum(files.map((file) => file.fixed));
  const name = wanted.rule ?? vscode.l10n.t("all rules");
  if (fixed === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t("There is nothing to fix for {0} in {1}.", name, folder.name));
    return;
  }
  const waiting = sum(files.map((file) => file.waiting));
  const review = files.flatMap((file) => file.changes).filter((change) => change.review).length;
  const make = vscode.l10n.t("Make the Fixes");
  const preview = vscode.l10n.t("Preview");
  const chosen = await vscode.window.showInformationMessage(
    review === 0 ? vscode.l10n.t("Make {0} safe fixes of {1} in {2} files?", fixed, name, files.length) : vscode.l10n.t("Make {0} fixes of {1} in {2} files?", fixed, name, files.length),
    {
      modal: true,
      detail: [
        review === 0
          ? vscode.l10n.t("Each keeps the meaning. In the preview, check those that are to be made.")
          : vscode.l10n.t("{0} statements may mean something else afterwards: check them in the preview one by one. The others are checked already.", review),
        ...(waiting === 0 ? [] : [vscode.l10n.t("{0} more wait for another round, because they touch one of these.", waiting)]),
      ].join(" "),
    },
    ...(review === 0 ? [make, preview] : [preview]),
  );
  if (chosen === undefined) return;
  const before = files.map(({ text }) => text);
  const confirm = chosen === make ? "none" : review === 0 ? "all" : "review";
  const applied = await vscode.workspace.applyEdit(await editOf(files, wanted, confirm), { isRefactoring: true });
  // What was changed after it was looked at, or not taken in the preview, is not counted as done.
  const touched = await changedOf(files, before);
  if (!applied || touched === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t("Nothing was changed."));
    return;
  }
  const after = await changesOf(services, folder, wanted);
  const left = sum((after ?? []).map((file) => file.fixed + file.waiting));
  void vscode.window.showInformationMessage(vscode.l10n.t("{0} of {1} findings of {2} are fixed, in {3} files that are not saved yet; {4} are left that have a fix.", Math.max(0, fixed + waiting - left), fixed + waiting, name, touched, left));
}

async function changesOf({ worker, log }: Services, folder: vscode.WorkspaceFolder, wanted: Wanted): Promise<readonly FileChanges[] | undefined> {
  return vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: vscode.l10n.t("Cutover looks at {0}", folder.name), cancellable: true }, async (progress, token) => {
    const controller = new AbortController();
    token.onCancellationRequested(() => {
      controller.abort();
    });
    try {
      return await worker.ask("fixes", { root: folder.uri.fsPath, texts: unwrittenTexts(), ...wanted }, controller.signal, ({ done, total }) => {
        progress.report({ message: vscode.l10n.t("file {0} of {1}", done, total) });
      });
    } catch (error) {
      if (error instanceof Cancelled) return undefined;
      const text = problemText(problemOf(error));
      log.error(text);
      void vscode.window.showErrorMessage(text);
      return undefined;
    }
  });
}

/**
 * The changes as an edit; a file whose text is another by now is left out. What needs confirmation is not checked in the
 * refactor preview, which the editor shows as soon as there is one such.
 */
async function editOf(files: readonly FileChanges[], { rule }: Wanted, confirm: "all" | "review" | "none"): Promise<vscode.WorkspaceEdit> {
  const edit = new vscode.WorkspaceEdit();
  const label = rule ?? vscode.l10n.t("Safe fixes of Cutover");
  for (const { path, text, changes } of files) {
    const uri = vscode.Uri.file(path);
    const document = await vscode.workspace.openTextDocument(uri);
    if (!sameText(document, text)) continue;
    edit.set(
      uri,
      changes.map(({ range, newText, review }): [vscode.TextEdit, vscode.WorkspaceEditEntryMetadata] => [
        new vscode.TextEdit(toRange(range), newText),
        { needsConfirmation: confirm === "all" || (confirm === "review" && review), label, description: review ? vscode.l10n.t("may change the meaning; the finding says when") : vscode.l10n.t("keeps the meaning") },
      ]),
    );
  }
  return edit;
}

/** Line and character mean the same whatever the line ends are, and the editor drops a byte order mark. */
function sameText(document: vscode.TextDocument, text: string): boolean {
  return document.getText().replace(/\r\n?/g, "\n") === text.replace(/^\uFEFF/, "").replace(/\r\n?/g, "\n");
}

async function changedOf(files: readonly FileChanges[], before: readonly string[]): Promise<number> {
  const documents = await Promise.all(files.map(({ path }) => vscode.workspace.openTextDocument(vscode.Uri.file(path))));
  return documents.filter((document, i) => !sameText(document, before[i] ?? "")).length;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}
