import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Language } from "#core/hosts/site.ts";
import { readHostFile } from "#engine/workspace/read-host-file.ts";

/** The lines that the lists of placeholders have in each language, put where `LIST` stands, and the code that must stand before it. */
const lists: readonly { readonly language: Language; readonly file: (list: string, before: string) => string; readonly examples: readonly (readonly [list: string, several?: true | undefined, before?: string])[] }[] = [
  {
    language: "go",
    file: (list, before) => `package a\n\nfunc f(ids []int) {\n\t${before}\n\tdb.Query("SELECT a FROM t WHERE id IN (" + ${list} + ")", args...)\n}\n`,
    examples: [['strings.Repeat("?,", n)'], ['strings.TrimSuffix(strings.Repeat("?,", n), ",")'], ["ph", true, 'ph := strings.Repeat("?,", n-1) + "?"'], ['strings.Join(marks, ",")', undefined, 'marks := make([]string, n)\n\tfor i := range ids {\n\t\tmarks[i] = "?"\n\t}']],
  },
  {
    language: "java",
    file: (list, before) => `class A { void f() throws Exception {\n  ${before}\n  c.prepareStatement("SELECT a FROM t WHERE id IN (" + ${list} + ")");\n} }\n`,
    examples: [['String.join(",", Collections.nCopies(n, "?"))'], ['ids.stream().map(i -> "?").collect(Collectors.joining(","))'], ['Stream.generate(() -> "?").limit(n).collect(Collectors.joining(", "))'], ["marks", true, 'String marks = "?,".repeat(n - 1) + "?";']],
  },
  {
    language: "csharp",
    file: (list, before) => `class A { void F() {\n  ${before}\n  conn.Query("SELECT a FROM t WHERE id IN (" + ${list} + ")", p);\n} }\n`,
    examples: [['string.Join(",", Enumerable.Repeat("?", n))'], ['string.Join(",", ids.Select(_ => "?"))']],
  },
  {
    language: "php",
    file: (list, before) => `<?php\n${before}\n$pdo->prepare("SELECT a FROM t WHERE id IN (" . ${list} . ")");\n`,
    examples: [["implode(',', array_fill(0, count($ids), '?'))"], ["rtrim(str_repeat('?,', $n), ',')"], ["$marks", undefined, "$marks = implode(',', array_map(fn($i) => '?', $ids));"], ["$marks", true, "$marks = str_repeat('?,', $n - 1) . '?';"]],
  },
  {
    language: "ruby",
    file: (list, before) => `${before}\ndb.execute("SELECT a FROM t WHERE id IN (" + ${list} + ")", ids)\n`,
    examples: [["Array.new(n, '?').join(',')"], ["ids.map { '?' }.join(',')"], ['(["?"] * n).join(", ")']],
  },
  {
    language: "rust",
    file: (list, before) => `use rusqlite::Connection;\nfn f(c: &Connection) {\n    ${before}\n    c.prepare(&format!("SELECT a FROM t WHERE id IN ({${list}})"));\n}\n`,
    examples: [["marks", undefined, 'let marks = vec!["?"; n].join(",");'], ["marks", undefined, 'let marks = ids.iter().map(|_| "?").collect::<Vec<_>>().join(",");'], ["marks", undefined, 'let marks = "?,".repeat(n);']],
  },
  {
    language: "typescript",
    file: (list, before) => `${before}\ndb.prepare(\`SELECT a FROM t WHERE id IN (\${${list}})\`).all(ids);\n`,
    examples: [['ids.map(() => "?").join(",")'], ['Array(n).fill("?").join(",")'], ['Array.from({ length: n }, () => "?").join(",")'], ["marks", true, 'const marks = "?,".repeat(n - 1) + "?";']],
  },
  {
    language: "python",
    file: (list, before) => `${before}\nconn.execute(f"SELECT a FROM t WHERE id IN ({${list}})", ids)\n`,
    examples: [["','.join('?' * n)"], ["','.join('?' for _ in ids)"], ["','.join(['?'] * n)"], ["marks", undefined, 'marks = ",".join("?" * len(ids))']],
  },
];

describe("lists of placeholders (trap 70)", () => {
  for (const { language, file, examples } of lists) {
    for (const [list, several, before = ""] of examples) {
      it(`${language}: ${before === "" ? list : before}`, async () => {
        const { sites } = await readHostFile(language, file(list, before));
        const [hole, more] = sites.flatMap(({ holes }) => holes);
        assert.deepEqual([hole?.what, hole?.placeholder?.several, more], ["placeholders", several, undefined]);
      });
    }
  }
});
