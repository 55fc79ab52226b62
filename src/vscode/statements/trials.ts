import * as vscode from "vscode";
import type { Range, StatementTrial } from "#protocol/worker.ts";
import type { Disposable } from "../disposable.ts";

/** What both engines have said of statements, as long as the document is the one that was asked about. */
export interface Trials extends Disposable {
  known(document: vscode.TextDocument, site: Range): StatementTrial | undefined;
  keep(document: vscode.TextDocument, site: Range, trial: StatementTrial): void;
  readonly onDidChange: vscode.Event<void>;
}

export function createTrials(): Trials {
  const changed = new vscode.EventEmitter<void>();
  /** By the document's address; its trials hold for one version, by the site's place. */
  const kept = new Map<string, { readonly version: number; readonly bySite: Map<string, StatementTrial> }>();
  const closing = vscode.workspace.onDidCloseTextDocument(({ uri }) => {
    kept.delete(uri.toString());
  });
  return {
    known(document, site) {
      const own = kept.get(document.uri.toString());
      return own?.version === document.version ? own.bySite.get(JSON.stringify(site)) : undefined;
    },
    keep(document, site, trial) {
      const key = document.uri.toString();
      const own = kept.get(key);
      const current = own?.version === document.version ? own : { version: document.version, bySite: new Map<string, StatementTrial>() };
      current.bySite.set(JSON.stringify(site), trial);
      kept.set(key, current);
      changed.fire();
    },
    onDidChange: changed.event,
    dispose() {
      closing.dispose();
      changed.dispose();
    },
  };
}
