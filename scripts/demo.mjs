// The whole way once: makes the sample application's database, copies the application, and takes the copy from SQLite to
// PostgreSQL with the real command line, one verb after the other. Everything it writes lies in .cache/demo.
import { spawn } from "node:child_process";
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { findPython, pythonHint } from "./find-python.mjs";
import { cache, environment, node, root } from "./paths.mjs";

const work = join(cache, "demo");
const app = join(work, "app");
const database = "app/server/db/database.db";
const schemaFile = "app/server/migration/postgres_schema.sql";
const color = process.stdout.isTTY ? (code, text) => `\u001b[${code}m${text}\u001b[0m` : (_code, text) => text;
const started = performance.now();

/** What the summary at the end says, one line a step. */
const summary = [];

function heading(text) {
  process.stdout.write(`\n${color("1;36", `== ${text}`)}\n`);
}

/** Runs a program, its output shown as it comes (`show: false` keeps it back), and gives its exit code and output. */
async function run(command, args, { cwd = work, env = {}, show = true, expect = [0], shown } = {}) {
  if (shown !== undefined) process.stdout.write(`${color("1", `$ ${shown}`)}\n`);
  const child = spawn(command, args, { cwd, env: environment(env), stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8");
    stream.on("data", (text) => {
      output += text;
      if (show) process.stdout.write(text);
    });
  }
  const code = await new Promise((resolve, reject) => child.once("error", reject).once("close", resolve));
  if (!expect.includes(code)) {
    if (!show) process.stdout.write(output);
    throw new Error(`${[command, ...args].join(" ")} ended with exit code ${code}`);
  }
  return { code, output };
}

/** Runs a verb of the command line, as a user would type it. */
function cutover(args, options = {}) {
  return run(node, [join(root, "dist/cli.js"), ...args], { ...options, shown: `cutover ${args.join(" ")}` });
}

/** The totals of unittest's or node:test's closing lines. */
function totals(output) {
  const python = /Ran (\d+) tests? in [\s\S]*?\n(OK|FAILED[^\n]*)/.exec(output);
  if (python !== null) return `${python[1]} tests, ${python[2]}`;
  const passed = /^. pass (\d+)$/m.exec(output)?.[1];
  const failed = /^. fail (\d+)$/m.exec(output)?.[1];
  return `${passed ?? "?"} passed, ${failed ?? "?"} failed`;
}

async function main() {
  heading("Build");
  await run(node, [join(root, "esbuild.config.mjs"), "--production"], { cwd: root });

  heading("The sample application and its SQLite database");
  await rm(work, { recursive: true, force: true });
  await mkdir(work, { recursive: true });
  await cp(join(root, "sample/app"), app, { recursive: true, filter: (path) => !/__pycache__|\.db$/.test(path) });
  await run(node, [join(root, "sample/generate.mjs"), "--size", "small", "--out", join(work, database)]);
  await writeFile(join(work, "cutover.json"), `${JSON.stringify({ mode: "both", databases: [{ name: "main", source: database, target: "embedded" }] }, undefined, 2)}\n`);

  heading("1. Scan: what ties the code to SQLite");
  await cutover(["scan", "--summary"], { expect: [0, 1] });
  const inventory = JSON.parse((await run(node, [join(root, "dist/cli.js"), "scan", "--format", "json"], { show: false, expect: [0, 1] })).output).inventory;
  const python = inventory.find((each) => each.language === "python");

  heading("2. Generate the adapter, and fix the code");
  await cutover(["generate", "adapter"]);
  await cutover(["scan", "--fix", "--unsafe", "--diff"], { expect: [0, 1] });

  heading("3. Schema: every object accounted for");
  const schema = JSON.parse((await run(node, [join(root, "dist/cli.js"), "schema", database, "--format", "json"], { show: false })).output);
  await cutover(["schema", database, "--out", schemaFile, "--check"]);

  heading("4. Migrate: backup, COPY, keys and indexes, sequences, ANALYZE");
  const migrated = await cutover(["migrate", "--from", database, "--to", "embedded"]);

  heading("5. Validate: counts and a checksum of every table, computed on both sides");
  await cutover(["validate", "--from", database, "--to", "embedded", "--level", "checksums"]);

  heading("6. The sample's own tests, from the rewritten files, on both databases");
  await ownTests();

  heading("7. The report");
  const report = join(work, "report.html");
  await cutover(["assess", "--schema", database, "--format", "html", "--out", "report.html", "../../sample/app"], { expect: [0] });

  const { table, index } = schema.objects.kinds;
  heading("Summary");
  const line = (label, text) => process.stdout.write(`  ${label.padEnd(22)} ${text}\n`);
  line("database", `${table.translated} of ${table.found} tables, ${index.translated} of ${index.found} indexes translated and made`);
  line("code", `${python.helperFiles.length} files import the connection helper, ${python.helperCalls} calls of it, ${python.placeholders} ? placeholders`);
  line("SQLite-only", `AUTOINCREMENT in ${python.autoincrementFiles.length} files, datetime() in ${python.datetimeFiles.length} files`);
  line("rows", `${/: ([\d,]+ rows in \d+ tables)/.exec(migrated.output)?.[1] ?? "?"}, copied and compared`);
  for (const [label, text] of summary) line(label, text);
  line("rewritten copy", relative(root, app));
  line("PostgreSQL's DDL", relative(root, join(work, schemaFile)));
  line("report", relative(root, report));
  line("time", `${((performance.now() - started) / 1000).toFixed(1)} s`);
}

/** Runs the application's test-suites, where Python has a driver: the original on SQLite, the rewritten copy on both. */
async function ownTests() {
  const python = findPython();
  const { start } = await import("../test/support/postgres-server.ts");
  const server = await start(18);
  try {
    const postgres = {
      DB_TYPE: "postgresql",
      POSTGRES_HOST: "127.0.0.1",
      POSTGRES_PORT: String(server.port),
      POSTGRES_DB: "sample",
      POSTGRES_USER: server.user,
      POSTGRES_PASSWORD: server.password,
    };
    await makeDatabase(server);
    const suites = [
      ...(python === undefined
        ? []
        : [{ name: "Python", folder: "server", command: python.path, args: ["-m", "unittest", "discover", "-s", "tests", "-t", "."] }]),
      { name: "TypeScript", folder: "reports", command: node, args: ["--test", "test/**/*.test.ts"] },
    ];
    if (python === undefined) {
      process.stdout.write(`Python's tests are left out: ${pythonHint}\n`);
      summary.push(["Python tests", "left out: no PostgreSQL driver for Python"]);
    }
    for (const { name, folder, command, args } of suites) {
      const results = [];
      for (const [label, base, env] of [
        ["original on SQLite", join(root, "sample/app"), { DB_TYPE: "sqlite" }],
        ["rewritten on SQLite", app, { DB_TYPE: "sqlite" }],
        ["rewritten on PostgreSQL", app, postgres],
      ]) {
        const { output } = await run(command, args, { cwd: join(base, folder), env: { ...env, PYTHONDONTWRITEBYTECODE: "1", PYTHONWARNINGS: "ignore" }, show: false });
        results.push(`${label}: ${totals(output)}`);
        process.stdout.write(`  ${name}, ${label}: ${totals(output)}\n`);
      }
      summary.push([`${name} tests`, results.join("; ")]);
    }
  } finally {
    await server.stop();
  }
}

async function makeDatabase(server) {
  const { serverTarget } = await import("../src/engine/postgres/server.ts");
  const { parseServerAddress } = await import("../src/engine/postgres/server-address.ts");
  const target = serverTarget(parseServerAddress(server.url("postgres")));
  const session = await target.connect();
  await session.query("CREATE DATABASE sample TEMPLATE template0 ENCODING 'UTF8'");
  await target.close();
}

try {
  await main();
} catch (error) {
  process.stderr.write(`\nThe demo failed: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
