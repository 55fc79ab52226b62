import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import { CutoverError } from "#core/cutover-error.ts";
import { columnKey, type Overrides } from "#core/schema/decision.ts";
import type { MigrationReport } from "#engine/migrate/migrate-options.ts";
import { replay } from "#engine/migrate/replay.ts";
import type { PostgresTarget } from "#engine/postgres/session.ts";
import { validate } from "#engine/validate/validate.ts";
import { cli } from "../../support/cli.ts";
import { compareDatabases } from "../../support/compare-databases.ts";
import { ask, move, planOf } from "../../support/move.ts";
import { startServer } from "../../support/shared-server.ts";
import { sqliteFile } from "../../support/sqlite-file.ts";
import { allTargets } from "../../support/targets.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const script = `
CREATE TABLE parent (id INTEGER PRIMARY KEY AUTOINCREMENT, qty INTEGER NOT NULL, note TEXT, photo BLOB);
CREATE TABLE child (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES parent (id), price REAL, seen TEXT);
CREATE TABLE grandchild (child INTEGER REFERENCES child (id), word TEXT);
CREATE TABLE log (id INTEGER PRIMARY KEY, what TEXT);
CREATE TRIGGER told AFTER INSERT ON child BEGIN INSERT INTO log (what) VALUES ('child ' || NEW.id); END;
INSERT INTO parent VALUES (1, 10, 'fine', x'00ff'), (2, 'lots', 'ä' || char(0), NULL), (3, 30, 'a' || char(0) || 'b', x''), (4, 40, CAST(x'c328' AS TEXT), NULL);
INSERT INTO child VALUES (1, 1, 0.1, 'a'), (2, 2, 9e999, NULL), (3, 3, -0.5, 'c'), (4, 99, 1e308, 'nobody''s');
INSERT INTO grandchild VALUES (1, 'x'), (2, 'y'), (2, 'y'), (3, char(1) || ','), (4, 'z');
DELETE FROM log`;

/** qty is to be a number, whatever was written: a person has decided so. */
const overrides: Overrides = new Map([[columnKey("parent", "qty"), "bigint"], [columnKey("parent", "note"), "text"], [columnKey("child", "price"), "double precision"]]);

interface Moved {
  readonly from: string;
  readonly target: PostgresTarget;
  readonly plan: Awaited<ReturnType<typeof planOf>>;
  readonly workspace: string;
  readonly report: MigrationReport;
}

async function moved(empty: () => Promise<PostgresTarget>): Promise<Moved> {
  const from = sqliteFile(script);
  const target = await empty();
  const workspace = temporaryFolder();
  const plan = await planOf(from, overrides);
  const report = await move(from, target, { plan, badRows: "quarantine", workspace });
  return { from, target, plan, workspace, report };
}

const newServerDatabase = async (): Promise<PostgresTarget> => (await (await startServer(18)).newDatabase()).target;

interface Line {
  readonly id: string;
  readonly table: string;
  readonly key: string;
  readonly row: Readonly<Record<string, unknown>>;
}

function linesOf(file: string): Line[] {
  const isLine = (value: unknown): value is Line =>
    typeof value === "object" && value !== null && "id" in value && "table" in value && typeof value.table === "string" && "key" in value && typeof value.key === "string" && "row" in value && typeof value.row === "object";
  return readFileSync(file, "utf8").trimEnd().split("\n").map((line) => {
    const value: unknown = JSON.parse(line);
    assert.ok(isLine(value));
    return value;
  });
}

/** Copied and kept aside are the source, by the tables and by the journal. */
async function mustAddUp({ from, target, plan }: Moved): Promise<void> {
  const { tables, differences } = await validate({ from, target, plan, level: "cells" });
  assert.deepEqual(differences, []);
  for (const table of tables) assert.equal(table.targetRows + table.quarantined, table.sourceRows);
  assert.deepEqual(
    (await ask(target, "SELECT table_name, sum(rows), sum(quarantined) FROM cutover.journal GROUP BY 1 ORDER BY 1")).map(([table, rows, kept]) => [table, Number(rows), Number(kept)]),
    tables.map(({ table, targetRows, quarantined }) => [table, targetRows, quarantined]).sort(),
  );
}

for (const { label, empty } of allTargets) {
  describe(`rows kept aside on ${label}`, () => {
    let all: Moved;
    before(async () => {
      all = await moved(empty);
    });

    it("are in the table and in a file of JSON lines, each as it was stored", async () => {
      const { report, workspace, target, from, plan } = all;
      assert.equal(report.quarantineFile, join(workspace, ".cutover", "quarantine", `${report.run ?? ""}.jsonl`));
      const lines = linesOf(report.quarantineFile);
      assert.deepEqual(lines.map(({ table, key }) => `${table} ${key}`).sort(), ["child rowid 2", "child rowid 3", "child rowid 4", "grandchild rowid 2", "grandchild rowid 3", "grandchild rowid 4", "grandchild rowid 5", "parent rowid 2", "parent rowid 3", "parent rowid 4"]);
      assert.deepEqual(lines.find(({ key, table }) => table === "parent" && key === "rowid 2"), {
        version: 1, id: lines.find(({ key, table }) => table === "parent" && key === "rowid 2")?.id, run: report.run, table: "parent", key: "rowid 2", column: "qty", storageClass: "text", reason: "text in a bigint column",
        row: { id: { kind: "integer", value: "2" }, qty: { kind: "text", value: "lots" }, note: { kind: "text", hex: "c3a400" }, photo: { kind: "null" } },
      });
      assert.deepEqual(lines.find(({ key, table }) => table === "child" && key === "rowid 2")?.row["price"], { kind: "real", value: "Infinity" });
      assert.equal((await compareDatabases(from, target, plan)).quarantined, 10);
      await mustAddUp(all);
    });

    it("go in once what was wrong is mended, parents first, each row once", async () => {
      const { report, target } = all;
      const file = join(temporaryFolder(), "mended.jsonl");
      const lines = linesOf(report.quarantineFile ?? "");
      const mended = lines.map((line) => {
        if (line.table === "parent" && line.key === "rowid 2") return { ...line, row: { qty: 20, note: "ä" } };
        if (line.table === "parent" && line.key === "rowid 3") return { ...line, row: { ...line.row, note: { kind: "text", value: "a\\0b" } } };
        return line;
      });
      // Children stand before their parents here.
      writeFileSync(file, `\ufeff${mended.reverse().map((line) => JSON.stringify(line)).join("\r\n")}`);
      const first = await replay({ ...all, file });
      assert.deepEqual({ ...first, refused: first.refused.map(({ table, key, column, reason }) => [table, key, column, reason.replace(/ \(.*/, "").replace(/"[^"]*"/g, "…").replace(/;.*/, "")]) }, {
        version: 1, to: target.name, replayed: 7, mended: 2, gone: 0, refusedRows: 3, left: 3,
        refused: [
          ["parent", "rowid 4", "note", "text that is not valid UTF-8"],
          ["child", "rowid 4", undefined, "PostgreSQL refuses it: insert or update on table … violates foreign key constraint …"],
          ["grandchild", "rowid 5", undefined, "PostgreSQL refuses it: insert or update on table … violates foreign key constraint …"],
        ],
      });
      assert.deepEqual(await ask(target, "SELECT id, qty, note, encode(photo, 'hex') FROM parent ORDER BY id"), [["1", "10", "fine", "00ff"], ["2", "20", "ä", null], ["3", "30", "a\\0b", ""]]);
      assert.deepEqual(await ask(target, "SELECT id, parent, price FROM child ORDER BY id"), [["1", "1", "0.1"], ["2", "2", "Infinity"], ["3", "3", "-0.5"]]);
      assert.deepEqual(await ask(target, "SELECT child, word FROM grandchild ORDER BY 1, 2"), [["1", "x"], ["2", "y"], ["2", "y"], ["3", "\u0001,"]]);
      // The source's triggers have done their work already; the target's are on again.
      assert.deepEqual(await ask(target, "SELECT count(*) FROM log"), [["0"]]);
      assert.deepEqual(await ask(target, "SELECT count(*) FROM pg_trigger WHERE tgenabled <> 'O'"), [["0"]]);
      await mustAddUp(all);
      const told = (await validate({ ...all, level: "cells" })).tables.flatMap(({ table, mended: rows }) => rows.map(({ key, columns }) => [table, key, columns]));
      assert.deepEqual(told, [["parent", "rowid 2", ["qty", "note"]], ["parent", "rowid 3", ["note"]]]);

      const second = await replay({ ...all, file });
      assert.deepEqual([second.replayed, second.gone, second.refusedRows, second.left], [0, 7, 3, 3]);
      await mustAddUp(all);
    });

    it("go in when their parent is there, or their column has another type", async () => {
      const { target } = all;
      await ask(target, "INSERT INTO parent (id, qty) VALUES (99, 0)");
      const report = await replay(all);
      assert.deepEqual([report.replayed, report.mended, report.refusedRows, report.left], [2, 0, 1, 1]);
      await ask(target, `ALTER TABLE parent ALTER note TYPE bytea USING convert_to(note, 'UTF8')`);
      const last = await replay(all);
      assert.deepEqual([last.replayed, last.refusedRows, last.left], [1, 0, 0]);
      assert.deepEqual(await ask(target, "SELECT encode(note, 'hex') FROM parent WHERE id = 4"), [["c328"]]);
    });
  });
}

describe("a replay", () => {
  it("is refused whole when a line of the file is not whole, and nothing is written", async () => {
    const all = await moved(newServerDatabase);
    const lines = readFileSync(all.report.quarantineFile ?? "", "utf8");
    const file = join(temporaryFolder(), "cut.jsonl");
    const cases: readonly (readonly [string, RegExp])[] = [
      [lines.slice(0, -20), /cut\.jsonl:10/],
      [lines + lines, /cut\.jsonl:11/],
      [`${lines}{"id":"1"}\n`, /cut\.jsonl:11/],
      [lines.replaceAll('"parent"', '"elsewhere"'), /cut\.jsonl:\d/],
    ];
    for (const [text, where] of cases) {
      writeFileSync(file, text);
      await assert.rejects(replay({ ...all, file }), (error) => error instanceof CutoverError && error.tag === "usage" && where.test(error.where ?? ""));
    }
    await assert.rejects(replay({ ...all, file: join(temporaryFolder(), "none.jsonl") }), (error) => error instanceof CutoverError && error.tag === "usage");
    assert.deepEqual(await ask(all.target, "SELECT count(*) FROM cutover.quarantine"), [["10"]]);
    await mustAddUp(all);
  });

  it("refuses values that are none, columns that are none, and rows of another migration", async () => {
    const all = await moved(newServerDatabase);
    const file = join(temporaryFolder(), "odd.jsonl");
    const [line] = linesOf(all.report.quarantineFile ?? "").filter(({ table, key }) => table === "parent" && key === "rowid 2");
    assert.ok(line !== undefined);
    const cases: readonly (readonly [object, string, RegExp])[] = [
      [{ row: { qty: { kind: "integer", value: "1.5" } } }, "qty", /digits/],
      [{ row: { qty: { kind: "integer", value: "9223372036854775808" } } }, "qty", /beyond 64 bits/],
      [{ row: { qty: 12345678901234567890 } }, "qty", /more than 15 digits/],
      [{ row: { qty: { kind: "number", value: "1" } } }, "qty", /no kind of value/],
      [{ row: { qty: null } }, "qty", /NOT NULL/],
      [{ row: { quantity: 1 } }, "quantity", /no column quantity/],
      [{ row: { qty: 1, photo: { kind: "blob", hex: "0" } } }, "note", /NUL/],
      [{ key: "rowid 3", row: { qty: 1 } }, "", /another migration/],
    ];
    for (const [change, column, reason] of cases) {
      writeFileSync(file, `${JSON.stringify({ ...line, ...change })}\n`);
      const { refused, replayed } = await replay({ ...all, file });
      assert.equal(replayed, 0);
      assert.equal(refused[0]?.column ?? "", column);
      assert.match(refused[0]?.reason ?? "", reason);
    }
    await mustAddUp(all);
  });

  it("does not take the place of a row that is there, and moves the sequence behind a key that a person gave", async () => {
    const all = await moved(newServerDatabase);
    const { target } = all;
    const file = join(temporaryFolder(), "keys.jsonl");
    const lines = linesOf(all.report.quarantineFile ?? "").filter(({ table }) => table === "parent");
    const give = (id: number): void => {
      writeFileSync(file, lines.map((line, i) => JSON.stringify({ ...line, row: { id: id + i, qty: 1, note: "" } })).join("\n"));
    };
    give(1);
    const first = await replay({ ...all, file });
    assert.deepEqual([first.replayed, first.refusedRows], [2, 1]);
    assert.match(first.refused[0]?.reason ?? "", /duplicate key.*23505/);
    give(1000);
    assert.deepEqual([(await replay({ ...all, file })).replayed], [1]);
    assert.deepEqual(await ask(target, "INSERT INTO parent (qty) VALUES (5) RETURNING id > 1000 AND id < 1004"), [["t"]]);
  });

  it("goes through the command line: list, export, mend, replay, validate", async () => {
    const server = await startServer(18);
    const { url } = await server.newDatabase();
    const from = sqliteFile(script);
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, "cutover.json"), JSON.stringify({ databases: [{ source: from, target: "env:TARGET" }], overrides: Object.fromEntries(overrides) }));
    const run = (...args: string[]): ReturnType<typeof cli> => cli(cwd, args, { TARGET: url });
    assert.equal((await run("quarantine")).code, 2);
    const migrated = await run("migrate", "--bad-rows", "quarantine", "--progress", "none");
    assert.equal(migrated.code, 0, migrated.err);
    assert.match(migrated.out, /rows kept aside: \.cutover\/quarantine\/[-0-9a-f]+\.jsonl; `cutover quarantine` lists them/);
    const listed = await run("quarantine");
    assert.equal(listed.code, 1);
    assert.match(listed.out, /parent +qty +1 +rowid 2 +text in a bigint column/);
    assert.match(listed.out, /10 rows are kept aside in 127\.0\.0\.1/);
    assert.match((await run("quarantine", "list", "--format", "json", "--tables", "parent")).out, /"rows": 3,/);
    assert.equal((await run("quarantine", "--export", "rows.jsonl")).code, 1);
    assert.equal((await run("quarantine", "--export", "rows.jsonl")).code, 2, "a file that is there stays");
    assert.ok(existsSync(join(cwd, "rows.jsonl")));
    const mended = readFileSync(join(cwd, "rows.jsonl"), "utf8").replaceAll('{"kind":"text","value":"lots"}', "20").replace(/\{"kind":"text","hex":"[0-9a-f]*"\}/g, '"mended"').replaceAll('{"kind":"integer","value":"99"}', "null");
    writeFileSync(join(cwd, "rows.jsonl"), mended);
    const replayed = await run("quarantine", "replay", "rows.jsonl");
    assert.equal(replayed.code, 0, replayed.out + replayed.err);
    assert.match(replayed.out, /10 rows went into 127.*, 4 of them mended; 0 are kept aside/);
    const validated = await run("validate", "--level", "cells", "--progress", "none");
    assert.equal(validated.code, 0, validated.out);
    assert.match(validated.out, /parent: row rowid 2, qty, note: as a person has mended them in the quarantine/);
    assert.match((await run("quarantine")).out, /^no rows are kept aside/);
    for (const wrong of [["quarantine", "mend"], ["quarantine", "list", "x"], ["quarantine", "replay", "a", "b"], ["quarantine", "replay", "--export", "x"]]) assert.equal((await run(...wrong)).code, 2, wrong.join(" "));
  });
});
