import type { Edit } from "#core/text/edit.ts";
import type { ValueKind } from "../kinds/value-kind.ts";
import type { Call } from "./call.ts";
import { around } from "./edits.ts";

/** How PostgreSQL gets the text that SQLite has for a value. */
export interface AsText {
  readonly before: string;
  readonly after: string;
  /** Why it may be another text; undefined when it is the same. */
  readonly differs: string | undefined;
}

const cast = (differs: string | undefined): AsText => ({ before: "CAST(", after: " AS TEXT)", differs });

/** Undefined for bytes and other values that are no text. Of a value that is not known nothing is cast: PostgreSQL refuses what is no text. */
export function asText(kind: ValueKind): AsText | undefined {
  switch (kind.kind) {
    case "text":
    case "null":
      return { before: "", after: "", differs: undefined };
    case "integer":
      return cast(undefined);
    case "boolean":
    case "condition":
      return { before: "CAST(CAST(", after: " AS INTEGER) AS TEXT)", differs: undefined };
    case "double":
    case "numeric":
      return cast("a REAL without a fraction is 1.0 as text in SQLite and 1 in PostgreSQL, and the last digits may differ");
    case "time":
      return cast(kind.type === "date" || (kind.type === "timestamp" && kind.exact) ? undefined : `PostgreSQL writes a ${kind.type} with a blank before the time and without trailing zeros of a fraction`);
    case "other":
      return kind.type === "uuid" ? cast(undefined) : kind.type === "jsonb" ? cast("PostgreSQL writes jsonb with blanks, and keys in an order of its own") : undefined;
    case "parameter":
    case "rewritten":
    case "unknown":
      return { before: "", after: "", differs: "the value's type is not known here (--schema tells a column's)" };
  }
}

/** The edits for an argument, where it has a text. */
export function textEdits(call: Call, argument: number, { before, after }: AsText): Edit[] {
  return before === "" ? [] : around(call, argument, before, after);
}
