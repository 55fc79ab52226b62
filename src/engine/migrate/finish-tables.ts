import { columnKey } from "#core/schema/decision.ts";
import type { Plan, PlannedObject } from "#core/schema/plan.ts";
import { targetColumn, targetRelation } from "#core/schema/target-names.ts";
import { postgresQualified } from "#core/sql/postgres-identifier.ts";
import { postgresString } from "#core/sql/postgres-literal.ts";
import type { PostgresSession } from "../postgres/session.ts";
import type { Source } from "../sqlite/open-source.ts";
import { sqliteIdentifier } from "../sqlite/rows.ts";
import { noteStep } from "./journal.ts";
import type { PlannedForeignKey, Selection } from "./selection.ts";

/**
 * Runs a statement and notes it as a step of the run, both or neither, and not again.
 * @returns whether it was still to be done.
 * @throws PostgresFailure
 */
export async function runStep(session: PostgresSession, run: string, name: string, statement: string): Promise<boolean> {
  await session.query("BEGIN");
  try {
    const isLeft = await noteStep(session, run, name);
    if (isLeft) await session.query(statement);
    await session.query("COMMIT");
    return isLeft;
  } catch (cause) {
    await session.query("ROLLBACK").catch(() => undefined);
    throw cause;
  }
}

/** The name under which a planned object is noted as done. */
export function stepName(object: PlannedObject): string {
  return `${object.kind} ${object.table ?? ""} ${object.name}`;
}

/** The foreign keys to make: those whose both tables are there, and that are not there themselves. */
export async function missingForeignKeys(session: PostgresSession, plan: Plan, selection: Selection): Promise<PlannedForeignKey[]> {
  if (selection.foreignKeys.length === 0) return [];
  const { rows } = await session.query(
    "SELECT c.relname, k.conname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype = 'f' WHERE n.nspname = $1 AND c.relkind IN ('r', 'p')",
    [plan.schema],
  );
  const tables = new Set(rows.map(([table]) => table));
  const made = new Set(rows.map(([table, name]) => JSON.stringify([table, name])));
  return selection.foreignKeys.filter(({ object, child, parent }) => tables.has(child) && tables.has(parent) && !made.has(JSON.stringify([child, object.name])));
}

/**
 * For each generated key the statement that sets its sequence to the larger of MAX and sqlite_sequence, so that no number is given out again.
 * @see https://www.sqlite.org/autoinc.html
 */
export function sequenceStatements(source: Source, plan: Plan, selection: Pick<Selection, "tables">): { readonly name: string; readonly sql: string }[] {
  const hasSequences = source.db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_sequence'").get() !== undefined;
  return selection.tables.flatMap((table) => {
    const alias = table.rowidAlias;
    if (alias === undefined) return [];
    const decision = plan.decisions.get(columnKey(table.name, alias));
    if (decision === undefined || decision.keyStyle === "none") return [];
    const largest = source.db.prepare<[], [bigint | null]>(`SELECT max(${sqliteIdentifier(alias)}) FROM ${sqliteIdentifier(table.name)}`).raw().get()?.[0] ?? undefined;
    const given = hasSequences ? (source.db.prepare<[string], [bigint | null]>("SELECT CAST(max(seq) AS INTEGER) FROM sqlite_sequence WHERE name = ? COLLATE NOCASE").raw().get(table.name)?.[0] ?? undefined) : undefined;
    const last = [largest, given].reduce<bigint>((most, value) => (value !== undefined && value > most ? value : most), 0n);
    const relation = postgresQualified(plan.schema, targetRelation(plan.names, table.name));
    const column = targetColumn(plan.names, table.name, alias);
    // A sequence of bigint begins at 1; keys below that leave it unused. An integer key's sequence ends earlier.
    const most = decision.type === "integer" ? 2_147_483_647n : 9_223_372_036_854_775_807n;
    const value = last < 1n ? "1, false" : `${last > most ? most : last}, true`;
    return [{ name: `sequence ${table.name}.${alias}`, sql: `SELECT setval(pg_get_serial_sequence(${postgresString(relation)}, ${postgresString(column)}), ${value})` }];
  });
}
