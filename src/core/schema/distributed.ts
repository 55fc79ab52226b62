import { postgresIdentifier, postgresQualified } from "#core/sql/postgres-identifier.ts";
import { postgresString } from "#core/sql/postgres-literal.ts";
import type { ForeignKey, Table } from "./catalog.ts";
import { columnKey, foldName } from "./decision.ts";
import { endOfKeys } from "./end-of-keys.ts";
import { numberText } from "./number-text.ts";
import type { Plan, PlannedObject } from "./plan.ts";
import { sourceKey } from "./source-objects.ts";
import { targetColumn, targetRelation } from "./target-names.ts";

/** What a team has decided about a distributed target, from cutover.json; names folded. What it leaves open is proposed. */
export interface DistributionChoice {
  /** The column by which a table's rows are divided, by table. */
  readonly columns: ReadonlyMap<string, string>;
  /** Tables of which every node has all rows. */
  readonly reference: ReadonlySet<string>;
  /** Tables that stay on the coordinator. */
  readonly local: ReadonlySet<string>;
}

/** What becomes of a table on a distributed target. */
export interface DistributedTable {
  readonly table: string;
  readonly role: "distributed" | "reference" | "local";
  /** The distribution column. */
  readonly column: string | undefined;
  readonly reason: string;
}

/** The plan of a distributed target. Nothing here has run on a Citus. */
export interface Distribution {
  readonly tables: readonly DistributedTable[];
  /** What the distribution takes away or changes. */
  readonly costs: readonly string[];
  /** To be run after the tables, keys and indexes are there, in this order. */
  readonly statements: readonly string[];
}

/** A table with fewer rows is no burden for every node. */
const small = 100_000;

/** What people call those whose rows belong together. */
const tenantName = /tenant|account|organi[sz]ation|\borg|customer|company|workspace|team|project|user|owner|shop|store/i;

/**
 * Proposes how a schema is spread over Citus: rows that belong together by the column that most rows refer to, small tables on every node, the
 * others by their own key; and the statements for it. Citus wants the distribution column in every key and foreign key between distributed
 * tables: keys are widened, foreign keys that cannot be are dropped, and each is named.
 * @see https://docs.citusdata.com/en/stable/develop/reference_ddl.html
 */
export function distribute(plan: Plan, choice: DistributionChoice): Distribution {
  const tables = roles(plan, choice);
  const byName = new Map(tables.map((table) => [foldName(table.table), table]));
  const relation = (name: string): string => postgresQualified(plan.schema, targetRelation(plan.names, name));
  const costs: string[] = [];
  const dropped: string[] = [];
  const widened: string[] = [];
  const placed: string[] = [];

  for (const table of plan.catalog.tables) {
    const own = byName.get(foldName(table.name));
    for (const object of plan.objects.filter((each) => each.kind === "foreign-key" && each.table === table.name)) {
      const key = table.foreignKeys.find((_, place) => object.sources.includes(sourceKey("foreign-key", table.name, place)));
      const parent = key === undefined ? undefined : byName.get(foldName(key.parent));
      if (key === undefined || own === undefined || parent === undefined || mayRefer(own, parent, key)) continue;
      dropped.push(`ALTER TABLE ${relation(table.name)} DROP CONSTRAINT ${postgresIdentifier(object.name)}`);
      costs.push(`the foreign key of ${table.name} (${key.columns.join(", ")}) to ${key.parent} goes: ${own.role === "distributed" && parent.role === "distributed" ? "it does not hold the distribution columns of both" : `a ${own.role} table cannot refer to a ${parent.role} one`}`);
    }
    if (own?.role !== "distributed" || own.column === undefined) continue;
    const column = own.column;
    for (const object of plan.objects.filter((each) => each.table === table.name)) {
      const statements = widen(plan, table, object, column, relation(table.name));
      if (statements.length === 0) continue;
      widened.push(...statements);
      costs.push(`${object.name} of ${table.name} is unique together with ${column} only, and ON CONFLICT has to name it too`);
    }
  }
  const anchors = new Map<string, string>();
  for (const name of plan.tableOrder) {
    const own = byName.get(foldName(name));
    if (own?.role === "reference") placed.unshift(`SELECT create_reference_table(${postgresString(relation(name))})`);
    if (own?.role !== "distributed" || own.column === undefined) continue;
    const type = plan.decisions.get(columnKey(name, own.column))?.type ?? "text";
    const group = groupOf(plan, own);
    const anchor = anchors.get(`${group} ${type}`);
    placed.push(`SELECT create_distributed_table(${postgresString(relation(name))}, ${postgresString(targetColumn(plan.names, name, own.column))}, colocate_with => ${postgresString(anchor ?? "none")})`);
    if (anchor === undefined) anchors.set(`${group} ${type}`, relation(name));
  }
  // Reference tables come first, in the plan's order, because distributed ones may refer to them.
  const references = placed.filter((statement) => statement.startsWith("SELECT create_reference_table")).reverse();
  return { tables, costs, statements: [...dropped, ...widened, ...references, ...placed.filter((statement) => !references.includes(statement))] };
}

function rowsOf(plan: Plan, table: Table): number {
  const first = table.columns[0];
  return first === undefined ? 0 : (plan.options.profiles?.get(columnKey(table.name, first))?.rows ?? 0);
}

/** The one column of a table's primary key. */
function keyOf(table: Table): string | undefined {
  return table.primaryKey?.columns.length === 1 ? table.primaryKey.columns[0] : undefined;
}

function hasNulls(plan: Plan, table: Table, column: string): boolean {
  return (plan.options.profiles?.get(columnKey(table.name, column))?.nulls ?? 0) > 0;
}

/** The table whose key most rows refer to, and the columns that refer to it. */
function hubOf(plan: Plan): { readonly table: Table; readonly key: string; readonly members: ReadonlyMap<string, string> } | undefined {
  let best: { readonly table: Table; readonly key: string; readonly members: ReadonlyMap<string, string>; readonly score: number } | undefined;
  for (const table of plan.catalog.tables) {
    const key = keyOf(table);
    if (key === undefined) continue;
    const members = new Map<string, string>();
    let score = 0;
    for (const child of plan.catalog.tables) {
      if (child === table) continue;
      const reference = child.foreignKeys.find((each) => foldName(each.parent) === foldName(table.name) && each.columns.length === 1 && foldName(each.parentColumns[0] ?? "") === foldName(key));
      const column = reference?.columns[0];
      if (column === undefined || hasNulls(plan, child, column)) continue;
      members.set(foldName(child.name), column);
      score += rowsOf(plan, child) + 1;
    }
    score *= tenantName.test(table.name) ? 10 : 1;
    if (members.size > 0 && (best === undefined || score > best.score)) best = { table, key, members, score };
  }
  return best;
}

function roles(plan: Plan, choice: DistributionChoice): DistributedTable[] {
  const hub = hubOf(plan);
  return plan.catalog.tables.map((table): DistributedTable => {
    const name = foldName(table.name);
    const rows = rowsOf(plan, table);
    const chosen = choice.columns.get(name);
    const distributed = (column: string, reason: string): DistributedTable => ({ table: table.name, role: "distributed", column, reason });
    const other = (role: "reference" | "local", reason: string): DistributedTable => ({ table: table.name, role, column: undefined, reason });
    if (chosen !== undefined) {
      const column = table.columns.find((each) => foldName(each.name) === foldName(chosen))?.name;
      if (column === undefined) return other("local", `cutover.json distributes it by ${chosen}, which it does not have`);
      if (hasNulls(plan, table, column)) return other("local", `cutover.json distributes it by ${column}, which holds NULLs, and Citus takes none there`);
      return distributed(column, "chosen in cutover.json");
    }
    if (choice.reference.has(name)) return other("reference", "chosen in cutover.json");
    if (choice.local.has(name)) return other("local", "chosen in cutover.json");
    const member = hub?.members.get(name);
    if (hub !== undefined && hub.table === table) return distributed(hub.key, `${numberText(hub.members.size)} ${hub.members.size === 1 ? "table refers" : "tables refer"} to its key: rows that belong to one of its rows stay together`);
    if (hub !== undefined && member !== undefined) return distributed(member, `refers to ${hub.table.name}: its rows stay with that row's`);
    const isReferred = plan.catalog.tables.some((each) => each !== table && each.foreignKeys.some((key) => foldName(key.parent) === name));
    if (rows < small) return other("reference", isReferred ? `${numberText(rows)} rows that others refer to: every node has all of them` : `${numberText(rows)} rows: every node can have all of them, so that joins need no other node`);
    const key = keyOf(table);
    return key === undefined ? other("local", `${numberText(rows)} rows without a key of one column: choose a distribution column in cutover.json`) : distributed(key, `${numberText(rows)} rows that refer to none of the others: spread by its key`);
  });
}

/** Tables whose rows belong together are placed together: those by the hub's key, and each of the others alone unless a person chose the column. */
function groupOf(plan: Plan, own: DistributedTable): string {
  const table = plan.catalog.tables.find((each) => each.name === own.table);
  const reference = table?.foreignKeys.find((key) => key.columns.length === 1 && foldName(key.columns[0] ?? "") === foldName(own.column ?? ""));
  return reference === undefined ? (table !== undefined && keyOf(table) === own.column ? `key of ${foldName(own.table)}` : `column ${foldName(own.column ?? "")}`) : `key of ${foldName(reference.parent)}`;
}

function mayRefer(own: DistributedTable, parent: DistributedTable, key: ForeignKey): boolean {
  if (parent.role === "reference") return true;
  if (parent.role === "local") return own.role !== "distributed";
  if (own.role !== "distributed") return false;
  const place = key.columns.findIndex((column) => foldName(column) === foldName(own.column ?? ""));
  return place >= 0 && foldName(key.parentColumns[place] ?? "") === foldName(parent.column ?? "");
}

/** Makes a key or a unique index again with the distribution column, where it does not hold it. */
function widen(plan: Plan, table: Table, object: PlannedObject, column: string, relation: string): string[] {
  const by = postgresIdentifier(targetColumn(plan.names, table.name, column));
  const holds = (columns: readonly string[]): boolean => columns.some((each) => foldName(each) === foldName(column));
  if ((object.kind === "primary-key" || object.kind === "unique") && object.clause !== undefined) {
    const source = object.sources[0];
    const columns = source === sourceKey("primary-key", table.name, 0) ? table.primaryKey?.columns : table.uniques.find((_, place) => source === sourceKey("unique", table.name, place))?.columns;
    if (columns === undefined || holds(columns)) return [];
    return [`ALTER TABLE ${relation} DROP CONSTRAINT ${postgresIdentifier(object.name)}`, `ALTER TABLE ${relation} ADD ${object.clause.replace(/\)$/, `, ${by})`)}`];
  }
  if (object.kind !== "index" || !object.sql.startsWith("CREATE UNIQUE INDEX")) return [];
  const index = plan.catalog.indexes.find((each) => object.sources.includes(sourceKey("index", each.name)));
  if (index !== undefined && holds(index.keys.filter((key) => key.kind === "column").map((key) => key.text))) return [];
  const end = endOfKeys(object.sql);
  return [`DROP INDEX ${postgresQualified(plan.schema, object.name)}`, `${object.sql.slice(0, end)}, ${by}${object.sql.slice(end)}`];
}
