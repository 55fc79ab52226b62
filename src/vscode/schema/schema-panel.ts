import * as vscode from "vscode";
import { parseFromSchemaPanel, parseSchemaPanelState, type PanelAction } from "#protocol/schema-panel.ts";
import type { SchemaSource } from "#protocol/worker.ts";
import type { Contribution, Services } from "../contribution.ts";
import { panelIds } from "../ids.ts";
import { problemOf, problemText } from "../problem.ts";
import { applyToTarget } from "./apply-to-target.ts";
import { compareSchema, copySchema, openSchema, saveSchema } from "./hand-out.ts";
import { panelHtml } from "./panel-html.ts";
import { panelSession, type CodePlace, type PanelSession } from "./panel-session.ts";
import { keyOf, panelTitle } from "./schema-request.ts";
import { configUri } from "./write-choice.ts";

/** The open panels by source; a source has one at most. */
const open = new Map<string, { readonly panel: vscode.WebviewPanel; readonly session: PanelSession }>();

/** Brings panels back after the window was reloaded, and closes them with the extension. */
export const schemaPanels: Contribution = (services) => {
  const serializer = vscode.window.registerWebviewPanelSerializer(panelIds.schema, {
    deserializeWebviewPanel(panel, state) {
      const kept = parseSchemaPanelState(state);
      if (kept === undefined) panel.dispose();
      else attach(services, panel, { root: kept.root, source: kept.source, code: kept.code }, kept.table, undefined);
      return Promise.resolve();
    },
  });
  return vscode.Disposable.from(
    serializer,
    new vscode.Disposable(() => {
      for (const { panel } of [...open.values()]) panel.dispose();
    }),
  );
};

/** Opens the panel of a source beside the editor, or brings the one that is open to the front; with a table, by name or by its place in code, that one is shown. */
export function showSchemaPanel(services: Services, source: SchemaSource, table?: string, at?: CodePlace): void {
  const known = open.get(keyOf(source));
  if (known !== undefined) {
    known.panel.reveal();
    void known.session.show(table, at);
    return;
  }
  const column = vscode.window.activeTextEditor === undefined ? vscode.ViewColumn.Active : vscode.ViewColumn.Beside;
  attach(services, vscode.window.createWebviewPanel(panelIds.schema, panelTitle(source), column), source, table, at);
}

function attach(services: Services, panel: vscode.WebviewPanel, source: SchemaSource, table: string | undefined, at: CodePlace | undefined): void {
  const key = keyOf(source);
  const { webview } = panel;
  const assets = vscode.Uri.joinPath(services.extensionUri, "dist", "webview");
  const session = panelSession(services, source, (message) => {
    void webview.postMessage(message);
  });
  const actions: Record<PanelAction, () => unknown> = {
    reload: () => session.reload(),
    read: () => {
      session.read();
    },
    stop: () => {
      session.stop();
    },
    undo: () => session.undo(),
    redo: () => session.redo(),
    save: () => saveSchema(services, source),
    copy: () => copySchema(services, source),
    open: () => openSchema(services, source, panel.viewColumn),
    diff: () => compareSchema(services, source),
    apply: () => applyToTarget(services, source),
    config: () => vscode.window.showTextDocument(configUri(source.root), { viewColumn: panel.viewColumn ?? vscode.ViewColumn.Active }),
  };

  open.set(key, { panel, session });
  // The source is read while the page loads; a panel that was hidden asks again for what it showed.
  let first: { readonly table: string | undefined; readonly at: CodePlace | undefined } | undefined = { table, at };
  const failed = (error: unknown): void => {
    const problem = problemOf(error);
    services.log.error(`schema panel: ${problemText(problem)}`);
    void vscode.window.showErrorMessage(problemText(problem));
  };
  const listening = vscode.Disposable.from(
    session,
    webview.onDidReceiveMessage((message: unknown) => {
      const request = parseFromSchemaPanel(message);
      if (request === undefined) return;
      const run = async (): Promise<unknown> => {
        switch (request.type) {
          case "ready": {
            const wanted = first;
            first = undefined;
            return session.show(wanted?.table ?? request.table, wanted?.at);
          }
          case "show":
            return session.show(request.table);
          case "choose":
            return session.choose(request);
          default:
            return actions[request.type]();
        }
      };
      run().catch(failed);
    }),
    panel.onDidChangeViewState(() => {
      session.seen(panel.visible);
    }),
  );
  panel.onDidDispose(() => {
    listening.dispose();
    if (open.get(key)?.panel === panel) open.delete(key);
  });
  panel.iconPath = vscode.Uri.joinPath(services.extensionUri, "media", "cutover-panel.svg");
  webview.options = { enableScripts: true, localResourceRoots: [assets] };
  webview.html = panelHtml(webview, assets, source, panelTitle(source));
  void session.show(table, at);
}
