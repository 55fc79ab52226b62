import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Mode } from "#core/rules/mode.ts";
import { defaultPolicies, type Policies } from "#core/schema/decision.ts";
import { compatSql } from "#engine/generate/compat-sql.ts";
import { translateSql, type Translation } from "#engine/proof/translate-sql.ts";
import type { PostgresSession } from "#engine/postgres/session.ts";
import { openEngines, type Engines } from "../../rules/support/engines.ts";
import { canonical, isOrdered } from "../../rules/support/outcome.ts";
import { embeddedTarget } from "../../support/embedded-target.ts";
import { randomMoment } from "./random-moment.ts";
import { seededRandom } from "../../support/seeded-random.ts";

const schema = `CREATE TABLE moments (id INTEGER PRIMARY KEY, at TEXT, day TEXT, epoch INTEGER, jd REAL, note TEXT, late TEXT)`;

/** Ends of months and years, leap days, the first and last years, before 1970, hours that New York's clocks skip and repeat, fractions. */
const moments = [
  "2024-02-29 12:34:56", "2024-01-31 00:00:00", "2023-12-31 23:59:59", "2024-12-30 01:02:03", "1969-12-31 23:59:59", "1900-02-28 23:59:59.999", "0010-01-01 00:00:00", "9999-12-31 23:59:59",
  "9999-12-01 00:00:00", "2024-03-10 02:30:00", "2024-11-03 01:30:00", "2000-02-29 00:00:59.0005", "2021-01-03 12:00:00.5", "2020-12-31 23:00:00.000001", "2024-02-29 00:00:00", "2023-01-29 05:06:07",
];
const lates = ["2024-01-01 00:00:00", "2023-06-15 10:20:30", "9999-01-31 10:00:00"];
const numbers = [0, -1, 1709210096, 951782400, 253402300799, 253402300800, 1700000000, 86399];
const days = [2460370.02425926, 2440587.5, 2451544.99999, 5373484.25, 1725000.75];

const rows = [
  ...moments.map((at, i) => `(${i + 1}, '${at}', '${at.slice(0, 10)}', ${numbers[i % numbers.length] ?? 0}, ${days[i % days.length] ?? 0}, '${i % 3 === 0 ? "2024-02-29" : i % 3 === 1 ? "text" : "2024-02-29 12:34:56"}', '${lates[i % lates.length] ?? ""}')`),
  "(90, NULL, NULL, NULL, NULL, NULL, NULL)",
];

const settings: readonly { readonly mode: Mode; readonly zone: string; readonly policies: Policies }[] = [
  { mode: "postgres", zone: "America/New_York", policies: defaultPolicies },
  { mode: "postgres", zone: "Asia/Kathmandu", policies: { ...defaultPolicies, dates: "timestamptz" } },
  // The adapter's sessions are in UTC.
  { mode: "both", zone: "UTC", policies: defaultPolicies },
];

/** A timestamptz is printed in the session's zone: the same moment in UTC, as SQLite's text has it. */
function inUtc(results: ReturnType<typeof canonical>, ordered: boolean): unknown {
  return results.map((rows) => {
    const texts = rows.map((row) => JSON.stringify(row.map((cell) => (typeof cell === "string" && /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?[-+]\d\d(?::\d\d)*$/.test(cell) ? moved(cell) : cell))));
    return ordered ? texts : texts.sort();
  });
}

function moved(text: string): string {
  const [, local = "", fraction = "", sign = "", hours = "0", minutes = "0", seconds = "0"] = /^(.{19})(\.\d+)?([-+])(\d\d)(?::(\d\d))?(?::(\d\d))?$/.exec(text) ?? [];
  const offset = (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * (sign === "-" ? -1 : 1);
  return new Date(Date.parse(`${local.replace(" ", "T")}Z`) - offset * 1000).toISOString().slice(0, 19).replace("T", " ") + fraction;
}

/** One server for all: each group makes its schema anew. */
let session: PostgresSession;
before(async () => {
  session = await embeddedTarget().connect();
  await session.script(compatSql());
});

for (const { mode, zone, policies } of settings) {
  describe(`TRAPS 35, 46, 66, 75: date functions in mode ${mode}, moments as ${policies.dates}, the session in ${zone}`, () => {
    let engines: Engines;
    before(async () => {
      await session.script("SET TimeZone = 'UTC'");
      engines = await openEngines({ schema, data: `INSERT INTO moments VALUES ${rows.join(", ")}` }, session, policies);
      await session.query(`SET TimeZone = '${zone}'`);
    });
    after(() => engines.sqlite.close());

    const translate = (sql: string): Promise<Translation> => translateSql(sql, { mode, params: "numeric", schema: engines.view, translateDdl: engines.translateDdl, prover: undefined });
    /** Whether the translation is called the same, having shown that it is. */
    const holds = async (sql: string): Promise<boolean> => {
      const { sql: translated, outcome } = await translate(sql);
      if (outcome !== "translated" && outcome !== "verified") return false;
      const expected = engines.onSqlite(sql, [], []);
      const got = await engines.onPostgres(translated, [], [], mode === "both" ? "adapter-numbered" : "numbered");
      if ("refused" in expected) return false;
      assert.ok(!("refused" in got), `${sql}\n→ ${translated}\n${JSON.stringify(got)}`);
      assert.deepEqual(inUtc(canonical(got, got), isOrdered(sql)), inUtc(canonical(expected, got), isOrdered(sql)), `${sql}\n→ ${translated}`);
      return true;
    };

    it("random queries: whatever is called the same gives the same rows", async () => {
      const random = seededRandom(mode === "both" ? 31 : policies.dates === "timestamp" ? 13 : 17);
      let held = 0;
      for (let i = 0; i < 160; i++) if (await holds(randomMoment(random))) held++;
      assert.ok(held > 45, `only ${held} were called the same`);
    });

    for (const sql of [
      "SELECT id FROM moments WHERE at >= datetime('now', '-7 days')",
      "SELECT id FROM moments WHERE at < CURRENT_TIMESTAMP",
      "SELECT date(at), count(*) FROM moments GROUP BY date(at)",
      "SELECT id, strftime('%Y-%m', at), julianday(late) - julianday(at) FROM moments",
      "SELECT id, date(at, 'start of month', '+1 month', '-1 day') FROM moments",
      "SELECT id, datetime(epoch, 'unixepoch') FROM moments",
      ...(policies.dates === "timestamptz" && mode === "both" ? [] : ["SELECT id FROM moments WHERE at >= '2024-01-01' AND at < '2024-02-29 12:00:00'", "SELECT id FROM moments WHERE at BETWEEN '2024-01-01' AND '2024-02-29'"]),
      "SELECT id FROM moments ORDER BY date(at), id",
    ]) {
      it(`is called the same, and is: ${sql}`, async () => {
        assert.ok(await holds(sql), JSON.stringify((await translate(sql)).findings.filter((each) => each.applicability !== "safe")));
      });
    }

    for (const sql of [
      "SELECT date(at) - date(late) FROM moments",
      "SELECT id FROM moments WHERE at = date(late)",
      "SELECT id FROM moments WHERE strftime('%Y', at) = 2024",
      "SELECT datetime(at, 'localtime') FROM moments",
      "SELECT timediff(at, late) FROM moments",
      "SELECT id FROM moments WHERE at > '2024-01-31T00:00:00'",
      "SELECT id FROM moments WHERE at > ?",
    ]) {
      it(`is not called the same: ${sql}`, async () => {
        assert.match((await translate(sql)).outcome, /review|manual/);
      });
    }
  });
}

describe("TRAP 66: the present moment in a session that is not in UTC", () => {
  it("is stored as SQLite stores it: UTC, to the second, in columns of each type", async () => {
    for (const dates of ["timestamp", "timestamptz", "text"] as const) {
      await session.script("SET TimeZone = 'UTC'");
      const engines = await openEngines({ schema: "CREATE TABLE t (id INTEGER PRIMARY KEY, at TEXT, day TEXT, note TEXT)", data: "INSERT INTO t VALUES (1, '2024-01-01 00:00:00', '2024-01-01', 'x')" }, session, { ...defaultPolicies, dates });
      await session.query("SET TimeZone = 'Pacific/Kiritimati'");
      for (const now of ["CURRENT_TIMESTAMP", "datetime('now')"]) {
        const { sql, outcome } = await translateSql(`UPDATE t SET at = ${now}, day = ${now === "CURRENT_TIMESTAMP" ? "CURRENT_DATE" : "date('now')"}, note = ${now}`, { mode: "postgres", params: "numeric", schema: engines.view, translateDdl: undefined, prover: undefined });
        assert.equal(outcome, "translated", sql);
        const start = Math.floor(Date.now() / 1000) * 1000;
        await session.query(sql);
        const { rows: [row] } = await session.query(`SELECT ${dates === "timestamptz" ? "timezone('utc', at)" : "at"}::text, day::text, note FROM t`);
        const [at = null, day = null, note = null] = row ?? [];
        assert.match(at ?? "", /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
        const stored = Date.parse(`${at ?? ""}Z`);
        assert.ok(stored >= start - 1000 && stored <= Date.now() + 1000, `${sql}: ${at ?? ""}`);
        assert.equal(note, at);
        assert.ok(at?.startsWith(day ?? "none"), `${day ?? ""} of ${at ?? ""}`);
      }
      engines.sqlite.close();
    }
  });
});
