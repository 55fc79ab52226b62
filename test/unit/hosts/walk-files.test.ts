import assert from "node:assert/strict";
import { mkdtemp, mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, it } from "node:test";
import { ignoreRules } from "#engine/workspace/ignore-rules.ts";
import { walkFiles } from "#engine/workspace/walk-files.ts";

const python = 'db.execute("SELECT a FROM t")\n';
const tree: Readonly<Record<string, string | Buffer>> = {
  ".gitignore": "generated/\n*.tmp.py\n!keep.tmp.py\n/only-root.py\n",
  "a.py": python,
  "app/b.ts": 'db.exec("DELETE FROM t");\n',
  "app/c.sql": "SELECT 1;\n",
  "app/prose.py": "x = 1\n",
  "app/readme.md": "SELECT a FROM t\n",
  "app/.gitignore": "local.py\n",
  "app/local.py": python,
  "app/only-root.py": python,
  "only-root.py": python,
  "x.tmp.py": python,
  "keep.tmp.py": python,
  "generated/d.py": python,
  "node_modules/p/e.js": 'db.exec("DELETE FROM t");\n',
  "venv/f.py": python,
  "binary.py": Buffer.from([0x78, 0, 0x79]),
  "latin1.py": Buffer.from('# \xe9\ndb.execute("SELECT a FROM t")\n', "latin1"),
  "bundle.js": `db.exec("DELETE FROM t");${"x=1;".repeat(10_000)}`,
  "large.py": `${python}${"#".repeat(3000)}`,
};

describe("walking a workspace", () => {
  let root = "";
  before(async () => {
    root = await mkdtemp(join(tmpdir(), "walk-"));
    for (const [path, content] of Object.entries(tree)) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), content);
    }
  });
  after(() => rm(root, { recursive: true }));

  it("gives what may hold SQL, and says what it left out and why", async () => {
    const left: string[] = [];
    const found: string[] = [];
    for await (const { path, language } of walkFiles(root, { maxBytes: 2500, leftOut: ({ path: p, why }) => left.push(`${p} ${why}`) })) found.push(`${path} ${language}`);
    assert.deepEqual(found, ["a.py python", "app/b.ts typescript", "app/c.sql sql", "app/only-root.py python", "keep.tmp.py python"]);
    assert.deepEqual(left, [
      "app/local.py ignored",
      "app/prose.py nothing-of-sql",
      "binary.py binary",
      "bundle.js too-large",
      "generated ignored",
      "large.py too-large",
      "latin1.py encoding",
      "node_modules folder",
      "only-root.py ignored",
      "venv folder",
      "x.tmp.py ignored",
    ]);
  });

  it("knows a minified bundle", async () => {
    const left: string[] = [];
    for await (const { path } of walkFiles(root, { leftOut: ({ path: p, why }) => left.push(`${p} ${why}`) })) assert.notEqual(path, "bundle.js");
    assert.ok(left.includes("bundle.js minified"));
  });

  it("takes a single file, and more patterns to ignore", async () => {
    const found: string[] = [];
    for await (const { path } of walkFiles(join(root, "a.py"))) found.push(path);
    for await (const { path } of walkFiles(root, { ignore: ["app/**", "a.py"] })) found.push(path);
    assert.deepEqual(found, ["a.py", "keep.tmp.py", "large.py"]);
  });

  it("stops when told to", async () => {
    await assert.rejects(async () => {
      for await (const file of walkFiles(root, { signal: AbortSignal.abort() })) assert.fail(file.path);
    }, { name: "AbortError" });
  });
});

describe("patterns of .gitignore", () => {
  const examples: readonly (readonly [pattern: string, path: string, isFolder: boolean, ignored: boolean | undefined])[] = [
    ["a", "x/y/a", false, true],
    ["/a", "x/a", false, undefined],
    ["x/a", "x/a", false, true],
    ["x/a", "y/x/a", false, undefined],
    ["a/", "a", false, undefined],
    ["a/", "a", true, true],
    ["*.py", "x/b.py", false, true],
    ["x/*.py", "x/y/b.py", false, undefined],
    ["x/**/b.py", "x/y/z/b.py", false, true],
    ["x/**/b.py", "x/b.py", false, true],
    ["**/a", "x/a", false, true],
    ["a/**", "a/b/c", false, true],
    ["b?.[cp]y", "ba.py", false, true],
    ["b?.[!p]y", "ba.py", false, undefined],
    ["!a", "a", false, false],
    ["\\!a", "!a", false, true],
    ["# a", "# a", false, undefined],
    ["a ", "a", false, true],
    ["[", "[", false, true],
    ["a.b", "axb", false, undefined],
    // With many wildcards the pattern is matched in another way.
    ["*a*b*c", "x/1a2b3c", false, true],
    ["*a*b*c", "a/b/c", false, undefined],
    ["x/**/y/**/*.p?", "x/1/2/y/3/b.py", false, true],
    ["x/**/y/**/*.p?", "x/y/b.py", false, true],
    ["x/**/y/**/*.p?", "x/1y/b.py", false, undefined],
    ["/*[0-9]*/**", "a1b/c/d", false, true],
    ["/*[0-9]*/**", "ab/1", false, undefined],
  ];
  for (const [pattern, path, isFolder, ignored] of examples) {
    it(`${pattern} on ${path}${isFolder ? "/" : ""}`, () => { assert.equal(ignoreRules("", [pattern])(path, isFolder), ignored); });
  }
  it("count from the folder of their file", () => {
    assert.equal(ignoreRules("app", ["/a"])("app/a", false), true);
    assert.equal(ignoreRules("app", ["/a"])("a", false), undefined);
  });
});
