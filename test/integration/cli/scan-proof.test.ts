import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import { cli } from "../../support/cli.ts";
import { sqliteFile } from "../../support/sqlite-file.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const code = `import sqlite3

def books(conn, order, ids):
    conn.execute("SELECT id, title FROM books WHERE price > 10 ORDER BY id")
    conn.execute("SELECT ifnull(title, '-'), ghost FROM books")
    conn.execute("SELECT count(*) FROM books WHERE title = (SELECT nobody(2))")
    conn.execute("SELECT id FROM books ORDER BY title " + order)
    conn.execute("SELECT id FROM books WHERE id IN (%s)" % ",".join("?" * len(ids)), ids)
    conn.execute("UPDATE books SET price = ? WHERE id = ?", (1, 2))
`;

interface Document {
  readonly proof: { readonly outcomes: Record<string, number>; readonly verdicts: Record<string, number>; readonly sites: readonly { readonly path: string; readonly range: { readonly start: { readonly line: number } }; readonly outcome: string; readonly verdict: string }[] };
  readonly files: readonly { readonly findings: readonly { readonly rule: string; readonly message: string; readonly range: { readonly start: { readonly line: number; readonly character: number }; readonly end: { readonly character: number } } }[] }[];
}

describe("scan with a schema at hand", () => {
  let folder: string;
  let database: string;
  before(() => {
    folder = join(temporaryFolder(), "code");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "shop.py"), code);
    database = sqliteFile("CREATE TABLE books (id INTEGER PRIMARY KEY, title TEXT NOT NULL, price REAL NOT NULL); INSERT INTO books VALUES (1, 'a', 9.5), (2, 'b', 20), (3, 'c', 30.25)");
  });

  it("says what PostgreSQL made of every site, and puts its refusals at their characters", async () => {
    const { out } = await cli(folder, ["scan", folder, "--schema", database, "--mode", "postgres", "--format", "json"]);
    const { proof, files } = JSON.parse(out) as Document;
    const byLine = new Map(proof.sites.map((site) => [site.range.start.line + 1, site]));
    assert.deepEqual({ outcome: byLine.get(4)?.outcome, verdict: byLine.get(4)?.verdict }, { outcome: "verified", verdict: "proven" });
    const refused = (files[0]?.findings ?? []).filter((finding) => finding.rule === "rejected");
    const at = (finding: (typeof refused)[number]): string => code.split("\n")[finding.range.start.line]?.slice(finding.range.start.character, finding.range.end.character) ?? "";
    assert.deepEqual(refused.map(at), ["ghost", "nobody"]);
    assert.match(refused[0]?.message ?? "", /column "ghost" does not exist \(42703\)/);
    assert.equal(byLine.get(7)?.outcome, "unchecked");
    // A list of placeholders that the code builds is tried with two of them.
    assert.deepEqual({ outcome: byLine.get(8)?.outcome, verdict: byLine.get(8)?.verdict }, { outcome: "verified", verdict: "proven" });
    assert.deepEqual({ outcome: byLine.get(9)?.outcome, verdict: byLine.get(9)?.verdict }, { outcome: "verified", verdict: "proven" });
    assert.equal(proof.sites.length, 6);
  });

  it("sums it up in one line, and asks no server when told so", async () => {
    const text = (await cli(folder, ["scan", folder, "--schema", database, "--mode", "postgres", "--summary"])).out;
    assert.match(text, /6 SQL sites with every fix made, on the embedded PostgreSQL: \d+ verified \(\d+ with the same rows on both engines\)/);
    const without = (await cli(folder, ["scan", folder, "--schema", database, "--no-proof", "--summary"])).out;
    assert.doesNotMatch(without, /embedded PostgreSQL/);
  });

  it("has it in SARIF", async () => {
    const { out } = await cli(folder, ["scan", folder, "--schema", database, "--mode", "postgres", "--format", "sarif"]);
    const log = JSON.parse(out) as { readonly runs: readonly { readonly results: readonly { readonly ruleId: string }[]; readonly properties: { readonly proof: Document["proof"] } }[] };
    assert.equal(log.runs[0]?.properties.proof.sites.length, 6);
    assert.ok(log.runs[0].results.some((result) => result.ruleId === "rejected"));
  });
});
