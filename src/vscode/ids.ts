/** Every id that package.json contributes, named once. A test compares them with package.json. */

export const commandIds = {
  scanWorkspace: "cutover.scanWorkspace",
  translateSchema: "cutover.translateSchema",
  createConfig: "cutover.createConfig",
  openConfig: "cutover.openConfig",
  migrate: "cutover.migrate",
  validate: "cutover.validate",
  refresh: "cutover.refresh",
  retry: "cutover.retry",
  showRule: "cutover.showRule",
  showLog: "cutover.showLog",
} as const;

export type CommandId = (typeof commandIds)[keyof typeof commandIds];

export const viewIds = { databases: "cutover.databases" } as const;

export const panelIds = { schema: "cutover.schema" } as const;

export const taskType = "cutover";

/** The problem matcher for lines of the CLI's text output, `path:line:column: severity: message [rule, applicability]`. */
export const problemMatcher = "$cutover";

/** Context keys that `when` clauses of package.json read. */
export const contextKeys = {
  /** `missing`, `empty`, `present` or `broken`: the state of the workspace's cutover.json. */
  configuration: "cutover.configuration",
} as const;

export const settings = { section: "cutover", diagnosticsEnabled: "diagnostics.enabled" } as const;

/** The code action kind of "apply every safe fix of the file", as `editor.codeActionsOnSave` names it. */
export const fixAllKind = "source.fixAll.cutover";

export const diagnosticSource = "cutover";
