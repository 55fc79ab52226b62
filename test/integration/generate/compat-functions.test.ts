import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import Database from "better-sqlite3";
import { compatSession, compatSql } from "#engine/generate/compat-sql.ts";
import type { PostgresSession } from "#engine/postgres/session.ts";
import { startServer } from "../../support/shared-server.ts";

const compat = compatSql();
const sessionSettings = `${compatSession}; SET cutover.local_timezone = 'UTC'`;

type Row = readonly unknown[];

/** An expression that both engines are asked; `on` is what PostgreSQL is asked instead where the spelling must differ. */
interface Case {
  readonly sqlite: string;
  readonly postgres: string;
}

const q = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const same = (...texts: string[]): Case[] => texts.map((text) => ({ sqlite: text, postgres: text }));

/** PostgreSQL's grammar takes time( for a type and date( of one literal for a cast: the adapter writes these names in full. */
const asAdapter = (text: string): string => text.replace(/\btime\(/g, 'cutover."time"(').replace(/\bdate\(/g, "cutover.date(");

const moments = [
  "2024-02-29 12:34:56", "2024-02-29T12:34:56", "2024-02-29", "2023-12-31 23:59:59.999", "2024-01-01 00:00:00", "2024-12-30 01:02:03.5",
  "2024-03-31 10:00", "12:34", "12:34:56.789", "2024-06-15 12:00:00Z", "2024-06-15 12:00:00+05:30", "2024-06-15 12:00:00 -08:00", "1969-12-31 23:59:59",
  "1900-02-28 00:00:00", "0001-01-01", "9999-12-31 23:59:59", "2460000.5", "2024-02-30", "2024-13-01", "2024-00-10", "rubbish", "", " 2024-01-01", "2024-1-1",
  "2024-01-01 24:00:00", "2024-01-01 25:00:00", "2024-01-01 10:60", "2024-01-01 10:00:60", "2024-01-01  10:00", "2000-01-01 00:00:00.0004", "2024-01-01 00:00:59.9996", "9999-12-30 00:00:00.25",
];
const modifiers: readonly (readonly string[])[] = [
  [], ["+1 day"], ["-1 day"], ["1 day"], ["+1 days"], ["+90 minutes"], ["-36 hours"], ["+1.5 hours"], ["+1.5 days"], ["-0.5 day"], ["+1 month"], ["-1 month"], ["+13 months"],
  ["-25 months"], ["+1.5 months"], ["+1 year"], ["-1 year"], ["+4 years"], ["-0.25 years"], ["+3.25 seconds"], ["-59 second"], ["start of month"], ["start of year"], ["start of day"],
  ["start of month", "+1 month", "-1 day"], ["weekday 0"], ["weekday 3"], ["weekday 6"], ["start of month", "weekday 1"], ["+02:30"], ["-02:30"], ["+00:00:01.5"], ["utc"], ["localtime"],
  ["nonsense"], ["+1 fortnight"], ["weekday 7"], ["start of week"], ["+1 day", "nonsense"], ["+1 DAY"], ["Start Of Month"], ["+1000000 days"],
  ["+1 month", "floor"], ["-1 year", "floor"], ["+1 month", "ceiling"], ["floor"], ["+0001-02-03"], ["-0000-01-30 10:30"], ["+0000-13-00"], ["+0000-00-01 00:00:01.5"], ["+4 days", "-4 days"],
];
const letters = "dfFgGHIjJklmMpPRsSTuUVwWYe%".split("");

/** Outside of what the functions promise: years before 1, and a day past its month's end that a modifier then reads as written. */
const outside = (moment: string, mods: readonly string[]): boolean =>
  (moment.startsWith("0001") && mods.some((each) => each.startsWith("-"))) || (moment === "2024-02-30" && mods.some((each) => /month|year|start|^[-+]\d{4}-/.test(each)));

const dates: Case[] = [
  ...moments.flatMap((m) => modifiers.filter((mods, i) => (i < 6 || (i + m.length) % 3 === 0) && !outside(m, mods)).map((mods) => `datetime(${[m, ...mods].map(q).join(", ")})`)),
  // SQLite's 'subsec' always shows three digits; a timestamp has as many as it needs.
  ...moments.filter((m) => m !== "2024-02-30").map((m) => `strftime('%Y-%m-%d %H:%M:%f', ${q(m)}, 'subsec')`),
  ...moments.map((m) => `time(${q(m)}, 'subsec')`),
  ...moments.map((m) => `unixepoch(${q(m)}, 'subsec')`),
  ...moments.map((m) => `date(${q(m)})`),
  ...moments.map((m) => `time(${q(m)})`),
  ...moments.map((m) => `julianday(${q(m)})`),
  ...moments.map((m) => `unixepoch(${q(m)})`),
  ...moments.slice(0, 12).map((m) => `julianday(${q(m)}, '+1.5 days')`),
  ...moments.slice(0, 16).flatMap((m) => letters.map((l) => `strftime(${q(`<%${l}>`)}, ${q(m)})`)),
  ...modifiers.map((mods) => `strftime('%Y-%m-%d %H:%M:%f', ${["2024-01-31 22:33:44.567", ...mods].map(q).join(", ")})`),
  "strftime('%s', '2024-01-01', 'subsec')", "strftime('%Q', '2024-01-01')", "strftime('%Y%', '2024-01-01')", "strftime('plain', '2024-01-01')",
  "datetime(1700000000, 'unixepoch')", "datetime(1700000000.75, 'unixepoch')", "datetime('1700000000', 'unixepoch')", "datetime(-1, 'unixepoch')", "datetime(1700000000, 'auto')",
  "datetime(2460000.5)", "datetime(2460000.25, 'auto')", "datetime(1700000000)", "date(0, 'unixepoch')", "date(1709210096, 'unixepoch', '+1 month')",
  "datetime('2024-01-01', 'unixepoch')", "datetime(2460000.5, 'julianday')", "datetime('2024-01-01', NULL)", "datetime(NULL)", "date(NULL)", "strftime('%Y', NULL)", "strftime(NULL, '2024-01-01')",
  "julianday('2024-03-01') - julianday('2024-02-01')", "CAST(julianday('2024-03-01 12:00') - julianday('2024-02-01') AS TEXT)",
  "datetime('now', 'start of day') = datetime(date('now'))", "date('now') = date(datetime('now'))", "date('now', '-7 days') < date('now')", "julianday('now') - julianday('now', '-1 day') = 1.0",
  "datetime('2024-01-01', '-' || 7 || ' days')", "date('2024-01-01', '+' || 3 || ' months')",
].flatMap((text): Case[] => [{ sqlite: text, postgres: asAdapter(text) }]);

/** On columns of the types that a translated schema has. */
const stamped = ["2024-02-29 12:34:56", "2023-12-31 23:59:59.999", "1969-12-31 23:59:59.5"];
const columns: Case[] = stamped.flatMap((m) =>
  ["datetime(X)", "datetime(X, '+1 month')", "date(X)", "date(X, 'start of month')", "time(X)", "julianday(X)", "unixepoch(X)", "strftime('%Y-%m-%d %H:%M:%S', X)", "strftime('%Y%m', X)", "strftime('%W %j', X)", "strftime('%d%d', X)", "strftime('%f', X)", "substr(X, 1, 10)", "length(X)", "X >= datetime('2024-01-01')", "like('2024%', X)", "strftime('%Y-%m', X, '-1 month')"].map((text) => ({
    sqlite: text.replaceAll("X", q(m)),
    postgres: asAdapter(text).replaceAll("X", `CAST(${q(m)} AS timestamp)`),
  })),
);
const days: Case[] = ["datetime(X)", "date(X)", "date(X, '+1 month')", "strftime('%Y', X)", "julianday(X)", "substr(X, 1, 7)", "X = date('2024-02-29')"].map((text) => ({
  sqlite: text.replaceAll("X", "'2024-02-29'"),
  postgres: asAdapter(text).replaceAll("X", "CAST('2024-02-29' AS date)"),
}));

const patterns = ["a%", "A%", "%c", "_b_", "a\\%", "a%%c", "%", "", "_", "Ä%", "ä%", "a_c", "[a]%", "%\n%", "50\\%", "a.c"];
const subjects = ["abc", "ABC", "aXc", "", "a", "Äbc", "äbc", "a\\bc", "[a]b", "x\ny", "50%", "50\\%", "a.c"];
const likes: Case[] = [
  ...patterns.flatMap((p) => subjects.flatMap((s) => same(`like(${q(p)}, ${q(s)})`))),
  ...["a!%", "!_b", "a!!%", "abc!", "A!%", "x!a"].flatMap((p) => ["a%", "_b", "a!c", "abc", "abc!", "xa", "xA"].flatMap((s) => same(`like(${q(p)}, ${q(s)}, '!')`))),
  ...same("like('aX%', 'a%', 'X')", "like('ax%', 'axb', 'X')", "like('5%', 55)", "like('5%', 45)", "like('1.%', 1.5)", "like(NULL, 'a')", "like('a', NULL)", "like('a', 'a', NULL)"),
];
const globPatterns = ["a*", "A*", "?b?", "[a-c]*", "[^a-c]*", "[]]", "[!a]*", "*.c", "a[b", "", "*", "[a-]", "[-a]", "a\\*", "[[]*", "a.c", "(a)", "a+b", "[^]]*", "[c-a]x", "ä*"];
const globs: Case[] = globPatterns.flatMap((p) => ["abc", "ABC", "b", "]", "a.c", "axc", "", "[x", "-", "a-", "(a)", "a+b", "aab", "ax", "äx", "a\nb", "!a", "\\a"].flatMap((s) => same(`glob(${q(p)}, ${q(s)})`)));

const numbers = ["0.0", "0.5", "1.5", "2.5", "-0.5", "-2.5", "2.675", "1.005", "0.15", "0.25", "0.35", "1234.5678", "-1234.5678", "1e15", "4503599627370497.0", "1e300", "1e-5", "123456789.987654321", "0.1", "99.995", "5.015", "1e-300"];
const rounds: Case[] = [
  ...numbers.flatMap((n) => ["", ", 0", ", 1", ", 2", ", 3", ", 10", ", -1"].map((d) => ({ sqlite: `round(${n}${d})`, postgres: `round(CAST('${n}' AS double precision)${d})` }))),
  ...numbers.slice(0, 15).flatMap((n) => ["", ", 1", ", 2"].map((d) => ({ sqlite: `round(${n}${d})`, postgres: `round(CAST('${n}' AS numeric)${d})` }))),
  ...same("round(5)", "round(5, 1)", "round(-7, 2)", "round(NULL, 2)"),
];

const texts: Case[] = [
  ...["hello", "", "žluťoučký", "a🐎b"].flatMap((s) => ["1", "2", "0", "-1", "-3", "-10", "10"].flatMap((a) => [`substr(${q(s)}, ${a})`, ...["0", "1", "2", "-1", "-2", "100"].map((b) => `substr(${q(s)}, ${a}, ${b})`)])).flatMap((t) => same(t)),
  ...same(
    "substr(12345, 2, 3)", "substr(NULL, 1)", "substr('abcdef', instr('abcdef', 'c'))", "instr('hello', 'l')", "instr('hello', 'z')", "instr('hello', '')", "instr('', 'a')",
    "instr(NULL, 'a')", "instr('žlu', 'l')", "instr(12345, '3')", "length('žluť')", "length(12345)", "length(-5)", "length(NULL)", "length('')", "hex('abc')", "hex('ž')", "hex(12)", "hex(NULL)", "unicode('abc')",
    "unicode('ž')", "unicode('')", "typeof('a')", "typeof(1)", "typeof(NULL)", "typeof(1 + 1)", "ifnull(NULL, 5)", "ifnull(3, 5)", "ifnull(NULL, 'x')", "ifnull('a', 'b')", "iif(1 = 1, 'a', 'b')", "iif(1 = 2, 1, 2)", "iif(NULL, 1, 2)",
    "max(1, 2)", "max(3, 2, 5)", "min(3, 2, 5, 1)", "max(1, NULL)", "min(NULL, 1, 2)", "max('a', 'b')", "min('a', 'B')",
    "CAST(total(x) AS INTEGER) FROM (SELECT 1 AS x UNION ALL SELECT 2) AS t", "total(x) FROM (SELECT 1.5 AS x UNION ALL SELECT NULL) AS t", "total(x) FROM (SELECT 1 AS x) AS t WHERE x = 2",
    "group_concat(x) FROM (SELECT 1 AS x UNION ALL SELECT 2 UNION ALL SELECT NULL) AS t", "group_concat(x, '-') FROM (SELECT 'a' AS x UNION ALL SELECT 'b') AS t", "group_concat(x, NULL) FROM (SELECT 'a' AS x UNION ALL SELECT 'b') AS t",
    "group_concat(x) FROM (SELECT 'a' AS x) AS t WHERE x = 'b'", "group_concat(DISTINCT x) FROM (SELECT 'a' AS x UNION ALL SELECT 'a') AS t",
  ),
  { sqlite: "typeof(1.5)", postgres: "typeof(CAST(1.5 AS double precision))" },
  { sqlite: "typeof(x'00')", postgres: "typeof('\\x00'::bytea)" },
  { sqlite: "hex(x'00ff')", postgres: "hex('\\x00ff'::bytea)" },
  { sqlite: "length(x'00ff')", postgres: "length('\\x00ff'::bytea)" },
  { sqlite: "instr(x'0102ff', x'ff')", postgres: "instr('\\x0102ff'::bytea, '\\xff'::bytea)" },
  { sqlite: "sum(x) FROM (SELECT 1 AS x UNION ALL SELECT 0 UNION ALL SELECT 1 UNION ALL SELECT NULL) AS t", postgres: "sum(x) FROM (VALUES (true), (false), (true), (NULL)) AS t(x)" },
  { sqlite: "avg(x) FROM (SELECT 1 AS x UNION ALL SELECT 0 UNION ALL SELECT 1 UNION ALL SELECT NULL) AS t", postgres: "avg(x) FROM (VALUES (true), (false), (true), (NULL)) AS t(x)" },
  { sqlite: "max(x) FROM (SELECT 1 AS x UNION ALL SELECT 0) AS t", postgres: "max(x) FROM (VALUES (true), (false)) AS t(x)" },
  { sqlite: "min(x) FROM (SELECT 1 AS x UNION ALL SELECT 0) AS t", postgres: "min(x) FROM (VALUES (true), (false)) AS t(x)" },
  { sqlite: "group_concat(x) FROM (SELECT 1 AS x UNION ALL SELECT 0) AS t", postgres: "group_concat(x) FROM (VALUES (true), (false)) AS t(x)" },
  { sqlite: "group_concat(x) FROM (SELECT 1.0 AS x UNION ALL SELECT 0.1 UNION ALL SELECT 1e20) AS t", postgres: "group_concat(x) FROM (VALUES (1.0::double precision), (0.1), (1e20)) AS t(x)" },
  ...["1.0", "0.1", "1e20", "1e-5", "123456.789", "1e14", "-2.5"].map((n) => ({ sqlite: `length(${n})`, postgres: `length(CAST('${n}' AS double precision))` })),
];

const documents = ['{"a": 1, "b": "text", "c": [1, 2, {"d": null}], "e": true, "f": false, "g": 1.5, "h k": "x", "i": {"j": [ 1 , 2 ]}, "q": "say \\"hi\\" \\u00e9"}', "[1, 2, 3]", '"s"', "null", "5"];
const paths = ["$", "$.a", "$.b", "$.c", "$.c[0]", "$.c[2].d", "$.c[9]", "$.c[#-1]", "$.e", "$.f", "$.g", '$."h k"', "$.i", "$.i.j[1]", "$.nothing", "$[1]", "$[#-1]", "$.a.b", "$.q"];
const json: Case[] = [
  ...documents.flatMap((d) => paths.flatMap((p) => [`json_extract(${q(d)}, ${q(p)})`, `json_type(${q(d)}, ${q(p)})`, `json_array_length(${q(d)}, ${q(p)})`])).flatMap((t) => same(t)),
  ...same("json_valid('{}')", "json_valid('{')", "json_valid('')", "json_valid(NULL)", "json_extract(NULL, '$.a')", "json_type('[1]')", "json_array_length('[1, 2]')"),
  { sqlite: `json_extract('{"a":{"b":[1,2]}}', '$.a')`, postgres: `json_extract('{"a":{"b":[1,2]}}'::jsonb, '$.a')` },
  { sqlite: `json_extract('{"a":true}', '$.a')`, postgres: `json_extract('{"a":true}'::jsonb, '$.a')` },
];

const stamps = ["2024-01-01 00:00:00", "2024-01-01", "2024-01-02", "2023", "zzz", "", "2024-01-01 00:00:00.5"];
const operators: Case[] = [
  ...stamps.flatMap((text) =>
    ["<", "<=", "=", "<>", ">=", ">"].flatMap((sign) =>
      ["datetime('2024-01-01')", "date('2024-01-01', '+0 days')"].flatMap((moment) => [
        { sqlite: `${q(text)} ${sign} ${moment}`, postgres: `CAST(${q(text)} AS text) ${sign} ${moment}` },
        { sqlite: `${moment} ${sign} ${q(text)}`, postgres: `${moment} ${sign} CAST(${q(text)} AS text)` },
      ]),
    ),
  ),
  ...["x = 1", "x = 0", "x <> 1", "0 = x", "1 <> x", "x = 2", "x IN (0, 2)", "NOT x = 1"].map((text) => ({ sqlite: `${text} FROM (SELECT 1 AS x) AS t`, postgres: `${text} FROM (SELECT true AS x) AS t` })),
];

const groups: Readonly<Record<string, readonly Case[]>> = { dates, columns, days, likes, globs, rounds, texts, json, operators };

/** A value of SQLite's and PostgreSQL's text for it, compared as the adapter would hand the latter over. */
function equal(sqlite: unknown, postgres: string | null): boolean {
  if (sqlite === null || postgres === null) return sqlite === postgres;
  if (typeof sqlite === "number" || typeof sqlite === "bigint") {
    const text = postgres === "t" ? "1" : postgres === "f" ? "0" : postgres;
    return text !== "" && Number(text) === Number(sqlite);
  }
  return sqlite === postgres;
}

describe("functions of schema cutover against SQLite", () => {
  const sqlite = new Database(":memory:");
  after(() => sqlite.close());

  for (const major of [14, 18] as const) {
    describe(`on PostgreSQL ${major}`, () => {
      let session: PostgresSession;
      before(async () => {
        const { target } = await (await startServer(major)).newDatabase();
        session = await target.connect();
        await session.script(compat);
        await session.script(sessionSettings);
      });
      after(() => session.close());

      for (const [name, cases] of Object.entries(groups)) {
        it(`${name}: ${cases.length} cases`, async () => {
          const wrong: string[] = [];
          for (const each of cases) {
            let expected: unknown;
            try {
              expected = (sqlite.prepare(`SELECT ${each.sqlite}`).raw().get() as Row)[0];
            } catch (error) {
              throw new Error(`SQLite refuses ${each.sqlite}`, { cause: error });
            }
            const got = await session.query(`SELECT ${each.postgres}`).then(
              (result) => result.rows[0]?.[0] ?? null,
              (error: unknown) => `ERROR ${error instanceof Error ? error.message : String(error)}`,
            );
            if (!equal(expected, got)) wrong.push(`${each.postgres}: SQLite ${JSON.stringify(expected)}, PostgreSQL ${JSON.stringify(got)}`);
          }
          assert.deepEqual(wrong, []);
        });
      }

      it("is installed by several at once, and again", async () => {
        const { target } = await (await startServer(major)).newDatabase();
        const sessions = await Promise.all([target.connect(), target.connect(), target.connect()]);
        await Promise.all(sessions.map((each) => each.script(compat)));
        await sessions[0].script(compat);
        const comment = await sessions[0].query("SELECT obj_description('cutover'::regnamespace, 'pg_namespace')");
        assert.match(comment.rows[0]?.[0] ?? "", /^SQLite functions for PostgreSQL, version [0-9a-f]{12}$/);
        await Promise.all(sessions.map((each) => each.close()));
      });
    });
  }
});
