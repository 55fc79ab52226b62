/** Every id that package.json contributes, named once. A test compares them with package.json. */

export const commandIds = {
  scanWorkspace: "cutover.scanWorkspace",
  translateSchema: "cutover.translateSchema",
  translateTable: "cutover.translateTable",
  createConfig: "cutover.createConfig",
  openConfig: "cutover.openConfig",
  migrate: "cutover.migrate",
  validate: "cutover.validate",
  refresh: "cutover.refresh",
  retry: "cutover.retry",
  showRule: "cutover.showRule",
  showLog: "cutover.showLog",
  refreshFindings: "cutover.refreshFindings",
  stopFindings: "cutover.stopFindings",
  groupByRule: "cutover.groupByRule",
  groupByFile: "cutover.groupByFile",
  groupByTable: "cutover.groupByTable",
  fixSafe: "cutover.fixSafe",
  fixRule: "cutover.fixRule",
  fixFinding: "cutover.fixFinding",
  ignoreFinding: "cutover.ignoreFinding",
  ignoreRuleInFile: "cutover.ignoreRuleInFile",
  turnRuleOff: "cutover.turnRuleOff",
  previewStatement: "cutover.previewStatement",
  runOnBoth: "cutover.runOnBoth",
} as const;

export type CommandId = (typeof commandIds)[keyof typeof commandIds];

export const viewIds = { databases: "cutover.databases", findings: "cutover.findings" } as const;

export const panelIds = { schema: "cutover.schema" } as const;

export const taskType = "cutover";

/** The problem matcher for lines of the CLI's text output, `path:line:column: severity: message [rule, applicability]`. */
export const problemMatcher = "$cutover";

/** Context keys that `when` clauses of package.json read. */
export const contextKeys = {
  /** `missing`, `empty`, `present` or `broken`: the state of the workspace's cutover.json. */
  configuration: "cutover.configuration",
  /** `rule`, `file` or `table`: what the Findings view groups by. */
  findingsGrouping: "cutover.findings.grouping",
  /** `none`, `scanning`, `done`, `stopped` or `failed`: how far the look at the whole workspace is. */
  findingsScan: "cutover.findings.scan",
} as const;

export const settings = { section: "cutover", diagnosticsEnabled: "diagnostics.enabled", codeLensEnabled: "codeLens.enabled", proofsAutomatic: "proofs.automatic", fileBadgesEnabled: "fileBadges.enabled" } as const;

/** The code action kind of "apply every safe fix of the file", as `editor.codeActionsOnSave` names it. */
export const fixAllKind = "source.fixAll.cutover";

/** The scheme of documents that show statements: they are made of what is known, and never written. */
export const statementScheme = "cutover-statement";

export const diagnosticSource = "cutover";
