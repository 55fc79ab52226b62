import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, it } from "node:test";
import { foundIn } from "./found-in.ts";
import { assertEdits, assertReads } from "./literal-table.ts";
import { assertMapHolds } from "./map-holds.ts";

/** Each site as `start-end kind library.method/parameters@call text <hole>`; places are line:column from 1. */
const sites = [
  "11:36-13:30 statement dapper.QueryAsync/passed@57:22 SELECT id, title AS \"name\"\n        FROM notes\n        WHERE owner = @owner",
  "15:34-15:73 statement - SELECT id FROM notes ORDER BY id",
  "28:31-28:102 statement microsoft-data-sqlite.CommandText/unknown@28:9 INSERT INTO notes (title) VALUES ($title); SELECT last_insert_rowid()",
  "44:19-44:105 statement dapper.QueryAsync/passed@49:15 SELECT * FROM notes WHERE id IN ({marks}) OR n IN ({names}) ORDER BY {order:l} {} <interpolated marks ?@42:57> <interpolated names ?@43:56> <interpolated order>",
  "45:19-48:16 statement dapper.Query/none@50:9 SELECT {{order}}, '{}'\n  FROM notes <interpolated order>",
  "51:25-51:97 statement - DELETE FROM notes WHERE id = {0} AND {1} <formatted {0}> <formatted {1}>",
  "52:44-52:70 statement microsoft-data-sqlite.SqliteCommand/unknown@52:26 PRAGMA foreign_keys = ON",
  "52:100-52:124 statement microsoft-data-sqlite.CommandText/unknown@52:86 UPDATE notes SET a = 1",
  "53:38-53:72 fragment dapper.Execute/passed@55:9 SELECT id FROM notes WHERE 1 = 1",
  "54:21-54:42 fragment dapper.Execute/passed@55:9  AND owner = @owner",
  "54:62-54:81 fragment dapper.Execute/passed@55:9  ORDER BY id DESC",
  "54:84-54:98 fragment dapper.Execute/passed@55:9  ORDER BY id",
];

/** Each use as `kind name place`. */
const uses = [
  "driver-import Microsoft.Data.Sqlite 4:1",
  "helper-definition Open 17:36",
  "connect SqliteConnection 19:26",
  "helper-call Open 26:32",
  "lastrowid last_insert_rowid 28:31",
  "error-class SqliteException 34:16",
  "error-class SqliteErrorCode 34:43",
];

/** Wraps a literal into a file. */
const file = (literal: string): string => `class A {\n    string v = ${literal};\n}\n`;


describe("C# files", () => {
  it("give their SQL and their uses of SQLite, at the exact places", async () => {
    const source = await readFile(new URL("../../fixtures/hosts/NoteRepository.cs", import.meta.url), "utf8");
    const found = await foundIn("csharp", source);
    assert.deepEqual(found.sites, sites);
    assert.deepEqual(found.uses, uses);
    assert.equal(found.at(found.host.importAt), "5:1");
    for (const site of found.host.sites) assertMapHolds(source, site);
  });

  it("read literals as C#'s reference says", async () => {
    await assertReads("csharp", [
      [file('"SELECT \'a\\tb\\x41g\\u00e9\\U0001F600\\"\' FROM t"'), "SELECT 'a\tbAgé😀\"' FROM t"],
      [file('@"SELECT ""a\\n"" FROM t"'), 'SELECT "a\\n" FROM t'],
      [file('$"SELECT {x} {{}} FROM t"'), "SELECT {x} {} FROM t"],
      [file('$@"SELECT ""{x}"" FROM t"'), 'SELECT "{x}" FROM t'],
      [file('"""SELECT "a" FROM t"""'), 'SELECT "a" FROM t'],
      [file('"""\n        SELECT a,\n\n          b\n        FROM t\n        """'), "SELECT a,\n\n  b\nFROM t"],
      [file('$"""SELECT {x} FROM t"""'), "SELECT {x} FROM t"],
      [file('string.Format("SELECT {0} {{a}} FROM t", x)'), "SELECT {0} {a} FROM t"],
    ]);
  });

  it("write edits so that C# reads what is meant, or refuse", async () => {
    await assertEdits("csharp", [
      [file('"SELECT a FROM t"'), "a", "\"x\" || '\\\n'", file('"SELECT \\"x\\" || \'\\\\\\n\' FROM t"')],
      [file('"SELECT \'\\x4\' FROM t"'), "' F", "a' F", file('"SELECT \'\\x4\\u0061\' FROM t"')],
      [file('@"SELECT a FROM t"'), "a", '"x" \\ \n', file('@"SELECT ""x"" \\ \n FROM t"')],
      [file('$"SELECT {x}, a FROM t"'), "a", "'{}'", file('$"SELECT {x}, \'{{}}\' FROM t"')],
      [file('$"SELECT {x:N2}, a FROM t"'), ", a", "}", undefined],
      [file('"""SELECT a FROM t"""'), "a", '"a"', file('"""SELECT "a" FROM t"""')],
      [file('"""SELECT a FROM t"""'), "a", '"""', undefined],
      [file('"""SELECT a FROM t"""'), "t", '"t"', undefined],
      [file('"""\n    SELECT a\n    FROM t\n    """'), "a", "a,\nb", file('"""\n    SELECT a,\n    b\n    FROM t\n    """')],
      [file('string.Format("SELECT {0}, a FROM t", x)'), "a", "'{}'", file('string.Format("SELECT {0}, \'{{}}\' FROM t", x)')],
    ]);
  });

  it("know a format behind its culture, and a database in memory", async () => {
    const { sites, host } = await foundIn("csharp", 'using Microsoft.Data.Sqlite;\nclass A {\n  void F(string t, string c) {\n    var link = new SqliteConnection("Data Source=:memory:");\n    cmd.CommandText = string.Format(CultureInfo.InvariantCulture, @"DELETE FROM ""{0}"" WHERE ""{1}""=@Value", t, c);\n  }\n}\n');
    assert.match(sites.join("\n"), /DELETE FROM "\{0\}" WHERE "\{1\}"=@Value <formatted \{0\}> <formatted \{1\}>/);
    assert.deepEqual(host.uses.map(({ kind, memory }) => [kind, memory]), [["driver-import", undefined], ["connect", true]]);
  });

  it("leave prose and other objects' methods alone", async () => {
    const found = await foundIn("csharp", 'class A {\n  void F() {\n    log.Info("Select a file from the list");\n    map.Query("select");\n    var x = "Delete from cart";\n    if (y == "DELETE FROM t") {}\n    throw new Exception("SELECT a FROM t");\n  }\n}\n');
    assert.deepEqual(found.sites, []);
  });
});
