import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import type { Language } from "#core/hosts/site.ts";
import { readHostFile } from "#engine/workspace/read-host-file.ts";

/** English that begins with SQL's words or is full of them. */
const lines = readFileSync(new URL("../../fixtures/hosts/prose.txt", import.meta.url), "utf8").trim().split("\n");

const double = (line: string): string => JSON.stringify(line);
const single = (line: string): string => `'${line.replace(/['\\]/g, "\\$&")}'`;

/** By language: what stands before, one statement of SQL, and how each line is written wherever text for people stands. */
const languages: Readonly<Partial<Record<Language, { readonly head: string; readonly sql: string; readonly shape: (line: string, i: number) => string }>>> = {
  python: {
    head: "import sqlite3\n",
    sql: 'conn.execute("SELECT a FROM t")\n',
    shape: (line, i) => `x${i} = ${double(line)}\nlabels[${i}] = ${double(line)}\nset_text(${double(line)})\nd.query(${double(line)})\nitems.append(${double(line)})\nlog.info(${double(line)})\ndef f${i}():\n    """${line.replaceAll('"', "'")}"""\n    raise ValueError(${double(line)})  # ${line}\n`,
  },
  typescript: {
    head: "",
    sql: "db.exec(`SELECT a FROM t`);\n",
    shape: (line, i) => `const x${i} = ${double(line)};\nconsole.log(${double(line)});\nbutton.setText(${double(line)});\nconst o${i} = { label: ${double(line)} };\nlist.push(${double(line)});\ncache.get(${double(line)});\nmenu.query(${double(line)});\nitems.find(${i}, ${double(line)});\n// ${line}\n`,
  },
  tsx: { head: "", sql: "db.exec(`SELECT a FROM t`);\n", shape: (line, i) => `export const A${i} = () => <p title=${double(line.replace(/["{}<>\\]/g, ""))}>{${double(line)}}</p>;\n` },
  javascript: { head: "", sql: "db.exec(`SELECT a FROM t`);\n", shape: (line, i) => `exports.x${i} = ${double(line)};\nalert(${double(line)});\n$("#a").text(${double(line)});\n` },
  go: {
    head: "package a\n\n",
    sql: 'var q = "SELECT a FROM t"\n\n',
    shape: (line, i) => `var x${i} = ${double(line)}\n\nfunc f${i}() error {\n\tlog.Printf(${double(line)})\n\tlabel.SetText(${double(line)})\n\tm[${i}] = ${double(line)}\n\tx.Get(${double(line)})\n\tx.Query(${double(line)})\n\treturn errors.New(${double(line)}) // ${line}\n}\n`,
  },
  java: {
    head: "",
    sql: 'class Q { String q = "SELECT a FROM t"; }\n',
    shape: (line, i) => `class A${i} {\n  static final String X = ${double(line)};\n  // ${line}\n  void f() { button.setText(${double(line)}); log.info(${double(line)}); list.add(${double(line)}); m.put("a", ${double(line)}); sb.append(${double(line)}); r.update(${double(line)}); }\n}\n`,
  },
  csharp: {
    head: "",
    sql: 'class Q { string q = "SELECT a FROM t"; }\n',
    shape: (line, i) => `class A${i} {\n  const string X = ${double(line)};\n  /// <summary>${line}</summary>\n  void F() { button.Text = ${double(line)}; logger.LogInformation(${double(line)}); list.Add(${double(line)}); throw new Exception(${double(line)}); }\n}\n`,
  },
  php: {
    head: "<?php\n",
    sql: "$q = 'SELECT a FROM t';\n",
    shape: (line, i) => `$x${i} = ${single(line)};\necho ${single(line)};\n$labels['a${i}'] = ${single(line)};\nset_title(${single(line)});\n$x->query(${single(line)});\n$l[] = ${single(line)};\n`,
  },
  ruby: { head: "", sql: "q = 'SELECT a FROM t'\n", shape: (line, i) => `x${i} = ${single(line)}\nputs ${single(line)}\nlabels[:a${i}] = ${single(line)}\nflash(${single(line)})\nitems.query(${single(line)})\nitems << ${single(line)}\n# ${line}\n` },
  rust: {
    head: "",
    sql: 'const Q: &str = "SELECT a FROM t";\n',
    shape: (line, i) => `const X${i}: &str = ${double(line)};\nfn f${i}() {\n    println!(${double(line.replace(/[{}]/g, ""))});\n    label.set_text(${double(line)});\n    // ${line}\n}\n`,
  },
};

describe("prose is no SQL", () => {
  it("has three hundred lines at least", () => {
    assert.ok(lines.length >= 300);
    assert.equal(new Set(lines).size, lines.length);
  });

  for (const [language, { head, sql, shape }] of Object.entries(languages)) {
    it(`in ${language}: nothing but the one statement that is there`, async () => {
      const { sites } = await readHostFile(languageNamed(language), head + sql + lines.map(shape).join(""), { limit: 60_000 });
      assert.deepEqual(sites.map(({ text }) => text), ["SELECT a FROM t"]);
    });
  }
});

function languageNamed(name: string): Language {
  const known = (["python", "typescript", "tsx", "javascript", "go", "java", "csharp", "php", "ruby", "rust"] as const).find((each) => each === name);
  assert.ok(known !== undefined);
  return known;
}
