import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { catalogPragmas } from "#core/rules/statements/catalog-pragmas.ts";
import { adapterSettings, pragmas } from "#core/rules/statements/pragmas.ts";

const templates = join(import.meta.dirname, "../../../src/engine/generate/templates");

/** The names between two braces that follow a word in a template. */
function namesBehind(text: string, head: RegExp, name: RegExp): string[] {
  const start = text.search(head);
  assert.ok(start >= 0, String(head));
  const block = /\{([\s\S]*?)\n?\}/.exec(text.slice(start + (head.exec(text)?.[0].length ?? 1) - 1))?.[1] ?? "";
  return [...block.matchAll(name)].map((match) => match[1] ?? "");
}

describe("what the rule pragma says of the adapter (TRAPS 51)", () => {
  const python = readFileSync(join(templates, "python/postgres_connection.py"), "utf8");

  it("is what the generated Python accepts", () => {
    assert.deepEqual(namesBehind(python, /^SETTINGS: [^\n]*= \{/m, /"(\w+)": \(/g).sort(), [...adapterSettings].sort());
  });

  it("and what it answers from the catalog", () => {
    assert.deepEqual(namesBehind(python, /^CATALOG_PRAGMAS = frozenset\(\{/m, /"(\w+)"/g).sort(), Object.keys(catalogPragmas).sort());
  });

  it("knows every setting by what it does", () => {
    for (const name of adapterSettings) assert.ok(Object.hasOwn(pragmas, name), name);
  });
});
