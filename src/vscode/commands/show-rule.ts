import * as vscode from "vscode";
import type { Services } from "../contribution.ts";

/** Opens the page of a rule, which the extension carries in dist/docs/rules. */
export async function showRule({ extensionUri }: Services, rule: unknown): Promise<void> {
  // Rule ids are kebab-case words; anything else names no page.
  if (typeof rule !== "string" || !/^[a-z0-9-]+$/.test(rule)) return;
  const page = vscode.Uri.joinPath(extensionUri, "dist", "docs", "rules", `${rule}.md`);
  try {
    await vscode.workspace.fs.stat(page);
  } catch {
    void vscode.window.showWarningMessage(vscode.l10n.t("There is no page about the rule {0}.", rule));
    return;
  }
  await vscode.commands.executeCommand("markdown.showPreview", page);
}
