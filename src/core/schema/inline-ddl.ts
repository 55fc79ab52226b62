import { foldName } from "./decision.ts";
import type { Plan, PlannedObject } from "./plan.ts";

/**
 * The DDL of some tables the way an application writes it: every key inside of its CREATE TABLE, then the indexes.
 * @param tables source names; `ifNotExists` those (folded) whose CREATE said IF NOT EXISTS, tables and indexes.
 */
export function inlineDdl(plan: Plan, tables: readonly string[], ifNotExists: ReadonlySet<string>): string {
  const wanted = new Set(tables.map(foldName));
  const isWanted = (object: PlannedObject): boolean => object.table !== undefined && wanted.has(foldName(object.table));
  const statements: string[] = [];
  const later: string[] = [];
  for (const name of plan.tableOrder) {
    if (!wanted.has(foldName(name))) continue;
    const target = plan.names.relations.get(foldName(name)) ?? name;
    const table = plan.objects.find((object) => object.kind === "table" && object.name === target);
    if (table === undefined) continue;
    const clauses = plan.objects.filter((object) => object.table === name && object.clause !== undefined).map((object) => object.clause ?? "");
    const create = ifNotExists.has(foldName(name)) ? table.sql.replace(/^CREATE TABLE /, "CREATE TABLE IF NOT EXISTS ") : table.sql;
    statements.push(clauses.length === 0 ? create : create.replace(/\n\)$/, `,\n    ${clauses.join(",\n    ")}\n)`));
  }
  for (const object of plan.objects) {
    if (object.kind !== "index" || !isWanted(object)) continue;
    later.push(ifNotExists.has(foldName(object.name)) || object.name.endsWith("_nocase") ? object.sql.replace(/^CREATE (UNIQUE )?INDEX /, "CREATE $1INDEX IF NOT EXISTS ") : object.sql);
  }
  return [...statements, ...later].join(";\n");
}
