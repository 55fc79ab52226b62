// Finds a Python 3 that can talk to PostgreSQL. The first python3 on PATH may be a version manager's,
// which does not see the distribution's packages, so every candidate is asked.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const probe = [
  "import sys, json",
  "drivers = []",
  "for name in ('psycopg2', 'psycopg'):",
  "    try:",
  "        __import__(name)",
  "        drivers.append(name)",
  "    except ImportError:",
  "        pass",
  "print(json.dumps({'version': '%d.%d.%d' % sys.version_info[:3], 'drivers': drivers}))",
].join("\n");

/**
 * Every Python 3 of this machine that starts, in the order of preference ($PYTHON, PATH, the system's own),
 * with the PostgreSQL drivers it can import.
 * @returns {{ path: string, version: string, drivers: string[] }[]}
 */
export function listPythons() {
  const names = process.platform === "win32" ? ["python3.exe", "python.exe"] : ["python3"];
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/bin", "/usr/local/bin"].filter((f) => f !== "");
  const candidates = [process.env.PYTHON ?? "", ...folders.flatMap((folder) => names.map((name) => join(folder, name)))];
  const pythons = [];
  for (const path of new Set(candidates)) {
    if (path === "" || !existsSync(path)) continue;
    const asked = spawnSync(path, ["-c", probe], { encoding: "utf8", timeout: 20_000 });
    if (asked.status !== 0) continue;
    const { version, drivers } = JSON.parse(asked.stdout);
    pythons.push({ path, version, drivers });
  }
  return pythons;
}

/**
 * The Python to run database tests with: the first that has psycopg2 or psycopg. `undefined` when none has.
 * @returns {{ path: string, version: string, driver: "psycopg2" | "psycopg" } | undefined}
 */
export function findPython() {
  for (const { path, version, drivers } of listPythons()) {
    const [driver] = drivers;
    if (driver !== undefined) return { path, version, driver };
  }
  return undefined;
}

/** What to tell a person whose machine has none. */
export const pythonHint =
  "no python3 here can import psycopg2 or psycopg: install Debian's python3-psycopg2 (or `python3 -m pip install \"psycopg[binary]\"`), or name a Python in $PYTHON";

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const found = findPython();
  if (found === undefined) {
    process.stderr.write(`${pythonHint}\n`);
    process.exitCode = 1;
  } else {
    process.stdout.write(process.argv.includes("--json") ? `${JSON.stringify(found)}\n` : `${found.path}\n`);
  }
}
