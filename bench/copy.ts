// How fast rows move, as ratios to others on the same machine in the same run:
//   node bench/copy.ts [--rows 1800000] [--jobs 1,2] [--keep FOLDER]
// The command line migrates into a real PostgreSQL 18, checksums of both sides included; pgloader is measured where it is installed.
import { spawn, spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import Database from "better-sqlite3";
import type { PostgresSession } from "#engine/postgres/session.ts";
import { start } from "../test/support/postgres-server.ts";

const { values } = parseArgs({ options: { rows: { type: "string", default: "1800000" }, jobs: { type: "string" }, keep: { type: "string" } } });
const rows = Number(values.rows);
const jobs = (values.jobs ?? [...new Set([1, Math.min(4, availableParallelism())])].join(",")).split(",").map(Number);
if (!Number.isSafeInteger(rows) || rows < 1 || jobs.some((count) => !Number.isSafeInteger(count) || count < 1)) {
  console.error("usage: node bench/copy.ts [--rows N] [--jobs N,N] [--keep FOLDER]");
  process.exit(2);
}
const root = join(import.meta.dirname, "..");
if (spawnSync(process.execPath, [join(root, "esbuild.config.mjs")], { cwd: root, stdio: ["ignore", "ignore", "inherit"] }).status !== 0) throw new Error("the build failed");

const folder = values.keep ?? mkdtempSync(join(tmpdir(), "cutover-bench-"));
mkdirSync(folder, { recursive: true });
chmodSync(folder, 0o777);
const from = join(folder, `source-${rows}.db`);
if (!existsSync(from)) {
  const made = spawnSync(process.execPath, [join(import.meta.dirname, "../sample/generate.mjs"), "--size", String(rows), "--out", from], { stdio: ["ignore", "ignore", "inherit"] });
  if (made.status !== 0) throw new Error("the sample's generator failed");
}

const server = await start(18, ["-c", "max_wal_size=4GB", "-c", "shared_buffers=256MB"]);
const results: { readonly name: string; readonly seconds: number }[] = [];
const note = (name: string, seconds: number): void => {
  results.push({ name, seconds });
  console.log(`${seconds.toFixed(2).padStart(8)} s  ${name}`);
};

try {
  console.log(`${rows} rows, ${(statSync(from).size / 1e6).toFixed(0)} MB; ${availableParallelism()} processors`);

  let filled: string | undefined;
  for (const count of jobs) {
    const { name, url } = await server.newDatabase();
    const workspace = mkdtempSync(join(folder, "workspace-"));
    const moved = await cutover(["migrate", "--from", from, "--to", url, "--jobs", String(count), "--format", "json", "--progress", "none"], workspace);
    const phases = phasesOf(moved.output);
    note(`cutover, ${count} jobs: copy phase`, phases.find(({ phase }) => phase === "copy")?.seconds ?? Number.NaN);
    note(`cutover, ${count} jobs: whole migration, profile and checksums of both sides included`, moved.seconds);
    const named = phases.reduce((sum, { seconds }) => sum + seconds, 0);
    console.log(`            start, profile and plan ${(moved.seconds - named).toFixed(2)}, ${phases.map((each) => `${each.phase} ${each.seconds.toFixed(2)}`).join(", ")}; peak memory ${moved.peak}`);
    const checked = await cutover(["validate", "--from", from, "--to", url, "--progress", "none"], workspace);
    note(`cutover, ${count} jobs: validate, which reads the source once more`, checked.seconds);
    filled ??= name;
    rmSync(workspace, { recursive: true });
  }
  if (filled !== undefined) note("server-side COPY … FROM file, text, same rows and tables, no keys or indexes", await serverSideCopy(filled));
  await pgloader();

  console.log("\nratios (below 1: Cutover is faster)");
  const seconds = (start: string): number | undefined => results.find(({ name }) => name.startsWith(start))?.seconds;
  for (const count of jobs) {
    const copy = seconds(`cutover, ${count} jobs: copy`);
    const whole = seconds(`cutover, ${count} jobs: whole`);
    const serverSide = seconds("server-side");
    const other = seconds("pgloader");
    if (copy !== undefined && serverSide !== undefined) console.log(`${(copy / serverSide).toFixed(2).padStart(8)}  copy phase, ${count} jobs / server-side COPY`);
    if (whole !== undefined && other !== undefined) console.log(`${(whole / other).toFixed(2).padStart(8)}  whole migration, ${count} jobs / pgloader's, which verifies nothing`);
  }
} finally {
  await server.stop();
  if (values.keep === undefined) rmSync(folder, { recursive: true, force: true });
}

/** Runs the built command line, and watches the most memory that its process has had (where the system tells). */
async function cutover(args: readonly string[], cwd: string): Promise<{ readonly output: string; readonly seconds: number; readonly peak: string }> {
  const started = performance.now();
  const child = spawn(process.execPath, [join(root, "dist/cli.js"), ...args], { cwd, stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  let peak = "not known here";
  child.stdout.on("data", (data: Buffer) => { output += data.toString(); });
  const watch = setInterval(() => {
    const status = existsSync(`/proc/${child.pid ?? 0}/status`) ? readFileSync(`/proc/${child.pid ?? 0}/status`, "utf8") : "";
    const kilobytes = /^VmHWM:\s+(\d+)/m.exec(status)?.[1];
    if (kilobytes !== undefined) peak = `${((Number(kilobytes) * 1024) / 1e6).toFixed(0)} MB`;
  }, 50);
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  clearInterval(watch);
  if (code !== 0) throw new Error(`cutover ${args[0] ?? ""} ended with ${String(code)}: ${output.slice(0, 1000)}`);
  return { output, seconds: (performance.now() - started) / 1000, peak };
}

function phasesOf(output: string): { readonly phase: string; readonly seconds: number }[] {
  const report: unknown = JSON.parse(output);
  const phases: unknown = typeof report === "object" && report !== null && "phases" in report ? report.phases : undefined;
  return (Array.isArray(phases) ? phases : []).map((each: { readonly phase: string; readonly seconds: number }) => each);
}

/** Has the server write the rows of a filled database to files, and times its reading them into empty tables of the same kind. */
async function serverSideCopy(database: string): Promise<number> {
  const { serverTarget } = await import("#engine/postgres/server.ts");
  const { parseServerAddress } = await import("#engine/postgres/server-address.ts");
  const target = serverTarget(parseServerAddress(server.url(database)));
  const session: PostgresSession = await target.connect();
  const { rows: tables } = await session.query("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY 1");
  const names = tables.map(([name]) => name ?? "");
  await session.script("CREATE SCHEMA again; CHECKPOINT");
  const stored = new Map<string, string>();
  for (const name of names) {
    const { rows: columns } = await session.query("SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = format('public.%I', $1::text)::regclass AND attnum > 0 AND attgenerated = '' AND NOT attisdropped", [name]);
    stored.set(name, columns[0]?.[0] ?? "");
    await session.query(`COPY public."${name}" (${stored.get(name) ?? ""}) TO '${join(folder, `${name}.copy`)}'`);
    await session.query(`CREATE TABLE again."${name}" (LIKE public."${name}" INCLUDING GENERATED INCLUDING DEFAULTS)`);
  }
  const started = performance.now();
  for (const name of names) await session.query(`COPY again."${name}" (${stored.get(name) ?? ""}) FROM '${join(folder, `${name}.copy`)}'`);
  const seconds = (performance.now() - started) / 1000;
  await target.close();
  return seconds;
}

/** Times pgloader on the same source into an empty database. */
async function pgloader(): Promise<void> {
  const version = spawnSync("pgloader", ["--version"], { encoding: "utf8" });
  if (version.status !== 0) {
    console.log("          pgloader is not installed (Debian: apt-get install pgloader): not measured");
    return;
  }
  const { name, target } = await server.newDatabase();
  const session = await target.connect();
  // It does not take every character in a password.
  await session.script("CREATE ROLE loader SUPERUSER LOGIN PASSWORD 'plain'");
  await target.close();
  // With its own settings it exhausts its heap on rows of this kind; on integers beyond 62 bits and on the sample's special values it
  // gives up. So it gets less to do: the bulk only, tamed.
  const tamed = join(folder, `tamed-${rows}.db`);
  copyFileSync(from, tamed);
  const db = new Database(tamed);
  db.pragma("foreign_keys = off");
  for (const table of db.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!'").pluck().all()) {
    if ((db.prepare<[], number>(`SELECT count(*) FROM "${table}"`).pluck().get() ?? 0) < rows / 100) {
      db.exec(`DROP TABLE "${table}"`);
      continue;
    }
    for (const column of db.prepare<[string], string>("SELECT name FROM pragma_table_info(?)").pluck().all(table)) {
      db.exec(`UPDATE "${table}" SET "${column}" = "${column}" / 4 WHERE typeof("${column}") = 'integer' AND ("${column}" > 4611686018427387903 OR "${column}" < -4611686018427387904)`);
    }
  }
  db.close();
  const started = performance.now();
  const child = spawn("pgloader", ["--with", "prefetch rows = 1000", "--with", "batch rows = 1000", tamed, `postgresql://loader:plain@127.0.0.1:${server.port}/${name}`], { stdio: ["ignore", "pipe", "pipe"], timeout: 300_000, killSignal: "SIGKILL" });
  let output = "";
  child.stdout.on("data", (data: Buffer) => { output += data.toString(); });
  child.stderr.on("data", (data: Buffer) => { output += data.toString(); });
  const status = await new Promise<number | null>((resolve) => child.on("close", resolve));
  const seconds = (performance.now() - started) / 1000;
  rmSync(tamed, { force: true });
  const total = /Total import time.*/.exec(output)?.[0] ?? output.slice(-500);
  const version1 = /"([\d.]+)[^"]*"/.exec(version.stdout)?.[1] ?? "";
  if (status === 0) note(`pgloader ${version1}: whole, of the bulk without its hard values`, seconds);
  else console.log(`          pgloader ${version1} failed after ${seconds.toFixed(2)} s (exit ${String(status)}): no ratio to it`);
  console.log(`            ${total.trim().slice(-300)}${/error/i.test(output) ? `; it reports errors: ${(/^.*error.*$/im.exec(output)?.[0] ?? "").slice(0, 200)}` : ""}`);
}
