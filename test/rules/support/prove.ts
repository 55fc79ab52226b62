import assert from "node:assert/strict";
import { fixAll, textsByEngine, type Setting } from "./analyze.ts";
import type { Engines } from "./engines.ts";
import type { RuleCase } from "./fixture.ts";
import { canonical } from "./outcome.ts";

/** Three runs agree: the original on SQLite, the fixed text on SQLite (mode both), the fixed text on PostgreSQL. */
export async function prove(each: RuleCase, setting: Setting, engines: Engines): Promise<void> {
  const { parameters, then, mode, driver } = each;
  const before = await textsByEngine(each.text, setting);
  const fixed = await textsByEngine(await fixAll(each.text, setting, each.level, () => true), setting);
  const original = engines.onSqlite(before.sqlite, parameters, then);
  const postgres = await engines.onPostgres(fixed.postgres, parameters, then, mode === "both" ? "adapter" : driver === "psycopg" ? "psycopg" : "numbered");
  if (each.refused) {
    assert.ok("refused" in original && "refused" in postgres, JSON.stringify([original, postgres]));
    if (mode === "both") assert.ok("refused" in engines.onSqlite(fixed.sqlite, parameters, then));
    return;
  }
  const expected = canonical(original, postgres);
  if (each.differs) {
    if (!("refused" in postgres)) assert.notDeepEqual(canonical(postgres, postgres), expected);
    return;
  }
  if (mode === "both") assert.deepEqual(canonical(engines.onSqlite(fixed.sqlite, parameters, then), postgres), expected, `on SQLite: ${fixed.sqlite}`);
  assert.deepEqual(canonical(postgres, postgres), expected, `on PostgreSQL: ${fixed.postgres}`);
}
