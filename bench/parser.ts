// How fast the SQLite parser is: node bench/parser.ts
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseScript } from "#core/sql/parse.ts";

const folder = join(import.meta.dirname, "../../shared/corpus");

/** Milliseconds that parsing a text takes: the median and the best of some runs (the best shows a busy machine). */
function time(sql: string, runs: number): { readonly median: number; readonly best: number } {
  const times = Array.from({ length: runs }, () => {
    const started = performance.now();
    parseScript(sql);
    return performance.now() - started;
  });
  return { median: median(times), best: Math.min(...times) };
}

function milliseconds(sql: string, runs: number): string {
  const { median: middle, best } = time(sql, runs);
  return `median ${middle.toFixed(1)} ms, best ${best.toFixed(1)} ms`;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function say(name: string, figure: string): void {
  console.log(`${name.padEnd(50)} ${figure}`);
}

for (const name of ["app-statements", "sqlite-suite-statements"]) {
  const file = join(folder, `${name}.jsonl`);
  if (!existsSync(file)) {
    say(name, "not here: ../shared/corpus");
    continue;
  }
  const statements = readFileSync(file, "utf8").split("\n").filter((line) => line !== "").map((line) => (JSON.parse(line) as { readonly sql: string }).sql);
  for (const sql of statements) parseScript(sql);
  const times = statements.map((sql) => time(sql, 3).median * 1000);
  const characters = statements.reduce((sum, sql) => sum + sql.length, 0);
  const all = times.reduce((sum, each) => sum + each, 0);
  say(name, `median ${median(times).toFixed(1)} µs, mean ${(all / times.length).toFixed(1)} µs, ${(characters / all).toFixed(1)} MB/s`);
}

const row = (i: number): string => `(${i}, 'name ${i}', ${i}.5, NULL, x'ab', ?)`;
say("INSERT of 5,000 rows of 6 values", milliseconds(`INSERT INTO t VALUES ${Array.from({ length: 5000 }, (_, i) => row(i)).join(", ")}`, 15));
say("1,000 nested parentheses", milliseconds(`SELECT ${"(".repeat(1000)}1${")".repeat(1000)}`, 15));
say("20,000 terms of OR", milliseconds(`SELECT 1${" OR a = 1".repeat(20_000)}`, 15));
say("100,000 parentheses that never close", milliseconds(`SELECT ${"(".repeat(100_000)}`, 5));
