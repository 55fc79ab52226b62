import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { copyFile, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { startServer } from "../../support/shared-server.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { generatedProject, lines, postgresEnv } from "./generated-project.ts";

const helper = `/** The one way to the database. */
import { DatabaseSync } from "node:sqlite";

export type Value = string | number | bigint | null | Uint8Array | Record<string, string | number>;

export interface Connection {
  all<T>(sql: string, ...params: Value[]): Promise<T[]>;
  get<T>(sql: string, ...params: Value[]): Promise<T | undefined>;
  run(sql: string, ...params: Value[]): Promise<{ changes: number; lastInsertRowid: number }>;
}

export async function withConnection<T>(work: (db: Connection) => Promise<T>): Promise<T> {
  const database = new DatabaseSync(process.env["TEST_SQLITE"] ?? "");
  const connection: Connection = {
    all: async <R>(sql: string, ...params: Value[]) => database.prepare(sql).all(...(params as never[])) as R[],
    get: async <R>(sql: string, ...params: Value[]) => database.prepare(sql).get(...(params as never[])) as R | undefined,
    run: async (sql, ...params) => {
      const { changes, lastInsertRowid } = database.prepare(sql).run(...(params as never[]));
      return { changes: Number(changes), lastInsertRowid: Number(lastInsertRowid) };
    },
  };
  try {
    database.exec("PRAGMA foreign_keys = ON");
    database.exec("BEGIN");
    const result = await work(connection);
    database.exec("COMMIT");
    return result;
  } catch (error) {
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  } finally {
    database.close();
  }
}
`;

const limits = `
import { getAdapter, resetAdapter } from "./database/index.ts";
const failure = (work) => work.then(() => null, (e) => [e.code, e.message, e.cause?.code]);
const adapter = getAdapter();
const hold = () => { let release; const done = adapter.withConnection(() => new Promise((r) => (release = r))); return { done, release: () => release() }; };
const held = [hold(), hold()];
await new Promise((r) => setTimeout(r, 300));
console.log(JSON.stringify(await failure(adapter.executeQuery("SELECT 1"))));
held.forEach((h) => h.release());
await Promise.all(held.map((h) => h.done));
console.log(JSON.stringify(await adapter.executeQuery("SELECT ? AS a, ? AS b", "'; DROP TABLE t; --", "\\\\'")));
console.log(JSON.stringify(await failure(adapter.executeQuery("SELECT ?"))));
console.log(JSON.stringify(await failure(adapter.executeQuery("PRAGMA user_version"))));
const { ok, open } = await adapter.healthCheck();
console.log(JSON.stringify([ok, open]));
await resetAdapter();
process.env.POSTGRES_PASSWORD = "wrong";
const wrong = await failure(getAdapter().executeQuery("SELECT 1"));
console.log(JSON.stringify([wrong[0], wrong[1].includes("authentication failed"), wrong[1].includes("wrong")]));
await resetAdapter();
process.env.POSTGRES_PORT = "1";
console.log(JSON.stringify((await failure(getAdapter().executeQuery("SELECT 1")))[1].includes("ECONNREFUSED")));
await resetAdapter();
`;

const modules = fileURLToPath(new URL("../../../node_modules", import.meta.url));

async function project(): Promise<string> {
  const root = await generatedProject("typescript", [
    { path: "src/db.ts", text: helper },
    { path: "src/use.ts", text: 'import { withConnection } from "./db.ts";\nexport const all = withConnection((db) => db.all("SELECT 1"));\n' },
  ]);
  await writeFile(join(root, "package.json"), '{ "type": "module" }');
  await symlink(modules, join(root, "node_modules"));
  return root;
}

describe("the generated TypeScript adapter", () => {
  it("keeps the helper's manners on PostgreSQL", async () => {
    const root = await project();
    const cwd = join(root, "src");
    await copyFile(new URL("./typescript/manners.ts.txt", import.meta.url), join(cwd, "manners.ts"));
    const sqlite = await lines(process.execPath, ["manners.ts"], cwd, { TEST_SQLITE: join(temporaryFolder(), "a.db"), NODE_NO_WARNINGS: "1" });
    assert.ok(sqlite.length > 40);
    for (const major of [14, 18] as const) {
      const server = await startServer(major);
      const { name } = await server.newDatabase();
      const postgres = await lines(process.execPath, ["manners.ts"], cwd, { ...postgresEnv(server, name), NODE_NO_WARNINGS: "1" });
      assert.deepEqual(postgres, sqlite, `PostgreSQL ${major}`);
    }
  });

  it("compiles under the strictest settings", async () => {
    const root = await project();
    await writeFile(
      join(root, "tsconfig.json"),
      JSON.stringify({
        compilerOptions: {
          target: "es2023", module: "nodenext", strict: true, noEmit: true, allowImportingTsExtensions: true, erasableSyntaxOnly: true, verbatimModuleSyntax: true, skipLibCheck: true,
          types: ["node"], noUnusedLocals: true, noUnusedParameters: true, noUncheckedIndexedAccess: true, exactOptionalPropertyTypes: true, noPropertyAccessFromIndexSignature: true, isolatedModules: true,
        },
        include: ["src"],
      }),
    );
    execFileSync(process.execPath, [join(modules, "typescript/bin/tsc"), "-p", root], { encoding: "utf8" });
  });

  it("says what goes wrong at its limits", async () => {
    const root = await project();
    const cwd = join(root, "src");
    await writeFile(join(cwd, "limits.ts"), limits);
    const server = await startServer(18);
    const { name } = await server.newDatabase();
    const printed = await lines(process.execPath, ["limits.ts"], cwd, { ...postgresEnv(server, name), POSTGRES_POOL_MAX: "2", POSTGRES_TIMEOUT: "0.5", NODE_NO_WARNINGS: "1" });
    assert.deepEqual(printed.map((line) => JSON.parse(line) as unknown), [
      ["ERR_SQLITE_ERROR", "no PostgreSQL connection became free within 0.5 s: all 2 are in use (POSTGRES_POOL_MAX, POSTGRES_TIMEOUT)", null],
      [{ a: "'; DROP TABLE t; --", b: "\\'" }],
      [null, "The statement takes 1 values, and 0 were given", null],
      [null, "PRAGMA user_version has no counterpart on PostgreSQL", null],
      [true, 2],
      ["ERR_SQLITE_ERROR", true, false],
      true,
    ]);
  });

  it("lets a process end that never closes the adapter", async () => {
    const root = await project();
    const server = await startServer(18);
    const { name } = await server.newDatabase();
    await writeFile(join(root, "src/end.ts"), 'import { withConnection } from "./db.ts";\nconsole.log(await withConnection(async (db) => (await db.all("SELECT 1")).length));\n');
    const start = performance.now();
    assert.deepEqual(await lines(process.execPath, ["end.ts"], join(root, "src"), { ...postgresEnv(server, name), NODE_NO_WARNINGS: "1" }), ["1"]);
    assert.ok(performance.now() - start < 9_000, "before pg's own idle time-out of 10 s");
  });

  it("runs on SQLite where the driver is not installed", async () => {
    const root = await generatedProject("typescript", [
      { path: "src/db.ts", text: helper },
      { path: "src/use.ts", text: 'import { withConnection } from "./db.ts";\nconsole.log(JSON.stringify(await withConnection((db) => db.all("SELECT 1 AS a"))));\n' },
    ]);
    await writeFile(join(root, "package.json"), '{ "type": "module" }');
    assert.deepEqual(await lines(process.execPath, ["use.ts"], join(root, "src"), { TEST_SQLITE: ":memory:", NODE_NO_WARNINGS: "1" }), ['[{"a":1}]']);
    assert.match(await readFile(join(root, "src/db.ts"), "utf8"), /@deprecated/);
  });
});
