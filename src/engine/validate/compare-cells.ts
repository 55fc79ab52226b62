import { foldName } from "#core/schema/decision.ts";
import type { CopiedTable } from "../migrate/copied-table.ts";
import { readRows } from "./row-lines.ts";
import type { Difference } from "./validate.ts";

/** Rows of one side that are held in memory at a time. */
const rowsInMemory = 100_000;

type Row = readonly (string | null)[];

/**
 * Compares both sides row by row and cell by cell, rows paired by primary key; without one, or with NULL in it, the whole row is its key.
 * A large table is read several times, each time for another share of the keys, so that memory stays flat.
 * @param most how many differences are given at most.
 */
export async function compareCells(table: CopiedTable, rows: number, source: () => AsyncIterable<Uint8Array>, target: () => AsyncIterable<Uint8Array>, most: number): Promise<Difference[]> {
  const types = table.columns.map((column) => column.type);
  const key = table.key.map((name) => table.columns.findIndex((column) => foldName(column.name) === foldName(name)));
  const keyOf = (row: Row): string => JSON.stringify(key.length > 0 && !key.some((i) => (row[i] ?? null) === null) ? key.map((i) => row[i]) : row);
  const shown = (row: Row): string => (key.length > 0 ? key.map((i) => `${table.columns[i]?.name ?? ""} ${row[i] ?? "NULL"}`) : row.map((value) => value ?? "NULL")).join(", ").slice(0, 200);
  const shares = Math.max(1, Math.ceil(rows / rowsInMemory));
  const differences: Difference[] = [];
  for (let share = 0; share < shares && differences.length < most; share++) {
    const waiting = new Map<string, Row[]>();
    for await (const lines of source()) {
      for (const row of readRows(lines, types)) {
        const name = keyOf(row);
        if (shares > 1 && hash(name) % shares !== share) continue;
        const same = waiting.get(name);
        if (same === undefined) waiting.set(name, [row]);
        else same.push(row);
      }
    }
    for await (const lines of target()) {
      for (const row of readRows(lines, types)) {
        const name = keyOf(row);
        if (shares > 1 && hash(name) % shares !== share) continue;
        const same = waiting.get(name);
        const partner = same?.pop();
        if (same?.length === 0) waiting.delete(name);
        if (partner === undefined) {
          if (differences.length < most) differences.push({ kind: "extra-row", table: table.name, key: shown(row) });
          continue;
        }
        for (const [i, column] of table.columns.entries()) {
          const [left = null, right = null] = [partner[i], row[i]];
          if (left !== right && differences.length < most) differences.push({ kind: "cell", table: table.name, key: shown(row), column: column.name, source: left, target: right });
        }
      }
    }
    for (const left of waiting.values()) {
      for (const row of left) if (differences.length < most) differences.push({ kind: "missing-row", table: table.name, key: shown(row) });
    }
  }
  return differences;
}

/** FNV-1a, 32 bits, over UTF-16 code units. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value >>> 0;
}
