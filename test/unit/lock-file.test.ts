import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";

const root = join(import.meta.dirname, "../..");
const read = (name: string): string => readFileSync(join(root, name), "utf8");

describe("package-lock.json", () => {
  // better-sqlite3 says so in its own package.json, which `npm ci` does not read before it decides to run node-gyp; without this
  // line an installation needs a compiler and Node's headers. `npm install` drops it: put it back then.
  it("says that better-sqlite3 needs no build", () => {
    const { packages } = JSON.parse(read("package-lock.json")) as { packages: Record<string, { gypfile?: boolean }> };
    assert.equal(packages["node_modules/better-sqlite3"]?.gypfile, false);
  });

  it("names no registry", () => {
    assert.doesNotMatch(read("package-lock.json"), /"resolved": "http/);
  });
});
