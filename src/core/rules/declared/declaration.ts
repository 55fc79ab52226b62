/** What one statement found in a project says of a table. Names are folded as SQLite compares them. */
export interface Declaration {
  readonly table: string;
  /** `table`: all of its columns are here; `column`: one more; `renamed`: it was another table before; `unknown`: it is made or changed in a way that is not told here. */
  readonly kind: "table" | "column" | "renamed" | "unknown";
  /** The name before, of `renamed`. */
  readonly from?: string;
  readonly columns: readonly string[];
  /** Those of `columns` that are NOT NULL, or of the primary key: SQLite may have NULLs there, PostgreSQL takes none. */
  readonly neverNull: readonly string[];
  /** Those of `columns` that are declared BOOLEAN. */
  readonly flags: readonly string[];
  /** Columns that are unique together, by their bytes. */
  readonly keys: readonly (readonly string[])[];
  /** The columns of the primary key; none where there is none, or none is told here. */
  readonly primaryKey: readonly string[];
}
