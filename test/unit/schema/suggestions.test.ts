import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Policies, PostgresType } from "#core/schema/decision.ts";
import { numberText } from "#core/schema/number-text.ts";
import { decisionOf, lineOf, planOf } from "./plan-of.ts";

interface Case {
  readonly about: string;
  readonly declared: string;
  readonly name?: string;
  readonly values: readonly string[];
  /** What is decided all the same. */
  readonly type: PostgresType;
  readonly suggests: readonly (readonly [PostgresType | undefined, RegExp])[];
}

const cases: readonly Case[] = [
  { about: "epoch seconds by values and name", declared: "INTEGER", name: "taken_at", values: ["1500000000", "1700000000"], type: "bigint", suggests: [[undefined, /^2 of 2 values are seconds since 1970.*from 2017-07-14 to 2023-11-14: to_timestamp\(taken_at\)/]] },
  { about: "epoch milliseconds by values and declaration", declared: "DATETIME", values: ["1627303906122"], type: "bigint", suggests: [[undefined, /milliseconds since 1970.*2021-07-26.*to_timestamp\(c \/ 1000\.0\)/]] },
  { about: "the same numbers under another name", declared: "INTEGER", name: "population", values: ["1500000000"], type: "bigint", suggests: [] },
  { about: "one value that is no moment", declared: "INTEGER", name: "taken_at", values: ["1500000000", "7"], type: "bigint", suggests: [] },
  { about: "Julian days", declared: "REAL", name: "seen_at", values: ["2459580.5", "2459581.25"], type: "double precision", suggests: [[undefined, /Julian days.*from 2022-01-01 to 2022-01-01.*2440587\.5/]] },
  { about: "money in reals", declared: "REAL", name: "total_price", values: ["19.99", "5"], type: "double precision", suggests: [["numeric", /at most two decimal places/]] },
  { about: "a third decimal place", declared: "REAL", name: "total_price", values: ["19.99", "5.125"], type: "double precision", suggests: [] },
  { about: "reals that nobody calls money", declared: "REAL", name: "ratio", values: ["0.25"], type: "double precision", suggests: [] },
  { about: "decimals written as text", declared: "TEXT", values: ["'12.50'", "'-3'"], type: "text", suggests: [["numeric", /decimals written as text/]] },
  { about: "UUIDs", declared: "TEXT", values: ["'123e4567-e89b-12d3-a456-426614174000'"], type: "text", suggests: [["uuid", /1 of 1 values are UUIDs/]] },
  { about: "digests", declared: "TEXT", values: ["'d41d8cd98f00b204e9800998ecf8427e'"], type: "text", suggests: [[undefined, /decode\(c, 'hex'\)/]] },
  { about: "truth in words", declared: "TEXT", values: ["'true'", "'False'"], type: "text", suggests: [["boolean", /true or false/]] },
  { about: "zones", declared: "TEXT", values: ["'2024-01-02T03:04:05Z'", "'2024-01-02T03:04:05+02:00'"], type: "text", suggests: [["timestamptz", /1 of them not UTC/]] },
  { about: "one text that is no timestamp", declared: "TEXT", values: ["'2024-01-02 03:04:05'", "'2024-01-03 03:04:05'", "'never'"], type: "text", suggests: [["timestamp", /^2 of 3 values are ISO timestamps; 1 keeps it from being timestamp, this one: rowid = 3 \('never'\)\. Choose timestamp/]] },
  { about: "a text among integers", declared: "INTEGER", values: ["1", "2", "'many'"], type: "text", suggests: [["bigint", /2 of 3 values are integers; 1 keeps it from being bigint, this one: rowid = 3 \('many'\)/]] },
  { about: "several outliers", declared: "TEXT", values: ["'{}'", "'[]'", "'[1]'", "'{}'", "'{}'", "'a'", "'b'", "'c'", "'d'"], type: "text", suggests: [["jsonb", /4 keep it from being jsonb, the first of them: rowid = 6 \('a'\), rowid = 7 \('b'\), rowid = 8 \('c'\)\./]] },
  { about: "nothing to say", declared: "TEXT", values: ["'a'", "'b'"], type: "text", suggests: [] },
];

describe("suggestions", () => {
  for (const { about, declared, name = "c", values, type, suggests } of cases) {
    it(about, async () => {
      const plan = await planOf(`CREATE TABLE t (${name} ${declared})`, { rows: `INSERT INTO t VALUES ${values.map((value) => `(${value})`).join(", ")}` });
      const decision = decisionOf(plan, "t", name);
      assert.equal(decision.type, type);
      assert.deepEqual(decision.suggestions.map((suggestion) => suggestion.type), suggests.map(([wanted]) => wanted));
      suggests.forEach(([, reason], i) => { assert.match(decision.suggestions[i]?.reason ?? "", reason); });
    });
  }
});

describe("policies on wish", () => {
  const line = async (column: string, value: string, policies: Partial<Policies>): Promise<string> =>
    lineOf(await planOf(`CREATE TABLE t (${column})`, { rows: `INSERT INTO t (c) VALUES (${value})`, policies }), "t", "c");

  it("integers: integer, while 32 bits hold them", async () => {
    assert.equal(await line("c INTEGER", "2147483647", { integers: "integer" }), "c integer");
    assert.equal(await line("c INTEGER", "2147483648", { integers: "integer" }), "c bigint");
    assert.equal(await line("c INTEGER PRIMARY KEY", "1000", { integers: "integer" }), "c serial");
    assert.equal(await line("c INTEGER PRIMARY KEY", "2000000000", { integers: "integer" }), "c bigserial");
    assert.equal(await line("c INTEGER", "1", {}), "c bigint");
  });

  it("texts: varchar, while all texts keep the declared length", async () => {
    assert.equal(await line("c VARCHAR(5)", "'éééää'", { texts: "varchar" }), `c varchar(5) COLLATE "C"`);
    assert.equal(await line("c VARCHAR(5)", "'longer'", { texts: "varchar" }), `c text COLLATE "C"`);
    assert.equal(await line("c CHARACTER VARYING(20)", "'x'", { texts: "varchar" }), `c varchar(20) COLLATE "C"`);
    assert.equal(await line("c VARCHAR(5)", "'x'", {}), `c text COLLATE "C"`);
  });

  it("uuids: uuid, and dates: timestamptz for timestamps with a zone", async () => {
    assert.equal(await line("c TEXT", "'123e4567-e89b-12d3-a456-426614174000'", { uuids: "uuid" }), "c uuid");
    assert.equal(await line("c TEXT", "'2024-01-02T03:04:05+02:00'", { dates: "timestamptz" }), "c timestamptz");
    assert.equal(await line("c TEXT", "'2024-01-02T03:04:05'", { dates: "timestamptz" }), "c timestamptz");
  });
});

it("numbers have their thousands separated", () => {
  assert.deepEqual([0, 999, 1000, -1234567, 12n ** 10n, 1234.5].map(numberText), ["0", "999", "1,000", "-1,234,567", "61,917,364,224", "1,234.5"]);
});
