import { parseExpression } from "#core/sql/parse.ts";
import type { Catalog, Column, ForeignKey, Index, Table } from "./catalog.ts";
import { columnKey, foldName, type Decision, type PostgresType } from "./decision.ts";
import { readDefault } from "./default-value.ts";
import type { ReportedObject } from "./plan.ts";
import type { PostgresCatalog, PostgresColumn, PostgresConstraint, PostgresIndex, PostgresTable } from "./postgres-catalog.ts";
import { sourceKey, type SourceKind } from "./source-objects.ts";
import { targetColumn, targetRelation, type TargetNames } from "./target-names.ts";

/** What a plan says about its source, without its DDL: what is there is looked at on its own. */
export interface Expected {
  readonly catalog: Catalog;
  readonly decisions: ReadonlyMap<string, Decision>;
  readonly names: TargetNames;
  readonly reported: readonly ReportedObject[];
}

/** An object of the source that PostgreSQL does not have as it should, and that nothing reported. */
export interface ObjectDifference {
  readonly kind: SourceKind;
  /** For people. */
  readonly name: string;
  readonly table: string | undefined;
  /** There is none at all; otherwise it is there, but not as it should be. */
  readonly missing: boolean;
  readonly problem: string;
}

/**
 * Compares the objects of a source with those of a PostgreSQL schema: tables, columns (type, NOT NULL, default, generated),
 * keys, foreign keys with their actions, CHECKs by their number, indexes and views. What PostgreSQL has besides is no difference.
 */
export function compareCatalogs(expected: Expected, found: PostgresCatalog): ObjectDifference[] {
  const differences: ObjectDifference[] = [];
  const look: Look = {
    expected,
    found,
    leftOut: new Set(expected.reported.filter((each) => each.outcome === "left-out").map((each) => each.source)),
    changed: new Set(expected.reported.filter((each) => each.outcome === "changed").map((each) => each.source)),
    say: (kind, name, table, missing, problem) => differences.push({ kind, name, table, missing, problem }),
  };
  for (const table of expected.catalog.tables) {
    if (look.leftOut.has(sourceKey("table", table.name))) continue;
    const target = found.tables.find((each) => each.name === targetRelation(expected.names, table.name));
    if (target === undefined) look.say("table", table.name, undefined, true, "there is no such table");
    else compareTable(look, table, target);
  }
  compareIndexes(look);
  for (const view of expected.catalog.views) {
    if (look.leftOut.has(sourceKey("view", view.name))) continue;
    if (!found.views.some((each) => each.name === targetRelation(expected.names, view.name))) look.say("view", view.name, undefined, true, "there is no such view");
  }
  return differences;
}

interface Look {
  readonly expected: Expected;
  readonly found: PostgresCatalog;
  readonly leftOut: ReadonlySet<string>;
  readonly changed: ReadonlySet<string>;
  readonly say: (kind: SourceKind, name: string, table: string | undefined, missing: boolean, problem: string) => void;
}

function compareTable(look: Look, table: Table, target: PostgresTable): void {
  for (const column of table.columns) {
    const key = sourceKey("column", table.name, column.name);
    if (look.leftOut.has(key)) continue;
    const name = targetColumn(look.expected.names, table.name, column.name);
    const there = target.columns.find((each) => each.name === name);
    if (there === undefined) look.say("column", `${table.name}.${column.name}`, table.name, true, "there is no such column");
    else compareColumn(look, table, column, there);
  }
  const rest = [...target.constraints];
  const take = (fits: (constraint: PostgresConstraint) => boolean): boolean => {
    const place = rest.findIndex(fits);
    if (place >= 0) rest.splice(place, 1);
    return place >= 0;
  };
  const columnsOf = (columns: readonly string[], of: string = table.name): string => JSON.stringify(columns.map((column) => targetColumn(look.expected.names, of, column)));
  if (table.primaryKey !== undefined) {
    const key = sourceKey("primary-key", table.name, 0);
    const columns = columnsOf(table.primaryKey.columns);
    const there = take((each) => (each.kind === "primary-key" || (each.kind === "unique" && look.changed.has(key))) && JSON.stringify(each.columns) === columns);
    if (!there && !look.leftOut.has(key)) look.say("primary-key", `${table.name} (${table.primaryKey.columns.join(", ")})`, table.name, true, "there is no such primary key");
  }
  table.uniques.forEach((unique, place) => {
    const key = sourceKey("unique", table.name, place);
    if (look.leftOut.has(key)) return;
    const columns = columnsOf(unique.columns);
    const folded = unique.collations.some((collation, i) => collation !== undefined && look.expected.decisions.get(columnKey(table.name, unique.columns[i] ?? ""))?.type === "text");
    const there = folded
      ? look.found.indexes.some((index) => index.table === target.name && index.unique && index.where === undefined && index.keys.length === unique.columns.length && index.keys.some((each) => each.column === undefined))
      : take((each) => each.kind === "unique" && JSON.stringify(each.columns) === columns);
    if (!there) look.say("unique", `${table.name} (${unique.columns.join(", ")})`, table.name, true, "nothing keeps it unique");
  });
  table.foreignKeys.forEach((foreignKey, place) => {
    const key = sourceKey("foreign-key", table.name, place);
    if (look.leftOut.has(key)) return;
    const shown = `${table.name} (${foreignKey.columns.join(", ")}) to ${foreignKey.parent}`;
    const parent = targetRelation(look.expected.names, foreignKey.parent);
    const [own, theirs] = [columnsOf(foreignKey.columns), columnsOf(foreignKey.parentColumns, foreignKey.parent)];
    const same = (each: PostgresConstraint): each is Extract<PostgresConstraint, { readonly kind: "foreign-key" }> =>
      each.kind === "foreign-key" && each.parent === parent && JSON.stringify(each.columns) === own && JSON.stringify(each.parentColumns) === theirs;
    if (take((each) => same(each) && (describeForeignKey(each) === describeForeignKey(foreignKey) || look.changed.has(key)))) return;
    const near = rest.find(same);
    if (near === undefined) look.say("foreign-key", shown, table.name, true, "there is no such foreign key");
    else look.say("foreign-key", shown, table.name, false, `is ${describeForeignKey(near)} and should be ${describeForeignKey(foreignKey)}`);
  });
  const wanted = table.checks.filter((_, place) => !look.leftOut.has(sourceKey("check", table.name, place)));
  const checks = rest.filter((each) => each.kind === "check").length;
  if (checks < wanted.length) look.say("check", table.name, table.name, true, `${checks} of ${wanted.length} CHECK constraints are there`);
}

function describeForeignKey(key: Pick<ForeignKey, "onDelete" | "onUpdate" | "deferred">): string {
  return `ON DELETE ${key.onDelete} ON UPDATE ${key.onUpdate}${key.deferred ? " INITIALLY DEFERRED" : ""}`;
}

const printed: Readonly<Record<PostgresType, string>> = {
  bigint: "bigint",
  integer: "integer",
  boolean: "boolean",
  "double precision": "double precision",
  numeric: "numeric",
  text: "text",
  bytea: "bytea",
  timestamp: "timestamp without time zone",
  timestamptz: "timestamp with time zone",
  date: "date",
  jsonb: "jsonb",
  uuid: "uuid",
};

function compareColumn(look: Look, table: Table, column: Column, there: PostgresColumn): void {
  const shown = `${table.name}.${column.name}`;
  const differs = (kind: SourceKind, problem: string): void => { look.say(kind, shown, table.name, false, problem); };
  const decision = look.expected.decisions.get(columnKey(table.name, column));
  const type = decision?.length === undefined ? printed[decision?.type ?? "text"] : `character varying(${decision.length})`;
  if (there.type !== type) differs("column", `is ${there.type} and should be ${type}`);
  if (decision?.type === "text" && there.collation !== decision.collation) differs("column", `has the collation ${there.collation ?? "default"} and should have ${decision.collation ?? "the default"}`);
  const isKey = table.primaryKey?.columns.some((name) => foldName(name) === foldName(column.name)) === true;
  // One that is not generated any more may be without values.
  if (column.notNull && !there.notNull && !look.leftOut.has(sourceKey("generated-column", table.name, column.name))) differs("column", "may be NULL and should not");
  if (!column.notNull && !isKey && there.notNull) differs("column", "may not be NULL and should be able to");
  const numbers = decision !== undefined && decision.keyStyle !== "none";
  if (numbers && !there.identity && !/^nextval\(/.test(there.expression ?? "")) differs("column", "does not number by itself");
  if (column.generated !== undefined) {
    if ((there.generated !== undefined) === look.leftOut.has(sourceKey("generated-column", table.name, column.name))) differs("generated-column", `is ${there.generated === undefined ? "not " : ""}generated`);
    return;
  }
  if (there.generated !== undefined) differs("column", "is generated and should not be");
  // PostgreSQL keeps no DEFAULT NULL.
  const wanted = column.default !== undefined && readDefault(column.default).kind !== "null" && !look.leftOut.has(sourceKey("default", table.name, column.name));
  if (wanted && there.expression === undefined) differs("default", "has no default");
  if (column.default === undefined && !numbers && there.expression !== undefined) differs("default", `has the default ${there.expression} and should have none`);
}

function compareIndexes(look: Look): void {
  const rest = [...look.found.indexes];
  const mine = (index: Index): string => targetRelation(look.expected.names, index.table);
  // Those that kept their names first: two indexes may be alike but for the name.
  for (const index of look.expected.catalog.indexes.toSorted((a, b) => Number(rest.some((each) => each.name === b.name)) - Number(rest.some((each) => each.name === a.name)))) {
    if (look.leftOut.has(sourceKey("index", index.name))) continue;
    const table = look.expected.catalog.tables.find((each) => each.name === index.table);
    const byName = rest.find((each) => each.name === index.name && each.table === mine(index));
    const like = (each: PostgresIndex): boolean => table !== undefined && each.table === mine(index) && indexProblem(look, table, index, each) === undefined;
    const there = byName ?? rest.find(like);
    if (there === undefined || table === undefined) {
      look.say("index", `${index.name} on ${index.table}`, index.table, true, "there is no such index");
      continue;
    }
    rest.splice(rest.indexOf(there), 1);
    const problem = indexProblem(look, table, index, there);
    if (problem !== undefined) look.say("index", `${index.name} on ${index.table}`, index.table, false, problem);
  }
}

function indexProblem(look: Look, table: Table, index: Index, there: PostgresIndex): string | undefined {
  if (!there.valid) return "is not valid: the server does not use it";
  if (there.unique !== index.unique) return there.unique ? "is unique and should not be" : "is not unique and should be";
  // PostgreSQL keeps no condition that is always true.
  const partial = index.where !== undefined && parseExpression(index.where).kind !== "NumericLiteral";
  if (index.where === undefined ? there.where !== undefined : partial && there.where === undefined) return there.where === undefined ? "has no condition and should be partial" : "has a condition and should have none";
  if (there.keys.length !== index.keys.length) return `has ${there.keys.length} keys and should have ${index.keys.length}`;
  for (const [place, key] of index.keys.entries()) {
    const other = there.keys[place];
    if (other === undefined || other.descending !== key.descending) return `key ${place + 1} has another direction`;
    const target = targetColumn(look.expected.names, table.name, key.text);
    if (key.kind === "column" && key.collation === undefined && other.column !== target) return `key ${place + 1} is ${other.text} and should be ${target}`;
  }
  return undefined;
}
