// Writes docs/rules from the rules' own documentation; with --check it only says whether they agree.
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ruleIndex, rulePage } from "#core/report/rule-page.ts";
import { reportedRules } from "#core/rules/registry.ts";

const folder = join(import.meta.dirname, "../docs/rules");
const wanted = new Map(reportedRules.map((rule) => [`${rule.id}.md`, rulePage(rule)]));
wanted.set("README.md", ruleIndex(reportedRules));
await mkdir(folder, { recursive: true });
const present = new Map(await Promise.all((await readdir(folder)).map(async (name) => [name, await readFile(join(folder, name), "utf8")] as const)));
const stale = [...new Set([...wanted.keys(), ...present.keys()])].filter((name) => wanted.get(name) !== present.get(name));
if (process.argv.includes("--check")) {
  if (stale.length > 0) {
    process.stderr.write(`docs/rules differs from the rules: ${stale.join(", ")}. Run npm run docs.\n`);
    process.exitCode = 1;
  }
} else {
  for (const name of stale) {
    const text = wanted.get(name);
    if (text === undefined) await rm(join(folder, name));
    else await writeFile(join(folder, name), text);
  }
  process.stdout.write(`docs/rules: ${wanted.size} pages, ${stale.length} written\n`);
}
