import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { detectHelpers, pythonImportRoot } from "#engine/generate/detect-helper.ts";

const context = "import sqlite3\nfrom contextlib import contextmanager\n\n@contextmanager\ndef get_connection(path='a.db'):\n    conn = sqlite3.connect(path)\n    yield conn\n";
const returning = "import sqlite3\n\ndef connect():\n    conn = sqlite3.connect('a.db')\n    return conn\n";

describe("detectHelpers", () => {
  const found = (files: Readonly<Record<string, string>>): string[] =>
    detectHelpers(Object.entries(files).map(([path, text]) => ({ path, text }))).map((h) => `${h.file} ${h.name} ${h.style} ${h.sqliteLibrary}`);

  const table: readonly [what: string, files: Readonly<Record<string, string>>, expected: readonly string[]][] = [
    ["a context manager", { "utils/db.py": context, "a.py": "from utils.db import get_connection\n" }, ["utils/db.py get_connection context sqlite3"]],
    ["a function that returns", { "db.py": returning, "a.py": "import db\ndb.connect()\n" }, ["db.py connect returns sqlite3"]],
    ["nobody imports it", { "db.py": returning }, []],
    ["it keeps its connection to itself", { "db.py": "import sqlite3\ndef count():\n    c = sqlite3.connect('a')\n    return 5\n", "a.py": "from db import count\n" }, []],
    ["a method is none", { "db.py": "import sqlite3\nclass D:\n    def connect(self):\n        return sqlite3.connect('a')\n", "a.py": "from db import connect\n" }, []],
    ["the word in a string only", { "db.py": "x = 'sqlite3.connect('\ndef f():\n    return 1\n", "a.py": "from db import f\n" }, []],
    [
      "the most used first",
      { "one.py": returning, "two.py": returning.replace("connect()", "open_it()"), "a.py": "from two import open_it\n", "b.py": "from two import open_it\nfrom one import connect\n" },
      ["two.py open_it returns sqlite3", "one.py connect returns sqlite3"],
    ],
    [
      "node:sqlite, calling back",
      { "src/db.ts": 'import { DatabaseSync } from "node:sqlite";\nexport async function withDb<T>(work: (db: Db) => Promise<T>): Promise<T> {\n  const db = new DatabaseSync("a");\n  return work(db);\n}\n', "src/a.ts": 'import { withDb } from "./db.ts";\n' },
      ["src/db.ts withDb callback node:sqlite"],
    ],
    [
      "better-sqlite3, returning",
      { "src/db.ts": 'import Database from "better-sqlite3";\nexport function open() {\n  return new Database("a");\n}\n', "src/a.ts": 'import { open } from "./db.js";\n' },
      ["src/db.ts open returns better-sqlite3"],
    ],
  ];
  for (const [what, files, expected] of table) it(what, () => { assert.deepEqual(found(files), expected); });
});

describe("pythonImportRoot", () => {
  it("is where the imports of the helper start", () => {
    const files = [
      { path: "app/server/utils/db.py", text: context },
      { path: "app/server/routes/a.py", text: "from utils.db import get_connection\n" },
    ];
    const [helper] = detectHelpers(files);
    assert.ok(helper);
    assert.equal(pythonImportRoot(helper, files), "app/server");
  });
  it("is the workspace root for a full path", () => {
    const files = [
      { path: "app/db.py", text: context },
      { path: "app/a.py", text: "from app.db import get_connection\n" },
    ];
    const [helper] = detectHelpers(files);
    assert.ok(helper);
    assert.equal(pythonImportRoot(helper, files), "");
  });
});
