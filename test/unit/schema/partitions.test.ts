import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { accountFor } from "#core/schema/account-for.ts";
import { offersFor } from "#core/schema/offers.ts";
import type { PartitionChoice } from "#core/schema/partition-choice.ts";
import { planOf, reportsOf, sqlOf } from "./plan-of.ts";

const byMonth: PartitionChoice = { by: "created_at", every: "month", ahead: 2 };
const events = "CREATE TABLE events (id INTEGER PRIMARY KEY, kind TEXT, created_at TEXT NOT NULL, UNIQUE (kind)); CREATE UNIQUE INDEX e ON events (lower(kind)) WHERE kind <> ')'; CREATE INDEX p ON events (kind);";
const rows = "INSERT INTO events VALUES (1, 'a', '2023-11-30 10:00:00'), (2, 'b', '2024-02-01 00:00:00')";

describe("partitions", () => {
  it("are made for the months of the data, for those up to today and some more, and for everything else", async () => {
    const plan = await planOf(events, { rows, partitions: new Map([["events", byMonth]]), today: "2024-03-17" });
    assert.match(sqlOf(plan, "table")[0] ?? "", /\) PARTITION BY RANGE \(created_at\)$/);
    assert.deepEqual(sqlOf(plan, "partition"), [
      ...["2023_11 2023-11-01 2023-12-01", "2023_12 2023-12-01 2024-01-01", "2024_01 2024-01-01 2024-02-01", "2024_02 2024-02-01 2024-03-01", "2024_03 2024-03-01 2024-04-01", "2024_04 2024-04-01 2024-05-01", "2024_05 2024-05-01 2024-06-01"].map((each) => {
        const [suffix, from, to] = each.split(" ");
        return `CREATE TABLE public.events_${suffix ?? ""} PARTITION OF public.events FOR VALUES FROM ('${from ?? ""}') TO ('${to ?? ""}')`;
      }),
      "CREATE TABLE public.events_default PARTITION OF public.events DEFAULT",
    ]);
    accountFor(plan);
  });

  it("make keys and unique indexes hold the partition column, and say so", async () => {
    const plan = await planOf(events, { rows, partitions: new Map([["events", byMonth]]) });
    assert.deepEqual([...sqlOf(plan, "primary-key"), ...sqlOf(plan, "unique")], ["ALTER TABLE public.events ADD CONSTRAINT events_pkey PRIMARY KEY (id, created_at)", "ALTER TABLE public.events ADD CONSTRAINT events_kind_key UNIQUE (kind, created_at)"]);
    assert.match(sqlOf(plan, "index")[0] ?? "", /^CREATE UNIQUE INDEX e ON public\.events \(lower\(.*\)[^,]*, created_at\) WHERE \(?kind <> '\)'/);
    assert.equal(reportsOf(plan).filter((each) => /unique/.test(each)).length, 3);
  });

  it("leave out foreign keys to the table, with the reason, and keep those of the table", async () => {
    const plan = await planOf(`${events} CREATE TABLE child (event INTEGER REFERENCES events (id)); CREATE TABLE parent (id INTEGER PRIMARY KEY); CREATE TABLE log (id INTEGER PRIMARY KEY, p INTEGER REFERENCES parent (id), created_at TEXT NOT NULL)`, {
      rows: `${rows}; INSERT INTO log VALUES (1, NULL, '2024-01-01 00:00:00')`,
      partitions: new Map([["events", byMonth], ["log", byMonth]]),
    });
    assert.deepEqual(sqlOf(plan, "foreign-key"), ["ALTER TABLE public.log ADD CONSTRAINT log_p_fkey FOREIGN KEY (p) REFERENCES public.parent (id)"]);
    assert.match(reportsOf(plan).join("\n"), /foreign-key .*events is partitioned by created_at/);
    accountFor(plan);
  });

  it("are by ranges of integers, below zero too", async () => {
    const plan = await planOf("CREATE TABLE t (id INTEGER PRIMARY KEY)", { rows: "INSERT INTO t VALUES (-5), (15)", partitions: new Map([["t", { by: "id", every: 10, ahead: 1 }]]) });
    assert.deepEqual(sqlOf(plan, "partition").map((sql) => /_(\w+) PARTITION OF public.t (.*)$/.exec(sql)?.slice(1).join(" ")), ["minus_10 FOR VALUES FROM ('-10') TO ('0')", "0 FOR VALUES FROM ('0') TO ('10')", "10 FOR VALUES FROM ('10') TO ('20')", "20 FOR VALUES FROM ('20') TO ('30')", "default DEFAULT"]);
    assert.deepEqual(sqlOf(plan, "primary-key"), ["ALTER TABLE public.t ADD CONSTRAINT t_pkey PRIMARY KEY (id)"]);
  });

  for (const [about, choice, reason] of [
    ["a column that is not there", { ...byMonth, by: "nowhere" }, /has no column nowhere/],
    ["months of a text", { ...byMonth, by: "kind" }, /kind is text, which has no months/],
    ["integers of a timestamp", { ...byMonth, every: 5 }, /created_at is timestamp, which has no ranges of integers/],
    ["too many", { by: "id", every: 1, ahead: 1000 }, /it would have \d+ partitions/],
  ] as const) {
    it(`are not made by ${about}: the table stays as it was, and the plan says why`, async () => {
      const plan = await planOf(events, { rows, partitions: new Map([["events", choice]]) });
      assert.deepEqual(sqlOf(plan, "partition"), []);
      assert.match(reportsOf(plan).join("\n"), reason);
      assert.match(sqlOf(plan, "primary-key")[0] ?? "", /ONLY .*PRIMARY KEY \(id\)$/);
    });
  }

  it("do not take names that are taken", async () => {
    const plan = await planOf(`${events} CREATE TABLE events_default (a); CREATE TABLE events_2023_11 (a)`, { rows, partitions: new Map([["events", byMonth]]) });
    const names = plan.objects.map((object) => object.name);
    assert.equal(new Set(names).size, names.length);
  });
});

describe("offers", () => {
  const many = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000)";

  it("partition a large table by the moment that every row has, with the price", async () => {
    const ddl = "CREATE TABLE log (id INTEGER PRIMARY KEY, updated_at TEXT, created_at TEXT NOT NULL, data TEXT); CREATE TABLE part (log INTEGER REFERENCES log (id))";
    const inserted = `${many} INSERT INTO log SELECT i, NULL, CASE i % 2 WHEN 0 THEN '2023-11-30 10:00:00' ELSE '2024-01-01 10:00:00' END, '{}' FROM n`;
    const [partitioning, index, ...others] = offersFor(await planOf(ddl, { rows: inserted }));
    assert.deepEqual([partitioning?.kind, partitioning?.table, partitioning?.partition], ["partitioning", "log", { by: "created_at", every: "month", ahead: 3 }]);
    assert.match(partitioning?.reason ?? "", /^1,000,000 rows, which created_at divides into months/);
    assert.match(partitioning?.costs.join("\n") ?? "", /key \(id\) has to hold created_at too[\s\S]*foreign key of part \(log\)[\s\S]*every one of 7 partitions/);
    assert.deepEqual([index?.kind, index?.sql], ["json-index", ["CREATE INDEX log_data_gin ON public.log USING gin (data jsonb_path_ops)"]]);
    assert.deepEqual(others, []);
    const chosen = await planOf(ddl, { rows: inserted, partitions: new Map([["log", { ...byMonth }]]) });
    assert.deepEqual(offersFor(chosen).map(({ kind }) => kind), ["json-index"]);
  });

  it("are none for small tables, nor without the data", async () => {
    assert.deepEqual(offersFor(await planOf(events, { rows })), []);
    assert.deepEqual(offersFor(await planOf(events)), []);
  });
});
