// An application's own methods with a driver's name, and those of a connection.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Language } from "#core/hosts/site.ts";
import { readHostFile } from "#engine/workspace/read-host-file.ts";

const examples: readonly (readonly [language: Language, source: string, uses: readonly string[]])[] = [
  ["python", "import sqlite3\nnode.backup(file)\nself.load_extension(name)\n", []],
  ["python", "import sqlite3\nold = sqlite3.connect(a)\nold.backup(new)\n", ["backup"]],
  ["python", "import sqlite3\nwith sqlite3.connect(a) as source:\n    source.backup(target)\n", ["backup"]],
  ["python", "import sqlite3\ndef save(source: sqlite3.Connection, target):\n    source.backup(target)\n", ["backup"]],
  ["python", "import sqlite3\nclass Store(sqlite3.Connection):\n    def save(self, to):\n        self.backup(to)\n", ["backup"]],
  ["python", "import sqlite3\nclass Store:\n    def save(self, to):\n        self.backup(to)\n        self.conn.backup(to)\n", ["backup"]],
  ["javascript", 'import Database from "better-sqlite3";\nconst store = new Database(path);\nawait store.backup(to);\nawait node.backup(to);\n', ["backup"]],
  ["javascript", 'import Database from "better-sqlite3";\nconst n = commit.changes;\nconst m = db.prepare(sql).run(1).changes + result.changes;\n', ["changes", "changes"]],
  ["go", 'package a\nimport _ "github.com/mattn/go-sqlite3"\nfunc f() { r := &Result{ID: e.LastInsertId}; id, _ := res.LastInsertId(); node.Backup(w) }\n', ["LastInsertId"]],
  ["go", 'package a\nimport "github.com/mattn/go-sqlite3"\nfunc f(src *sqlite3.SQLiteConn) { src.Backup("main", to, "main") }\n', ["Backup"]],
  ["ruby", 'require "sqlite3"\nrecord.changes\n@db.changes\n', ["changes"]],
  ["php", "<?php\n$store = new SQLite3('a.db');\n$n = $store->changes() + $diff->changes();\n", ["changes"]],
  ["rust", "use rusqlite::Connection;\nfn f(c: &Connection) { c.changes(); diff.changes(); }\n", ["changes"]],
  ["csharp", "using System.Data.SQLite;\nclass A { void F(SQLiteConnection link) { var n = link.Changes; var m = entry.Changes; } }\n", ["Changes"]],
];

describe("methods with a driver's names", () => {
  for (const [language, source, uses] of examples) {
    it(source, async () => {
      const host = await readHostFile(language, source);
      assert.deepEqual(host.uses.filter(({ kind }) => !/^(?:driver-import|connect|helper)/.test(kind)).map(({ name }) => name), uses);
    });
  }
});
