import type { CopiedTable } from "../migrate/copied-table.ts";
import { encodeKeptRow, renderWith } from "../migrate/encode-kept-row.ts";
import { rowOf } from "../migrate/kept-row.ts";
import type { PostgresSession } from "../postgres/session.ts";
import type { Source } from "../sqlite/open-source.ts";

/** A row that went in with values that a person has given. */
export interface MendedRow {
  /** The row in the source, as `BadRow` has it. */
  readonly key: string;
  /** The source's names of the columns with other values. */
  readonly columns: readonly string[];
}

/** What the target is to hold instead of the source's row. */
export interface MendedLine {
  readonly columns: readonly string[];
  /** The row in the copy's format; undefined when the plan's types do not take it. */
  readonly line: string | undefined;
}

/** The mended rows of a table, by their key in the source. */
export async function mendedRows(session: PostgresSession, source: Source, table: CopiedTable): Promise<Map<string, MendedLine>> {
  if ((await session.query("SELECT to_regclass('cutover.replayed')")).rows[0]?.[0] === null) return new Map();
  const { rows } = await session.query('SELECT source_key, "row"::text, mended_columns::text, mended::text FROM cutover.replayed WHERE table_name = $1 AND mended IS NOT NULL ORDER BY id', [table.name]);
  if (rows.length === 0) return new Map();
  const render = renderWith(source.db);
  return new Map(rows.map(([key, kept, columns, mended]) => {
    const encoded = encodeKeptRow(table, rowOf(kept ?? "{}") ?? {}, rowOf(mended ?? "{}") ?? {}, render);
    return [key ?? "", { columns: namesOf(columns ?? "[]"), line: "line" in encoded ? encoded.line : undefined }];
  }));
}

function namesOf(json: string): string[] {
  const value: unknown = JSON.parse(json);
  return Array.isArray(value) ? value.filter((name): name is string => typeof name === "string") : [];
}
