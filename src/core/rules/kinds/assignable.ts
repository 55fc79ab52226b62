import type { ColumnView } from "../schema-view.ts";
import { columnKind, kindName, type ValueKind } from "./value-kind.ts";

/** Why a value may be stored as another one, or be refused, where the column has its PostgreSQL type; undefined when it is the same. */
export function storingDiffers(value: ValueKind, view: ColumnView): string | undefined {
  if (value.kind === "null" || value.kind === "rewritten" || value.kind === "parameter") return undefined;
  const { type } = view.decision;
  const no = `${kindName(value)} stored as ${type}`;
  const column = columnKind(view);
  if (column.kind === "time" && value.kind === "text" && value.literal !== undefined) {
    const form = type === "timestamp" ? /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d) ([01]\d|2[0-3]):[0-5]\d:[0-5]\d$/ : type === "date" ? /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d)$/ : undefined;
    return form?.test(value.literal) === true ? undefined : no;
  }
  if (column.kind === "time" && value.kind === "time") return column.type === value.type ? undefined : no;
  switch (column.kind) {
    case "integer":
      if (value.kind !== "integer") return no;
      return type === "integer" && value.small !== true && (value.literal === undefined || value.literal > 2147483647n || value.literal < -2147483648n) ? `${kindName(value)} stored in 32 bits` : undefined;
    case "double":
      return value.kind === "double" || (value.kind === "integer" && value.literal !== undefined) || (value.kind === "numeric" && value.literal !== undefined) ? undefined : no;
    case "numeric":
      return value.kind === "numeric" || value.kind === "integer" ? undefined : no;
    case "text":
      // Both write an integer's digits.
      return value.kind === "text" || value.kind === "integer" ? undefined : no;
    case "boolean":
      return value.kind === "boolean" || value.kind === "condition" ? undefined : no;
    default:
      // A column without a type keeps what it is given.
      return view.column.affinity === "BLOB" && ((type === "text" && value.kind === "text") || (type === "bigint" && value.kind === "integer")) ? undefined : no;
  }
}
