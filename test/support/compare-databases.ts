import assert from "node:assert/strict";
import { columnKey, type PostgresType } from "#core/schema/decision.ts";
import type { Plan } from "#core/schema/plan.ts";
import type { PostgresTarget } from "#engine/postgres/session.ts";
import { arrivedValue, expectedValue, sentBy } from "./expected-value.ts";
import { targetColumn, targetRelation } from "#core/schema/target-names.ts";
import { ask } from "./move.ts";
import { storedRows, type Stored, type StoredEncoding } from "./stored-rows.ts";

export interface Compared {
  readonly rows: number;
  readonly cells: number;
  readonly quarantined: number;
  /** Reasons of rows kept aside although the table of values would have them arrive, each once. */
  readonly others: ReadonlySet<string>;
}

/**
 * Holds a target against its source, row by row and cell by cell, by the rules of docs/migrate.md: every row of the source has arrived exactly or is
 * kept aside exactly, once, and nothing else is there. A plan is asked for names and types only; nothing of the copy or of `validate` is used.
 */
export async function compareDatabases(file: string, target: PostgresTarget, plan: Plan): Promise<Compared> {
  let [rows, cells, quarantined] = [0, 0, 0];
  const others = new Set<string>();
  for (const table of plan.catalog.tables) {
    const relation = `${quoted(plan.schema)}.${quoted(targetRelation(plan.names, table.name))}`;
    const generated = new Set((await ask(target, `SELECT attname FROM pg_attribute WHERE attrelid = ${literal(relation)}::regclass AND attgenerated <> ''`)).map(([name]) => name));
    const columns = table.columns.map((column) => ({
      name: column.name,
      target: targetColumn(plan.names, table.name, column.name),
      type: plan.decisions.get(columnKey(table.name, column))?.type ?? "text",
    }));
    const source = storedRows(file, table.name, columns.map(({ name }) => name));
    const arrived = await arrivedRows(target, relation, columns);
    const kept = new Map<string, string[]>();
    const hasQuarantine = (await ask(target, "SELECT to_regclass('cutover.quarantine')"))[0]?.[0] !== null;
    const aside = hasQuarantine ? await ask(target, `SELECT reason, "row"::text FROM cutover.quarantine WHERE table_name = ${literal(table.name)}`) : [];
    for (const [reason, row] of aside) push(kept, keptText(row ?? "{}", source.encoding), reason ?? "");
    const stays = columns.map(({ target: name }) => !generated.has(name));
    const names = columns.filter((_, i) => stays[i] === true).map(({ name }) => name);
    for (const row of source.rows) {
      rows++;
      cells += row.length;
      const whole = rowText(row.filter((_, i) => stays[i] === true), names);
      const values = row.map((each, i) => expectedValue(each, columns[i]?.type ?? "text", source.encoding));
      const waiting = kept.get(whole);
      const reason = waiting?.pop();
      if (waiting?.length === 0) kept.delete(whole);
      if (reason !== undefined) {
        quarantined++;
        if (values.every((value) => value !== undefined) && !row.some((each, i) => each.kind === "null" && isNotNull(table, columns[i]?.name ?? ""))) others.add(reason);
        continue;
      }
      const text = JSON.stringify(values.map((value) => value ?? null));
      assert.ok(!values.includes(undefined), `${table.name}: a row arrived that the table of values refuses: ${whole}`);
      const count = arrived.get(text) ?? 0;
      assert.ok(count > 0, `${table.name}: a row is neither in the target nor kept aside:\n${whole}\nas ${columns.map(({ name, type }, i) => `${name} ${type} ${String(values[i])}`).join("\n   ")}\nwhere there is\n${[...arrived.keys()].slice(0, 5).join("\n")}`);
      if (count === 1) arrived.delete(text);
      else arrived.set(text, count - 1);
    }
    assert.deepEqual([...arrived.keys()], [], `${table.name}: rows that the source does not have`);
    assert.deepEqual([...kept.keys()], [], `${table.name}: kept aside, but not in the source`);
  }
  return { rows, cells, quarantined, others };
}

function isNotNull(table: Plan["catalog"]["tables"][number], column: string): boolean {
  return table.columns.some((each) => each.name === column && each.notNull);
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function push<T>(lists: Map<string, T[]>, key: string, item: T): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
}

/** How often each row is there, by its values in their binary form. */
async function arrivedRows(target: PostgresTarget, relation: string, columns: readonly { readonly target: string; readonly type: PostgresType }[]): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  for (const row of await ask(target, `SELECT ${columns.map(({ target: name, type }) => sentBy[type](quoted(name))).join(", ")} FROM ${relation}`)) {
    const text = JSON.stringify(row.map((value, i) => arrivedValue(value, columns[i]?.type ?? "text")));
    found.set(text, (found.get(text) ?? 0) + 1);
  }
  return found;
}

/** A stored row as a text that says every class and byte. */
function rowText(row: readonly Stored[], names: readonly string[]): string {
  return row.map((each, i) => `${JSON.stringify(names[i])} ${each.kind} ${bytesOf(each)}`).sort().join("; ");
}

function bytesOf(stored: Stored): string {
  switch (stored.kind) {
    case "null":
      return "";
    case "integer":
      return stored.value.toString();
    case "real":
      return Object.is(stored.value, -0) ? "-0" : String(stored.value);
    case "text":
    case "blob":
      return stored.bytes.toString("hex");
  }
}

/** A row as the quarantine keeps it, in the same form. */
function keptText(json: string, encoding: StoredEncoding): string {
  const row: unknown = JSON.parse(json);
  assert.ok(typeof row === "object" && row !== null);
  return Object.entries(row)
    .map(([name, cell]: [string, unknown]) => {
      assert.ok(typeof cell === "object" && cell !== null && "kind" in cell && typeof cell.kind === "string", json);
      const value = "value" in cell && typeof cell.value === "string" ? cell.value : "";
      const hex = "hex" in cell && typeof cell.hex === "string" ? cell.hex : Buffer.from(value, encoding === "UTF-8" ? "utf8" : "utf16le");
      const bytes = typeof hex === "string" ? hex : (encoding === "UTF-16be" ? hex.swap16() : hex).toString("hex");
      return `${JSON.stringify(name)} ${cell.kind} ${cell.kind === "text" || cell.kind === "blob" ? bytes : value}`;
    })
    .sort()
    .join("; ");
}
