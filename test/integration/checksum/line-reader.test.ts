import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import fc from "fast-check";
import type { PostgresType } from "#core/schema/decision.ts";
import { makeLineReader } from "#engine/checksum/line-reader.ts";
import { readChecksum, targetChecksum } from "#engine/checksum/target-checksum.ts";
import type { CopiedColumn } from "#engine/migrate/chunk-sql.ts";
import { copyOptions, formatLine } from "#engine/migrate/copy-format.ts";
import type { PostgresSession } from "#engine/postgres/session.ts";
import { allTargets } from "../../support/targets.ts";

// The checksum of lines on this side must be the server's of the rows that it reads from them, bit by bit, for every type.

const pad = (value: number, width: number): string => String(value).padStart(width, "0");
const day = fc.tuple(fc.oneof(fc.integer({ min: 1, max: 9999 }), fc.integer({ min: 1990, max: 2030 })), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 28 })).map(([y, m, d]) => `${pad(y, 4)}-${pad(m, 2)}-${pad(d, 2)}`);
const moment = fc
  .tuple(day, fc.constantFrom(" ", "T"), fc.integer({ min: 0, max: 86_399 }), fc.constantFrom("", ".5", ".000001", ".123456", ".10", ".000"))
  .map(([date, separator, s, fraction]) => `${date}${separator}${pad(Math.floor(s / 3600), 2)}:${pad(Math.floor(s / 60) % 60, 2)}:${pad(s % 60, 2)}${fraction}`);
const character = fc.oneof(fc.constantFrom("a", "b", "Z", " ", ",", "\n", "\r", "\t", "\u0001", "\u0008", "\u001f", "\u007f", '"', "\\", "/", "é", "\u2028", "😀", "\uffff", "{", "[", "'"), fc.string({ unit: "binary", maxLength: 1 }).filter((c) => c !== "\0"));
const text = fc.array(character, { maxLength: 40 }).map((all) => all.join(""));
const decimal = fc.tuple(fc.constantFrom("", "-"), fc.constantFrom("0", "00", "1", "10", "9007199254740993", "123456789012345678901234567890"), fc.constantFrom("", ".0", ".5", ".50", ".000", ".00012300"), fc.constantFrom("", "e0", "e3", "e-3", "E+10", "e-20", "e120")).map((parts) => parts.join(""));
const jsonNumber = fc.oneof(
  fc.tuple(fc.constantFrom("", "-"), fc.constantFrom("0", "1", "10", "120", "9007199254740993"), fc.constantFrom("", ".0", ".5", ".50", ".0012"), fc.constantFrom("", "e0", "e2", "E+2", "e-2", "e-9", "e15")).map((parts) => parts.join("")),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
);
const escape = (value: string, how: number): string => {
  const plain = JSON.stringify(value);
  return how === 0 ? plain : plain.slice(0, -1).replace(/[a-zé]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`) + '"';
};
const blank = fc.constantFrom("", "", " ", "\n", "\t ");
const { json } = fc.letrec<{ json: string }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 4, depthSize: "medium" },
    fc.oneof(jsonNumber, fc.constantFrom("true", "false", "null", '"\\/"', '"\\b\\f\\n\\r\\t"', '"\\ud83d\\ude00"'), fc.tuple(text, fc.constantFrom(0, 0, 0, 1)).map(([value, how]) => (how === 1 && /[\\\u0000-\u001f]/.test(value) ? escape(value, 0) : escape(value, how)))),
    fc.tuple(fc.array(tie("json"), { maxLength: 5 }), blank).map(([items, b]) => `[${b}${items.join(`${b},${b}`)}${b}]`),
    fc
      .tuple(fc.uniqueArray(fc.tuple(fc.oneof(text, fc.constantFrom("a", "b", "aa", "é", "id", "name")), tie("json")), { maxLength: 8, selector: ([name]) => name }), blank, fc.constantFrom(0, 0, 1))
      .map(([all, b, how]) => `{${b}${all.map(([name, value]) => `${/[\\\u0000-\u001f]/.test(name) ? escape(name, 0) : escape(name, how)}${b}:${b}${value}`).join(`,${b}`)}${b}}`),
  ),
}));
/** jsonb refuses lone surrogates. */
const soundJson = json.filter((value) => !/\\ud[89a-f]/i.test(value.replaceAll("\\ud83d\\ude00", "")));

const values: Readonly<Record<PostgresType, fc.Arbitrary<string>>> = {
  bigint: fc.oneof(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.integer(), fc.constantFrom(0, -1, 1, 2 ** 31, 2 ** 32, -(2 ** 32), 2 ** 53)).map(String),
  integer: fc.integer().map(String),
  boolean: fc.constantFrom("t", "f"),
  "double precision": fc.oneof(fc.double({ noNaN: true }).map((value) => (Object.is(value, -0) ? "-0" : String(value))), fc.constantFrom("Infinity", "-Infinity", "Inf", "-Inf", "-0", "0", "0.0", "1.0e+300", "5e-324", "12345")),
  numeric: fc.oneof(decimal, fc.constantFrom("Infinity", "-Infinity", "Inf")),
  text,
  bytea: fc.uint8Array({ maxLength: 40 }).map((bytes) => `\\x${Buffer.from(bytes).toString("hex")}`).chain((hex) => fc.constantFrom(hex, `\\x${hex.slice(2).toUpperCase()}`)),
  timestamp: moment,
  timestamptz: moment.map((value) => `${value}+00`),
  date: day,
  jsonb: soundJson,
  uuid: fc.uuid(),
};

const types = Object.keys(values) as PostgresType[];

/** The sums of both sides for each line, and for all of them together. */
async function sums(session: PostgresSession, columns: readonly CopiedColumn[], lines: readonly string[]): Promise<{ readonly ours: bigint[]; readonly theirs: bigint[] }> {
  const sum = (some: readonly string[]): bigint => {
    const reader = makeLineReader(columns);
    reader.read(Buffer.from(some.join(""), "utf8"));
    assert.equal(reader.rows, some.length);
    return reader.sum;
  };
  assert.equal(await session.copyIn(`COPY sums (${columns.map(({ target }) => target).join(", ")}) FROM STDIN ${copyOptions}`, [Buffer.from(lines.join(""), "utf8")], { wholeRows: true }), lines.length);
  const each = await session.query(`SELECT ${targetChecksum(columns, "t")} FROM sums t GROUP BY n ORDER BY n`);
  const all = await session.query(`SELECT ${targetChecksum(columns, "t")} FROM sums t`);
  return { ours: [...lines.map((line) => sum([line])), sum(lines)], theirs: [...each.rows, ...all.rows].map(([value]) => readChecksum(value)) };
}

const column = (type: PostgresType, i: number): CopiedColumn => ({ name: `c${i}`, target: `c${i}`, type, notNull: false, realAffinity: false });

for (const { label, empty } of allTargets) {
  describe(`the checksum of rows, on ${label}`, () => {
    let session: PostgresSession;
    before(async () => {
      session = await (await empty()).connect();
    });
    after(() => session.close());

    for (const type of types) {
      it(`is the server's for ${type}`, async () => {
        await session.script(`DROP TABLE IF EXISTS sums; CREATE TABLE sums (n serial, c0 ${type})`);
        const some = fc.sample(values[type], { numRuns: type === "jsonb" ? 2000 : 300, seed: 11 });
        const { ours, theirs } = await sums(session, [column(type, 0)], some.map((value) => formatLine([value], [type])));
        assert.equal(theirs.length, some.length + 1);
        for (const [i, value] of some.entries()) assert.equal(ours[i], theirs[i], `${type}: ${value}`);
        assert.equal(ours.at(-1), theirs.at(-1));
      });
    }

    it("is the server's for whole rows with NULL among the values, in any order", async () => {
      const columns = [...types, ...types].map(column);
      await session.script(`DROP TABLE IF EXISTS sums; CREATE TABLE sums (n serial, ${columns.map(({ target, type }) => `${target} ${type}`).join(", ")})`);
      const own = columns.map(({ type }) => type);
      const row = fc.tuple(...own.map((type) => fc.option(values[type], { nil: null }))).map((texts) => formatLine(texts, own));
      const lines = fc.sample(row, { numRuns: 300, seed: 12 });
      const { ours, theirs } = await sums(session, columns, lines);
      assert.deepEqual(ours, theirs);
      const again = makeLineReader(columns);
      again.read(Buffer.from(lines.toReversed().join(""), "utf8"));
      assert.deepEqual([again.sum, again.rows], [ours.at(-1), lines.length]);
      await session.query("DELETE FROM sums WHERE ctid = (SELECT min(ctid) FROM sums)");
      const { rows } = await session.query(`SELECT ${targetChecksum(columns, "t")} FROM sums t`);
      assert.notEqual(readChecksum(rows[0]?.[0]), ours.at(-1));
    });
  });
}

/** Pairs that a checksum must tell apart, though the server's own hash of some of them is the same. */
const told: readonly (readonly [PostgresType, string | null, string | null])[] = [
  ["double precision", "-0", "0"], ["numeric", "-1.5", "1.5"], ["jsonb", "{}", "[]"], ["jsonb", "{}", null], ["jsonb", "[1,2]", "[2,1]"], ["jsonb", '{"a":1}', '{"A":1}'], ["jsonb", '"1"', "1"],
  ["text", "", null], ["text", "a", "A"], ["bigint", "0", null], ["boolean", "f", null], ["bytea", "\\x", null],
];
describe("a checksum", () => {
  const sum = (columns: readonly PostgresType[], ...rows: (readonly (string | null)[])[]): bigint => {
    const reader = makeLineReader(columns.map(column));
    reader.read(Buffer.from(rows.map((row) => formatLine(row, columns)).join(""), "utf8"));
    return reader.sum;
  };
  for (const [type, a, b] of told) it(`tells ${type} ${a ?? "NULL"} from ${b ?? "NULL"}`, () => { assert.notEqual(sum([type], [a]), sum([type], [b])); });
  it("tells the places of values, rows that are there twice, and values that change rows", () => {
    const pair = ["bigint", "bigint"] as const;
    assert.notEqual(sum(pair, ["1", "2"]), sum(pair, ["2", "1"]));
    assert.notEqual(sum(pair, ["1", "2"]), sum(pair, ["1", "2"], ["1", "2"]));
    assert.notEqual(sum(pair, ["1", "2"], ["3", "4"]), sum(pair, ["1", "4"], ["3", "2"]));
  });
  it("takes what says the same for the same", () => {
    for (const [type, a, b] of [["numeric", "1.50", "1.5"], ["numeric", "1.0e+2", "100"], ["jsonb", '{"b":1,"a":"\\u00e9"}', '{ "a":"é" ,"b":1}'], ["timestamp", "2024-01-01T00:00:00.120", "2024-01-01 00:00:00.12"], ["bytea", "\\xAB", "\\xab"]] as const) {
      assert.equal(sum([type], [a]), sum([type], [b]), `${type} ${a} and ${b}`);
    }
  });
});
