// What a part of a statement knows of the tables that another part names.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { analyzeHostFile } from "#core/rules/analyze-host-file.ts";
import type { Unless } from "#core/rules/declared/unless.ts";
import { readHostFile } from "#engine/workspace/read-host-file.ts";

/** By the text that a null-order finding points at: what would leave nothing to say. */
async function found(text: string): Promise<Readonly<Record<string, readonly Unless[] | undefined>>> {
  const { findings } = analyzeHostFile(await readHostFile("python", text), text, { path: "a.py", mode: "both", driver: "psycopg", schema: undefined, translateDdl: undefined, byEngineImport: undefined });
  return Object.fromEntries(findings.filter(({ rule }) => rule === "null-order").map(({ span, unless }) => [text.slice(span.start, span.end), unless]));
}

const never = (column: string, ...tables: readonly string[]): readonly Unless[] => [{ kind: "never-null", tables, column }];

describe("a part whose FROM is elsewhere", () => {
  it("knows the tables of what it is added to", async () => {
    assert.deepEqual(
      await found(`
def list(db, by):
    sql = "SELECT * FROM albums a JOIN artists r ON r.id = a.artist"
    if by:
        sql += " WHERE a.year = ?"
    sql += " ORDER BY a.title, r.name, rank"
    return db.execute(sql, (by,)).fetchall()
`),
      { "a.title": never("title", "albums"), "r.name": never("name", "artists"), rank: never("rank", "albums", "artists") },
    );
  });

  it("takes a table that an outer join may leave out for one that may be NULL", async () => {
    assert.deepEqual(
      await found(`
def list(db):
    sql = "SELECT * FROM albums a LEFT JOIN artists r ON r.id = a.artist"
    sql += " ORDER BY r.name"
    return db.execute(sql).fetchall()
`),
      { "r.name": undefined },
    );
  });

  it("knows the results that are never NULL by their names", async () => {
    assert.deepEqual(
      await found(`
def list(db):
    sql = "SELECT artist, count(*) AS n, max(year) AS last FROM albums GROUP BY artist"
    sql += " ORDER BY n DESC, last"
    return db.execute(sql).fetchall()
`),
      { last: undefined },
    );
  });

  it("says nothing of parts that do not agree", async () => {
    assert.deepEqual(
      await found(`
def list(db, old):
    if old:
        sql = "SELECT * FROM albums_old"
    else:
        sql = "SELECT * FROM albums"
    sql += " ORDER BY title"
    return db.execute(sql).fetchall()
`),
      { title: undefined },
    );
  });
});
