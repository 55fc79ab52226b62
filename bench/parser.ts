// How fast the SQLite parser is: node bench/parser.ts
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseScript } from "#core/sql/parse.ts";

const folder = join(import.meta.dirname, "../../shared/corpus");

/** Milliseconds that parsing a text takes, the median of some runs. */
function time(sql: string, runs: number): number {
  const times = Array.from({ length: runs }, () => {
    const started = performance.now();
    parseScript(sql);
    return performance.now() - started;
  });
  return median(times);
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
  const times = statements.map((sql) => time(sql, 3) * 1000);
  const characters = statements.reduce((sum, sql) => sum + sql.length, 0);
  const all = times.reduce((sum, each) => sum + each, 0);
  say(name, `median ${median(times).toFixed(1)} µs, mean ${(all / times.length).toFixed(1)} µs, ${(characters / all).toFixed(1)} MB/s`);
}

const row = (i: number): string => `(${i}, 'name ${i}', ${i}.5, NULL, x'ab', ?)`;
say("INSERT of 5,000 rows of 6 values", `${time(`INSERT INTO t VALUES ${Array.from({ length: 5000 }, (_, i) => row(i)).join(", ")}`, 15).toFixed(1)} ms`);
say("1,000 nested parentheses", `${time(`SELECT ${"(".repeat(1000)}1${")".repeat(1000)}`, 15).toFixed(2)} ms`);
say("20,000 terms of OR", `${time(`SELECT 1${" OR a = 1".repeat(20_000)}`, 15).toFixed(1)} ms`);
say("100,000 parentheses that never close", `${time(`SELECT ${"(".repeat(100_000)}`, 5).toFixed(1)} ms`);
