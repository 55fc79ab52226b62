import assert from "node:assert/strict";
import { chmodSync, mkdirSync, readdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { spawnSync } from "node:child_process";
import type { ScanReport } from "#core/report/scan-report.ts";
import { loadConfig } from "#engine/workspace/config.ts";
import { createScanPool } from "#engine/workspace/scan-pool.ts";
import { scanWorkspace } from "#engine/workspace/scan-workspace.ts";
import { atEnd } from "../../support/at-end.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const found = 'import sqlite3\nconn.execute("INSERT OR ABORT INTO t (a) VALUES (1)")\n';
const sample = fileURLToPath(new URL("../../../sample/app", import.meta.url));

/** One pool for all: starting its threads takes longer than most of what they are given here. */
const pool = createScanPool({ threads: Math.min(2, availableParallelism()) });
atEnd(() => {
  pool.dispose();
});

function tree(files: Readonly<Record<string, string | Buffer>>): string {
  const root = temporaryFolder();
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return root;
}

async function scanned(root: string, paths?: readonly string[]): Promise<ScanReport> {
  const { report } = await scanWorkspace({ root, config: await loadConfig(root), pool, ...(paths === undefined ? {} : { paths }) });
  return report;
}

const leftOut = (report: ScanReport): Readonly<Record<string, string>> => Object.fromEntries(report.leftOut.map(({ path, reason }) => [path, reason]));

describe("a scan of a hostile folder", () => {
  it("says of every file that it does not look at why, and looks at the others", async () => {
    const text = `db.execute("SELECT a FROM t")\n`;
    const root = tree({
      "cutover.json": '{ "limits": { "maxFileBytes": 1000000 } }',
      "good.py": found,
      "binary.py": Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2]),
      "noise.sql": Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 7919 + 13) % 256)),
      "latin1.py": Buffer.from("# \xe9\nimport sqlite3\n", "latin1"),
      "cut-off.ts": Buffer.concat([Buffer.from('db.prepare("SELECT 1")\n// '), Buffer.from([0xe2, 0x82])]),
      "wide.py": Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, "utf16le")]),
      "wide-big.py": Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(text, "utf16le").swap16()]),
      "large.py": `${found}${"# filler\n".repeat(200_000)}`,
      "one-line.js": `db.exec("DELETE FROM t");${"x=1;".repeat(50_000)}`,
      "empty.py": "",
      "mark-only.py": Buffer.from([0xef, 0xbb, 0xbf]),
    });
    const report = await scanned(root);
    assert.deepEqual(leftOut(report), {
      "binary.py": "not text",
      "cut-off.ts": "not UTF-8",
      "large.py": "larger than 1 MB",
      "latin1.py": "not UTF-8",
      "noise.sql": "not text",
      "one-line.js": "minified",
      "wide-big.py": "not UTF-8: it is UTF-16",
      "wide.py": "not UTF-8: it is UTF-16",
    });
    assert.deepEqual(report.files.map(({ path }) => path), ["good.py"]);
  });

  it("counts lines as the editor does, whatever ends them, and behind a byte order mark", async () => {
    const root = tree({ "crlf.py": found.replaceAll("\n", "\r\n"), "cr.sql": "SELECT 1;\rINSERT OR ABORT INTO t (a) VALUES (1);\r", "marked.py": `\ufeff${found}` });
    const report = await scanned(root);
    assert.deepEqual(report.files.map(({ path, findings }) => [path, findings[0]?.range.start]), [
      ["cr.sql", { line: 1, character: 0 }],
      ["crlf.py", { line: 1, character: 14 }],
      ["marked.py", { line: 1, character: 14 }],
    ]);
  });

  it("is not caught by links, pipes, odd names or what it may not read", async () => {
    const root = tree({ "good.py": found, "inner/app/good.py": found, 'odd \u0001\n"#?%.py': found, "\u202etxt.py": found });
    symlinkSync(root, join(root, "inner", "loop"));
    symlinkSync("good.py", join(root, "alias.py"));
    symlinkSync("nowhere.py", join(root, "dangling.py"));
    symlinkSync("/usr", join(root, "outside"));
    symlinkSync("self.py", join(root, "self.py"));
    assert.equal(spawnSync("mkfifo", [join(root, "pipe.py")]).status, 0);
    mkdirSync(join(root, "folder.py"));
    writeFileSync(join(root, "locked.py"), found);
    chmodSync(join(root, "locked.py"), 0);
    const report = await scanned(root);
    const said = leftOut(report);
    assert.match(said["outside"] ?? "", /a link that leads out of what is scanned: .*usr/);
    const asRoot = process.getuid?.() === 0;
    assert.equal(said["pipe.py"], "cannot be read: it is not a file");
    assert.deepEqual(Object.keys(said).sort(), ["outside", "pipe.py", ...(asRoot ? [] : ["locked.py"])].sort());
    assert.deepEqual(report.files.map(({ path }) => path), ["good.py", "inner/app/good.py", ...(asRoot ? ["locked.py"] : []), 'odd \u0001\n"#?%.py', "\u202etxt.py"].sort());
    assert.match(leftOut(await scanned(root, [join(root, "pipe.py")]))["pipe.py"] ?? "", /it is not a file/);
  });

  it("reads a folder of 50,000 entries, and folders within folders", async () => {
    const root = temporaryFolder();
    for (let i = 0; i < 50_000; i++) writeFileSync(join(root, `note-${i}.txt`), "");
    writeFileSync(join(root, "z.py"), found);
    const deep = join(root, ...Array.from({ length: 300 }, () => "d"));
    mkdirSync(deep, { recursive: true });
    writeFileSync(join(deep, "deep.py"), found);
    const report = await scanned(root);
    assert.deepEqual(report.files.map(({ path }) => path.slice(-7)), ["deep.py", "z.py"]);
  });

  it("is not slowed down by a .gitignore", async () => {
    const root = tree({ ".gitignore": `${"*a".repeat(30)}b\n${"**/".repeat(40)}x\n[z-a]\n!\n\\\n${"?".repeat(5000)}\n`, [`${"a".repeat(200)}.py`]: found });
    const started = performance.now();
    assert.equal((await scanned(root)).files.length, 1);
    assert.ok(performance.now() - started < 5_000);
  });

  it("waits for no file that changes while it is read", async () => {
    const root = tree({ "still.py": found });
    const stop = new AbortController();
    // Other names are put in its place all the time: each reading is of one content or the other.
    const change = (async () => {
      for (let i = 0; !stop.signal.aborted; i++) {
        writeFileSync(join(root, "next"), i % 2 === 0 ? found : "x = 1\n".repeat(i % 1000));
        renameSync(join(root, "next"), join(root, "moving.py"));
        writeFileSync(join(root, "growing.py"), found.repeat(1 + (i % 50)));
        await new Promise(setImmediate);
      }
    })();
    for (let i = 0; i < 10; i++) assert.ok((await scanned(root)).files.some(({ path }) => path === "still.py"));
    stop.abort();
    await change;
  });
});

describe("a scan of hostile files", () => {
  const deep = 100_000;
  const files: Readonly<Record<string, string>> = {
    "parens.py": `import sqlite3\nx = ${"(".repeat(deep)}1${")".repeat(deep)}\n${found}`,
    "open.py": `import sqlite3\nx = ${"[".repeat(deep)}\n${found}`,
    "brackets.ts": `import Database from "better-sqlite3";\nconst x = ${"[".repeat(deep)}${"]".repeat(deep)};\ndb.prepare("INSERT OR ABORT INTO t (a) VALUES (1)").run();\n`,
    "calls.js": `const db = new Database("x");\n${"f(".repeat(20_000)}db.prepare("SELECT 1")${")".repeat(20_000)};\n`,
    "sum.py": `import sqlite3\nsql = ${Array.from({ length: 20_000 }, () => '"SELECT "').join(" + ")}\nconn.execute(sql)\n`,
    "f-strings.py": `import sqlite3\nconn.execute(${"f\"SELECT {".repeat(10_000)}1${"}\"".repeat(10_000)})\n`,
    "templates.ts": `import Database from "better-sqlite3";\ndb.prepare(${"`SELECT ${".repeat(10_000)}1${"}`".repeat(10_000)});\n`,
    "indents.py": `import sqlite3\n${Array.from({ length: 800 }, (_, i) => `${" ".repeat(i)}if x:`).join("\n")}\n${" ".repeat(800)}conn.execute("SELECT 1")\n`,
    "parens.sql": `SELECT ${"(".repeat(deep)}1${")".repeat(deep)};\n`,
    "open.sql": `SELECT ${"(".repeat(deep)}`,
    "nested.sql": `${"SELECT * FROM (".repeat(20_000)}SELECT 1${")".repeat(20_000)};\n`,
    "case.sql": `SELECT ${"CASE WHEN 1 THEN ".repeat(20_000)}1${" END".repeat(20_000)};\n`,
    "not.sql": `SELECT ${"NOT ".repeat(deep)}1;\n`,
    "minus.sql": `SELECT ${"- ".repeat(deep)}1;\n`,
    "or.sql": `SELECT * FROM t WHERE a = 1${" OR a LIKE 'x'".repeat(2_000)};\n`,
    "in-host.py": `import sqlite3\nconn.execute("SELECT ${"(".repeat(deep)}1${")".repeat(deep)}")\n`,
    "rows.sql": `INSERT INTO t (a, b) VALUES ${Array.from({ length: 200_000 }, (_, i) => `(${i},'x')`).join(",")};\n`,
    "statements.sql": "SELECT datetime('now');\n".repeat(2_000),
    "quotes.sql": `SELECT '${"''".repeat(deep)}`,
    "comment.sql": `SELECT 1 /* ${"/* ".repeat(deep)}`,
    "words.py": `import sqlite3\n${"a".repeat(1_000_000)} = 1\n${"select ".repeat(100_000)}\n`,
    "names.ts": `import { ${Array.from({ length: 20_000 }, (_, i) => `name${i}`).join(", ")} } from "./db";\nconst x = db.prepare("SELECT 1");\n`,
    "equals.py": `import sqlite3\n${"a=".repeat(200_000)}conn.prepare("SELECT 1")\n`,
    "quoted-blanks.py": `import sqlite3\nx = "${" ".repeat(1_000_000)}\n`,
    "open-imports.py": `${"from db import (\n".repeat(50_000)}import sqlite3\n`,
    "holes.py": `import sqlite3\nconn.execute(f"SELECT ${"{a} , ".repeat(10_000)} 1")\n`,
    "good.py": found,
  };
  let report: ScanReport;
  before(async () => {
    const root = tree({ ...files, "cutover.json": '{ "limits": { "maxFileSeconds": 3 } }' });
    // Named one by one, so that none is left out as a bundle.
    report = await scanned(root, Object.keys(files).map((path) => join(root, path)));
  });

  it("comes to an end with each: looked at, or named with the reason", () => {
    assert.ok(report.files.some(({ path }) => path === "good.py"));
    for (const { path, line, reason } of report.leftOut) {
      assert.doesNotMatch(reason, /unforeseen|nothing came back|the scan broke/, `${path}: ${reason}`);
      if (line === undefined) assert.match(reason, /took longer|nested too deep|the parser broke|memory/, `${path}: ${reason}`);
    }
  });

  it("finds what stands beside what is nested", () => {
    for (const path of ["statements.sql"]) assert.ok(report.files.some((file) => file.path === path), path);
  });
});

describe("a scan of half-typed code", () => {
  it("takes every file of the sample cut off at many places", async () => {
    const cut: Record<string, string> = {};
    for (const entry of readdirSync(sample, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || !/\.(?:py|ts|sql)$/.test(entry.name)) continue;
      const bytes = readFileSync(join(entry.parentPath, entry.name));
      const [, name = "", extension = ""] = /^(.*)(\.\w+)$/.exec(entry.name) ?? [];
      // Every 97th byte of all files together would be thousands of files: each is cut at its own few.
      for (let at = 97 + (bytes.length % 89); at < bytes.length; at += 97 * 13) cut[`${name}-${Object.keys(cut).length}${extension}`] = bytes.subarray(0, at).toString("utf8");
    }
    const report = await scanned(tree(cut));
    for (const { path, line, reason } of report.leftOut) if (line === undefined) assert.fail(`${path}: ${reason}`);
    assert.ok(report.files.length > 20);
  });
});
