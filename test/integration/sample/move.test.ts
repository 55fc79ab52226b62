import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { Mode } from "#core/rules/mode.ts";
import type { ScanReport } from "#core/report/scan-report.ts";
import type { SchemaDocument } from "#core/schema/schema-json.ts";
import { findPython, pythonHint } from "../../../scripts/find-python.mjs";
import { cli } from "../../support/cli.ts";
import type { Major } from "../../support/postgres-server.ts";
import { startServer } from "../../support/shared-server.ts";

const root = join(import.meta.dirname, "../../..");
const sample = join(root, "sample/app");
const database = "app/server/db/database.db";
const python = findPython();

/** Outcomes by test name, from unittest's or node:test's verbose output. */
type Outcomes = Readonly<Record<string, string>>;

function runPython(app: string, env: Readonly<Record<string, string>>): Outcomes {
  const done = spawnSync(python?.path ?? "python3", ["-m", "unittest", "discover", "-s", "tests", "-t", ".", "-v"], {
    cwd: join(app, "server"),
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1", PYTHONWARNINGS: "ignore", ...env },
    encoding: "utf8",
    timeout: 240_000,
  });
  const outcomes = Object.fromEntries([...done.stderr.matchAll(/^(test_\w+ \([^)]*\))(?:\n.*)?? \.\.\. (.*)$/gm)].map(([, name = "", outcome = ""]) => [name, outcome]));
  assert.equal(done.status, 0, done.stderr.slice(-4000));
  return outcomes;
}

function runTypescript(app: string, env: Readonly<Record<string, string>>): Outcomes {
  // A runner inside a runner would report to the outer one instead of printing.
  const around = Object.fromEntries(Object.entries(process.env).filter(([name]) => name !== "NODE_TEST_CONTEXT"));
  const done = spawnSync(process.execPath, ["--test", "--test-reporter=tap", "test/**/*.test.ts"], { cwd: join(app, "reports"), env: { ...around, ...env }, encoding: "utf8", timeout: 120_000 });
  assert.equal(done.status, 0, done.stdout.slice(-4000));
  return Object.fromEntries([...done.stdout.matchAll(/^(ok|not ok) \d+ - (.*)$/gm)].map(([, outcome = "", name = ""]) => [name, outcome]));
}

/** A copy of the sample with its database, to be moved in a mode. Whoever takes it removes it. */
function copyOfSample(mode: Mode): { readonly work: string; readonly app: string } {
  // Below the checkout, so that the rewritten TypeScript finds the package pg as it would in a project that has installed it.
  mkdirSync(join(root, ".cache"), { recursive: true });
  const work = mkdtempSync(join(root, ".cache/sample-"));
  const app = join(work, "app");
  cpSync(sample, app, { recursive: true, filter: (path) => !/__pycache__|\.db$/.test(path) });
  const made = spawnSync(process.execPath, [join(root, "sample/generate.mjs"), "--size", "small", "--out", join(work, database)], { encoding: "utf8" });
  assert.equal(made.status, 0, made.stderr);
  writeFileSync(join(work, "cutover.json"), JSON.stringify({ mode, databases: [{ source: database, target: "embedded" }] }));
  return { work, app };
}

/** The adapter, every fix and the schema; a second run must find nothing more to fix. */
async function rewrite(work: string): Promise<void> {
  const generated = await cli(work, ["generate", "adapter"]);
  assert.equal(generated.code, 0, generated.err);
  const fixed = await cli(work, ["scan", "--fix", "--unsafe"]);
  assert.match(fixed.err, /^made \d+ fixes/);
  const again = await cli(work, ["scan", "--fix", "--unsafe", "--diff"]);
  assert.equal(again.out, "");
  assert.match(again.err, /^made 0 fixes in 0 files/);
  const schema = await cli(work, ["schema", database, "--out", "app/server/migration/postgres_schema.sql"]);
  assert.equal(schema.code, 0, schema.err);
}

/** A new database on a server, as the environment names it. */
async function onServer(major: Major): Promise<Record<string, string>> {
  const server = await startServer(major);
  const { name } = await server.newDatabase();
  return { DB_TYPE: "postgresql", POSTGRES_HOST: "127.0.0.1", POSTGRES_PORT: String(server.port), POSTGRES_DB: name, POSTGRES_USER: server.user, POSTGRES_PASSWORD: server.password };
}

const suites = [
  { language: "Python", run: runPython, least: 40, skip: python === undefined ? pythonHint : false },
  { language: "TypeScript", run: runTypescript, least: 8, skip: false },
] as const;

describe("the sample application moves with no hand edits", () => {
  let work: string;
  let app: string;
  before(() => {
    ({ work, app } = copyOfSample("both"));
  });
  after(() => {
    rmSync(work, { recursive: true, force: true });
  });

  it("is counted: 26 tables, 41 indexes, 23 files, 79 calls, 160 placeholders, AUTOINCREMENT in 7 files, datetime() in 9", async () => {
    const scan = await cli(work, ["scan", "--format", "json"]);
    assert.equal(scan.code, 1, scan.err);
    const report = JSON.parse(scan.out) as ScanReport;
    const found = report.inventory.find((each) => each.language === "python");
    assert.deepEqual(
      [found?.helperFiles.length, found?.helperCalls, found?.placeholders, found?.autoincrementFiles.length, found?.datetimeFiles.length],
      [23, 79, 160, 7, 9],
    );
    const schema = await cli(work, ["schema", database, "--format", "json"]);
    assert.equal(schema.code, 0, schema.err);
    const document = JSON.parse(schema.out) as SchemaDocument;
    assert.deepEqual([document.objects.kinds["table"]?.translated, document.objects.kinds["index"]?.translated], [26, 41]);
    assert.deepEqual(document.reported.filter((each) => each.kind !== "internal-table"), []);
  });

  it("is rewritten: adapter, fixes, schema; a second run finds nothing more to fix", () => rewrite(work));

  for (const { language, run, least, skip } of suites) {
    describe(`its ${language} tests give the same results from the rewritten files`, { skip }, () => {
      let original: Outcomes;
      before(() => {
        original = run(sample, { DB_TYPE: "sqlite" });
        assert.ok(Object.keys(original).length >= least, `only ${Object.keys(original).length} tests were seen`);
      });
      it("on SQLite", () => {
        assert.deepEqual(run(app, { DB_TYPE: "sqlite" }), original);
      });
      for (const major of [14, 18] as const) {
        it(`on PostgreSQL ${major}`, async () => {
          assert.deepEqual(run(app, await onServer(major)), original);
        });
      }
    });
  }

  it("moves its rows, and both sides are equal cell by cell", async () => {
    const migrated = await cli(work, ["migrate", "--progress", "none"]);
    assert.equal(migrated.code, 0, migrated.err);
    const validated = await cli(work, ["validate", "--level", "cells", "--format", "json", "--progress", "none"]);
    assert.equal(validated.code, 0, validated.out.slice(0, 2000));
  });
});

describe("the sample application moves to PostgreSQL's own SQL with no hand edits", () => {
  let work: string;
  let app: string;
  before(() => {
    ({ work, app } = copyOfSample("postgres"));
  });
  after(() => {
    rmSync(work, { recursive: true, force: true });
  });

  it("is rewritten in mode postgres", () => rewrite(work));

  for (const { language, run, skip } of suites) {
    for (const major of [14, 18] as const) {
      it(`its ${language} tests give on PostgreSQL ${major} what the original's give on SQLite`, { skip }, async () => {
        assert.deepEqual(run(app, await onServer(major)), run(sample, { DB_TYPE: "sqlite" }));
      });
    }
  }
});
