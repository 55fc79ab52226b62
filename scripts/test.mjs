// `npm test`: every part of the tests in order, then a table and, as the last line, the totals that CI reads.
//   node scripts/test.mjs [PART…]      parts: build lint typecheck unit integration e2e; all of them by default
// A part that cannot run on this machine is reported as skipped, with the reason, never as passed. Exits 1 when anything failed.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { installCodeServer } from "./install-code-server.mjs";
import { cache, environment, node, npm, root } from "./paths.mjs";
import { setUpSystem } from "./setup-system.mjs";

const minutes = 60_000;

/** A part that is one command counts as one test. */
const passed = { passed: 1, failed: 0, skipped: 0 };
const failed = (note) => ({ passed: 0, failed: 1, skipped: 0, note });
const skipped = (note) => ({ passed: 0, failed: 0, skipped: 1, note });

/** All parts together. */
const patience = 25 * minutes;

/** In the order in which they run. `limit` is in milliseconds. */
const parts = {
  build: { limit: 5 * minutes, run: (limit) => command(npmRun("build"), limit) },
  lint: { limit: 8 * minutes, run: (limit) => command(npmRun("lint"), limit) },
  typecheck: { limit: 5 * minutes, run: (limit) => command(npmRun("typecheck"), limit) },
  unit: { limit: 10 * minutes, run: (limit) => nodeTests("unit", [...testsBelow("test/unit"), ...testsBelow("test/rules")], [], {}, limit) },
  integration: { limit: 15 * minutes, run: (limit) => nodeTests("integration", testsBelow("test/integration"), [], {}, limit) },
  e2e: { limit: 15 * minutes, run: endToEnd },
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !Object.hasOwn(parts, name));
if (unknown.length > 0) {
  process.stderr.write(`There is no part ${unknown.join(", ")}. The parts are ${Object.keys(parts).join(", ")}.\n`);
  process.exit(2);
}
const chosen = Object.keys(parts).filter((name) => wanted.length === 0 || wanted.includes(name));

/** What is running now, to be ended with this process. */
let running;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.once(signal, () => {
    endGroup(running, "SIGTERM");
    process.exit(signal === "SIGINT" ? 130 : 143);
  });
}

const started = Date.now();
/** @type {{ name: string, outcome: { passed: number, failed: number, skipped: number, note?: string }, seconds: number }[]} */
const table = [];
const record = async (name, run) => {
  const begun = Date.now();
  heading(name);
  let outcome;
  try {
    outcome = await run();
  } catch (error) {
    outcome = failed(error instanceof Error ? error.message : String(error));
  }
  if (outcome.note !== undefined) process.stdout.write(`${outcome.note}\n`);
  table.push({ name, outcome, seconds: (Date.now() - begun) / 1000 });
  return outcome;
};

let system = { outcome: "ready" };
if (chosen.some((name) => name === "integration" || name === "e2e")) {
  await record("system", async () => {
    system = setUpSystem({ log: say });
    if (system.outcome === "ready") return passed;
    return system.outcome === "missing" ? skipped(system.reason) : failed(system.reason);
  });
}
for (const name of chosen) {
  const left = patience - (Date.now() - started);
  const { run, limit } = parts[name];
  await record(name, () => (left > 0 ? run(Math.min(limit, left)) : failed(`not run: the parts before it took ${patience / minutes} minutes`)));
}
process.exitCode = report(table);

/** The packaged extension in a real VS Code. */
async function endToEnd(limit) {
  if (system.outcome !== "ready" && system.parts.includes("e2e")) {
    return system.outcome === "missing" ? skipped(system.reason) : failed(system.reason);
  }
  const vsix = process.env.CUTOVER_VSIX ?? (await packaged(limit));
  await installCodeServer({ log: say });
  const setup = join(root, "test", "e2e", "harness", "global-setup.ts");
  // One file after the other: they share the server, and two cores are busy enough with one VS Code.
  const options = [`--test-global-setup=${setup}`, "--test-concurrency=1"];
  return nodeTests("e2e", testsBelow("test/e2e"), options, { CUTOVER_VSIX: vsix }, limit);
}

/** The .vsix of this checkout as it is now, made by `npm run package`. */
async function packaged(limit) {
  const { name, version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const vsix = join(root, `${name}-${version}.vsix`);
  rmSync(vsix, { force: true });
  const { failed: not, note } = await command(npmRun("package"), limit);
  if (not > 0) throw new Error(`\`npm run package\`: ${note}`);
  if (!existsSync(vsix)) throw new Error(`\`npm run package\` did not make ${relative(root, vsix)}`);
  return vsix;
}

/** Runs files with Node's test runner; its own totals are taken from its TAP report, people see the other one. */
async function nodeTests(name, files, options, variables, limit) {
  if (files.length === 0) return failed("there are no test files");
  const tap = join(cache, "test", `${name}.tap`);
  mkdirSync(join(cache, "test"), { recursive: true });
  rmSync(tap, { force: true });
  const reporters = ["--test-reporter=spec", "--test-reporter-destination=stdout", "--test-reporter=tap", `--test-reporter-destination=${tap}`];
  const { note } = await command({ command: node, args: ["--test", ...reporters, ...options, ...files], variables }, limit);
  const totals = existsSync(tap) ? totalsOf(readFileSync(tap, "utf8")) : undefined;
  if (totals === undefined) return failed(note ?? "the test runner left no totals");
  // Ended with an error though every test passed: something outside the tests failed, such as the set-up.
  if (note !== undefined && totals.failed === 0) return { ...totals, failed: 1, note };
  if (totals.passed + totals.failed + totals.skipped === 0) return failed("the files hold no tests");
  return totals;
}

/** The test files below a folder of the checkout, sorted. This script also starts on a Node that has no fs.glob yet. */
function testsBelow(folder) {
  if (!existsSync(join(root, folder))) return [];
  const files = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" });
  return files.filter((file) => file.endsWith(".test.ts")).map((file) => join(folder, file)).sort();
}

/** The totals at the end of a TAP report; a cancelled test has failed, one that is still to be written is skipped. */
function totalsOf(tap) {
  const count = (word) => {
    const found = [...tap.matchAll(new RegExp(`^# ${word} (\\d+)$`, "gm"))].at(-1);
    return found === undefined ? Number.NaN : Number(found[1]);
  };
  const totals = { passed: count("pass"), failed: count("fail") + count("cancelled"), skipped: count("skipped") + count("todo") };
  return Object.values(totals).some(Number.isNaN) ? undefined : totals;
}

/** Runs one program to its end, its output in ours. */
function command({ command: program, args, variables = {} }, limit) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: root, env: environment(variables), stdio: ["ignore", "inherit", "inherit"], detached: true });
    running = child;
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      endGroup(child, "SIGTERM");
      setTimeout(() => endGroup(child, "SIGKILL"), 10_000).unref();
    }, limit);
    const end = (outcome) => {
      clearTimeout(timer);
      running = undefined;
      resolve(outcome);
    };
    child.on("error", (error) => end(failed(`${program} does not start: ${error.message}`)));
    child.on("close", (code, signal) => {
      if (late) end(failed(`ended after ${Math.round(limit / 1000)} s, which is all the time it has`));
      else if (code === 0) end(passed);
      else end(failed(`ended with ${code === null ? String(signal) : `code ${code}`}`));
    });
  });
}

/** A child leads a group of its own, so that what it started ends with it. */
function endGroup(child, signal) {
  if (child?.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    if (error.code !== "ESRCH") throw error;
  }
}

function npmRun(script) {
  const { command: program, first } = npm();
  return { command: program, args: [...first, "run", script] };
}

function report(rows) {
  const total = (key) => rows.reduce((sum, { outcome }) => sum + outcome[key], 0);
  const width = Math.max(...rows.map(({ name }) => name.length), 4);
  const line = (name, ...cells) => `${name.padEnd(width)} ${cells.map((cell) => String(cell).padStart(8)).join(" ")}`;
  heading("totals");
  process.stdout.write(`${line("part", "passed", "failed", "skipped", "seconds")}\n`);
  for (const { name, outcome, seconds } of rows) {
    const note = outcome.note === undefined ? "" : `  ${outcome.failed > 0 ? "failed" : "skipped"}: ${outcome.note.split("\n")[0]}`;
    process.stdout.write(`${line(name, outcome.passed, outcome.failed, outcome.skipped, seconds.toFixed(1))}${note}\n`);
  }
  process.stdout.write(`${total("passed")} passed, ${total("failed")} failed, ${total("skipped")} skipped\n`);
  return total("failed") > 0 ? 1 : 0;
}

function heading(text) {
  process.stdout.write(`\n== ${text}\n`);
}

function say(text) {
  process.stdout.write(`${text}\n`);
}
