import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import type { SchemaPanelText } from "#protocol/schema-panel.ts";

/** What the panel's page carries besides its script. */
export interface PanelPage {
  readonly root: string;
  readonly source: string;
  readonly title: string;
}

/**
 * The page of the schema panel. Its policy allows our own script and style and nothing else: no network, no inline code,
 * no images. Components style themselves through constructed style sheets, which need no allowance.
 */
export function panelHtml(webview: vscode.Webview, assets: vscode.Uri, { root, source, title }: PanelPage): string {
  const nonce = randomBytes(16).toString("base64");
  const script = webview.asWebviewUri(vscode.Uri.joinPath(assets, "schema-panel.js")).toString();
  const style = webview.asWebviewUri(vscode.Uri.joinPath(assets, "schema-panel.css")).toString();
  const policy = `default-src 'none'; style-src ${webview.cspSource}; font-src ${webview.cspSource}; script-src 'nonce-${nonce}'`;
  return `<!DOCTYPE html>
<html lang="${escapeHtml(vscode.env.language)}">
<head>
  <meta charset="utf-8">
  <meta http-equiv="Content-Security-Policy" content="${policy}">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>${escapeHtml(title)}</title>
  <link rel="stylesheet" href="${escapeHtml(style)}">
</head>
<body data-root="${escapeHtml(root)}" data-source="${escapeHtml(source)}" data-text="${escapeHtml(JSON.stringify(panelText()))}">
  <main id="panel"></main>
  <script nonce="${nonce}" src="${escapeHtml(script)}"></script>
</body>
</html>`;
}

function panelText(): SchemaPanelText {
  return {
    tables: vscode.l10n.t("Tables"),
    filter: vscode.l10n.t("Filter tables"),
    noTable: vscode.l10n.t("No table has this in its name."),
    column: vscode.l10n.t("Column"),
    sqliteType: vscode.l10n.t("SQLite"),
    postgresType: vscode.l10n.t("PostgreSQL"),
    evidence: vscode.l10n.t("Evidence"),
    confidence: vscode.l10n.t("Confidence"),
    noType: vscode.l10n.t("no type"),
    overridden: vscode.l10n.t("decided in cutover.json"),
    sqliteDdl: vscode.l10n.t("SQLite: {0}", "{0}"),
    postgresDdl: vscode.l10n.t("PostgreSQL: {0}", "{0}"),
    reported: vscode.l10n.t("Reported"),
    leftOut: vscode.l10n.t("left out"),
    changed: vscode.l10n.t("changed"),
    nothingReported: vscode.l10n.t("Every object of {0} has its counterpart.", "{0}"),
    save: vscode.l10n.t("Save As…"),
    copy: vscode.l10n.t("Copy"),
    open: vscode.l10n.t("Open as Document"),
    reload: vscode.l10n.t("Read Again"),
    reading: vscode.l10n.t("Reading {0}", "{0}"),
    empty: vscode.l10n.t("{0} holds no tables.", "{0}"),
  };
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
