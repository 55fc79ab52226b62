import type { Problem, SchemaModel } from "./worker.ts";

/** What the extension tells the schema panel. */
export type ToSchemaPanel =
  | { readonly type: "loading"; readonly source: string }
  | { readonly type: "model"; readonly model: SchemaModel }
  | { readonly type: "failed"; readonly source: string; readonly problem: Problem };

/** What the schema panel asks of the extension. */
export type FromSchemaPanel =
  /** The panel's script runs and wants its model. */
  | { readonly type: "ready" }
  /** Read the source again. */
  | { readonly type: "reload" }
  | { readonly type: "save" }
  | { readonly type: "copy" }
  | { readonly type: "open" };

/** What the panel keeps across a reload of the window. */
export interface SchemaPanelState {
  /** The workspace folder's path that the source belongs to. */
  readonly root: string;
  readonly source: string;
  /** The table shown, by name. */
  readonly table: string | undefined;
  readonly filter: string;
}

/** The words on the panel, in the editor's language. `{0}` stands for a value. */
export interface SchemaPanelText {
  readonly tables: string;
  readonly filter: string;
  readonly noTable: string;
  readonly column: string;
  readonly sqliteType: string;
  readonly postgresType: string;
  readonly evidence: string;
  readonly confidence: string;
  readonly noType: string;
  readonly overridden: string;
  readonly sqliteDdl: string;
  readonly postgresDdl: string;
  readonly reported: string;
  readonly leftOut: string;
  readonly changed: string;
  readonly nothingReported: string;
  readonly save: string;
  readonly copy: string;
  readonly open: string;
  readonly reload: string;
  readonly reading: string;
  readonly empty: string;
}

const requests = { ready: true, reload: true, save: true, copy: true, open: true } as const satisfies Record<FromSchemaPanel["type"], true>;

/** Reads a message of the panel; undefined for anything that is not one. */
export function parseFromSchemaPanel(message: unknown): FromSchemaPanel | undefined {
  if (typeof message !== "object" || message === null || !("type" in message)) return undefined;
  const { type } = message;
  return typeof type === "string" && isRequest(type) ? { type } : undefined;
}

/** Reads a kept state; undefined when it is none, such as one of an older version. */
export function parseSchemaPanelState(state: unknown): SchemaPanelState | undefined {
  if (typeof state !== "object" || state === null) return undefined;
  const { root, source, table, filter }: { root?: unknown; source?: unknown; table?: unknown; filter?: unknown } = state;
  if (typeof root !== "string" || typeof source !== "string") return undefined;
  return { root, source, table: typeof table === "string" ? table : undefined, filter: typeof filter === "string" ? filter : "" };
}

/** Whether a message is one of the extension's to the panel, which alone can post to it. */
export function isToSchemaPanel(message: unknown): message is ToSchemaPanel {
  return typeof message === "object" && message !== null && "type" in message && typeof message.type === "string" && Object.hasOwn(news, message.type);
}

const news = { loading: true, model: true, failed: true } as const satisfies Record<ToSchemaPanel["type"], true>;

function isRequest(type: string): type is FromSchemaPanel["type"] {
  return Object.hasOwn(requests, type);
}
