/**
 * A fresh database for every test.
 *
 * DB_TYPE unset or sqlite: a file of its own, made from ../server/db/schema.sql.
 * DB_TYPE=postgresql: schema public of the server that POSTGRES_* names is dropped
 * and made again, once, from the file that POSTGRES_SCHEMA names, and emptied
 * before each test.
 */
import { after, beforeEach } from "node:test";
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { withConnection } from "../src/db.ts";
import type { Value } from "../src/db.ts";

interface Server {
  query(sql: string): Promise<{ rows: Record<string, string>[] }>;
  end(): Promise<void>;
}

const server = fileURLToPath(new URL("../../server/", import.meta.url));
const isPostgresql = ["postgresql", "postgres"].includes((process.env["DB_TYPE"] ?? "sqlite").toLowerCase());
const directory = mkdtempSync(join(tmpdir(), "reports-"));
let files = 0;
let client: Server | undefined;

/** An empty database with the whole schema, to be copied; made once. */
function makeTemplate(): string {
  const path = join(directory, "template.db");
  if (!existsSync(path)) {
    const database = new DatabaseSync(path);
    database.exec(readFileSync(join(server, "db/schema.sql"), "utf8"));
    database.close();
  }
  return path;
}

function makeFile(): void {
  files += 1;
  const path = join(directory, `test-${files}.db`);
  copyFileSync(makeTemplate(), path);
  process.env["SQLITE_DB_PATH"] = path;
}

async function connect(): Promise<Server> {
  const name = "pg";
  const { default: pg } = await import(name);
  const connected = new pg.Client({
    host: process.env["POSTGRES_HOST"] ?? "localhost",
    port: Number(process.env["POSTGRES_PORT"] ?? 5432),
    database: process.env["POSTGRES_DB"] ?? "postgres",
    user: process.env["POSTGRES_USER"] ?? "postgres",
    password: process.env["POSTGRES_PASSWORD"] ?? "",
  });
  await connected.connect();
  return connected;
}

async function resetServer(): Promise<void> {
  if (client === undefined) {
    client = await connect();
    const schema = resolve(server, process.env["POSTGRES_SCHEMA"] ?? "migration/postgres_schema.sql");
    await client.query("DROP SCHEMA public CASCADE");
    await client.query("CREATE SCHEMA public");
    await client.query(readFileSync(schema, "utf8"));
    await client.query("SET search_path TO DEFAULT");
  }
  const { rows } = await client.query(
    "SELECT quote_ident(tablename) AS name FROM pg_catalog.pg_tables WHERE schemaname = 'public'",
  );
  await client.query(`TRUNCATE ${rows.map((row) => `public.${row["name"]}`).join(", ")} RESTART IDENTITY CASCADE`);
}

beforeEach(async () => {
  if (isPostgresql) await resetServer();
  else makeFile();
});

after(async () => {
  await client?.end();
  rmSync(directory, { recursive: true, force: true });
});

/** Store rows, given by column. */
export async function insert(table: string, ...rows: Record<string, Value>[]): Promise<void> {
  await withConnection(async (db) => {
    for (const row of rows) {
      const columns = Object.keys(row);
      const placeholders = columns.map(() => "?").join(", ");
      await db.run(`INSERT INTO ${table} (${columns.join(", ")}) VALUES (${placeholders})`, ...Object.values(row));
    }
  });
}

/** A point in time relative to now, as the database keeps it. */
export function fromNow(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 19).replace("T", " ");
}
