import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { migrationFiles, upPart } from "#core/schema/migration-files.ts";

describe("files of a migrations folder", () => {
  const cases: readonly [string, readonly string[], readonly string[], readonly string[]][] = [
    ["numbers count by their value", ["0010_b.sql", "0002_a.sql", "1_z.sql"], ["1_z.sql", "0002_a.sql", "0010_b.sql"], []],
    ["golang-migrate", ["2_b.up.sql", "2_b.down.sql", "1_a.up.sql", "1_a.down.sql"], ["1_a.up.sql", "2_b.up.sql"], ["1_a.down.sql", "2_b.down.sql"]],
    ["diesel", ["2020_b/up.sql", "2020_b/down.sql", "2019_a/down.sql", "2019_a/up.sql"], ["2019_a/up.sql", "2020_b/up.sql"], ["2019_a/down.sql", "2020_b/down.sql"]],
    ["prisma", ["20230102_b/migration.sql", "20230101_a/migration.sql"], ["20230101_a/migration.sql", "20230102_b/migration.sql"], []],
    ["Flyway", ["V10__c.sql", "R__views.sql", "V1__a.sql", "V1_1__b.sql", "V2__d.sql", "U2__d.sql"], ["V1__a.sql", "V1_1__b.sql", "V2__d.sql", "V10__c.sql", "R__views.sql"], ["U2__d.sql"]],
    ["a table called down is none", ["1_markdown.sql", "2_breakdown.sql"], ["1_markdown.sql", "2_breakdown.sql"], []],
  ];
  for (const [name, paths, run, left] of cases) it(name, () => { assert.deepEqual(migrationFiles(paths), { run, left }); });

  const parts: readonly [string, string, string][] = [
    ["goose", "-- +goose Up\nCREATE TABLE a (x);\n-- +goose Down\nDROP TABLE a;\n", "-- +goose Up\nCREATE TABLE a (x);\n\n\n"],
    ["dbmate", "-- migrate:up transaction:false\nCREATE TABLE a (x);\n\n-- migrate:down\nDROP TABLE a;", "-- migrate:up transaction:false\nCREATE TABLE a (x);\n\n\n"],
    ["sqlite of npm", "-- Up\r\nCREATE TABLE a (x);\r\n-- Down\r\nDROP TABLE a;", "-- Up\r\nCREATE TABLE a (x);\r\n\n"],
    ["words in a comment", "-- down with it\nDROP TABLE a;\n-- upper\n", "-- down with it\nDROP TABLE a;\n-- upper\n"],
  ];
  for (const [name, sql, up] of parts) it(`keeps the way up: ${name}`, () => { assert.equal(upPart(sql), up); });
});
