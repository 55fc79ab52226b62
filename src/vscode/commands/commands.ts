import * as vscode from "vscode";
import type { CommandHandlers, Contribution } from "../contribution.ts";
import { pairOfNode } from "../databases/databases-view.ts";
import { ruleOf } from "../findings/finding-of.ts";
import { fixFinding } from "../fixes/fix-finding.ts";
import { fixRule, fixSafe } from "../fixes/fix-workspace.ts";
import { commandIds } from "../ids.ts";
import { ignoreFinding } from "../ignores/ignore-finding.ts";
import { turnRuleOff } from "../ignores/turn-rule-off.ts";
import { translateSchema } from "../schema/translate-schema.ts";
import { translateTable } from "../schema/translate-table.ts";
import { previewStatement } from "../statements/preview-statement.ts";
import { runOnBoth } from "../statements/run-on-both.ts";
import { createConfig, openConfig } from "./config-file.ts";
import { moveData } from "./move-data.ts";
import { scanWorkspace } from "./scan-workspace.ts";
import { showRule } from "./show-rule.ts";

/** Every command of the extension. */
export const commands: Contribution = (services) => {
  const handlers: CommandHandlers = {
    [commandIds.scanWorkspace]: () => scanWorkspace(services),
    [commandIds.translateSchema]: (argument) => translateSchema(services, argument),
    [commandIds.translateTable]: (argument) => translateTable(services, argument),
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
    [commandIds.showRule]: (argument) => showRule(services, ruleOf(argument)),
    [commandIds.showLog]: () => {
      services.log.show();
    },
    [commandIds.refreshFindings]: () => services.findings.refresh(),
    [commandIds.stopFindings]: () => {
      services.findings.stop();
    },
    [commandIds.groupByRule]: () => {
      services.grouping.set("rule");
    },
    [commandIds.groupByFile]: () => {
      services.grouping.set("file");
    },
    [commandIds.groupByTable]: () => {
      services.grouping.set("table");
    },
    [commandIds.fixSafe]: () => fixSafe(services),
    [commandIds.fixRule]: (argument) => fixRule(services, argument),
    [commandIds.fixFinding]: (argument) => fixFinding(services, argument),
    [commandIds.ignoreFinding]: (argument) => ignoreFinding(services, argument, "here"),
    [commandIds.ignoreRuleInFile]: (argument) => ignoreFinding(services, argument, "file"),
    [commandIds.turnRuleOff]: (argument) => turnRuleOff(services, argument),
    [commandIds.previewStatement]: (argument) => previewStatement(services, argument),
    [commandIds.runOnBoth]: (argument) => runOnBoth(services, argument),
  };
  return vscode.Disposable.from(...Object.entries(handlers).map(([id, handler]) => vscode.commands.registerCommand(id, handler)));
};
