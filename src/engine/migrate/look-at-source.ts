import { CutoverError } from "#core/cutover-error.ts";
import { foldName } from "#core/schema/decision.ts";
import type { Plan } from "#core/schema/plan.ts";
import { sourceProblem, type Source } from "../sqlite/open-source.ts";
import { sqliteIdentifier } from "../sqlite/rows.ts";
import type { BadRowPolicy } from "./bad-row.ts";
import type { Selection } from "./selection.ts";

/** Foreign keys that are listed, and rows of each. */
const shownOrphans = 20;
const shownRows = 5;

export interface SourceLook {
  readonly problems: readonly CutoverError[];
  readonly warnings: readonly string[];
  /** By table name. */
  readonly rows: ReadonlyMap<string, number>;
  /** Of the pages that are in use. */
  readonly bytes: number;
}

/** Counts a source's rows and finds those whose parents are missing. */
export function lookAtSource(source: Source, plan: Plan, selection: Selection, badRows: BadRowPolicy): SourceLook {
  const problems: CutoverError[] = [];
  const warnings: string[] = [];
  const rows = new Map<string, number>();
  let bytes = 0;
  try {
    bytes = (Number(source.db.pragma("page_count", { simple: true })) - Number(source.db.pragma("freelist_count", { simple: true }))) * Number(source.db.pragma("page_size", { simple: true }));
    for (const table of selection.tables) {
      rows.set(table.name, Number(source.db.prepare<[], [bigint]>(`SELECT count(*) FROM ${sqliteIdentifier(table.name)}`).raw().get()?.[0] ?? 0n));
    }
    const orphans = findOrphans(source, plan, selection);
    if (orphans.length > 0) {
      const lines = orphans.slice(0, shownOrphans).map(({ child, parent, count, rowids }) => `${child}: ${count} ${count === 1 ? "row" : "rows"} without their row in ${parent}${rowids.length === 0 ? "" : `, such as rowid ${rowids.join(", ")}`}`);
      if (orphans.length > shownOrphans) lines.push(`and ${orphans.length - shownOrphans} more foreign keys`);
      if (badRows === "quarantine") {
        warnings.push(...lines.map((line) => `${line}; they will be kept aside`));
      } else {
        const count = orphans.reduce((sum, orphan) => sum + orphan.count, 0);
        problems.push(
          new CutoverError({
            tag: "bad-rows",
            what: `${count} ${count === 1 ? "row refers" : "rows refer"} to rows that do not exist`,
            where: source.name,
            why: lines.join("\n"),
            next: "Mend the rows in the source (foreign keys were off when they were written), or keep them aside with --bad-rows quarantine.",
          }),
        );
      }
    }
  } catch (cause) {
    problems.push(sourceProblem(source.name, cause));
  }
  return { problems, warnings, rows, bytes };
}

interface Orphans {
  readonly child: string;
  readonly parent: string;
  readonly count: number;
  /** The first of them; none of a table that is WITHOUT ROWID. */
  readonly rowids: readonly bigint[];
}

/** Rows whose foreign keys point nowhere, for the foreign keys that the plan makes. @see https://www.sqlite.org/pragma.html#pragma_foreign_key_check */
function findOrphans(source: Source, plan: Plan, selection: Selection): Orphans[] {
  const planned = new Set(selection.foreignKeys.map(({ object }) => foldName(object.table ?? "")));
  const found: Orphans[] = [];
  for (const table of selection.tables) {
    if (!planned.has(foldName(table.name))) continue;
    const known = new Set(plan.catalog.tables.map(({ name }) => foldName(name)));
    if (table.foreignKeys.some(({ parent }) => !known.has(foldName(parent)))) continue;
    const keys = new Map<string, { parent: string; count: number; rowids: bigint[] }>();
    try {
      const each = source.db.prepare<[string], [string, bigint, bigint | null]>(`SELECT "parent", fkid, rowid FROM pragma_foreign_key_check(?)`).raw().iterate(table.name);
      for (const [parent, id, rowid] of each) {
        const key = `${id} ${parent}`;
        const known = keys.get(key) ?? { parent, count: 0, rowids: [] };
        keys.set(key, known);
        known.count++;
        if (rowid !== null && known.rowids.length < shownRows) known.rowids.push(rowid);
      }
    } catch (cause) {
      // A key that refers to columns without a unique index works in neither engine: the plan has left it out and said so.
      if (cause instanceof Error && /foreign key mismatch/.test(cause.message)) continue;
      throw cause;
    }
    for (const key of keys.values()) found.push({ child: table.name, ...key });
  }
  return found;
}
