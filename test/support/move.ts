import type { Overrides } from "#core/schema/decision.ts";
import type { MigrateOptions, MigrationReport } from "#engine/migrate/migrate-options.ts";
import { migrate } from "#engine/migrate/migrate.ts";
import type { PostgresTarget, TextRow } from "#engine/postgres/session.ts";
import { readPlan } from "#engine/sqlite/read-plan.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** The plan of a SQLite file, its data looked at. */
export async function planOf(from: string, overrides?: Overrides): Promise<MigrateOptions["plan"]> {
  const { plan, close } = await readPlan({ source: from, profile: true, ...(overrides === undefined ? {} : { overrides }) });
  close();
  return plan;
}

/** Plans and migrates a file. */
export async function move(from: string, target: PostgresTarget, options: Partial<MigrateOptions> = {}, overrides?: Overrides): Promise<MigrationReport> {
  return migrate({ from, target, plan: options.plan ?? (await planOf(from, overrides)), workspace: temporaryFolder(), ...options });
}

/** Runs one query on a target. */
export async function ask(target: PostgresTarget, sql: string): Promise<readonly TextRow[]> {
  const session = await target.connect();
  try {
    return (await session.query(sql)).rows;
  } finally {
    await session.close();
  }
}

/** Everything of a target that a run could have changed: relations, constraints, schemas, and the rows of its tables. */
export async function stateOf(target: PostgresTarget): Promise<unknown> {
  const session = await target.connect();
  try {
    const relations = await session.query(
      "SELECT n.nspname, c.relname, c.relkind FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') ORDER BY 1, 2",
    );
    const schemas = await session.query("SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' ORDER BY 1");
    const constraints = await session.query("SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace::regnamespace::text NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2");
    const rows: unknown[] = [];
    for (const [schema, name, kind] of relations.rows) {
      if (kind === "r") rows.push([schema, name, (await session.query(`SELECT t::text FROM "${schema ?? ""}"."${name ?? ""}" t ORDER BY 1`)).rows]);
    }
    return { schemas: schemas.rows, relations: relations.rows, constraints: constraints.rows, rows };
  } finally {
    await session.close();
  }
}
