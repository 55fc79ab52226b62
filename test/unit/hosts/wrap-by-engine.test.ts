import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { describe, it } from "node:test";
import { runInNewContext } from "node:vm";
import { wrapByEngine } from "#core/hosts/wrap-by-engine.ts";
import { applyEdits } from "#core/text/edit.ts";
import { readHostFile } from "#engine/workspace/read-host-file.ts";

type Host = "python" | "typescript";

const importLines: Readonly<Record<Host, string>> = { python: "from database import by_engine", typescript: 'import { byEngine } from "../database/index.ts";' };

/** The file after a site of it was wrapped; undefined where that is refused. */
async function wrapped(language: Host, source: string, postgresql: (text: string) => string, which = 0): Promise<string | undefined> {
  const file = await readHostFile(language, source);
  const site = file.sites[which];
  assert.ok(site !== undefined);
  const edits = wrapByEngine({ source, file, site, postgresql: postgresql(site.text), importLine: importLines[language] });
  return edits === undefined ? undefined : applyEdits(source, edits);
}

interface Example {
  readonly name: string;
  readonly language: Host;
  readonly source: readonly string[];
  readonly postgresql: (text: string) => string;
  /** Which of the file's sites; the first where it is not said. */
  readonly which?: number;
  readonly result: readonly string[] | undefined;
}

const examples: readonly Example[] = [
  {
    name: "one line, behind the imports",
    language: "python",
    source: [
      "\"\"\"Doc.\"\"\"",
      "import os",
      "",
      "def f(conn):",
      "    conn.execute(\"INSERT OR IGNORE INTO t VALUES (?)\", (1,))",
    ],
    postgresql: () => "INSERT INTO t VALUES (?) ON CONFLICT DO NOTHING",
    result: [
      "\"\"\"Doc.\"\"\"",
      "import os",
      "from database import by_engine",
      "",
      "def f(conn):",
      "    conn.execute(by_engine(",
      "        sqlite=\"INSERT OR IGNORE INTO t VALUES (?)\",",
      "        postgresql=\"INSERT INTO t VALUES (?) ON CONFLICT DO NOTHING\",",
      "    ), (1,))",
    ],
  },
  {
    name: "lines of their own when it gets long",
    language: "python",
    source: [
      "def f(conn):",
      "    conn.execute(\"INSERT OR IGNORE INTO phase_queue (queue_id, status) VALUES (?, ?)\", (1, \"a\"))",
    ],
    postgresql: () => "INSERT INTO phase_queue (queue_id, status) VALUES (?, ?) ON CONFLICT DO NOTHING",
    result: [
      "from database import by_engine",
      "def f(conn):",
      "    conn.execute(by_engine(",
      "        sqlite=\"INSERT OR IGNORE INTO phase_queue (queue_id, status) VALUES (?, ?)\",",
      "        postgresql=\"INSERT INTO phase_queue (queue_id, status) VALUES (?, ?) ON CONFLICT DO NOTHING\",",
      "    ), (1, \"a\"))",
    ],
  },
  {
    name: "triple-quoted stays as it is",
    language: "python",
    source: [
      "from a import b",
      "",
      "def f(conn):",
      "    conn.execute(",
      "        \"\"\"",
      "        INSERT OR IGNORE INTO t",
      "        VALUES (?)",
      "        \"\"\",",
      "        (1,),",
      "    )",
    ],
    postgresql: (text) => text.replace("OR IGNORE ", "").replace("(?)", "(?) ON CONFLICT DO NOTHING"),
    result: [
      "from a import b",
      "from database import by_engine",
      "",
      "def f(conn):",
      "    conn.execute(",
      "        by_engine(",
      "            sqlite=\"\"\"",
      "        INSERT OR IGNORE INTO t",
      "        VALUES (?)",
      "        \"\"\",",
      "            postgresql=\"\"\"",
      "        INSERT INTO t",
      "        VALUES (?) ON CONFLICT DO NOTHING",
      "        \"\"\",",
      "        ),",
      "        (1,),",
      "    )",
    ],
  },
  {
    name: "an f-string keeps its holes, braces are doubled",
    language: "python",
    source: [
      "def f(conn, t):",
      "    conn.execute(f\"REPLACE INTO {t['a']} VALUES ({', '.join('?' * 3)}) -- {{}}\", (1,))",
    ],
    postgresql: (text) => `${text.replace("REPLACE", "INSERT")}\nON CONFLICT DO NOTHING`,
    result: [
      "from database import by_engine",
      "def f(conn, t):",
      "    conn.execute(by_engine(",
      "        sqlite=f\"REPLACE INTO {t['a']} VALUES ({', '.join('?' * 3)}) -- {{}}\",",
      "        postgresql=f\"\"\"INSERT INTO {t['a']} VALUES ({', '.join('?' * 3)}) -- {{}}",
      "ON CONFLICT DO NOTHING\"\"\",",
      "    ), (1,))",
    ],
  },
  {
    name: "what is joined by + becomes a field",
    language: "python",
    source: [
      "def f(conn, t):",
      "    conn.execute(\"REPLACE INTO \" + t + \" VALUES (?)\" + (\" -- x\" if t else \"\"), (1,))",
    ],
    postgresql: (text) => text.replace("REPLACE", "INSERT"),
    result: [
      "from database import by_engine",
      "def f(conn, t):",
      "    conn.execute(by_engine(",
      "        sqlite=\"REPLACE INTO \" + t + \" VALUES (?)\" + (\" -- x\" if t else \"\"),",
      "        postgresql=f\"\"\"INSERT INTO {t} VALUES (?){(\" -- x\" if t else \"\")}\"\"\",",
      "    ), (1,))",
    ],
  },
  {
    name: "% stays behind the literal, and percent signs doubled",
    language: "python",
    source: [
      "def f(conn, t):",
      "    conn.execute(\"SELECT * FROM %s WHERE a LIKE '%%x'\" % (t,))",
    ],
    postgresql: (text) => text.replace("LIKE", "ILIKE"),
    result: [
      "from database import by_engine",
      "def f(conn, t):",
      "    conn.execute(by_engine(",
      "        sqlite=\"SELECT * FROM %s WHERE a LIKE '%%x'\" % (t,),",
      "        postgresql=\"SELECT * FROM %s WHERE a ILIKE '%%x'\" % (t,),",
      "    ))",
    ],
  },
  {
    name: ".format stays behind the literal",
    language: "python",
    source: [
      "def f(conn, t):",
      "    conn.execute(\"SELECT * FROM {} WHERE a LIKE '{{x'\".format(t))",
    ],
    postgresql: (text) => text.replace("LIKE", "ILIKE"),
    result: [
      "from database import by_engine",
      "def f(conn, t):",
      "    conn.execute(by_engine(",
      "        sqlite=\"SELECT * FROM {} WHERE a LIKE '{{x'\".format(t),",
      "        postgresql=\"SELECT * FROM {} WHERE a ILIKE '{{x'\".format(t),",
      "    ))",
    ],
  },
  {
    name: "% must keep its order",
    language: "python",
    source: [
      "conn.execute(\"SELECT %s FROM %d\" % (t, u))",
    ],
    postgresql: () => "SELECT %d FROM %s",
    result: undefined,
  },
  {
    name: "imported already; the constant is wrapped, not its use",
    language: "python",
    source: [
      "from database import by_engine",
      "",
      "QUERY = (",
      "    \"SELECT a \"",
      "    \"FROM t\"",
      ")",
      "conn.execute(QUERY)",
    ],
    postgresql: () => "SELECT b FROM t",
    result: [
      "from database import by_engine",
      "",
      "QUERY = (",
      "    by_engine(",
      "        sqlite=\"SELECT a \"",
      "    \"FROM t\",",
      "        postgresql=\"SELECT b FROM t\",",
      "    )",
      ")",
      "conn.execute(QUERY)",
    ],
  },
  {
    name: "a hole must not be lost",
    language: "python",
    source: [
      "conn.execute(f\"SELECT * FROM {t}\")",
    ],
    postgresql: () => "SELECT * FROM t",
    result: undefined,
  },
  {
    name: "nor be taken for text that looks like it",
    language: "python",
    source: [
      "conn.execute(f\"SELECT '{{t}}' FROM {t}\")",
    ],
    postgresql: (text) => text,
    result: undefined,
  },
  {
    name: "not inside another literal",
    language: "python",
    source: [
      "conn.execute(f\"SELECT a FROM t {'WHERE a = ?' if x else 1}\")",
    ],
    postgresql: (text) => text,
    which: 1,
    result: undefined,
  },
  {
    name: "TypeScript",
    language: "typescript",
    source: [
      "import a from \"a\";",
      "function f(db) {",
      "  return db.run(",
      "    \"INSERT OR REPLACE INTO t VALUES (?)\",",
      "    1,",
      "  );",
      "}",
    ],
    postgresql: () => "INSERT INTO t VALUES (?) ON CONFLICT (a) DO UPDATE SET b = 'x'",
    result: [
      "import a from \"a\";",
      "import { byEngine } from \"../database/index.ts\";",
      "function f(db) {",
      "  return db.run(",
      "    byEngine({",
      "      sqlite: \"INSERT OR REPLACE INTO t VALUES (?)\",",
      "      postgresql: \"INSERT INTO t VALUES (?) ON CONFLICT (a) DO UPDATE SET b = 'x'\",",
      "    }),",
      "    1,",
      "  );",
      "}",
    ],
  },
  {
    name: "a template keeps its holes",
    language: "typescript",
    source: [
      "function f(db) {",
      "  return db.run(`INSERT OR REPLACE INTO ${t}",
      "    VALUES (?)`, 1);",
      "}",
    ],
    postgresql: (text) => text.replace("OR REPLACE ", ""),
    result: [
      "import { byEngine } from \"../database/index.ts\";",
      "function f(db) {",
      "  return db.run(byEngine({",
      "    sqlite: `INSERT OR REPLACE INTO ${t}",
      "    VALUES (?)`,",
      "    postgresql: `INSERT INTO ${t}",
      "    VALUES (?)`,",
      "  }), 1);",
      "}",
    ],
  },
  {
    name: "a tagged template is another function's argument",
    language: "typescript",
    source: [
      "const x = sql`SELECT a FROM t WHERE b = ${x}`;",
    ],
    postgresql: (text) => text,
    result: undefined,
  },
];

describe("wrap by engine", () => {
  for (const { name, language, source, postgresql, which, result } of examples) {
    it(name, async () => {
      const made = await wrapped(language, `${source.join("\n")}\n`, postgresql, which);
      assert.deepEqual(made?.split("\n"), result === undefined ? undefined : [...result, ""]);
    });
  }

  it("keeps a file's line endings", async () => {
    const made = await wrapped("python", 'import os\r\nconn.execute(\r\n    "SELECT a "\r\n    "FROM t",\r\n)\r\n', () => "SELECT b\nFROM t");
    assert.equal(made, 'import os\r\nfrom database import by_engine\r\nconn.execute(\r\n    by_engine(\r\n        sqlite="SELECT a "\r\n    "FROM t",\r\n        postgresql="""SELECT b\r\nFROM t""",\r\n    ),\r\n)\r\n');
  });
});

/** Texts that are hard to write in any literal. */
const hard: readonly string[] = ["SELECT '\"' || \"a\" || '\"\"\"' || ''''", "SELECT '\\' || '\\n' || '%s' || '{x}' || '${x}' || '`'", "SELECT 1\n  , 'é😀'\n", 'SELECT "a"', "SELECT 'it''s'''"];

describe("what is written reads as meant", () => {
  it("in Python", { skip: spawnSync("python3", ["--version"]).status === 0 ? false : "needs python3 to evaluate what was written" }, async () => {
    const written: { readonly source: string; readonly wanted: readonly string[] }[] = [];
    for (const opening of ['"', "'", '"""', "'''", 'r"', 'f"', "f'''"]) {
      const close = opening.replace(/^\w/, "");
      for (const text of hard) {
        for (const hole of opening.startsWith("f") ? ["{t}", '{d["k"]}'] : [""]) {
          if (opening === 'f"' && hole.includes('"')) continue;
          const made = await wrapped("python", `v = ${opening}SELECT a FROM ${hole === "" ? "t" : hole}${close}\n`, () => text + (hole === "" ? "" : ` ${hole}`));
          assert.ok(made !== undefined);
          const value = hole === "" ? "" : hole === "{t}" ? "T" : "K";
          written.push({ source: made.replace(`${importLines.python}\n`, ""), wanted: [`SELECT a FROM ${hole === "" ? "t" : value}`, text + (hole === "" ? "" : ` ${value}`)] });
        }
      }
    }
    const script = [
      "import json, sys",
      "out = []",
      "for source in json.load(sys.stdin):",
      "    scope = {'t': 'T', 'd': {'k': 'K'}, 'by_engine': lambda sqlite, postgresql: [sqlite, postgresql]}",
      "    exec(source, scope)",
      "    out.append(scope['v'])",
      "print(json.dumps(out))",
    ].join("\n");
    const run = spawnSync("python3", ["-c", script], { input: JSON.stringify(written.map((w) => w.source)), encoding: "utf8" });
    assert.equal(run.stderr, "");
    const values: unknown = JSON.parse(run.stdout);
    assert.ok(Array.isArray(values));
    for (const [i, { source, wanted }] of written.entries()) assert.deepEqual(values[i], wanted, source);
    assert.equal(written.length, 40);
  });

  it("in TypeScript", async () => {
    for (const quote of ['"', "'", "`"]) {
      for (const text of hard) {
        const made = await wrapped("typescript", `const v = ${quote}SELECT a FROM t${quote};\n`, () => text);
        assert.ok(made !== undefined);
        const value: unknown = runInNewContext(`const byEngine = (x) => JSON.stringify([x.sqlite, x.postgresql]);\n${made.replace(`${importLines.typescript}\n`, "")}\n;v`);
        assert.deepEqual(value, JSON.stringify(["SELECT a FROM t", text]));
      }
    }
  });
});
