import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { inventory } from "#engine/workspace/inventory.ts";
import type { LanguageInventory } from "#core/hosts/inventory.ts";
import { factsOf } from "#engine/workspace/file-facts.ts";
import { languageOf } from "#engine/workspace/host-parser.ts";
import { readHostFile } from "#engine/workspace/read-host-file.ts";
import { resolveHelpers } from "#engine/workspace/resolve-helpers.ts";
import type { WorkspaceFile } from "#engine/workspace/resolve-helpers.ts";
import { walkFiles } from "#engine/workspace/walk-files.ts";

async function resolved(files: Readonly<Record<string, string>>): Promise<WorkspaceFile[]> {
  const read: WorkspaceFile[] = [];
  for (const [path, text] of Object.entries(files)) {
    const language = languageOf(path);
    assert.ok(language !== undefined);
    read.push({ path, host: factsOf(await readHostFile(language, text)) });
  }
  return resolveHelpers(read);
}

/** `path: kind name`, helper uses only. */
function helpers(files: readonly WorkspaceFile[]): string[] {
  return files.flatMap(({ path, host }) => host.uses.filter((u) => u.kind.startsWith("helper-")).map((u) => `${path}: ${u.kind} ${u.name}`));
}

const pythonHelper = "import sqlite3\ndef get_connection():\n    return sqlite3.connect('x')\n";

describe("connection helpers over files", () => {
  it("by name, with an alias, from the folder above, by a relative import", async () => {
    const files = await resolved({
      "app/utils/db.py": pythonHelper,
      "app/a.py": "from utils.db import get_connection\nwith get_connection() as c: pass\n",
      "app/core/b.py": "from utils.db import get_connection as gc\ngc()\nother()\n",
      "app/utils/c.py": "from .db import get_connection\ndef f():\n    return get_connection()\n",
      "app/utils/deep/d.py": "from ..db import get_connection\nget_connection()\nget_connection()\n",
      "app/e.py": "from elsewhere.db import get_connection\nget_connection()\n",
    });
    assert.deepEqual(helpers(files), [
      "app/utils/db.py: helper-definition get_connection",
      "app/a.py: helper-import get_connection",
      "app/a.py: helper-call get_connection",
      "app/core/b.py: helper-import get_connection",
      "app/core/b.py: helper-call get_connection",
      "app/utils/c.py: helper-import get_connection",
      "app/utils/c.py: helper-call get_connection",
      "app/utils/deep/d.py: helper-import get_connection",
      "app/utils/deep/d.py: helper-call get_connection",
      "app/utils/deep/d.py: helper-call get_connection",
    ]);
  });

  it("through the module, and through a package that hands it on", async () => {
    const files = await resolved({
      "db/core.py": pythonHelper,
      "db/__init__.py": "from .core import get_connection\n",
      "a.py": "from db import get_connection\nget_connection()\n",
      "b.py": "from db import core\ncore.get_connection()\n",
      "c.py": "import db.core as dbc\ndbc.get_connection()\n",
      "d.py": "from db.core import *\nget_connection()\n",
    });
    assert.deepEqual(helpers(files).filter((h) => /^[abcd]\.py/.test(h)), [
      "a.py: helper-import get_connection",
      "a.py: helper-call get_connection",
      "b.py: helper-import get_connection",
      "b.py: helper-call get_connection",
      "c.py: helper-import get_connection",
      "c.py: helper-call get_connection",
      "d.py: helper-import get_connection",
      "d.py: helper-call get_connection",
    ]);
  });

  it("in TypeScript: endings, index files, re-exports, namespaces, require", async () => {
    const helper = 'import { DatabaseSync } from "node:sqlite";\nexport function withDb(fn) {\n  const db = new DatabaseSync("a");\n  return fn(db);\n}\n';
    const files = await resolved({
      "src/db/core.ts": helper,
      "src/db/index.ts": 'export { withDb } from "./core.ts";\n',
      "src/a.ts": 'import { withDb } from "./db/core.js";\nawait withDb((d) => d);\n',
      "src/b.ts": 'import { withDb as w } from "./db";\nw((d) => d);\n',
      "src/c.tsx": 'import * as db from "./db/index.ts";\nconst x = db.withDb((d) => d);\n',
      "src/d.js": 'const { withDb } = require("./db/core");\nwithDb((d) => d);\n',
    });
    assert.deepEqual(helpers(files).filter((h) => /^src\/[abcd]\./.test(h)), [
      "src/a.ts: helper-import withDb",
      "src/a.ts: helper-call withDb",
      "src/b.ts: helper-import withDb",
      "src/b.ts: helper-call withDb",
      "src/c.tsx: helper-import withDb",
      "src/c.tsx: helper-call withDb",
      "src/d.js: helper-import withDb",
      "src/d.js: helper-call withDb",
    ]);
  });
});

describe("the inventory", () => {
  it("counts placeholders once, lists as one, and neither text nor comments", async () => {
    const files = await resolved({
      "a.py": [
        "Q = \"SELECT a FROM t WHERE b = ? AND c = '?' -- ?\"",
        "def f(db, ids):",
        '    db.execute(Q, (1,))',
        '    marks = ",".join("?" * len(ids))',
        '    db.execute(f"DELETE FROM t WHERE id IN ({marks})", ids)',
        '    db.execute(f"DELETE FROM u WHERE id IN ({marks})", ids)',
        '    db.execute("UPDATE t SET a = :a, b = @b WHERE c = ?1", {})',
        '    print("really?")',
        "",
      ].join("\n"),
      "b.sql": "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT DEFAULT (datetime('now'))); -- datetime(\n",
    });
    const [python, sql] = inventory(files);
    assert.deepEqual([python?.placeholders, python?.namedPlaceholders, python?.sites], [3, 2, 4]);
    assert.deepEqual([sql?.autoincrementFiles, sql?.datetimeFiles], [["b.sql"], ["b.sql"]]);
  });

  it("has the sample application's figures", async () => {
    const read: WorkspaceFile[] = [];
    for await (const { path, language, text } of walkFiles(fileURLToPath(new URL("../../../sample", import.meta.url)))) read.push({ path, host: factsOf(await readHostFile(language, text)) });
    const of = (language: string): LanguageInventory => {
      const found = inventory(resolveHelpers(read)).find((i) => i.language === language);
      assert.ok(found !== undefined);
      return found;
    };
    const python = of("python");
    assert.equal(python.helperFiles.length, 23);
    assert.equal(python.helperCalls, 79);
    assert.equal(python.placeholders, 160);
    assert.equal(python.autoincrementFiles.length, 7);
    assert.equal(python.datetimeFiles.length, 9);
    assert.ok(of("typescript").helperCalls > 10);
  });
});
