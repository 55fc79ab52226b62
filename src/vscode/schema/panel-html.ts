import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import type { SchemaSource } from "#protocol/worker.ts";
import { panelText } from "./panel-text.ts";

/**
 * The page of the schema panel. Its policy allows our own script and style and nothing else: no network, no inline code,
 * no images. Components style themselves through constructed style sheets, which need no allowance.
 */
export function panelHtml(webview: vscode.Webview, assets: vscode.Uri, { root, source, code }: SchemaSource, title: string): string {
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
<body data-root="${escapeHtml(root)}" data-source="${escapeHtml(source)}" data-code="${String(code)}" data-text="${escapeHtml(JSON.stringify(panelText()))}">
  <main id="panel"></main>
  <script nonce="${nonce}" src="${escapeHtml(script)}"></script>
</body>
</html>`;
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
