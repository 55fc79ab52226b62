import type { Catalog, Column, Table } from "./catalog.ts";
import { columnKey, foldName, type ColumnProfile, type Decision, type PostgresType } from "./decision.ts";
import { numberText } from "./number-text.ts";
import { postgresTypes, typeFit } from "./type-fit.ts";

/** A type that a person may choose for a column, with what it means. */
export interface Choice {
  readonly type: PostgresType;
  readonly fit: "whole" | "changed" | "refused" | "unknown";
  readonly note: string;
}

const ranks: Readonly<Record<Choice["fit"], number>> = { whole: 0, unknown: 0, changed: 1, refused: 2 };

/** Every type for a column: those that hold its values first, the others with what would be lost or how many values do not fit. */
export function typeChoices(catalog: Catalog, table: Table, column: Column, profile: ColumnProfile | undefined, decisions: ReadonlyMap<string, Decision>): readonly Choice[] {
  return postgresTypes
    .map((type): Choice => {
      const structural = structuralLoss(catalog, table, column, type, decisions);
      if (profile === undefined) return structural === undefined ? { type, fit: "unknown", note: "" } : { type, fit: "changed", note: structural };
      const { values, refused, exact, lost } = typeFit(type, profile);
      const note = [refused > 0 && `${exact ? "" : "up to "}${numberText(refused)} of ${numberText(values)} values do not fit`, lost, structural].filter((part) => typeof part === "string").join("; ");
      return { type, fit: refused > 0 ? "refused" : note === "" ? "whole" : "changed", note };
    })
    .sort((a, b) => ranks[a.fit] - ranks[b.fit]);
}

/** What a type takes from the column's part in the schema, whatever its values. */
function structuralLoss(catalog: Catalog, table: Table, column: Column, type: PostgresType, decisions: ReadonlyMap<string, Decision>): string | undefined {
  if (foldName(table.rowidAlias ?? "") === foldName(column.name) && type !== "bigint" && type !== "integer") return "no longer numbers itself";
  for (const key of table.foreignKeys) {
    const place = key.columns.indexOf(column.name);
    const parent = place < 0 ? undefined : catalog.tables.find((other) => foldName(other.name) === foldName(key.parent));
    const parentColumn = key.parentColumns[place];
    if (parent === undefined || parentColumn === undefined) continue;
    const parentType = decisions.get(columnKey(parent.name, parentColumn))?.type;
    if (parentType !== undefined && parentType !== type) return `${parent.name}.${parentColumn} is ${parentType}: the foreign key is left out`;
  }
  return undefined;
}
