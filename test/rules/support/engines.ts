import { DatabaseSync } from "node:sqlite";
import Database from "better-sqlite3";
import type { AnalysisOptions } from "#core/rules/analyze-host-file.ts";
import { schemaView } from "#core/rules/schema-view.ts";
import { defaultPolicies, type Policies } from "#core/schema/decision.ts";
import type { Plan } from "#core/schema/plan.ts";
import { renderDdl } from "#core/schema/render-ddl.ts";
import { postgresIdentifier } from "#core/sql/postgres-identifier.ts";
import { ddlTranslator } from "#engine/sqlite/ddl-translator.ts";
import { readPlan } from "#engine/sqlite/read-plan.ts";
import { PostgresFailure, type PostgresSession } from "#engine/postgres/session.ts";
import { sqliteFile } from "../../support/sqlite-file.ts";
import { bindForPostgres, bindForSqlite, type PostgresStyle } from "./parameters.ts";
import type { Fixture } from "./fixture.ts";
import { isOrdered, isRead, isWrite, type Outcome, type Result } from "./outcome.ts";

type Value = string | number | null;

/** A fixture's database on both engines, the same rows in both. */
export interface Engines {
  readonly sqlite: Database.Database;
  readonly view: NonNullable<AnalysisOptions["schema"]>;
  readonly translateDdl: NonNullable<AnalysisOptions["translateDdl"]>;
  /** Runs a text and what follows it, then undoes all of it. After a text that writes, the tables' contents belong to the outcome. */
  readonly onSqlite: (text: string, parameters: readonly Value[], then: readonly string[]) => Outcome;
  readonly onPostgres: (text: string, parameters: readonly Value[], then: readonly string[], style: PostgresStyle) => Promise<Outcome>;
}

/** Fills a SQLite file with the fixture, plans it, and gives PostgreSQL the translated schema and a copy of the rows. */
export async function openEngines({ schema, data }: Pick<Fixture, "schema" | "data">, session: PostgresSession, policies: Policies = defaultPolicies): Promise<Engines> {
  const path = sqliteFile(`${schema};\n${data}`);
  const read = await readPlan({ source: path, profile: true, policies });
  read.close();
  const { plan } = read;
  const sqlite = new Database(path);
  sqlite.pragma("foreign_keys = on");
  // Nothing here outlives the test.
  sqlite.pragma("journal_mode = memory");
  sqlite.pragma("synchronous = off");
  await session.script(`DROP SCHEMA public CASCADE; CREATE SCHEMA public`);
  await session.script(renderDdl(plan));
  await copyRows(sqlite, plan, session);
  const types = new Map<string, readonly number[]>();
  const contents = async (sql: string): Promise<Result> => {
    const known = types.get(sql) ?? (await session.describe(sql)).columns.map((c) => c.typeOid);
    types.set(sql, known);
    return { ordered: false, types: known, rows: (await session.query(sql)).rows };
  };
  const tables = plan.catalog.tables.map((table) => `SELECT ${table.virtual === undefined ? "*" : table.columns.map((column) => postgresIdentifier(column.name)).join(", ")} FROM ${postgresIdentifier(table.name)}`);
  return {
    sqlite,
    view: schemaView(plan),
    translateDdl: ddlTranslator(plan, policies, new Map()),
    onSqlite: (text, parameters, then) => {
      // better-sqlite3 is built without texts in double quotes (TRAPS 80); Node's own SQLite can have them, as many applications do.
      if (isRead(text) && hasQuotedText(sqlite, text)) return quotedTextOnSqlite(path, text, parameters);
      sqlite.exec("BEGIN");
      try {
        const results = [oneOnSqlite(sqlite, text, parameters), ...[...then, ...(isWrite(text) ? tables : [])].map((sql) => oneOnSqlite(sqlite, sql, []))];
        return { results };
      } catch (error) {
        if (!(error instanceof Error && "code" in error)) throw error;
        return { refused: error.message };
      } finally {
        if (sqlite.inTransaction) sqlite.exec("ROLLBACK");
      }
    },
    onPostgres: async (text, parameters, then, style) => {
      await restartSequences(plan, session);
      await session.query("BEGIN");
      await session.query(style.startsWith("adapter") ? "SET LOCAL search_path = public, cutover, pg_catalog" : "SET LOCAL search_path = public");
      try {
        const results = [await oneOnPostgres(session, bindForPostgres(text, style), parameters)];
        for (const sql of then) results.push(await oneOnPostgres(session, sql, []));
        if (isWrite(text)) for (const sql of tables) results.push(await contents(sql));
        return { results };
      } catch (error) {
        if (!(error instanceof PostgresFailure)) throw error;
        return { refused: error.message };
      } finally {
        await session.query("ROLLBACK");
      }
    },
  };
}

function hasQuotedText(db: Database.Database, sql: string): boolean {
  try {
    db.prepare(sql);
    return false;
  } catch (error) {
    return error instanceof Error && error.message.includes("should this be a string literal");
  }
}

function quotedTextOnSqlite(path: string, sql: string, parameters: readonly Value[]): Outcome {
  const db = new DatabaseSync(path, { readOnly: true, enableDoubleQuotedStringLiterals: true });
  try {
    const statement = db.prepare(sql);
    statement.setReadBigInts(true);
    statement.setReturnArrays(true);
    const rows: unknown[] = statement.all(...parameters);
    return { results: [{ ordered: isOrdered(sql), types: undefined, rows: rows.map((row) => (Array.isArray(row) ? Array.from<unknown>(row) : [])) }] };
  } finally {
    db.close();
  }
}

function oneOnSqlite(db: Database.Database, sql: string, parameters: readonly Value[]): Result {
  if (!isRead(sql) && parameters.length === 0 && !/\breturning\b/i.test(sql)) {
    db.exec(sql);
    return { ordered: false, types: undefined, rows: [] };
  }
  const statement = db.prepare<unknown[], unknown[]>(sql).safeIntegers(true);
  const values = bindForSqlite(sql, parameters);
  if (!statement.reader) {
    statement.run(...values);
    return { ordered: false, types: undefined, rows: [] };
  }
  return { ordered: isOrdered(sql), types: undefined, rows: statement.raw(true).all(...values) };
}

async function oneOnPostgres(session: PostgresSession, sql: string, parameters: readonly Value[]): Promise<Result> {
  if (!isRead(sql) && parameters.length === 0 && !/\breturning\b/i.test(sql)) {
    await session.script(sql);
    return { ordered: false, types: [], rows: [] };
  }
  const { columns } = await session.describe(sql);
  const { rows } = await session.query(sql, parameters.map((p) => (p === null ? null : String(p))));
  return { ordered: isOrdered(sql), types: columns.map((c) => c.typeOid), rows };
}

async function copyRows(sqlite: Database.Database, plan: Plan, session: PostgresSession): Promise<void> {
  // Parents may come after their children.
  await session.query("SET session_replication_role = replica");
  for (const table of plan.catalog.tables) {
    const columns = table.columns.filter((column) => column.generated === undefined).map((column) => postgresIdentifier(column.name));
    const rows = sqlite.prepare<unknown[], unknown[]>(`SELECT ${columns.join(", ")} FROM ${postgresIdentifier(table.name)}`).raw(true).safeIntegers(true).all();
    const sql = `INSERT INTO ${postgresIdentifier(table.name)} (${columns.join(", ")}) VALUES (${columns.map((_, i) => `$${i + 1}`).join(", ")})`;
    for (const row of rows) await session.query(sql, row.map(copied));
  }
  await session.query("SET session_replication_role = origin");
}

function copied(value: unknown): string | null {
  if (value === null || typeof value === "string") return value;
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString("hex")}`;
  if (typeof value === "number" || typeof value === "bigint") return value.toString();
  throw new Error(`a value of type ${typeof value}`);
}

/** A sequence keeps what it gave out when a transaction is undone; SQLite does not. */
async function restartSequences(plan: Plan, session: PostgresSession): Promise<void> {
  for (const { table, column, keyStyle } of plan.decisions.values()) {
    if (keyStyle === "none") continue;
    const [name, key] = [postgresIdentifier(table), postgresIdentifier(column)];
    await session.query(`SELECT setval(pg_get_serial_sequence($1, $2), (SELECT coalesce(max(${key}), 0) + 1 FROM ${name}), false)`, [name, column]);
  }
}
