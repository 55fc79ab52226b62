import { CutoverError } from "#core/cutover-error.ts";

/** A row that the target would refuse, whole. */
export interface BadRow {
  readonly table: string;
  /** `rowid 17`, or the primary key's columns and values. */
  readonly key: string;
  /** The first column that is refused, undefined when the row as a whole is. */
  readonly column: string | undefined;
  /** How SQLite stores the refused value: null, integer, real, text, blob. */
  readonly storageClass: string | undefined;
  readonly reason: string;
  /** The row as JSON: an object from column to `{"kind", "value"}`, integers and reals as text; BLOBs, and texts that PostgreSQL cannot hold, as `hex`. */
  readonly row: string;
}

/** What a run does with rows that the target would refuse. */
export type BadRowPolicy = "fail" | "quarantine";

/** One kind of bad row, with how often it was found. */
export interface BadRowKind {
  readonly table: string;
  readonly column: string | undefined;
  readonly reason: string;
  readonly rows: number;
  readonly example: string;
}

/** Counts bad rows by table, column and reason. */
export function countBadRow(kinds: Map<string, BadRowKind>, row: BadRow): void {
  const name = JSON.stringify([row.table, row.column, row.reason]);
  const known = kinds.get(name);
  kinds.set(name, known === undefined ? { table: row.table, column: row.column, reason: row.reason, rows: 1, example: row.key } : { ...known, rows: known.rows + 1 });
}

const shownKinds = 200;

/** The error for a run that must not lose rows: every kind found, with its count and an example. */
export function badRowsError(kinds: readonly BadRowKind[]): CutoverError {
  const rows = kinds.reduce((sum, kind) => sum + kind.rows, 0);
  const tables = [...new Set(kinds.map((kind) => kind.table))];
  const lines = kinds.slice(0, shownKinds).map((kind) => `${kind.table}${kind.column === undefined ? "" : `.${kind.column}`}: ${kind.reason} (${kind.rows} ${kind.rows === 1 ? "row" : "rows"}, such as ${kind.example})`);
  if (kinds.length > shownKinds) lines.push(`and ${kinds.length - shownKinds} more kinds`);
  return new CutoverError({
    tag: "bad-rows",
    what: `The target would refuse ${rows} ${rows === 1 ? "row" : "rows"}`,
    where: tables.join(", "),
    why: lines.join("\n"),
    next: "Mend the rows in the source, choose another type for the column in cutover.json, or keep such rows aside with --bad-rows quarantine.",
  });
}
