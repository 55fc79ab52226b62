import { CutoverError } from "#core/cutover-error.ts";
import type { Table } from "#core/schema/catalog.ts";
import { columnKey, foldName } from "#core/schema/decision.ts";
import { isUnreadable } from "#core/schema/make-plan.ts";
import type { Plan } from "#core/schema/plan.ts";
import { sourceKey } from "#core/schema/source-objects.ts";
import { targetColumn, targetRelation } from "#core/schema/target-names.ts";
import { postgresIdentifier, postgresQualified } from "#core/sql/postgres-identifier.ts";
import { sqliteIdentifier } from "../sqlite/rows.ts";
import type { CopiedColumn } from "./chunk-sql.ts";
import { copyOptions } from "./copy-format.ts";

/** A table as the copy sees it: its columns with their types, and what its rows are known by. */
export interface CopiedTable {
  readonly name: string;
  /** The target's table, quoted and qualified. */
  readonly target: string;
  readonly columns: readonly CopiedColumn[];
  /** SQL for the rowid in the source, undefined for a table that has none or hides all of its names. */
  readonly rowid: string | undefined;
  /** The columns of the primary key, in its order; empty when there is none. */
  readonly key: readonly string[];
  /** `COPY … FROM STDIN …` */
  readonly copySql: string;
  /** What stands between `COPY` and `TO STDOUT`: PostgreSQL copies out of a partitioned table by a query only. */
  readonly copiedOut: string;
}

/** The plan's table of a name, with every column that is stored there; generated ones PostgreSQL computes itself, unless they became ordinary columns. */
export function copiedTable(plan: Plan, table: Table): CopiedTable {
  // A key that is no primary key in PostgreSQL, because it holds NULLs or compares folded, takes NULLs there, too.
  const isPrimary = plan.objects.some((object) => object.kind === "primary-key" && foldName(object.table ?? "") === foldName(table.name));
  const key = new Set(isPrimary ? (table.primaryKey?.columns ?? []).map(foldName) : []);
  const ordinary = new Set(plan.reported.filter((each) => each.kind === "generated-column" && each.outcome === "left-out").map((each) => each.source));
  const columns = table.columns
    .filter((column) => column.generated === undefined || (ordinary.has(sourceKey("generated-column", table.name, column.name)) && !isUnreadable(plan.options.profiles, table, column)))
    .map((column): CopiedColumn => {
      const decision = plan.decisions.get(columnKey(table.name, column));
      if (decision === undefined) {
        throw new CutoverError({ tag: "internal", what: "A column has no decision", where: `${table.name}.${column.name}`, next: "Report this with the table's CREATE statement." });
      }
      return {
        name: column.name,
        target: targetColumn(plan.names, table.name, column.name),
        type: decision.type,
        notNull: column.notNull || key.has(foldName(column.name)),
        realAffinity: column.affinity === "REAL",
      };
    });
  const target = postgresQualified(plan.schema, targetRelation(plan.names, table.name));
  const names = columns.map((column) => postgresIdentifier(column.target)).join(", ");
  const isPartitioned = plan.objects.some((object) => object.kind === "partition" && object.table === table.name);
  return {
    name: table.name,
    target,
    columns,
    rowid: rowidName(table),
    key: table.primaryKey?.columns ?? [],
    copySql: `COPY ${target} (${names}) FROM STDIN ${copyOptions}`,
    copiedOut: isPartitioned ? `(SELECT ${names} FROM ${target})` : `${target} (${names})`,
  };
}

function rowidName(table: Table): string | undefined {
  if (table.withoutRowid) return undefined;
  if (table.rowidAlias !== undefined) return sqliteIdentifier(table.rowidAlias);
  const taken = new Set(table.columns.map((column) => foldName(column.name)));
  return ["rowid", "_rowid_", "oid"].find((name) => !taken.has(name));
}
