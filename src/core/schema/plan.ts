import type { Catalog } from "./catalog.ts";
import type { Decision } from "./decision.ts";

/** pg_dump's sections: what must exist before the rows, and what is made faster and safer after them. */
export type Section = "pre-data" | "post-data";

/** One object's DDL, in the order in which it is to be run within its section. */
export interface PlannedObject {
  readonly section: Section;
  readonly kind: "schema" | "table" | "sequence" | "primary-key" | "unique" | "check" | "index" | "foreign-key" | "view" | "trigger";
  readonly name: string;
  /** The table it belongs to, when it is not one itself. */
  readonly table: string | undefined;
  /** One statement, without the final semicolon. */
  readonly sql: string;
}

/** Something of the source that has no DDL in the plan, with the reason: nothing is dropped silently. */
export interface ReportedObject {
  readonly kind: "table" | "index" | "view" | "trigger" | "virtual-table" | "internal-table" | "check" | "default" | "generated-column" | "foreign-key";
  readonly name: string;
  readonly reason: string;
}

/** Catalog, decisions and ordered DDL. */
export interface Plan {
  readonly catalog: Catalog;
  /** By `columnKey(table, column)`. */
  readonly decisions: ReadonlyMap<string, Decision>;
  /** The target schema, `public` unless configured. */
  readonly schema: string;
  readonly objects: readonly PlannedObject[];
  readonly reported: readonly ReportedObject[];
  /** Table names, parents before children where foreign keys allow an order. */
  readonly tableOrder: readonly string[];
}
