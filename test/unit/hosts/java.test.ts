import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, it } from "node:test";
import { foundIn } from "./found-in.ts";
import { assertMapHolds } from "./map-holds.ts";

/** Each site as `start-end kind library.method/parameters@call text <hole>`; places are line:column from 1. */
const sites = [
  "12:44-14:27 statement spring-jdbc.query/none@54:9 SELECT id, title FROM notes WHERE owner = ? ORDER BY title",
  "16:33-21:12 statement - SELECT id, ifnull(title, '\\')\n  FROM notes\n WHERE \"kind\" = 'a' LIMIT 5\n",
  "28:56-28:94 statement jdbc.prepareStatement/passed@28:37 INSERT INTO notes (title) VALUES (?)",
  "41:22-41:122 statement jdbc.prepareStatement/unknown@43:9 SELECT * FROM notes WHERE id IN (%s) AND title LIKE '%a' ORDER BY %s <formatted %s ?@40:74> <formatted %s>",
  "42:24-42:126 statement - DELETE FROM notes WHERE id IN ({ids.stream().map(i -> \"?\").collect(Collectors.joining(\", \"))}) <joined ids.stream().map(i -> \"?\").collect(Collectors.joining(\", \")) ?@42:83>",
  "44:46-44:80 fragment jdbc.executeQuery/none@50:9 SELECT id FROM notes WHERE 1 = 1",
  "45:19-45:35 fragment jdbc.executeQuery/none@50:9  AND owner = ?",
  "45:44-45:59 fragment jdbc.executeQuery/none@50:9  AND kind = ?",
  "47:19-47:30 fragment jdbc.executeQuery/none@50:9 title = ?",
  "48:19-48:26 fragment jdbc.executeQuery/none@50:9  AND ",
  "51:20-51:46 statement jdbc.execute/none@51:9 PRAGMA foreign_keys = ON",
  "52:26-52:64 statement jdbc.executeUpdate/none@52:9 UPDATE notes SET n = %d <formatted %d>",
  "53:21-53:53 statement spring-jdbc.update/passed@53:9 DELETE FROM notes WHERE id = ?",
  "55:20-55:79 statement spring-jdbc.query/unknown@55:9 SELECT a FROM notes ORDER BY a {desc ? \"DESC\" : \"ASC\"} <joined desc ? \"DESC\" : \"ASC\">",
  "59:12-59:51 statement - SELECT n FROM notes n WHERE n.id = ?1",
];

/** Each use as `kind name place`. */
const uses = [
  "driver-import org.sqlite.SQLiteException 7:1",
  "helper-definition open 23:23",
  "connect DriverManager.getConnection 24:16",
  "lastrowid getGeneratedKeys 31:38",
  "error-class SQLiteException 34:18",
  "helper-call open 49:24",
];



describe("Java files", () => {
  it("give their SQL and their uses of SQLite, at the exact places", async () => {
    const source = await readFile(new URL("../../fixtures/hosts/NoteDao.java", import.meta.url), "utf8");
    const found = await foundIn("java", source);
    assert.deepEqual(found.sites, sites);
    assert.deepEqual(found.uses, uses);
    assert.equal(found.at(found.host.importAt), "8:1");
    for (const site of found.host.sites) assertMapHolds(source, site);
  });

  it("leave prose and other objects' methods alone", async () => {
    const found = await foundIn("java", 'class A {\n  void f() {\n    log.info("Select a file from the list");\n    map.get("select");\n    String x = "Delete from cart";\n    if (y.equals("DELETE FROM t")) {}\n    throw new RuntimeException("SELECT a FROM t");\n  }\n}\n');
    assert.deepEqual(found.sites, []);
  });

  it("read constants that are called like SQL's words as those words, unless the file says otherwise", async () => {
    const found = await foundIn("java", 'import static db.Sql.*;\nclass A {\n  String FROM_ALL = " FROM all ";\n  String a = SELECT + "id" + FROM + NAME + WHERE + "a=?" + AND + "b=?" + ORDER_BY + "c";\n}\n');
    assert.deepEqual(found.sites, ["4:14-4:88 statement -  SELECT id FROM {NAME} WHERE a=? AND b=? ORDER BY c <joined NAME>"]);
    for (const site of found.host.sites) assertMapHolds('import static db.Sql.*;\nclass A {\n  String FROM_ALL = " FROM all ";\n  String a = SELECT + "id" + FROM + NAME + WHERE + "a=?" + AND + "b=?" + ORDER_BY + "c";\n}\n', site);
    const own = await foundIn("java", 'class A {\n  static final String WHERE = " WHERE deleted = 0 ";\n  static final String AND = " and ";\n  String a = "SELECT id FROM t " + WHERE + AND + "b=?";\n}\n');
    assert.deepEqual(own.sites.filter((site) => site.includes("SELECT")), ["4:14-4:55 statement - SELECT id FROM t {WHERE} AND b=? <joined WHERE>"]);
  });
});
