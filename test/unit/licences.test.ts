import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { build } from "esbuild";
import { bundledPackages, bundles, external } from "../../esbuild.config.mjs";

const root = join(import.meta.dirname, "../..");

/** Licences that let everybody use, change and pass on. */
const permissive = new Set(["MIT", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "PostgreSQL", "0BSD", "Unlicense", "CC0-1.0", "BlueOak-1.0.0"]);

describe("what ships", () => {
  it("carries permissive licences only", async () => {
    const names = new Set(Object.keys(external));
    for (const bundle of bundles) {
      const { metafile } = await build({ ...bundle, metafile: true, write: false, logLevel: "silent" });
      for (const name of bundledPackages(metafile)) names.add(name);
    }
    assert.ok(names.has("pg") && names.has("better-sqlite3"), [...names].join(", "));
    const others = [...names].flatMap((name) => {
      const { license } = JSON.parse(readFileSync(join(root, "node_modules", name, "package.json"), "utf8")) as { license?: unknown };
      return typeof license === "string" && permissive.has(license) ? [] : [`${name}: ${String(license)}`];
    });
    assert.deepEqual(others, []);
  });
});
