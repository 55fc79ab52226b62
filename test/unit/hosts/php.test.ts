import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, it } from "node:test";
import { foundIn } from "./found-in.ts";
import { assertEdits, assertReads } from "./literal-table.ts";
import { assertMapHolds } from "./map-holds.ts";

/** Each site as `start-end kind library.method/parameters@call text <hole>`; places are line:column from 1. */
const sites = [
  "13:30-13:93 statement pdo.query/none@41:9 SELECT id, title FROM notes WHERE owner = 'me' AND kind = ?",
  "14:27-14:66 statement pdo.query/none@56:9 SELECT id FROM notes ORDER BY id",
  "19:19-19:45 script pdo.exec/none@19:9 PRAGMA foreign_keys = ON",
  "26:45-26:88 statement pdo.prepare/passed@26:26 INSERT INTO notes (title) VALUES (:title)",
  "38:28-38:116 statement pdo.prepare/passed@38:9 SELECT * FROM notes WHERE id IN ($marks) OR n IN ({$more}) ORDER BY {$this->order} $x <interpolated $marks ?@36:59> <interpolated $more ?@37:35> <interpolated $this->order>",
  "39:16-39:90 statement pdo.query/none@40:9 SELECT id FROM notes WHERE title LIKE '%a' ORDER BY %s <formatted %s>",
  "43:20-43:31 fragment pdo.exec/none@46:9 owner = ?",
  "44:18-44:49 fragment pdo.exec/none@46:9 DELETE FROM notes WHERE 1 = 1",
  "45:19-45:53 fragment pdo.exec/none@46:9  AND {implode(' AND ', $where)} <joined implode(' AND ', $where)>",
  "47:17-52:16 statement - SELECT id, \"name\"\n  FROM notes\n\n WHERE owner = $order <interpolated $order>",
  "53:18-55:12 statement - SELECT '$x\\n' FROM notes",
  "58:41-58:69 statement pdo.querySingle/none@58:16 SELECT count(*) FROM notes",
];

/** Each use as `kind name place`. */
const uses = [
  "helper-definition open 16:28",
  "connect PDO 18:15",
  "lastrowid lastInsertId 28:37",
  "error-class PDOException 29:18",
];

/** Wraps a literal into a file. */
const file = (literal: string): string => `<?php\n$v = ${literal};\n`;


describe("PHP files", () => {
  it("give their SQL and their uses of SQLite, at the exact places", async () => {
    const source = await readFile(new URL("../../fixtures/hosts/NoteStore.php", import.meta.url), "utf8");
    const found = await foundIn("php", source);
    assert.deepEqual(found.sites, sites);
    assert.deepEqual(found.uses, uses);
    assert.equal(found.at(found.host.importAt), "9:1");
    for (const site of found.host.sites) assertMapHolds(source, site);
  });

  it("read literals as PHP's manual says", async () => {
    await assertReads("php", [
      [file("'SELECT \\'a\\\\b\\n\\' FROM t'"), "SELECT 'a\\b\\n' FROM t"],
      [file('"SELECT \'\\t\\x41\\u{e9}\\101\\$\\q\' FROM t"'), "SELECT '\tAéA$\\q' FROM t"],
      [file('"SELECT $a, {$b}, ${c}, $d[0], $e->f FROM t"'), "SELECT $a, {$b}, ${c}, $d[0], $e->f FROM t"],
      [file('"SELECT \'$\', \'$1\' FROM t"'), "SELECT '$', '$1' FROM t"],
      [file("<<<SQL\n    SELECT \"a\" \\$\n\n      FROM t\n    SQL"), 'SELECT "a" $\n\n  FROM t'],
      [file("<<<'SQL'\n  SELECT '\\n $a'\n  FROM t\n  SQL"), "SELECT '\\n $a'\nFROM t"],
      [file("'SELECT a ' . \"FROM t\""), "SELECT a FROM t"],
    ]);
  });

  it("write edits so that PHP reads what is meant, or refuse", async () => {
    await assertEdits("php", [
      [file("'SELECT a FROM t'"), "a", "'x' || '\\'", file("'SELECT \\'x\\' || \\'\\\\\\' FROM t'")],
      [file('"SELECT a FROM t"'), "a", '"x" || \'$y {$\'', file('"SELECT \\"x\\" || \'\\$y {\\$\' FROM t"')],
      [file('"SELECT a FROM t WHERE b = ?"'), "?", "$1", file('"SELECT a FROM t WHERE b = $1"')],
      [file('"SELECT $a, b FROM t"'), ", b", "[0]", undefined],
      [file('"SELECT b, $a FROM t"'), "b, ", "{", undefined],
      [file("<<<SQL\n    SELECT a\n    FROM t\n    SQL"), "a", "a,\n\"b\"", file("<<<SQL\n    SELECT a,\n    \"b\"\n    FROM t\n    SQL")],
      [file("<<<SQL\n    SELECT a\n    FROM t\n    SQL"), "a", "a,\nSQL", undefined],
      [file("sprintf('SELECT a FROM %s', $t)"), "a", "'%'", file("sprintf('SELECT \\'%%\\' FROM %s', $t)")],
    ]);
  });

  it("leave prose and other objects' methods alone", async () => {
    const found = await foundIn("php", '<?php\n$log->info("Select a file from the list");\n$map->query("select");\n$x = "Delete from cart";\nif ($y === "DELETE FROM t") {}\nthrow new Exception("SELECT a FROM t");\n');
    assert.deepEqual(found.sites, []);
  });
});
