import * as vscode from "vscode";
import type { Disposable } from "../disposable.ts";
import { statementScheme } from "../ids.ts";

/** Documents that show a statement: read-only, kept as long as they are open. */
export interface StatementDocuments extends Disposable {
  /** Shows two texts side by side as SQL; `name` tells where they come from. */
  compare(name: string, title: string, before: string, after: string): Promise<void>;
}

export function createStatementDocuments(): StatementDocuments {
  const texts = new Map<string, string>();
  const changed = new vscode.EventEmitter<vscode.Uri>();
  const disposables = [
    changed,
    vscode.workspace.registerTextDocumentContentProvider(statementScheme, { onDidChange: changed.event, provideTextDocumentContent: (uri) => texts.get(uri.toString()) ?? "" }),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => {
      texts.delete(uri.toString());
    }),
  ];
  return {
    async compare(name, title, before, after) {
      const sides = [
        { engine: "SQLite", text: before },
        { engine: "PostgreSQL", text: after },
      ].map(({ engine, text }) => {
        const uri = vscode.Uri.from({ scheme: statementScheme, path: `/${name}.${engine}.sql` });
        texts.set(uri.toString(), text);
        changed.fire(uri);
        return uri;
      });
      await vscode.commands.executeCommand("vscode.diff", ...sides, title, { preview: true });
    },
    dispose() {
      for (const disposable of disposables) disposable.dispose();
    },
  };
}
