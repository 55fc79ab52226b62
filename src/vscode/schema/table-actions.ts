import * as vscode from "vscode";
import type { Contribution } from "../contribution.ts";
import { analysedLanguages } from "../diagnostics/languages.ts";
import { commandIds, settings } from "../ids.ts";
import { createdTable, createdTables } from "./created-table.ts";
import type { AddressedPlace } from "./translate-table.ts";

/** It changes nothing: it is listed beside the refactorings and never made by itself. */
const kind = vscode.CodeActionKind.Refactor.append("cutover").append("schema");

const documents = analysedLanguages.map((language) => ({ language, scheme: "file" }));

/** Where a table is created, in code or in a script: its translation, from the light bulb and, with code lenses on, above it. */
export const tableActions: Contribution = () =>
  vscode.Disposable.from(
    vscode.languages.registerCodeActionsProvider(
      documents,
      {
        provideCodeActions(document, range, context) {
          // Only for one who asks: it would light the bulb on every table.
          if (context.triggerKind !== vscode.CodeActionTriggerKind.Invoke || (context.only !== undefined && !context.only.contains(kind))) return [];
          const found = createdTable(document.getText(), document.offsetAt(range.start));
          if (found === undefined) return [];
          const action = new vscode.CodeAction(vscode.l10n.t("Show {0} as PostgreSQL", found.name), kind);
          action.command = commandAt(document, found.start, action.title);
          return [action];
        },
      },
      { providedCodeActionKinds: [kind] },
    ),
    vscode.languages.registerCodeLensProvider(documents, {
      provideCodeLenses(document) {
        if (!vscode.workspace.getConfiguration(settings.section, document.uri).get<boolean>(settings.codeLensEnabled, false)) return [];
        return createdTables(document.getText()).map(({ name, start }) => {
          const place = document.positionAt(start);
          return new vscode.CodeLens(new vscode.Range(place, place), commandAt(document, start, vscode.l10n.t("{0} as PostgreSQL", name)));
        });
      },
    }),
  );

function commandAt(document: vscode.TextDocument, offset: number, title: string): vscode.Command {
  const { line, character } = document.positionAt(offset);
  return { command: commandIds.translateTable, title, arguments: [{ uri: document.uri.toString(), line, character } satisfies AddressedPlace] };
}
