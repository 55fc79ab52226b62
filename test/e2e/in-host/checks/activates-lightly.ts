import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Check } from "../check.ts";

/**
 * In milliseconds of this thread's processor time: what everybody else's extensions wait for. The clock on the wall would
 * also count what the rest of the machine is doing.
 */
const limit = 200;

/** The packages that must wait until they are used. */
const heavy = ["better-sqlite3", "@electric-sql/pglite", "libpg-query", "web-tree-sitter", "@vscode/tree-sitter-wasm"];

export const activatesLightly: Check = {
  name: `activating takes less than ${limit} ms of the extension host and loads no driver and no WASM module`,
  async run({ extension }) {
    assert.equal(extension.isActive, false, "opening a folder without a cutover.json already activates the extension");
    const start = process.threadCpuUsage();
    await extension.activate();
    const { user, system } = process.threadCpuUsage(start);
    const took = (user + system) / 1_000;

    const loaded = Object.keys(createRequire(join(extension.extensionPath, "package.json")).cache).filter((path) => path.startsWith(extension.extensionPath));
    assert.notDeepEqual(loaded, [], "the module cache does not show the extension itself: this check sees nothing");
    assert.deepEqual(loaded.filter((path) => heavy.some((name) => path.includes(join("node_modules", name)))), []);
    assert.deepEqual(nativeLibraries().filter((path) => path.startsWith(extension.extensionPath)), []);
    assert.ok(took < limit, `activating took ${took.toFixed(0)} ms`);
  },
};

/** The shared libraries of this process, native addons among them. */
function nativeLibraries(): readonly string[] {
  const report = process.report.getReport() as { readonly sharedObjects: readonly string[] };
  return report.sharedObjects;
}
