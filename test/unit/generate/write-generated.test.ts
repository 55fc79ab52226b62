import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { parse } from "yaml";
import { CutoverError } from "#core/cutover-error.ts";
import { adapterDefaults, type GeneratedFile, generatedMark } from "#engine/generate/adapter-project.ts";
import { planCompose } from "#engine/generate/plan-compose.ts";
import { planEnv } from "#engine/generate/plan-env.ts";
import { planAdapter } from "#engine/generate/plan-adapter.ts";
import { writeGenerated } from "#engine/generate/write-generated.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const file = (path: string, content: string, kind: GeneratedFile["kind"] = "create"): GeneratedFile => ({ path, content, kind, reason: "" });
const ours = (text: string): string => `# ${generatedMark} adapter\`\n${text}`;

describe("writeGenerated", () => {
  it("creates, leaves alone what is the same, and writes over its own", async () => {
    const root = temporaryFolder();
    const outcomes = async (content: string): Promise<string[]> => (await writeGenerated([file("a/b.py", content)], { root })).map((each) => each.outcome);
    assert.deepEqual(await outcomes(ours("1")), ["created"]);
    assert.deepEqual(await outcomes(ours("1")), ["unchanged"]);
    assert.deepEqual(await outcomes(ours("2")), ["replaced"]);
  });

  it("refuses to write over a user's file, and then writes nothing", async () => {
    const root = temporaryFolder();
    await writeFile(join(root, "b.py"), "mine\n");
    await assert.rejects(
      writeGenerated([file("a.py", ours("")), file("b.py", ours(""))], { root }),
      (error: unknown) => error instanceof CutoverError && error.tag === "write-refused" && error.where === "b.py",
    );
    await assert.rejects(readFile(join(root, "a.py")), { code: "ENOENT" });
    const [, b] = await writeGenerated([file("a.py", ours("")), file("b.py", ours(""))], { root, force: true });
    assert.deepEqual([b?.outcome, b?.before], ["replaced", "mine\n"]);
  });

  it("replaces the helper and gives back what it was", async () => {
    const root = temporaryFolder();
    await writeFile(join(root, "db.py"), "old\n");
    assert.deepEqual(await writeGenerated([file("db.py", ours(""), "replace")], { root }), [{ path: "db.py", outcome: "replaced", before: "old\n" }]);
  });

  it("says which file it cannot write", async () => {
    const root = temporaryFolder();
    await mkdir(join(root, "db.py"));
    await assert.rejects(writeGenerated([file("db.py", "x", "replace")], { root }), { name: "CutoverError", tag: "write-refused", where: "db.py" });
  });
});

describe("planAdapter", () => {
  const project = { ...adapterDefaults, language: "python", importRoot: "app", driver: "psycopg", importEnding: "", helper: undefined } as const;
  it("gives a project without a helper an adapter of its own", () => {
    const files = planAdapter({ ...project, database: 'we"ird', user: "u" });
    assert.ok(files.every((each) => each.kind === "create" && each.path.startsWith("app/database/")));
    const text = (name: string): string => files.find((each) => each.path.endsWith(name))?.content ?? "";
    assert.match(text("postgres_adapter.py"), /or "we\\"ird"/);
    assert.match(text("postgres_driver.py"), /\["psycopg", \*/);
    assert.match(text("sqlite_adapter.py"), /db_path: str = "db\/database.db"/);
    assert.ok(files.every((each) => !each.content.includes("#{") && each.content.slice(0, 200).includes(generatedMark)));
  });
  it("says what it needs of a TypeScript project", () => {
    assert.throws(() => planAdapter({ ...project, language: "typescript", driver: "pg" }), { tag: "usage" });
    const text = 'import Database from "better-sqlite3";\nexport function open() {\n  return new Database("a");\n}\n';
    const helper = { file: "src/db.ts", name: "open", language: "typescript", sqliteLibrary: "better-sqlite3", style: "returns", text } as const;
    assert.throws(() => planAdapter({ ...project, language: "typescript", driver: "pg", helper }), { tag: "usage", where: "src/db.ts" });
  });
  it("names a helper's neighbours in full where its code moves", () => {
    const text = "import sqlite3\nfrom .config import PATH\nfrom .. import paths\n\ndef connect(*args, **more):\n    return sqlite3.connect(PATH)\n";
    const helper = { file: "app/pkg/sub/db.py", name: "connect", language: "python", sqliteLibrary: "sqlite3", style: "returns", text } as const;
    const files = planAdapter({ ...project, helper });
    assert.match(files.find((each) => each.path.endsWith("sqlite_adapter.py"))?.content ?? "", /from pkg\.sub\.config import PATH\nfrom pkg import paths/);
    assert.match(files.find((each) => each.kind === "replace")?.content ?? "", /return get_adapter\(\)\.connect\(\*args, \*\*more\)/);
  });
});

describe("planEnv and planCompose", () => {
  it("write the seed's variables, and no password", () => {
    const content = planEnv({ POSTGRES_DB: "tac_webbuilder", POSTGRES_USER: "tac_user", SQLITE_DB_PATH: "db/data base.db", POSTGRES_PASSWORD: "secret" })[0]?.content ?? "";
    assert.doesNotMatch(content, /secret/);
    for (const name of ["DB_TYPE=sqlite", "POSTGRES_HOST=localhost", "POSTGRES_PORT=5432", "POSTGRES_DB=tac_webbuilder", "POSTGRES_USER=tac_user", "POSTGRES_POOL_MIN=1", "POSTGRES_POOL_MAX=10", "POSTGRES_TIMEOUT=30", 'SQLITE_DB_PATH="db/data base.db"']) {
      assert.ok(content.includes(`\n${name}\n`), name);
    }
    assert.match(content, /^POSTGRES_PASSWORD=$/m);
  });
  it("mounts the schema, and keeps the data where the image does", () => {
    const services = (major: number): unknown => parse(planCompose({}, { major })[0]?.content ?? "");
    const volumes = (data: string): string[] => [`postgres_data:${data}`, "./migration/postgres_schema.sql:/docker-entrypoint-initdb.d/01-schema.sql:ro"];
    assert.partialDeepStrictEqual(services(15), { services: { postgres: { image: "postgres:15-alpine", volumes: volumes("/var/lib/postgresql/data") } }, volumes: { postgres_data: null } });
    assert.partialDeepStrictEqual(services(18), { services: { postgres: { volumes: volumes("/var/lib/postgresql") } } });
  });
});
