// How fast a database is looked at, as ratios to what the sqlite3 shell takes to read it, in the same run:
//   node bench/profile.ts [--mb 100 | --gb 1] [--times 5] [--threads 0,2] [--keep FOLDER]
// Two readings of "every column read once" are measured: SELECT *, printed to nowhere, and max() of every column, which prints one row.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { introspect } from "#engine/sqlite/introspect.ts";
import { openSource } from "#engine/sqlite/open-source.ts";
import { profile } from "#engine/sqlite/profile/profile.ts";
import { sqliteIdentifier } from "#engine/sqlite/rows.ts";
import { makeProfileDatabase } from "./support/profile-database.ts";

const { values } = parseArgs({ options: { mb: { type: "string", default: "100" }, gb: { type: "string" }, times: { type: "string", default: "5" }, threads: { type: "string" }, keep: { type: "string" } } });
const bytes = values.gb === undefined ? Number(values.mb) * 1e6 : Number(values.gb) * 1e9;
const times = Number(values.times);
const threads = (values.threads ?? [...new Set([0, Math.min(4, availableParallelism())])].join(",")).split(",").map(Number);
if (!(bytes > 0) || !Number.isSafeInteger(times) || times < 1 || threads.some((count) => !Number.isSafeInteger(count) || count < 0)) {
  console.error("usage: node bench/profile.ts [--mb N | --gb N] [--times N] [--threads N,N] [--keep FOLDER]");
  process.exit(2);
}
if (spawnSync("sqlite3", ["--version"]).status !== 0) {
  console.log("the sqlite3 shell is not installed (Debian: apt-get install sqlite3): nothing to compare with");
  process.exit(0);
}

const folder = values.keep ?? mkdtempSync(join(tmpdir(), "cutover-bench-"));
mkdirSync(folder, { recursive: true });
const path = join(folder, `profile-${Math.round(bytes / 1e6)}.db`);
makeProfileDatabase(path, bytes);

const source = await openSource(path);
const catalog = introspect(source);
const names = catalog.tables.map((table) => sqliteIdentifier(table.name));
const counts = names.map((name) => `SELECT count(*) FROM ${name};`).join(" ");
const all = names.map((name) => `SELECT * FROM ${name};`).join(" ");
const most = catalog.tables.map((table) => `SELECT ${table.columns.map((column) => `max(${sqliteIdentifier(column.name)})`).join(", ")} FROM ${sqliteIdentifier(table.name)};`).join(" ");

function shell(sql: string): number {
  const started = performance.now();
  const { status } = spawnSync("sqlite3", ["-readonly", path, ".output /dev/null", sql], { stdio: ["ignore", "ignore", "inherit"] });
  if (status !== 0) throw new Error("the sqlite3 shell failed");
  return (performance.now() - started) / 1000;
}

const best = new Map<string, number>();
const note = (name: string, seconds: number): void => { best.set(name, Math.min(seconds, best.get(name) ?? Infinity)); };
let rows = 0;
let first = 0;
for (let round = 0; round < times; round++) {
  note("count", shell(counts));
  note("all", shell(all));
  note("most", shell(most));
  for (const count of threads) {
    const started = performance.now();
    let table = 0;
    rows = 0;
    await profile(source, catalog, { threads: count, onTable: () => { table ||= performance.now() - started; }, onProgress: (progress) => { if (progress.done) rows += progress.rows; } });
    note(`profile ${count}`, (performance.now() - started) / 1000);
    first = table;
  }
}
const { bytes: size, used } = { bytes: statSync(path).size, used: process.resourceUsage().maxRSS / 1000 };
source.close();
const seconds = (name: string): number => best.get(name) ?? Number.NaN;
console.log(`${(size / 1e6).toFixed(0)} MB, ${rows} rows, ${availableParallelism()} processors; the least disturbed of ${times} runs each`);
console.log(`${seconds("count").toFixed(2).padStart(8)} s  count(*) of every table in the sqlite3 shell\n${seconds("all").toFixed(2).padStart(8)} s  SELECT * of every table there\n${seconds("most").toFixed(2).padStart(8)} s  max() of every column there`);
for (const count of threads) console.log(`${seconds(`profile ${count}`).toFixed(2).padStart(8)} s  profile, ${count === 0 ? "no threads" : `${count} threads`}`);
console.log(`peak memory of all runs ${used.toFixed(0)} MB; the first table of the last run after ${(first / 1000).toFixed(2)} s`);
console.log("\nratios (below 1: Cutover is faster)");
for (const count of threads) {
  console.log(`${(seconds(`profile ${count}`) / (seconds("count") + seconds("all"))).toFixed(2).padStart(8)}  profile, ${count} threads / count(*) and SELECT *`);
  console.log(`${(seconds(`profile ${count}`) / (seconds("count") + seconds("most"))).toFixed(2).padStart(8)}  profile, ${count} threads / count(*) and max()`);
}
if (values.keep === undefined) rmSync(folder, { recursive: true, force: true });
