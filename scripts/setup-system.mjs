// What the tests need from the operating system. As root on Debian it is installed; anywhere else it is named, in one line.
// Exit codes: 0 everything is there, 20 something is missing and cannot be installed from here, 1 the installation failed.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { findChromium } from "./find-chromium.mjs";
import { findOnPath } from "./find-on-path.mjs";
import { findPython } from "./find-python.mjs";

export const cannotInstall = 20;

/**
 * `found` asks the machine itself, not a package manager: a Chromium or a compiler from elsewhere will do.
 * `part` is the part of the tests that cannot run without it; those of "integration" and "python" are skipped one by one.
 */
const needs = [
  { part: "e2e", what: "Chromium (on PATH, or named in CUTOVER_CHROMIUM)", found: () => findChromium() !== undefined, packages: ["chromium"] },
  { part: "e2e", what: "make", found: () => findOnPath(["make", "gmake"]) !== undefined, packages: ["make"] },
  { part: "e2e", what: "a C++ compiler", found: () => findOnPath([process.env.CXX ?? "c++", "g++", "clang++"]) !== undefined, packages: ["g++"] },
  { part: "e2e", what: "python3 (node-gyp runs in it)", found: () => findOnPath(["python3"]) !== undefined, packages: ["python3"] },
  { part: "e2e", what: "a font (for the screenshots)", found: hasFont, packages: ["fonts-dejavu-core"] },
  { part: "integration", what: "PgBouncer", found: () => findOnPath(["pgbouncer"]) !== undefined, packages: ["pgbouncer"] },
  { part: "integration", what: "openssl (it signs the certificates of the tests)", found: () => findOnPath(["openssl"]) !== undefined, packages: ["openssl"] },
  { part: "python", what: "a Python 3 with psycopg2 or psycopg", found: () => findPython() !== undefined, packages: ["python3-psycopg2"] },
];

/**
 * Installs what is missing where that is possible.
 * @returns {{ outcome: "ready" } | { outcome: "missing" | "failed", parts: readonly string[], reason: string }}
 */
export function setUpSystem({ log = (line) => process.stderr.write(`${line}\n`) } = {}) {
  const missing = needs.filter((need) => !need.found());
  if (missing.length === 0) return { outcome: "ready" };
  const parts = [...new Set(missing.map((need) => need.part))];
  const packages = missing.flatMap((need) => need.packages);
  const hint = `needs ${missing.map((need) => need.what).join(", ")}; on Debian: apt-get install ${packages.join(" ")}`;
  if (!existsSync("/etc/debian_version") || process.getuid?.() !== 0) return { outcome: "missing", parts, reason: hint };

  log(`Installing from Debian: ${packages.join(" ")}`);
  const failed = aptGet(["update"], log) ?? aptGet(["install", "--yes", "--no-install-recommends", ...packages], log);
  if (failed !== undefined) return { outcome: "failed", parts, reason: `${failed}; ${hint}` };
  const still = missing.filter((need) => !need.found());
  if (still.length === 0) return { outcome: "ready" };
  return {
    outcome: "failed",
    parts: [...new Set(still.map((need) => need.part))],
    reason: `installed ${packages.join(" ")}, and still there is no ${still.map((need) => need.what).join(", ")}`,
  };
}

/** Runs apt-get, waiting for another apt to finish; what went wrong, or `undefined`. Its output is shown when it fails. */
function aptGet(args, log) {
  const done = spawnSync("apt-get", ["-o", "DPkg::Lock::Timeout=300", "-o", "Acquire::Retries=3", "-q", ...args], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C.UTF-8" },
    timeout: 600_000,
  });
  if (done.status === 0) return undefined;
  log(`${done.stdout}${done.stderr}`.trimEnd());
  if (done.error !== undefined) return `apt-get ${args[0]}: ${done.error.message}`;
  const why = done.stderr.split("\n").find((line) => line.startsWith("E:")) ?? "";
  return `apt-get ${args[0]} ended with ${done.status === null ? String(done.signal) : `code ${done.status}`} ${why}`.trimEnd();
}

/** Fontconfig is what Chromium on Linux asks; the other systems always have fonts. */
function hasFont() {
  if (process.platform !== "linux") return true;
  const asked = spawnSync("fc-list", ["--format", "%{file}\n", ":lang=en"], { encoding: "utf8", timeout: 60_000 });
  return asked.status === 0 && asked.stdout.trim() !== "";
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const result = setUpSystem();
  if (result.outcome !== "ready") {
    process.stderr.write(`${result.reason}\n`);
    process.exitCode = result.outcome === "missing" ? cannotInstall : 1;
  }
}
