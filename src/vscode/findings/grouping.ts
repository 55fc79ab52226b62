import * as vscode from "vscode";
import type { Disposable } from "../disposable.ts";
import { contextKeys } from "../ids.ts";
import { groupings, type Grouping } from "./group-findings.ts";

/** What the Findings view groups by; a workspace keeps it. */
export interface GroupingChoice extends Disposable {
  readonly value: () => Grouping;
  set(grouping: Grouping): void;
  readonly onDidChange: vscode.Event<Grouping>;
}

const key = "cutover.findings.grouping";

export function createGrouping(memory: vscode.Memento): GroupingChoice {
  const changed = new vscode.EventEmitter<Grouping>();
  let value: Grouping = groupings.find((known) => known === memory.get<string>(key)) ?? "rule";
  const tell = (): void => void vscode.commands.executeCommand("setContext", contextKeys.findingsGrouping, value);
  tell();
  return {
    value: () => value,
    set(grouping) {
      value = grouping;
      void memory.update(key, grouping);
      tell();
      changed.fire(grouping);
    },
    onDidChange: changed.event,
    dispose() {
      changed.dispose();
    },
  };
}
