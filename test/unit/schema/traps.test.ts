import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { renderDdl } from "#core/schema/render-ddl.ts";
import { parsePostgres } from "#engine/proof/parse-postgres.ts";
import { decisionOf, lineOf, planOf, reportsOf, sqlOf } from "./plan-of.ts";

describe("traps of the schema", () => {
  it("TRAP 1, 79: any type name is taken", async () => {
    const plan = await planOf("CREATE TABLE t (a interger, b string, c longvarchar, d frobnicate, e \"double precision\", f native character(70))");
    assert.deepEqual(["a", "b", "c", "d", "e", "f"].map((c) => decisionOf(plan, "t", c).type), ["bigint", "text", "text", "text", "double precision", "text"]);
    assert.equal(await parsePostgres(renderDdl(plan)), undefined);
  });

  it("TRAP 2, 3: int(5) and smallint unsigned lose what PostgreSQL has no word for", async () => {
    const plan = await planOf("CREATE TABLE t (a int(5), b smallint unsigned, c integer auto_increment, d decimal(10, 2))");
    assert.deepEqual(["a", "b", "c", "d"].map((c) => lineOf(plan, "t", c)), ["a bigint", "b bigint", "c bigint", "d numeric"]);
  });

  it("TRAP 4: DEFAULT null stays NULL, whatever the type", async () => {
    const plan = await planOf("CREATE TABLE t (a bigint DEFAULT null, b timestamp DEFAULT NULL, c text DEFAULT (null))");
    assert.deepEqual(["a", "b", "c"].map((c) => lineOf(plan, "t", c)), ["a bigint DEFAULT NULL", "b timestamp DEFAULT NULL", "c text COLLATE \"C\" DEFAULT NULL"]);
  });

  it("TRAP 5, 66, 68: datetime('now') and strftime become UTC moments, not strings", async () => {
    const plan = await planOf(`CREATE TABLE t (
      a TEXT DEFAULT (datetime('now')), b TEXT DEFAULT CURRENT_TIMESTAMP, c TEXT DEFAULT CURRENT_DATE,
      d TIMESTAMP DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')), e INTEGER DEFAULT (strftime('%s', 'now')), f INTEGER DEFAULT (unixepoch()))`);
    assert.equal(lineOf(plan, "t", "a"), "a timestamp DEFAULT date_trunc('second', timezone('utc', now()))");
    assert.equal(lineOf(plan, "t", "b"), "b timestamp DEFAULT date_trunc('second', timezone('utc', now()))");
    assert.equal(lineOf(plan, "t", "c"), "c date DEFAULT timezone('utc', now())::date");
    assert.equal(lineOf(plan, "t", "d"), "d timestamp DEFAULT date_trunc('milliseconds', timezone('utc', now()))");
    assert.equal(lineOf(plan, "t", "f"), "f bigint DEFAULT extract(epoch FROM date_trunc('second', timezone('utc', now())))::bigint");
  });

  it("TRAP 5: on a text column the default is the same text as in SQLite", async () => {
    const plan = await planOf("CREATE TABLE t (a TEXT DEFAULT CURRENT_TIMESTAMP, b TEXT DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')))", { policies: { dates: "text" } });
    assert.equal(lineOf(plan, "t", "a"), "a text COLLATE \"C\" DEFAULT to_char(timezone('utc', now()), 'YYYY-MM-DD HH24:MI:SS')");
    assert.equal(lineOf(plan, "t", "b"), "b text COLLATE \"C\" DEFAULT to_char(date_trunc('milliseconds', timezone('utc', now())), 'YYYY-MM-DD HH24:MI:SS.MS')");
  });

  it("TRAP 6: DEFAULT \"\" is an empty string", async () => {
    const plan = await planOf("CREATE TABLE t (a text DEFAULT \"\", b text DEFAULT \"it's\", c text DEFAULT word)");
    assert.deepEqual(["a", "b", "c"].map((c) => lineOf(plan, "t", c).replace(/.*DEFAULT /, "")), ["''", "'it''s'", "'word'"]);
  });

  it("TRAP 7: a boolean default fits its type, or is reported", async () => {
    const plan = await planOf("CREATE TABLE t (a numeric DEFAULT false, b BOOLEAN DEFAULT FALSE, c BOOLEAN DEFAULT 1, d INTEGER DEFAULT 'x')");
    assert.deepEqual(["a", "b", "c", "d"].map((c) => lineOf(plan, "t", c)), ["a numeric DEFAULT 0", "b boolean DEFAULT false", "c boolean DEFAULT true", "d bigint"]);
    assert.deepEqual(reportsOf(plan), ["default t.d: the default 'x' is not a value of bigint, which its column became (declared INTEGER)"]);
  });

  it("TRAP 8: keys come before the foreign keys that need them", async () => {
    const plan = await planOf("CREATE TABLE child (id INTEGER PRIMARY KEY, p TEXT REFERENCES parent(code)); CREATE TABLE parent (code TEXT PRIMARY KEY)");
    assert.deepEqual(plan.tableOrder, ["parent", "child"]);
    const kinds = plan.objects.map((object) => object.kind);
    assert.ok(kinds.lastIndexOf("primary-key") < kinds.indexOf("foreign-key"));
    assert.equal(kinds.filter((kind) => kind === "primary-key").length, 2);
  });

  it("TRAP 9, 11, 14: names stay exactly as they are, quoted where they must be", async () => {
    const plan = await planOf('CREATE TABLE "sortName" ("references" INTEGER REFERENCES "Order Details"("Id"), "select" TEXT, plain TEXT); CREATE TABLE "Order Details" ("Id" INTEGER PRIMARY KEY)');
    assert.deepEqual(sqlOf(plan, "foreign-key"), [
      'ALTER TABLE ONLY public."sortName" ADD CONSTRAINT "sortName_references_fkey" FOREIGN KEY ("references") REFERENCES public."Order Details" ("Id")',
    ]);
    assert.match(sqlOf(plan, "table").join(), /"select" text COLLATE "C",\n {4}plain text/);
    assert.equal(await parsePostgres(renderDdl(plan)), undefined);
  });

  it("TRAP 10: an implicit parent key is written out", async () => {
    const plan = await planOf("CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (a INTEGER REFERENCES P, FOREIGN KEY (a) REFERENCES p)");
    for (const sql of sqlOf(plan, "foreign-key")) assert.match(sql, /FOREIGN KEY \(a\) REFERENCES public\.p \(id\)$/);
    assert.equal(sqlOf(plan, "foreign-key").length, 2);
  });

  it("TRAP 12, 77: conditions and expressions of indexes stay", async () => {
    const plan = await planOf(`CREATE TABLE t (id INTEGER PRIMARY KEY, email TEXT NOT NULL, is_active INTEGER NOT NULL DEFAULT 1, n INTEGER);
      CREATE UNIQUE INDEX i1 ON t (lower(email)) WHERE is_active = 1;
      CREATE INDEX i2 ON t (n DESC, email) WHERE n IS NOT NULL AND email <> '';
      CREATE INDEX i3 ON t (n + 1, coalesce(n, 0))`);
    assert.deepEqual(sqlOf(plan, "index"), [
      "CREATE UNIQUE INDEX i1 ON public.t (lower(email)) WHERE is_active = true",
      "CREATE INDEX i2 ON public.t (n DESC NULLS LAST, email) WHERE n IS NOT NULL AND email <> ''",
      "CREATE INDEX i3 ON public.t ((n + 1) NULLS FIRST, coalesce(n, 0) NULLS FIRST)",
    ]);
  });

  it("TRAP 13: views stay views, and a trigger is never missing", async () => {
    const plan = await planOf(`CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT); CREATE VIEW v AS SELECT id, a FROM t WHERE a LIKE 'x%';
      CREATE TRIGGER g AFTER INSERT ON t BEGIN UPDATE t SET a = 'y' WHERE id = NEW.id; END; CREATE TRIGGER h AFTER INSERT ON t BEGIN UPDATE t SET a = changes(); END`);
    assert.deepEqual(sqlOf(plan, "view"), ["CREATE VIEW public.v (id, a) AS\nSELECT id, a\nFROM public.t\nWHERE a ILIKE 'x%' ESCAPE ''"]);
    assert.match(renderDdl(plan), /^CREATE TRIGGER g AFTER INSERT ON public.t$/m);
    assert.match(renderDdl(plan), /^-- not translated: trigger h on t: /m);
  });

  it("TRAP 15: virtual tables become tables with an index of another kind, or are named; their inside is named", async () => {
    const plan = await planOf("CREATE VIRTUAL TABLE mail USING fts5(subject, body); CREATE VIRTUAL TABLE other USING nosuchmodule(a)");
    assert.doesNotMatch(renderDdl(plan), /^[^-\n]*\b(?:VIRTUAL|USING fts5|mail_data)\b/m);
    assert.deepEqual(sqlOf(plan, "index"), ["CREATE INDEX mail_search ON public.mail USING gin (search)"]);
    assert.ok(reportsOf(plan).some((line) => line.startsWith("virtual-table mail: becomes a table with its rowid and the tsvector column search")));
    assert.ok(reportsOf(plan).some((line) => line.startsWith("virtual-table other: a table of the module nosuchmodule")));
    assert.ok(reportsOf(plan).some((line) => line === "internal-table mail_data: holds the inside of the virtual table mail"));
  });

  it("TRAP 18, 68: REAL is double precision, NOT NULL and CHECK stay", async () => {
    const plan = await planOf("CREATE TABLE t (a REAL NOT NULL CHECK (a >= 0), b FLOAT, c DOUBLE)");
    assert.deepEqual(["a", "b", "c"].map((c) => lineOf(plan, "t", c)), ["a double precision NOT NULL", "b double precision", "c double precision"]);
    assert.match(sqlOf(plan, "table").join(), /CHECK \(a >= 0\)/);
  });

  it("TRAP 19: COLLATE NOCASE keeps its meaning in keys and indexes, and the difference is told", async () => {
    const plan = await planOf(`CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT COLLATE NOCASE UNIQUE, code TEXT, CHECK (name <> 'ADMIN'));
      CREATE INDEX i ON t (code COLLATE NOCASE)`);
    assert.deepEqual(sqlOf(plan, "index"), ["CREATE UNIQUE INDEX t_name_nocase ON public.t (lower(name))", "CREATE INDEX i ON public.t (lower(code) NULLS FIRST)"]);
    assert.match(sqlOf(plan, "table").join(), /CHECK \(lower\(name\) <> 'admin'\)/);
    assert.ok(reportsOf(plan).some((line) => line.startsWith("unique t (name): compares without case")));
  });

  it("TRAP 67: text is compared bytewise unless the policy says otherwise", async () => {
    assert.equal(lineOf(await planOf("CREATE TABLE t (a TEXT)"), "t", "a"), 'a text COLLATE "C"');
    assert.equal(lineOf(await planOf("CREATE TABLE t (a TEXT)", { policies: { collation: "default" } }), "t", "a"), "a text");
  });

  it("TRAP 38, 65, 76: every rowid alias is numbered, with AUTOINCREMENT and without, rows or none", async () => {
    const ddl = "CREATE TABLE a (id INTEGER PRIMARY KEY AUTOINCREMENT); CREATE TABLE b (id INTEGER PRIMARY KEY, x TEXT); CREATE TABLE c (id INT PRIMARY KEY)";
    const plan = await planOf(ddl);
    assert.deepEqual(["a", "b", "c"].map((t) => lineOf(plan, t, "id")), ["id bigserial", "id bigserial", "id bigint"]);
    const identity = await planOf(ddl, { policies: { keys: "identity" } });
    assert.equal(lineOf(identity, "a", "id"), "id bigint GENERATED BY DEFAULT AS IDENTITY");
  });

  it("TRAP 16, 17, 20: the DDL holds the source's tables and nothing else, migration history included", async () => {
    const plan = await planOf("CREATE TABLE _prisma_migrations (id TEXT PRIMARY KEY NOT NULL, checksum TEXT NOT NULL); CREATE TABLE django_migrations (id INTEGER PRIMARY KEY, app varchar(255) NOT NULL)");
    assert.equal(sqlOf(plan, "table").length, 2);
    assert.deepEqual(plan.objects.filter((object) => /INSERT/i.test(object.sql)), []);
  });
});
