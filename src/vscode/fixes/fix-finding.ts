import * as vscode from "vscode";
import type { Services } from "../contribution.ts";
import { toRange } from "../diagnostics/editor-range.ts";
import { findingOf } from "../findings/finding-of.ts";
import { toTextEdits } from "./text-edits.ts";

/** Makes the preferred fix of a finding, as the light bulb does, and shows the place. The file is not saved. */
export async function fixFinding({ analyses }: Services, argument: unknown): Promise<void> {
  const addressed = findingOf(argument);
  if (addressed === undefined) return;
  const document = await vscode.workspace.openTextDocument(addressed.uri);
  await vscode.window.showTextDocument(document, { selection: toRange(addressed.finding.range), preserveFocus: true });
  // The document may not be what was looked at: what is fixed is what is found in it now.
  const now = await analyses.of(document);
  const wanted = toRange(addressed.finding.range);
  const fix = now?.findings.find(({ rule, range }) => rule === addressed.finding.rule && toRange(range).isEqual(wanted))?.fixes[0];
  if (fix === undefined) {
    void vscode.window.showInformationMessage(vscode.l10n.t("This finding is not there any more, or has no fix."));
    return;
  }
  const edit = new vscode.WorkspaceEdit();
  edit.set(document.uri, toTextEdits(fix.changes, document.getText()));
  await vscode.workspace.applyEdit(edit);
}
