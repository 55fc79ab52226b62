import { isUtf8 } from "node:buffer";
import type { Database } from "better-sqlite3";
import { sqliteIdentifier } from "../sqlite/rows.ts";
import { lineExpression } from "./chunk-sql.ts";
import type { CopiedTable } from "./copied-table.ts";
import { delimiter, quote } from "./copy-format.ts";

/** Values beyond it are put into the line piece by piece. */
const large = 1 << 20;

/**
 * Gives the line of one row with large BLOBs or texts, put together piece by piece in one buffer, so that no more than the value itself and its line are in
 * memory; undefined when the row has to be read value by value, because it is not plain or there is no such row.
 */
export function largeRowReader(db: Database, table: CopiedTable, rowid: string): (id: bigint) => Buffer | undefined {
  const from = `FROM ${sqliteIdentifier(table.name)} WHERE ${rowid} = ?`;
  const columns = table.columns.map((column) => {
    const c = sqliteIdentifier(column.name);
    return {
      type: column.type,
      size: db.prepare<[bigint], [string, bigint | null]>(`SELECT typeof(${c}), octet_length(${c}) ${from}`).raw(),
      field: db.prepare<[bigint], [Buffer | null]>(`SELECT CAST(${lineExpression([column], sqliteIdentifier)} AS BLOB) ${from}`).raw(),
      piece: db.prepare<[bigint, bigint, bigint], [Buffer | null]>(`SELECT substr(CAST(${c} AS BLOB), ?, ?) ${from}`).raw(),
    };
  });
  return (id) => {
    const sizes: { readonly kind: string; readonly bytes: number }[] = [];
    for (const { size } of columns) {
      const [kind, bytes] = size.get(id) ?? [];
      if (kind === undefined) return undefined;
      sizes.push({ kind, bytes: Number(bytes ?? 0n) });
    }
    const fields: (Buffer | { readonly bytes: number; readonly written: number })[] = [];
    for (const [i, { type, field }] of columns.entries()) {
      const { kind, bytes } = sizes[i] ?? { kind: "null", bytes: 0 };
      if (bytes <= large) fields.push(field.get(id)?.[0] ?? Buffer.alloc(0));
      else if (type === "bytea" && kind === "blob") fields.push({ bytes, written: 2 + 2 * bytes });
      else if (type === "text" && kind === "text") fields.push({ bytes, written: 2 + bytes });
      else return undefined;
    }
    const length = fields.reduce((sum, field) => sum + (Buffer.isBuffer(field) ? field.length : field.written) + 1, 0);
    const line = Buffer.allocUnsafe(length);
    let at = 0;
    for (const [i, field] of fields.entries()) {
      if (Buffer.isBuffer(field)) at += field.copy(line, at);
      else {
        const isBytes = columns[i]?.type === "bytea";
        at += line.write(isBytes ? "\\x" : quote, at, "latin1");
        for (let done = 0; done < field.bytes; ) {
          const piece = columns[i]?.piece.get(BigInt(done + 1), BigInt(8 * large), id)?.[0];
          if (piece === null || piece === undefined || piece.length === 0) return undefined;
          at += isBytes ? line.write(piece.toString("hex"), at, "latin1") : piece.copy(line, at);
          done += piece.length;
        }
        if (!isBytes) at += line.write(quote, at, "latin1");
      }
      at += line.write(i === fields.length - 1 ? "\n" : delimiter, at, "latin1");
    }
    return at === length && !line.includes(0) && isUtf8(line) ? line : undefined;
  };
}
