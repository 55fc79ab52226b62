import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { accountFor } from "#core/schema/account-for.ts";
import { planOf, sqlOf } from "./plan-of.ts";

const tables = `
  CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL, n INTEGER, twice INTEGER AS (n * 2), at DATETIME);
  CREATE TABLE plain (a TEXT, n INTEGER);
  CREATE TABLE log (what TEXT, n INTEGER);
  CREATE VIRTUAL TABLE words USING fts5(a);
  CREATE VIEW v AS SELECT id, a FROM t;
  CREATE VIEW odd AS SELECT sqlite_version() AS version FROM t;
`;

/** The reasons and remarks on the triggers of a schema. */
async function said(ddl: string): Promise<string[]> {
  const plan = await planOf(tables + ddl);
  accountFor(plan);
  return plan.reported.filter((each) => each.kind === "trigger").map((each) => `${each.outcome}: ${each.reason}`);
}

describe("triggers in PL/pgSQL", () => {
  it("are a function and a trigger that calls it", async () => {
    const plan = await planOf(`${tables} CREATE TRIGGER stamp AFTER UPDATE OF a, n ON t WHEN OLD.a <> NEW.a BEGIN UPDATE t SET at = CURRENT_TIMESTAMP WHERE id = NEW.id; END`);
    assert.deepEqual(sqlOf(plan, "function"), [
      "CREATE FUNCTION public.stamp() RETURNS trigger LANGUAGE plpgsql AS $cutover$\nBEGIN\n    UPDATE public.t SET at = date_trunc('second', timezone('utc', statement_timestamp())) WHERE id = NEW.id;\n    RETURN NULL;\nEND\n$cutover$",
    ]);
    assert.deepEqual(sqlOf(plan, "trigger"), ["CREATE TRIGGER stamp AFTER UPDATE OF a, n ON public.t\n    FOR EACH ROW\n    WHEN (OLD.a <> NEW.a)\n    EXECUTE FUNCTION public.stamp()"]);
  });

  it("that would run within themselves do not: by their depth, or by a mark where others may bring them about", async () => {
    const plan = await planOf(`${tables} CREATE TRIGGER alone AFTER UPDATE ON t BEGIN UPDATE t SET n = 1 WHERE id = NEW.id; END;
      CREATE TRIGGER "One" AFTER INSERT ON plain BEGIN INSERT INTO log VALUES (NEW.a, NEW.n); END; CREATE TRIGGER two AFTER INSERT ON log BEGIN INSERT INTO plain VALUES (NEW.what, NEW.n); END`);
    const [alone, one] = sqlOf(plan, "trigger");
    assert.match(alone ?? "", /\n {4}WHEN \(pg_trigger_depth\(\) = 0\)\n/);
    assert.doesNotMatch(one ?? "", /WHEN/);
    assert.match(sqlOf(plan, "function")[1] ?? "", /BEGIN\n {4}IF current_setting\('cutover.in_one', true\) = 'on' THEN\n {8}RETURN NULL;\n {4}END IF;\n {4}PERFORM set_config\('cutover.in_one', 'on', true\);\n[^]*PERFORM set_config\('cutover.in_one', '', true\);\n {4}RETURN NULL;\nEND/);
  });

  it("run in SQLite's order, the newest first", async () => {
    const plan = await planOf(`${tables} CREATE TRIGGER a AFTER INSERT ON t BEGIN INSERT INTO log (n) VALUES (1); END; CREATE TRIGGER b AFTER INSERT ON t BEGIN INSERT INTO log (n) VALUES (2); END; CREATE TRIGGER c AFTER DELETE ON plain BEGIN DELETE FROM log; END`);
    assert.deepEqual(plan.objects.filter((object) => object.kind === "trigger").map((object) => object.name), ["t2_a", "t1_b", "c"]);
  });

  const reasons: readonly (readonly [about: string, ddl: string, expected: RegExp])[] = [
    ["a virtual table", "CREATE TRIGGER g AFTER INSERT ON t BEGIN INSERT INTO words (a) VALUES (NEW.a); END", /^left-out: it uses words, a virtual table/],
    ["a view that is left out", "CREATE TRIGGER g INSTEAD OF INSERT ON odd BEGIN INSERT INTO log (n) VALUES (1); END", /^left-out: its view odd is left out/],
    ["another view that is left out", "CREATE TRIGGER g AFTER INSERT ON t BEGIN INSERT INTO log (what) SELECT version FROM odd; END", /^left-out: it uses the view odd, which is left out/],
    ["a table that is not there", "CREATE TRIGGER g AFTER INSERT ON t BEGIN INSERT INTO missing VALUES (1); END", /^left-out: there is no table missing/],
    ["last_insert_rowid()", "CREATE TRIGGER g AFTER INSERT ON t BEGIN INSERT INTO log (n) VALUES (last_insert_rowid()); END", /^left-out: last_insert_rowid: PostgreSQL has no/],
    ["a row that is about to be changed", "CREATE TRIGGER g BEFORE UPDATE ON t BEGIN UPDATE t SET n = 1 WHERE id = NEW.id; END", /^left-out: it may change the row of t that is about to be changed/],
    [
      "the same by another trigger",
      "CREATE TRIGGER g BEFORE DELETE ON t BEGIN DELETE FROM log WHERE n = OLD.id; END; CREATE TRIGGER h AFTER DELETE ON log BEGIN UPDATE t SET n = n - 1 WHERE id = OLD.n; END",
      /^left-out: it may change the row of t that is about to be changed/,
    ],
    ["a generated column before it is computed", "CREATE TRIGGER g BEFORE INSERT ON t WHEN NEW.twice > 3 BEGIN DELETE FROM log; END", /^left-out: it reads NEW.twice before the row is stored/],
    ["a rowid that PostgreSQL does not have", "CREATE TRIGGER g AFTER INSERT ON plain BEGIN INSERT INTO log (n) VALUES (NEW.rowid); END", /^left-out: plain has no column rowid, and PostgreSQL no rowid/],
    ["INSTEAD OF UPDATE OF", "CREATE TRIGGER g INSTEAD OF UPDATE OF a ON v BEGIN UPDATE t SET a = NEW.a WHERE id = OLD.id; END", /^left-out: INSTEAD OF UPDATE OF some columns/],
    [
      "RAISE(IGNORE) before another AFTER trigger",
      "CREATE TRIGGER later AFTER INSERT ON t BEGIN DELETE FROM log; END; CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT RAISE(IGNORE) WHERE NEW.n = 1; END",
      /^left-out: RAISE\(IGNORE\) keeps the trigger later from running/,
    ],
    ["RAISE() in a list of rows", "CREATE TRIGGER g AFTER INSERT ON t BEGIN INSERT INTO log (n) SELECT RAISE(ABORT, 'x'); END", /^left-out: RAISE\(\) stands within a statement that changes rows/],
    ["RAISE() in an operator", "CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1 + RAISE(ABORT, 'x'); END", /^left-out: RAISE\(\) stands within an expression other than CASE/],
    ["RAISE() by two conditions on rows", "CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT CASE WHEN n = 1 THEN RAISE(ABORT, 'x') WHEN n = 2 THEN RAISE(ABORT, 'y') END FROM log; END", /^left-out: RAISE\(\) for rows of a table by several conditions/],
    ["the number of a new row", "CREATE TRIGGER g BEFORE INSERT ON t BEGIN INSERT INTO log (n) VALUES (NEW.id); END", /^changed: NEW.id is -1 in SQLite/],
    ["other rows of the table", "CREATE TRIGGER g AFTER INSERT ON t BEGIN UPDATE t SET n = n + 1 WHERE n >= NEW.n; END", /^changed: for a statement that changes several rows of t/],
    ["the table through a view", "CREATE TRIGGER g AFTER INSERT ON t BEGIN INSERT INTO log (n) SELECT count(*) FROM v; END", /^changed: for a statement that changes several rows of t/],
    ["a table called new", "CREATE TRIGGER g AFTER INSERT ON t BEGIN DELETE FROM log AS new WHERE new.n = 1; END", /^left-out: it calls a table new/],
    ["a condition that is not the same", "CREATE TRIGGER g AFTER INSERT ON t WHEN NEW.a + 1 > 3 BEGIN DELETE FROM log; END", /^left-out: /],
  ];
  for (const [about, ddl, expected] of reasons) {
    it(`${about}: a reason or a remark`, async () => {
      assert.match((await said(ddl)).at(about.startsWith("RAISE(IGNORE)") ? -1 : 0) ?? "nothing", expected);
    });
  }

  it("a BEFORE trigger that an AFTER trigger of the same event has something to do with has a remark, two that only add rows have none", async () => {
    const after = (sql: string): string => `CREATE TRIGGER aft AFTER INSERT ON t BEGIN ${sql}; END; CREATE TRIGGER bef BEFORE INSERT ON t BEGIN INSERT INTO log (what) VALUES (NEW.a); END`;
    assert.deepEqual(await said(after("INSERT INTO log (what) VALUES (NEW.a)")), []);
    assert.match((await said(after("UPDATE log SET n = 1"))).join("\n"), /^changed: .* what it and the trigger aft do for one row and the next may differ/);
  });

  it("a trigger whose statement is about its own row has no remark", async () => {
    assert.deepEqual(await said("CREATE TRIGGER g AFTER UPDATE ON t BEGIN UPDATE t SET n = (SELECT count(*) FROM log) WHERE rowid = OLD.id; END"), []);
  });
});
