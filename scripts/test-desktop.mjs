// The in-host checks in a desktop VS Code, where it can be downloaded: the product and the checks run from this checkout,
// as two extensions under development.
import { readFile, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { downloadAndUnzipVSCode, runVSCodeCommand } from "@vscode/test-electron";
import { packageInHost } from "../test/e2e/harness/package-in-host.ts";
import { cache, root } from "./paths.mjs";

const work = join(cache, "desktop");
const results = join(work, "results.json");
const folder = join(work, "workspace");
await rm(work, { recursive: true, force: true });
await mkdir(folder, { recursive: true });
await writeFile(join(folder, ".in-host.json"), JSON.stringify({ results }));
await writeFile(join(folder, "queue.py"), "import sqlite3\n\n\ndef add(connection: sqlite3.Connection) -> None:\n    connection.execute(\"INSERT OR ABORT INTO queue (name) VALUES ('first')\")\n");
await packageInHost(work);
const cachePath = join(cache, "vscode");
await downloadAndUnzipVSCode({ cachePath });
void runVSCodeCommand(
  [folder, `--extensionDevelopmentPath=${root}`, `--extensionDevelopmentPath=${join(work, "in-host")}`, `--user-data-dir=${join(work, "user")}`, "--disable-workspace-trust", "--wait"],
  { cachePath },
);
const end = Date.now() + 120_000;
let text;
while (text === undefined && Date.now() < end) {
  await new Promise((resolve) => setTimeout(resolve, 500));
  text = await readFile(results, "utf8").catch(() => undefined);
}
const outcomes = text === undefined ? [{ name: "the checks have run", failure: "no results within two minutes" }] : JSON.parse(text);
for (const { name, failure } of outcomes) process.stdout.write(`${failure === undefined ? "passed" : "FAILED"} ${name}${failure === undefined ? "" : `\n${failure}`}\n`);
process.exit(outcomes.some(({ failure }) => failure !== undefined) ? 1 : 0);
