import * as vscode from "vscode";
import type { CommandHandlers, Contribution } from "../contribution.ts";
import { pairOfNode } from "../databases/databases-view.ts";
import { commandIds } from "../ids.ts";
import { translateSchema } from "../schema/translate-schema.ts";
import { createConfig, openConfig } from "./config-file.ts";
import { moveData } from "./move-data.ts";
import { scanWorkspace } from "./scan-workspace.ts";
import { showRule } from "./show-rule.ts";

/** Every command of the extension. */
export const commands: Contribution = (services) => {
  const handlers: CommandHandlers = {
    [commandIds.scanWorkspace]: () => scanWorkspace(services),
    [commandIds.translateSchema]: (argument) => translateSchema(services, argument),
    [commandIds.createConfig]: () => createConfig(services),
    [commandIds.openConfig]: (argument) => openConfig(argument),
    [commandIds.migrate]: (argument) => moveData(services, "migrate", pairOfNode(argument)),
    [commandIds.validate]: (argument) => moveData(services, "validate", pairOfNode(argument)),
    [commandIds.refresh]: () => {
      services.databases.refresh();
    },
    [commandIds.retry]: (argument) => {
      services.databases.refresh(pairOfNode(argument));
    },
    [commandIds.showRule]: (argument) => showRule(services, argument),
    [commandIds.showLog]: () => {
      services.log.show();
    },
  };
  return vscode.Disposable.from(...Object.entries(handlers).map(([id, handler]) => vscode.commands.registerCommand(id, handler)));
};
