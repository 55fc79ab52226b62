import * as vscode from "vscode";
import type { Contribution } from "../contribution.ts";
import { settings } from "../ids.ts";
import { countOpen } from "./open-findings.ts";

/** A file's badge in the explorer: how many of its findings ask for something to be done. */
export const fileBadges: Contribution = ({ findings }) => {
  const changed = new vscode.EventEmitter<vscode.Uri | vscode.Uri[] | undefined>();
  let counts = new Map<string, number>();
  let stale = true;
  const countOf = (uri: vscode.Uri): number => {
    if (stale) counts = new Map(findings.files().map((file) => [file.uri.toString(), countOpen(file.findings)]));
    stale = false;
    return counts.get(uri.toString()) ?? 0;
  };
  return vscode.Disposable.from(
    changed,
    findings.onDidChange((uris) => {
      stale = true;
      changed.fire(uris === undefined ? undefined : [...uris]);
    }),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(`${settings.section}.${settings.fileBadgesEnabled}`)) changed.fire(undefined);
    }),
    vscode.window.registerFileDecorationProvider({
      onDidChangeFileDecorations: changed.event,
      provideFileDecoration(uri) {
        if (!vscode.workspace.getConfiguration(settings.section, uri).get<boolean>(settings.fileBadgesEnabled, true)) return undefined;
        const count = countOf(uri);
        return count === 0 ? undefined : new vscode.FileDecoration(badgeOf(count), vscode.l10n.t("Cutover: {0} findings", count));
      },
    }),
  );
};

/** A badge has room for two characters; beyond that it says "more than nine", as the editor's own does. */
export function badgeOf(count: number): string {
  return count < 100 ? String(count) : "9+";
}
