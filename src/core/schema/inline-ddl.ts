import { foldName } from "./decision.ts";
import type { Plan, PlannedObject } from "./plan.ts";
import { sourceKey } from "./source-objects.ts";

/** Which objects of a plan, and how their CREATE was written: source names, folded but for `tables`. */
export interface InlineDdl {
  readonly tables: readonly string[];
  readonly views: ReadonlySet<string>;
  /** Keys of the triggers among the source's objects. */
  readonly triggers: ReadonlySet<string>;
  /** Tables, indexes, views and triggers. */
  readonly ifNotExists: ReadonlySet<string>;
  /** Tables and views. */
  readonly temporary: ReadonlySet<string>;
}

/** The DDL of some objects the way an application writes it: every key inside of its CREATE TABLE, then the indexes, the views and the triggers. */
export function inlineDdl(plan: Plan, { tables, views, triggers, ifNotExists, temporary }: InlineDdl): string {
  const wanted = new Set(tables.map(foldName));
  const isWanted = (object: PlannedObject): boolean => object.table !== undefined && wanted.has(foldName(object.table));
  const statements: string[] = [];
  for (const name of plan.tableOrder) {
    const key = foldName(name);
    if (!wanted.has(key)) continue;
    const target = plan.names.relations.get(key) ?? name;
    const table = plan.objects.find((object) => object.kind === "table" && object.name === target);
    if (table === undefined) continue;
    const clauses = plan.objects.filter((object) => object.table === name && object.clause !== undefined).map((object) => object.clause ?? "");
    const create = table.sql.replace(/^CREATE TABLE /, `CREATE ${temporary.has(key) ? "TEMP " : ""}TABLE ${ifNotExists.has(key) ? "IF NOT EXISTS " : ""}`);
    statements.push(clauses.length === 0 ? create : create.replace(/\n\)$/, `,\n    ${clauses.join(",\n    ")}\n)`));
  }
  for (const object of plan.objects) {
    if (object.kind !== "index" || !isWanted(object)) continue;
    statements.push(ifNotExists.has(foldName(object.name)) || /_(?:nocase|rtrim)$/.test(object.name) ? object.sql.replace(/^CREATE (UNIQUE )?INDEX /, "CREATE $1INDEX IF NOT EXISTS ") : object.sql);
  }
  for (const object of plan.objects) {
    const key = foldName(object.name);
    if (object.kind !== "view" || !views.has(key)) continue;
    statements.push(object.sql.replace(/^CREATE VIEW /, `CREATE ${ifNotExists.has(key) ? "OR REPLACE " : ""}${temporary.has(key) ? "TEMP " : ""}VIEW `));
  }
  for (const object of plan.objects) {
    if ((object.kind !== "function" && object.kind !== "trigger") || !object.sources.some((source) => triggers.has(source))) continue;
    const replaces = plan.catalog.triggers.some((trigger) => ifNotExists.has(foldName(trigger.name)) && object.sources.includes(sourceKey("trigger", trigger.name)));
    statements.push(replaces ? object.sql.replace(/^CREATE /, "CREATE OR REPLACE ") : object.sql);
  }
  return statements.join(";\n");
}
