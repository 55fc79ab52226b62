import { resolve } from "node:path";
import * as vscode from "vscode";
import { parseFromSchemaPanel, parseSchemaPanelState, type FromSchemaPanel, type ToSchemaPanel } from "#protocol/schema-panel.ts";
import type { SchemaModel } from "#protocol/worker.ts";
import type { Contribution, Services } from "../contribution.ts";
import { panelIds } from "../ids.ts";
import { problemOf, problemText } from "../problem.ts";
import { Cancelled } from "../worker-client.ts";
import { panelHtml } from "./panel-html.ts";
import { panelTitle, type SchemaSource } from "./translate-schema.ts";

/** The open panels by source; a source has one at most. */
const open = new Map<string, vscode.WebviewPanel>();

/** Brings panels back after the window was reloaded, and closes them with the extension. */
export const schemaPanels: Contribution = (services) => {
  const serializer = vscode.window.registerWebviewPanelSerializer(panelIds.schema, {
    deserializeWebviewPanel(panel, state) {
      const kept = parseSchemaPanelState(state);
      if (kept === undefined) panel.dispose();
      else attach(services, panel, { root: kept.root, source: kept.source });
      return Promise.resolve();
    },
  });
  return vscode.Disposable.from(
    serializer,
    new vscode.Disposable(() => {
      for (const panel of [...open.values()]) panel.dispose();
    }),
  );
};

/** Opens the panel of a source beside the editor, or brings the one that is open to the front and reads the source again. */
export function showSchemaPanel(services: Services, source: SchemaSource): void {
  const known = open.get(keyOf(source));
  if (known !== undefined) {
    known.reveal();
    return;
  }
  const column = vscode.window.activeTextEditor === undefined ? vscode.ViewColumn.Active : vscode.ViewColumn.Beside;
  attach(services, vscode.window.createWebviewPanel(panelIds.schema, panelTitle(source), column), source);
}

function attach(services: Services, panel: vscode.WebviewPanel, source: SchemaSource): void {
  const key = keyOf(source);
  const { webview } = panel;
  const assets = vscode.Uri.joinPath(services.extensionUri, "dist", "webview");
  let model: SchemaModel | undefined;
  let reading: AbortController | undefined;

  const tell = (message: ToSchemaPanel): void => {
    void webview.postMessage(message);
  };
  const read = async (): Promise<void> => {
    reading?.abort();
    const controller = new AbortController();
    reading = controller;
    tell({ type: "loading", source: source.source });
    try {
      model = await services.worker.ask("schema", source, controller.signal);
      tell({ type: "model", model });
    } catch (error) {
      if (error instanceof Cancelled) return;
      const problem = problemOf(error);
      services.log.error(`${source.source}: ${problemText(problem)}`);
      tell({ type: "failed", source: source.source, problem });
    }
  };
  const actions: Record<FromSchemaPanel["type"], () => Promise<void>> = {
    ready: () => {
      if (model === undefined) return read();
      tell({ type: "model", model });
      return Promise.resolve();
    },
    reload: read,
    save: () => (model === undefined ? Promise.resolve() : save(model, source)),
    copy: async () => {
      if (model === undefined) return;
      await vscode.env.clipboard.writeText(model.postgresDdl);
      vscode.window.setStatusBarMessage(vscode.l10n.t("PostgreSQL schema of {0} copied", source.source), 3000);
    },
    open: async () => {
      if (model === undefined) return;
      const document = await vscode.workspace.openTextDocument({ language: "sql", content: model.postgresDdl });
      await vscode.window.showTextDocument(document, panel.viewColumn ?? vscode.ViewColumn.Active);
    },
  };

  open.set(key, panel);
  const listening = webview.onDidReceiveMessage((message: unknown) => {
    const request = parseFromSchemaPanel(message);
    if (request === undefined) return;
    actions[request.type]().catch((error: unknown) => {
      const problem = problemOf(error);
      services.log.error(`schema panel, ${request.type}: ${problemText(problem)}`);
      void vscode.window.showErrorMessage(problem.why ?? problem.what);
    });
  });
  panel.onDidDispose(() => {
    listening.dispose();
    reading?.abort();
    if (open.get(key) === panel) open.delete(key);
  });
  panel.iconPath = vscode.Uri.joinPath(services.extensionUri, "media", "cutover-panel.svg");
  webview.options = { enableScripts: true, localResourceRoots: [assets] };
  webview.html = panelHtml(webview, assets, { root: source.root, source: source.source, title: panelTitle(source) });
}

async function save(model: SchemaModel, source: SchemaSource): Promise<void> {
  const path = resolve(source.root, source.source).replace(/\.[^./\\]+$/, "");
  const target = await vscode.window.showSaveDialog({ defaultUri: vscode.Uri.file(`${path}.postgres.sql`), filters: { SQL: ["sql"] }, saveLabel: vscode.l10n.t("Save Schema") });
  if (target === undefined) return;
  await vscode.workspace.fs.writeFile(target, Buffer.from(model.postgresDdl));
  await vscode.window.showTextDocument(target, { viewColumn: vscode.ViewColumn.Active });
}

function keyOf({ root, source }: SchemaSource): string {
  return resolve(root, source);
}
