import * as vscode from "vscode";
import type { DocumentFinding, DocumentSite } from "#protocol/worker.ts";
import { touches } from "../codeActions/quick-fixes.ts";
import type { Contribution } from "../contribution.ts";
import { toRange } from "../diagnostics/editor-range.ts";
import { hostLanguages } from "../diagnostics/languages.ts";
import { isOpen } from "../findings/open-findings.ts";
import { commandIds, settings, viewIds } from "../ids.ts";
import type { AddressedStatement } from "./statement-of.ts";
import { verdictText } from "./verdict-line.ts";

/** Above each place where SQL is built, when the setting asks for it: its findings, their fixes as a diff, a run on both engines. */
export const codeLens: Contribution = ({ analyses, trials }) => {
  const changed = new vscode.EventEmitter<void>();
  const enabled = (document: vscode.TextDocument): boolean => vscode.workspace.getConfiguration(settings.section, document.uri).get<boolean>(settings.codeLensEnabled, false);
  return vscode.Disposable.from(
    changed,
    analyses.onDidChange(() => {
      changed.fire();
    }),
    trials.onDidChange(() => {
      changed.fire();
    }),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(`${settings.section}.${settings.codeLensEnabled}`)) changed.fire();
    }),
    vscode.languages.registerCodeLensProvider(
      hostLanguages.map((language) => ({ language, scheme: "file" })),
      {
        onDidChangeCodeLenses: changed.event,
        async provideCodeLenses(document, token) {
          if (!enabled(document)) return [];
          const analysis = await analyses.of(document);
          if (analysis === undefined || token.isCancellationRequested) return [];
          return analysis.sites.flatMap((site) => {
            const statement: AddressedStatement = { uri: document.uri.toString(), version: document.version, range: site.range };
            const findings = analysis.findings.filter((finding) => touches(finding.range, site.range));
            return lensesOf(site, findings, statement, trials.known(document, site.range)?.verdict);
          });
        },
      },
    ),
  );
};

function lensesOf(site: DocumentSite, findings: readonly DocumentFinding[], statement: AddressedStatement, verdict: Parameters<typeof verdictText>[0] | undefined): vscode.CodeLens[] {
  const range = toRange({ start: site.range.start, end: site.range.start });
  const lens = (title: string, command: string, args: readonly unknown[] = []): vscode.CodeLens => new vscode.CodeLens(range, { title, command, arguments: [...args] });
  const open = findings.filter(isOpen).length;
  const lenses: vscode.CodeLens[] = [];
  if (open > 0) lenses.push(lens(open === 1 ? vscode.l10n.t("1 finding") : vscode.l10n.t("{0} findings", open), `${viewIds.findings}.focus`));
  if (findings.some(({ fixes }) => fixes.length > 0)) lenses.push(lens(vscode.l10n.t("preview as diff"), commandIds.previewStatement, [statement]));
  if (site.whole) lenses.push(lens(vscode.l10n.t("run on both"), commandIds.runOnBoth, [statement]));
  if (verdict !== undefined) lenses.push(lens(verdictText(verdict), commandIds.runOnBoth, [statement]));
  return lenses;
}
