import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { applyEdits } from "#core/text/edit.ts";
import { analyzeText } from "#engine/workspace/analyze-text.ts";
import { ignoreEdit } from "#engine/workspace/ignore-edit.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

/** The lines that ignoring the first finding of a rule adds, with the line they come to stand on; undefined when there is no place. */
async function added(path: string, text: string, rule: string, scope: "here" | "file" = "here"): Promise<readonly [number, string] | undefined> {
  const file = { root: temporaryFolder(), path, text };
  const { findings } = await analyzeText(file);
  const finding = findings.find((each) => each.rule === rule);
  assert.ok(finding, `found only ${findings.map((each) => each.rule).join()}`);
  const edit = await ignoreEdit(file, { rule, place: finding.span, scope, reason: "seen,\n it is fine" });
  if (edit === undefined) return undefined;
  assert.equal(edit.span.start, edit.span.end);
  const after = await analyzeText({ ...file, text: applyEdits(text, [edit]) });
  assert.ok(after.ignored.some((each) => each.finding.rule === rule && each.reason === "seen, it is fine"));
  return [text.slice(0, edit.span.start).split("\n").length - 1, edit.newText];
}

const python = 'import sqlite3\n\ndef f(db):\n    db.execute(\n        """\n        SELECT a\n        FROM t WHERE ifnull(a, 1) = 1\n        """\n    )\n';

describe("the comment that leaves a finding alone", () => {
  it("stands above the call, not inside of its text", async () => {
    assert.deepEqual(await added("a.py", python, "sqlite-function"), [3, "    # cutover-ignore[sqlite-function]: seen, it is fine\n"]);
  });
  it("stands above the text's own line where the call's would ignore more", async () => {
    const two = 'import sqlite3\ndb = sqlite3.connect("a")\nboth = [db.execute("SELECT ifnull(a, 1) FROM t"),\n        db.execute("SELECT ifnull(b, 1) FROM t")]\n';
    assert.deepEqual(await added("a.py", two, "sqlite-function"), [2, "# cutover-ignore[sqlite-function]: seen, it is fine\n"]);
  });
  it("is written as the language writes comments, with the file's line ends", async () => {
    const script = 'import Database from "better-sqlite3";\r\nconst db = new Database("a");\r\nfunction f() {\r\n\tdb.prepare(`SELECT ifnull(a, 1)\r\n  FROM t`).all();\r\n}\r\n';
    assert.deepEqual(await added("a.ts", script, "sqlite-function"), [3, "\t// cutover-ignore[sqlite-function]: seen, it is fine\r\n"]);
    assert.deepEqual(await added("a.sql", "SELECT 1;\nSELECT a\nFROM t WHERE ifnull(a, 1) = 1;\n", "sqlite-function"), [1, "-- cutover-ignore[sqlite-function]: seen, it is fine\n"]);
  });
  it("may speak of the file, below its imports", async () => {
    assert.deepEqual(await added("a.py", python, "sqlite-function", "file"), [1, "# cutover-ignore-file[sqlite-function]: seen, it is fine\n"]);
    assert.deepEqual(await added("a.php", "<?php\n$db = new PDO('sqlite:a');\n$db->query('SELECT ifnull(a, 1) FROM t');\n", "sqlite-function", "file"), [1, "// cutover-ignore-file[sqlite-function]: seen, it is fine\n"]);
  });
  it("has no place on a line that begins inside of another string", async () => {
    const odd = 'import sqlite3\ndef f(db):\n    db.note("""\n""", db.execute("SELECT ifnull(a, 1) FROM t"))\n';
    assert.equal(await added("a.py", odd, "sqlite-function"), undefined);
  });
  it("has no place behind a line that goes on", async () => {
    const odd = 'import sqlite3\ndef f(db):\n    x = 1 + \\\n        db.execute("SELECT ifnull(a, 1) FROM t").fetchone()[0]\n';
    assert.equal(await added("a.py", odd, "sqlite-function"), undefined);
  });
  it("says nothing of a finding that is not there", async () => {
    assert.equal(await ignoreEdit({ root: temporaryFolder(), path: "a.py", text: python }, { rule: "like-case", place: { start: 0, end: 1 }, scope: "here", reason: "x" }), undefined);
  });
});
