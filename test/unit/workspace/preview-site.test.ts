import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { analyzeText } from "#engine/workspace/analyze-text.ts";
import { previewSite, type SitePreview } from "#engine/workspace/preview-site.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

async function previewOf(text: string, nth: number, root = temporaryFolder()): Promise<SitePreview | undefined> {
  const file = { root, path: "a.py", text };
  const site = (await analyzeText(file)).sites[nth];
  assert.ok(site);
  return previewSite(file, site.span);
}

describe("a statement before and after its fixes", () => {
  const text = 'import sqlite3\ndef f(db):\n    db.execute("SELECT ifnull(a, 1) FROM t")\n    db.execute("SELECT ifnull(b, \'\\"\') FROM t ORDER BY b")\n';
  it("is the SQL, without the host's quotes and escapes", async () => {
    assert.deepEqual(await previewOf(text, 1), { before: `SELECT ifnull(b, '"') FROM t ORDER BY b`, after: `SELECT COALESCE(b, '"') FROM t ORDER BY b NULLS FIRST`, fixed: 2, left: 0 });
  });
  it("is PostgreSQL's own text where the fix writes one for each engine", async () => {
    const root = temporaryFolder();
    mkdirSync(join(root, "database"));
    writeFileSync(join(root, "database/factory.py"), "def by_engine(sqlite, postgresql):\n    pass\n");
    const preview = await previewOf('import sqlite3\ndef f(db):\n    db.execute("INSERT OR IGNORE INTO t SELECT * FROM u")\n', 0, root);
    assert.equal(preview?.before, "INSERT OR IGNORE INTO t SELECT * FROM u");
    assert.match(preview.after, /^INSERT INTO t SELECT \* FROM u/);
  });
  it("is not there for a place without a statement", async () => {
    assert.equal(await previewSite({ root: temporaryFolder(), path: "a.py", text }, { start: 0, end: 3 }), undefined);
  });
});
