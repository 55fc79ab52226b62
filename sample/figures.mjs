// Counts what the application's README promises and exits 1 when a figure is off.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const server = fileURLToPath(new URL("./app/server/", import.meta.url));

const python = readdirSync(server, { recursive: true })
  .filter((name) => name.endsWith(".py"))
  .map((name) => readFileSync(join(server, name), "utf8"));
const schema = readFileSync(join(server, "db/schema.sql"), "utf8").replace(/--.*$/gm, "");

const occurrences = (texts, pattern) =>
  texts.reduce((sum, text) => sum + (text.match(pattern)?.length ?? 0), 0);
const files = (pattern) => python.filter((text) => pattern.test(text)).length;

const figures = [
  ["tables", occurrences([schema], /\bCREATE TABLE\b/g), 26],
  ["indexes", occurrences([schema], /\bCREATE (UNIQUE )?INDEX\b/g), 41],
  ["Python files that import get_connection", files(/^from utils\.db_connection import get_connection$/m), 23],
  ["calls of get_connection", occurrences(python, /(?<!def )\bget_connection\(/g), 79],
  ["placeholders", occurrences(python, /\?/g), 160],
  ["Python files with AUTOINCREMENT", files(/AUTOINCREMENT/), 7],
  ["Python files with datetime()", files(/\bdatetime\(/), 9],
];

for (const [what, found, expected] of figures) {
  console.log(`${String(found).padStart(4)}  ${what}${found === expected ? "" : ` (expected ${expected})`}`);
}
process.exitCode = figures.every(([, found, expected]) => found === expected) ? 0 : 1;
