import { accountFor } from "./account-for.ts";
import type { Account } from "./account-for.ts";
import { columnKey } from "./decision.ts";
import type { Distribution } from "./distributed.ts";
import { offersFor, type Offer } from "./offers.ts";
import type { PartitionChoice } from "./partition-choice.ts";
import type { PlannedObject, Plan, ReportedObject } from "./plan.ts";
import { targetColumn, targetRelation } from "./target-names.ts";

/** The document of `cutover schema --format json`; fields are added, never changed, within a version. */
export interface SchemaDocument {
  readonly version: 1;
  readonly source: string;
  readonly schema: string;
  readonly objects: Account & { readonly kinds: Readonly<Record<string, Account>> };
  readonly tables: readonly {
    readonly name: string;
    /** Its name in PostgreSQL. */
    readonly target: string;
    readonly columns: readonly {
      readonly name: string;
      readonly target: string;
      readonly sqliteType: string;
      readonly type: string;
      readonly collation: string | null;
      readonly evidence: string;
      readonly warnings: readonly string[];
      readonly confidence: number;
      readonly overridden: boolean;
      /** The n of varchar(n). */
      readonly length: number | null;
      /** Other types that the values speak for, each with the first values that would have to be quarantined. */
      readonly suggestions: readonly { readonly type: string | null; readonly reason: string; readonly outliers: readonly { readonly row: string; readonly value: string }[] }[];
    }[];
  }[];
  /** What PostgreSQL could do for tables besides, each with its reason and its price: partitions, indexes on JSON. */
  readonly offers: readonly {
    readonly kind: Offer["kind"];
    readonly table: string;
    readonly reason: string;
    readonly costs: readonly string[];
    /** For `partitions` in cutover.json. */
    readonly partition: PartitionChoice | null;
    /** To be run by hand after the move. */
    readonly sql: readonly string[];
  }[];
  /** What a distributed target (Citus) would have on top, when it was asked for; it has not been executed. */
  readonly distributed: (Pick<Distribution, "costs" | "statements"> & { readonly target: "citus"; readonly executed: false; readonly tables: readonly { readonly table: string; readonly role: string; readonly column: string | null; readonly reason: string }[] }) | null;
  /** In the order in which they are to be run. */
  readonly statements: readonly { readonly section: string; readonly kind: PlannedObject["kind"]; readonly name: string; readonly table: string | null; readonly sql: string }[];
  readonly reported: readonly { readonly kind: ReportedObject["kind"]; readonly name: string; readonly table: string | null; readonly outcome: ReportedObject["outcome"]; readonly reason: string }[];
}

/** @throws CutoverError internal when an object of the source is not accounted for. */
export function schemaDocument(plan: Plan, distribution?: Distribution): SchemaDocument {
  const { total, kinds } = accountFor(plan);
  return {
    version: 1,
    source: plan.catalog.origin.name,
    schema: plan.schema,
    objects: { ...total, kinds: Object.fromEntries(kinds) },
    tables: plan.catalog.tables.map((table) => ({
      name: table.name,
      target: targetRelation(plan.names, table.name),
      columns: table.columns.map((column) => {
        const decision = plan.decisions.get(columnKey(table.name, column));
        return {
          name: column.name,
          target: targetColumn(plan.names, table.name, column.name),
          sqliteType: column.declaredType,
          type: decision?.type ?? "text",
          collation: decision?.collation ?? null,
          evidence: decision?.evidence ?? "",
          warnings: decision?.warnings ?? [],
          confidence: decision?.confidence ?? 0,
          overridden: decision?.overridden ?? false,
          length: decision?.length ?? null,
          suggestions: (decision?.suggestions ?? []).map(({ type, reason, outliers }) => ({ type: type ?? null, reason, outliers: outliers.map(({ row, value }) => ({ row, value })) })),
        };
      }),
    })),
    offers: offersFor(plan).map(({ partition, ...offer }) => ({ ...offer, partition: partition ?? null })),
    distributed:
      distribution === undefined
        ? null
        : { target: "citus", executed: false, tables: distribution.tables.map(({ column, ...table }) => ({ ...table, column: column ?? null })), costs: distribution.costs, statements: distribution.statements },
    statements: plan.objects.map(({ section, kind, name, table, sql }) => ({ section, kind, name, table: table ?? null, sql })),
    reported: plan.reported.map(({ kind, name, table, outcome, reason }) => ({ kind, name, table: table ?? null, outcome, reason })),
  };
}
