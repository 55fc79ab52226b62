import type { Catalog } from "./catalog.ts";
import type { ColumnProfile, Decision, Policies } from "./decision.ts";
import type { PartitionChoices } from "./partition-choice.ts";
import type { TargetNames } from "./target-names.ts";

/** pg_dump's sections: what must exist before the rows, and what is made faster and safer after them. */
export type Section = "pre-data" | "post-data";

/** One object's DDL, in the order in which it is to be run within its section. */
export interface PlannedObject {
  readonly section: Section;
  readonly kind: "schema" | "table" | "sequence" | "primary-key" | "unique" | "check" | "index" | "foreign-key" | "view" | "function" | "trigger" | "partition";
  /** Its name in PostgreSQL. */
  readonly name: string;
  /** The source table that it belongs to, when it is not one itself. */
  readonly table: string | undefined;
  /** One statement, without the final semicolon. */
  readonly sql: string;
  /** Of a key: its clause as it would stand inside of CREATE TABLE. */
  readonly clause?: string;
  /** Of a table: what stands in its parentheses, its columns first, in their order. */
  readonly lines?: readonly string[];
  /** The objects of the source that this statement is the translation of: keys of `sourceObjects`. */
  readonly sources: readonly string[];
}

/** Something of the source that has no DDL in the plan, or another meaning there, with the reason: nothing is dropped silently. */
export interface ReportedObject {
  readonly kind:
    | "table" | "column" | "index" | "view" | "trigger" | "virtual-table" | "internal-table" | "check" | "default" | "generated-column" | "foreign-key"
    | "primary-key" | "unique";
  /** For people; the table is part of it where the name alone says little. */
  readonly name: string;
  /** The source table that it belongs to, when it is not one itself. */
  readonly table: string | undefined;
  /** `left-out`: there is no DDL for it. `changed`: there is, but not everything is as it was. */
  readonly outcome: "left-out" | "changed";
  readonly reason: string;
  /** Its key among `sourceObjects`. */
  readonly source: string;
}

/** What a plan is made for. */
export interface PlanOptions {
  /** The target schema; `public` is taken to exist. */
  readonly schema: string;
  /** PostgreSQL's major version, 14 to 18. */
  readonly targetVersion: number;
  /** Whether the DDL makes the schema; by default when it is not `public`. */
  readonly createSchema?: boolean;
  /** Whether names in the DDL carry the schema; true by default. Without, the session's search_path decides. */
  readonly qualified?: boolean;
  readonly collation?: Policies["collation"];
  /** Tables that are to be partitioned, by name, folded. */
  readonly partitions?: PartitionChoices;
  /** The day on which the plan is made, `YYYY-MM-DD`: partitions reach beyond it. */
  readonly today?: string;
  /** With them, a primary key that holds NULLs (SQLite allows it) becomes UNIQUE instead of failing on its rows. */
  readonly profiles?: ReadonlyMap<string, ColumnProfile>;
}

/** Catalog, decisions and ordered DDL. */
export interface Plan {
  readonly catalog: Catalog;
  /** By `columnKey(table, column)`. */
  readonly decisions: ReadonlyMap<string, Decision>;
  /** The target schema, `public` unless configured. */
  readonly schema: string;
  /** What it was made with, to make it again for another schema. */
  readonly options: PlanOptions;
  /** What tables and columns are called in PostgreSQL: as in SQLite, unless PostgreSQL cannot take the name. */
  readonly names: TargetNames;
  readonly objects: readonly PlannedObject[];
  readonly reported: readonly ReportedObject[];
  /** Table names, parents before children where foreign keys allow an order. */
  readonly tableOrder: readonly string[];
}
