// How fast a workspace is scanned, as ratios to what Node needs to read the same files in the same run:
//   node bench/scan.ts [--files 5000] [--keep FOLDER]
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { parseConfig } from "#engine/workspace/config.ts";
import { analyzeText } from "#engine/workspace/analyze-text.ts";
import { scanCache } from "#engine/workspace/scan-cache.ts";
import { createScanPool } from "#engine/workspace/scan-pool.ts";
import { scanWorkspace } from "#engine/workspace/scan-workspace.ts";
import { translateSql } from "#engine/proof/translate-sql.ts";
import { basisOf } from "#engine/proof/translation-basis.ts";
import { corpusStatements, makeScanTree } from "./support/scan-tree.ts";

const checkout = join(import.meta.dirname, "..");
const { values } = parseArgs({ options: { files: { type: "string", default: "5000" }, keep: { type: "string" } } });
const count = Number(values.files);
if (!Number.isSafeInteger(count) || count < 24) {
  console.error("usage: node bench/scan.ts [--files N] [--keep FOLDER]");
  process.exit(2);
}
const root = values.keep ?? mkdtempSync(join(tmpdir(), "cutover-bench-"));
mkdirSync(root, { recursive: true });
const config = parseConfig("{}", "cutover.json");

/** Milliseconds on the clock and of this process's processors. */
interface Took {
  readonly wall: number;
  readonly cpu: number;
}

async function timed(work: () => Promise<unknown>): Promise<Took> {
  const before = process.cpuUsage();
  const started = performance.now();
  await work();
  const wall = performance.now() - started;
  const { user, system } = process.cpuUsage(before);
  return { wall, cpu: (user + system) / 1000 };
}

function say(name: string, { wall, cpu }: Took, more = ""): void {
  console.log(`${wall.toFixed(0).padStart(9)} ms  ${name} (${cpu.toFixed(0)} ms of processors)${more}`);
}

function ratio(value: number, target: number, name: string): void {
  console.log(`${value.toFixed(2).padStart(9)}  ${name}; the target is below ${target}${value < target ? "" : ": MISSED"}`);
}

try {
  const tree = makeScanTree(root, count, checkout);
  console.log(`${tree.files.length} files, ${(tree.bytes / 1e6).toFixed(1)} MB, ${tree.withSql} with SQL; ${availableParallelism()} processors`);
  const read = async (): Promise<void> => {
    for (const path of tree.files) await readFile(join(root, path), "utf8");
  };
  await read();
  const before = await timed(read);
  let peak = 0;
  const watch = setInterval(() => { peak = Math.max(peak, process.memoryUsage().rss); }, 20);
  const cache = scanCache(root);
  const pool = createScanPool();
  const cold = await timed(() => scanWorkspace({ root, config, cache, pool }));
  clearInterval(watch);
  const after = await timed(read);
  // The files were written a moment ago, so that the first rescan makes sure of those.
  await scanWorkspace({ root, config, cache, pool });
  const [changed = ""] = tree.files;
  const warm: Took[] = [];
  for (let i = 0; i < 5; i++) {
    appendFileSync(join(root, changed), "\n");
    warm.push(await timed(() => scanWorkspace({ root, config, cache, pool })));
  }
  warm.sort((a, b) => a.wall - b.wall);
  pool.dispose();
  const rescan = warm[2] ?? cold;
  const reading = (before.wall + after.wall) / 2;
  say("reading all files, before", before);
  say("reading all files, after", after);
  say("cold scan", cold, `; peak memory ${(peak / 1e6).toFixed(0)} MB`);
  say("rescan after one file changed, the median of five", rescan);
  ratio(cold.wall / reading, 3, "cold scan / reading the same files");
  ratio(cold.wall / 1000 / (tree.bytes / 1e8) / 30, 1, "cold scan / 30 s per 100 MB");
  ratio(rescan.wall / 100, 1, "rescan / 100 ms");

  for (const [path, line] of [
    ["long.py", (i: number) => `def f${i}(conn, a):\n    x = a + ${i}\n    y = [x, a]\n    conn.execute("SELECT id, name FROM notes WHERE name LIKE ? AND age > ${i} ORDER BY id", (x,))\n    return conn.execute("INSERT OR IGNORE INTO notes (name, age) VALUES (?, ?)", y)\n${"    # words\n".repeat(15)}`],
    ["long.ts", (i: number) => `export function f${i}(db: Database, a: number): unknown {\n  const x = a + ${i};\n  db.prepare("SELECT id, name FROM notes WHERE name LIKE ? AND age > ${i} ORDER BY id").all(x);\n  return db.prepare("INSERT OR IGNORE INTO notes (name, age) VALUES (?, ?)").run(x, a);\n}\n${"// words\n".repeat(15)}`],
  ] as const) {
    const head = path.endsWith(".py") ? "import sqlite3\n" : 'import Database from "better-sqlite3";\n';
    const text = head + Array.from({ length: 100 }, (_, i) => line(i)).join("");
    const empty = join(root, "empty");
    mkdirSync(empty, { recursive: true });
    const times: Took[] = [];
    for (let i = 0; i < 120; i++) times.push(await timed(() => analyzeText({ root: empty, path, text: `${text}# ${"x".repeat(i)}\n` })));
    const sorted = (pick: (took: Took) => number): number => times.slice(20).map(pick).sort((a, b) => a - b)[95] ?? Number.NaN;
    console.log(`${sorted(({ wall }) => wall).toFixed(1).padStart(9)} ms  analysing ${path} (${text.split("\n").length} lines, 200 sites) after a keystroke, p95 (${sorted(({ cpu }) => cpu).toFixed(1)} ms of processors)`);
    ratio(sorted(({ wall }) => wall) / 20, 1, `keystroke in ${path}, p95 / 20 ms`);
  }

  const schema = join(checkout, "sample/app/server/db/schema.sql");
  if (existsSync(schema)) {
    const basis = await basisOf(schema, config, "postgres", new AbortController().signal);
    const known = readFileSync(schema, "utf8");
    const table = /CREATE TABLE (?:IF NOT EXISTS )?(\w+)/i.exec(known)?.[1] ?? "t";
    const statements = [...corpusStatements(checkout).slice(0, 500), ...Array.from({ length: 500 }, (_, i) => `SELECT * FROM ${table} WHERE id = ? AND ${i} < id`)];
    const all = async (): Promise<void> => {
      for (const sql of statements) await translateSql(sql, { mode: "postgres", params: "numeric", schema: basis.schema, translateDdl: basis.translateDdl, prover: basis.prover });
    };
    await all();
    const took = await timed(all);
    await basis.close();
    say("1,000 statements translated and prepared, after a first round", took);
    ratio(took.wall / 2000, 1, "1,000 statements / 2 s");
  }
} finally {
  if (values.keep === undefined) rmSync(root, { recursive: true, force: true });
}
