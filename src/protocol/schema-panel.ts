import type { Problem, SchemaModel } from "./worker.ts";

/** What the extension tells the schema panel. */
export type ToSchemaPanel =
  | { readonly type: "loading" }
  | { readonly type: "model"; readonly model: SchemaModel }
  /** How far the values are read; undefined when nobody reads them. */
  | { readonly type: "reading"; readonly progress: { readonly done: number; readonly total: number } | undefined }
  /** What the next undo and redo would do, in words. */
  | { readonly type: "history"; readonly undo: string | undefined; readonly redo: string | undefined }
  /** Something that a person who does not see the panel has to hear. */
  | { readonly type: "say"; readonly text: string }
  /** What is shown stays; `problem` undefined when it is over. */
  | { readonly type: "problem"; readonly problem: Problem | undefined };

/** What the schema panel asks of the extension. */
export type FromSchemaPanel =
  /** The panel's script runs and wants its model; `table` is the one that it showed before. */
  | { readonly type: "ready"; readonly table: string | undefined }
  /** Show a table. */
  | { readonly type: "show"; readonly table: string }
  /** Choose a column's type; undefined takes the choice back. */
  | { readonly type: "choose"; readonly table: string; readonly column: string; readonly postgresType: string | undefined }
  | { readonly type: PanelAction };

/** What a button of the panel stands for. */
export type PanelAction = (typeof panelActions)[number];
const panelActions = ["reload", "read", "stop", "save", "copy", "open", "diff", "apply", "undo", "redo", "config"] as const;

/** What the panel keeps across a reload of the window. */
export interface SchemaPanelState {
  /** The workspace folder's path that the source belongs to. */
  readonly root: string;
  readonly source: string;
  /** Whether the source is code, whose CREATE statements count. */
  readonly code: boolean;
  /** The table shown, by name. */
  readonly table: string | undefined;
  readonly filter: string;
  /** Whether only what needs a look is listed. */
  readonly look: boolean;
}

/** The words on the panel, in the editor's language. `{0}` and `{1}` stand for values. */
export interface SchemaPanelText {
  readonly tables: string;
  readonly filter: string;
  readonly noTable: string;
  readonly needsLook: string;
  readonly nothingToLookAt: string;
  readonly looks: string;
  readonly holding: string;
  readonly column: string;
  readonly sqliteType: string;
  readonly postgresType: string;
  readonly typeOf: string;
  readonly automatic: string;
  readonly backToAutomatic: string;
  readonly evidence: string;
  readonly confidence: string;
  readonly noType: string;
  readonly overridden: string;
  readonly warning: string;
  readonly suggestion: string;
  readonly allColumns: string;
  readonly sqliteDdl: string;
  readonly postgresDdl: string;
  readonly offered: string;
  readonly costs: string;
  readonly reported: string;
  readonly leftOut: string;
  readonly changed: string;
  readonly nothingReported: string;
  readonly summary: string;
  readonly undo: string;
  readonly redo: string;
  readonly apply: string;
  readonly save: string;
  readonly copy: string;
  readonly open: string;
  readonly diff: string;
  readonly reload: string;
  readonly config: string;
  readonly loading: string;
  readonly reading: string;
  readonly readDone: string;
  readonly unread: string;
  readonly stale: string;
  readonly read: string;
  readonly stop: string;
  readonly empty: string;
  readonly holds: string;
}

/** Reads a message of the panel; undefined for anything that is not one. */
export function parseFromSchemaPanel(message: unknown): FromSchemaPanel | undefined {
  if (typeof message !== "object" || message === null) return undefined;
  const { type, table, column, postgresType }: { type?: unknown; table?: unknown; column?: unknown; postgresType?: unknown } = message;
  const action = panelActions.find((known) => known === type);
  if (action !== undefined) return { type: action };
  switch (type) {
    case "ready":
      return { type, table: typeof table === "string" ? table : undefined };
    case "show":
      return typeof table === "string" ? { type, table } : undefined;
    case "choose":
      if (typeof table !== "string" || typeof column !== "string" || !(postgresType === undefined || typeof postgresType === "string")) return undefined;
      return { type, table, column, postgresType };
    default:
      return undefined;
  }
}

/** Reads a kept state; undefined when it is none, such as one of an older version. */
export function parseSchemaPanelState(state: unknown): SchemaPanelState | undefined {
  if (typeof state !== "object" || state === null) return undefined;
  const { root, source, code, table, filter, look }: { root?: unknown; source?: unknown; code?: unknown; table?: unknown; filter?: unknown; look?: unknown } = state;
  if (typeof root !== "string" || typeof source !== "string") return undefined;
  return { root, source, code: code === true, table: typeof table === "string" ? table : undefined, filter: typeof filter === "string" ? filter : "", look: look === true };
}

/** Whether a message is one of the extension's to the panel, which alone can post to it. */
export function isToSchemaPanel(message: unknown): message is ToSchemaPanel {
  return typeof message === "object" && message !== null && "type" in message && typeof message.type === "string" && Object.hasOwn(news, message.type);
}

const news = { loading: true, model: true, reading: true, history: true, say: true, problem: true } as const satisfies Record<ToSchemaPanel["type"], true>;
