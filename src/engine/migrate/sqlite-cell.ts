/**
 * One value as SQLite stores it, nothing interpreted: a text is its bytes in the database's encoding, because better-sqlite3 would hand
 * invalid ones over as U+FFFD. `rendering` is SQLite's own CAST AS TEXT of a real.
 */
export type SqliteCell =
  | { readonly kind: "null" }
  | { readonly kind: "integer"; readonly value: bigint }
  | { readonly kind: "real"; readonly value: number; readonly rendering: string }
  | { readonly kind: "text"; readonly bytes: Buffer }
  | { readonly kind: "blob"; readonly bytes: Buffer };

/** The encodings of a SQLite database, as `PRAGMA encoding` gives them. */
export type TextEncoding = "UTF-8" | "UTF-16le" | "UTF-16be";

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const utf16le = new TextDecoder("utf-16le", { fatal: true, ignoreBOM: true });

/** The text of a stored text's bytes, or undefined when they are not valid in the encoding. */
export function decodeText(bytes: Buffer, encoding: TextEncoding): string | undefined {
  try {
    switch (encoding) {
      case "UTF-8":
        return utf8.decode(bytes);
      case "UTF-16le":
        return utf16le.decode(bytes);
      case "UTF-16be":
        return bytes.length % 2 === 0 ? utf16le.decode(Buffer.from(bytes).swap16()) : undefined;
    }
  } catch {
    return undefined; // not valid: that is the answer
  }
}
