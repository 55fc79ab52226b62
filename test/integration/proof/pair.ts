import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { defaultPolicies } from "#core/schema/decision.ts";
import { openProver, type Prover } from "#engine/proof/prover.ts";
import { basisOf, type TranslationBasis } from "#engine/proof/translation-basis.ts";
import { translateSql, type Translation } from "#engine/proof/translate-sql.ts";
import { readPlan } from "#engine/sqlite/read-plan.ts";
import { loadConfig } from "#engine/workspace/config.ts";
import type { Mode } from "#core/rules/mode.ts";
import type { Verdict } from "#core/rules/verdict.ts";
import { atEnd } from "../../support/at-end.ts";
import { sqliteFile } from "../../support/sqlite-file.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

export const schema = `
CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT NOT NULL, nick TEXT, label TEXT COLLATE NOCASE, age INTEGER, score REAL, active BOOLEAN NOT NULL DEFAULT 1, created DATETIME, raw);
CREATE TABLE orders (id INTEGER PRIMARY KEY AUTOINCREMENT, person INTEGER REFERENCES people (id), amount INTEGER NOT NULL, note TEXT, UNIQUE (person, amount));
`;

export const rows = `
INSERT INTO people VALUES
  (1, 'Anna', 'an', 'Red', 30, 1.5, 1, '2020-01-01 00:00:00', 'x'),
  (2, 'bob', NULL, 'red', -7, NULL, 0, '2020-01-01 10:00:00', 'y'),
  (3, 'Émile', 'ém', NULL, NULL, 0.1, 1, NULL, NULL),
  (4, 'anna', 'AN', 'blue', 7, 2.0, 1, '2021-05-05 05:05:05', '10'),
  (5, '_x', '', 'Blue', 0, -0.5, 0, '2019-12-31 23:59:59', '9'),
  (6, 'Zoe 10%', '10', 'green', 30, 1e10, 1, '2020-01-02 00:00:00', 'Z'),
  (7, '10', '7', 'GREEN', 7, 3.25, 0, NULL, 'z');
INSERT INTO orders (person, amount, note) VALUES (1, 10, 'a'), (1, 20, NULL), (2, 10, 'B'), (NULL, 5, 'c'), (4, 7, 'A'), (6, 10, '');
`;

/** Translates with the schema alone, so that no rows can warn; and tells the truth with rows. */
export interface Pair {
  readonly translate: (sql: string) => Promise<Translation>;
  /** What both engines give for a query and its translation on the rows. */
  readonly truth: (original: string, translated: string) => Promise<Verdict>;
  readonly prover: Prover;
  readonly file: string;
}

/** @param data another database than the one above */
export async function makePair(mode: Mode, data: { readonly schema: string; readonly rows: string } = { schema, rows }): Promise<Pair> {
  const folder = temporaryFolder();
  const ddl = join(folder, "schema.sql");
  writeFileSync(ddl, data.schema);
  const basis: TranslationBasis = await basisOf(ddl, await loadConfig(folder), mode, new AbortController().signal);
  const file = sqliteFile(data.schema + data.rows);
  // Decided by declarations, like the other side's.
  const read = await readPlan({ source: file, policies: defaultPolicies, profile: false });
  const prover = await openProver({ plan: read.plan, mode, source: read.source });
  atEnd(async () => {
    await basis.close();
    await prover.close();
    read.close();
  });
  return {
    file,
    prover,
    translate: (sql) => translateSql(sql, { mode, params: "numeric", schema: basis.schema, translateDdl: basis.translateDdl, prover: basis.prover }),
    truth: (original, translated) => prover.prove(translated, original),
  };
}
