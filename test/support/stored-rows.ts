import { DatabaseSync } from "node:sqlite";

/** One value as SQLite stores it. A text is its bytes in the database's encoding; `shown` is SQLite's own CAST AS TEXT of a real. */
export type Stored =
  | { readonly kind: "null" }
  | { readonly kind: "integer"; readonly value: bigint }
  | { readonly kind: "real"; readonly value: number; readonly shown: string }
  | { readonly kind: "text"; readonly bytes: Buffer }
  | { readonly kind: "blob"; readonly bytes: Buffer };

export type StoredEncoding = "UTF-8" | "UTF-16le" | "UTF-16be";

const name = (text: string): string => `"${text.replaceAll('"', '""')}"`;

/**
 * Reads rows for tests with another driver than the product's and none of its code: every value by its storage class, one statement for each column
 * and row position, texts as bytes.
 */
export function storedRows(file: string, table: string, columns: readonly string[]): { readonly encoding: StoredEncoding; readonly rows: Stored[][] } {
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    const found = db.prepare("PRAGMA encoding").get()?.["encoding"];
    const encoding = found === "UTF-16le" || found === "UTF-16be" ? found : "UTF-8";
    const rows: Stored[][] = [];
    // Results have three columns for each of the table's: 400 stay below SQLite's limit of 2,000.
    for (let first = 0; first < Math.max(1, columns.length); first += 400) {
      const some = columns.slice(first, first + 400);
      const selected = some.flatMap((column) => [`typeof(${name(column)})`, `CASE typeof(${name(column)}) WHEN 'text' THEN CAST(${name(column)} AS BLOB) ELSE ${name(column)} END`, `CASE typeof(${name(column)}) WHEN 'real' THEN CAST(${name(column)} AS TEXT) END`]);
      const statement = db.prepare(`SELECT ${selected.map((each, i) => `${each} AS v${i}`).join(", ") || "1"} FROM ${name(table)}`);
      statement.setReadBigInts(true);
      let place = 0;
      for (const row of statement.iterate()) {
        const values = some.map((_, i) => stored(row[`v${3 * i}`], row[`v${3 * i + 1}`], row[`v${3 * i + 2}`]));
        if (first === 0) rows.push(values);
        else rows[place]?.push(...values);
        place++;
      }
    }
    return { encoding, rows };
  } finally {
    db.close();
  }
}

function stored(kind: unknown, value: unknown, shown: unknown): Stored {
  if (kind === "null") return { kind };
  if (kind === "integer" && typeof value === "bigint") return { kind, value };
  if (kind === "real" && typeof value === "number") return { kind, value, shown: String(shown) };
  // A NULL of JavaScript for a real is NaN's, which SQLite does not store.
  if ((kind === "text" || kind === "blob") && value instanceof Uint8Array) return { kind, bytes: Buffer.from(value) };
  throw new TypeError(`${String(kind)} came as ${typeof value}`);
}
