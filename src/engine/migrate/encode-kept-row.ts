import type { Database } from "better-sqlite3";
import { loadDriver } from "../sqlite/driver.ts";
import type { CopiedTable } from "./copied-table.ts";
import { formatLine } from "./copy-format.ts";
import { cellJson, readCell } from "./kept-row.ts";
import { encodeValue } from "./value-codec.ts";

/** A row's line for COPY, or the first column that does not fit, with the reason. */
export type EncodedRow = { readonly line: string; readonly columns: readonly string[] } | { readonly column: string | undefined; readonly reason: string };

/** Gives SQLite's own text of a real, as CAST AS TEXT makes it. */
export async function realRenderer(): Promise<{ readonly render: (value: number) => string; readonly close: () => void }> {
  const open = await loadDriver();
  const db = new open(":memory:");
  return { render: renderWith(db), close: () => { db.close(); } };
}

/** The same, on a connection that is open. */
export function renderWith(db: Database): (value: number) => string {
  const statement = db.prepare<[number], [string]>("SELECT CAST(? AS TEXT)").raw();
  return (value) => statement.get(value)?.[0] ?? "";
}

/**
 * Makes the line of a row that was kept aside, with the values that a person has given for some of its columns. `columns` are those whose value
 * is not what it was.
 */
export function encodeKeptRow(table: CopiedTable, kept: Readonly<Record<string, unknown>>, given: Readonly<Record<string, unknown>>, render: (value: number) => string): EncodedRow {
  const unknown = Object.keys(given).find((name) => !table.columns.some((column) => column.name === name));
  if (unknown !== undefined) return { column: unknown, reason: `the table has no column ${unknown} that takes values` };
  const texts: (string | null)[] = [];
  const changed: string[] = [];
  for (const { name, type, notNull } of table.columns) {
    if (!Object.hasOwn(given, name) && !Object.hasOwn(kept, name)) return { column: name, reason: "it has no value" };
    const read = readCell(Object.hasOwn(given, name) ? given[name] : kept[name], render);
    if ("problem" in read) return { column: name, reason: read.problem };
    const { cell, encoding } = read;
    const before = Object.hasOwn(kept, name) ? readCell(kept[name], render) : undefined;
    if (before === undefined || "problem" in before || JSON.stringify(cellJson(before.cell, before.encoding)) !== JSON.stringify(cellJson(cell, encoding))) changed.push(name);
    if (cell.kind === "null") {
      if (notNull) return { column: name, reason: "NULL in a column that is NOT NULL in PostgreSQL" };
      texts.push(null);
      continue;
    }
    const encoded = encodeValue(cell, type, encoding);
    if ("reason" in encoded) return { column: name, reason: encoded.reason };
    texts.push(encoded.text);
  }
  return { line: formatLine(texts, table.columns.map(({ type }) => type)), columns: changed };
}
