import { readFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { root } from "./helpers.ts";

/** DDL of the corpus as a database that SQLite made of it. */
export interface CorpusSchema {
  readonly name: string;
  readonly db: Database.Database;
}

const folder = join(root, "../shared/corpus");

/** Whether the corpus lies beside the repository. */
export const hasCorpus = existsSync(folder);

interface Entry {
  readonly source: string;
  readonly sql: string;
}

function entries(file: string): Entry[] {
  return readFileSync(join(folder, `${file}.jsonl`), "utf8").split("\n").filter((line) => line !== "").flatMap((line): Entry[] => {
    const entry: unknown = JSON.parse(line);
    if (typeof entry !== "object" || entry === null || !("sql" in entry) || typeof entry.sql !== "string") return [];
    return [{ source: "source" in entry && typeof entry.source === "string" ? entry.source : file, sql: entry.sql }];
  });
}

const isCreate = /^(?:\s|--[^\n]*\n|\/\*[\s\S]*?\*\/)*CREATE\s+(?!TEMP)/i;

/**
 * Every CREATE statement of the corpus that SQLite takes. Statements of one source that go together are one database; where a source
 * (or SQLite's own tests, which make `t1` a thousand times) makes a name twice, the second one opens a database of its own, until all
 * are placed that find their tables somewhere.
 */
export function corpusSchemas(): { readonly schemas: readonly CorpusSchema[]; readonly taken: number; readonly refused: readonly string[] } {
  const schemas: CorpusSchema[] = [];
  const refused: string[] = [];
  let taken = 0;
  for (const file of ["app-statements", "sqlite-suite-statements"]) {
    const bySource = new Map<string, string[]>();
    for (const { source, sql } of entries(file)) if (isCreate.test(sql)) bySource.set(source, [...(bySource.get(source) ?? []), sql]);
    for (const [source, statements] of bySource) {
      // Tables first: an index or a view that comes before its table in the corpus came after it in the application.
      const order = statements.toSorted((a, b) => rank(a) - rank(b));
      const own: (CorpusSchema & { readonly names: Set<string> })[] = [];
      for (const sql of order) {
        const name = nameOf(sql);
        let place = own.findIndex((each) => !each.names.has(name) && takes(each.db, sql));
        if (place < 0) {
          const db = new Database(":memory:");
          db.defaultSafeIntegers(true);
          own.push({ name: `${source} ${own.length + 1}`, db, names: new Set() });
          if (takes(db, sql)) place = own.length - 1;
          else own.pop()?.db.close();
        }
        own[place]?.names.add(name);
        if (place < 0) refused.push(sql);
        else taken++;
      }
      schemas.push(...own);
    }
  }
  return { schemas, taken, refused };
}

/** The name that a statement makes, as far as it takes to know that it is there already. */
function nameOf(sql: string): string {
  return (/CREATE\s+(?:UNIQUE\s+)?(?:VIRTUAL\s+)?\w+\s+(?:IF\s+NOT\s+EXISTS\s+)?("[^"]*"|\[[^\]]*\]|`[^`]*`|'[^']*'|[^\s(]+)/i.exec(sql)?.[1] ?? sql).replace(/^["[`']|["\]`']$/g, "").toLowerCase();
}

function rank(sql: string): number {
  const kind = /CREATE\s+(?:UNIQUE\s+|TEMP(?:ORARY)?\s+)?(TABLE|VIRTUAL|INDEX|VIEW|TRIGGER)/i.exec(sql)?.[1]?.toUpperCase();
  return ["TABLE", "VIRTUAL", "INDEX", "VIEW", "TRIGGER"].indexOf(kind ?? "TABLE");
}

/** Runs a statement; a view must be readable, too, or it is taken back. IF NOT EXISTS of something that is there places nothing. */
function takes(db: Database.Database, sql: string): boolean {
  const objects = (): number => Number(db.prepare("SELECT count(*) FROM sqlite_schema").pluck().get());
  const before = objects();
  try {
    db.exec(sql);
  } catch (problem) {
    if (!(problem instanceof Error)) throw problem;
    return false;
  }
  if (objects() === before) return false;
  const views = db.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'view' ORDER BY rowid DESC LIMIT 1").pluck().all();
  for (const view of rank(sql) === 3 ? views : []) {
    const name = `"${view.replaceAll('"', '""')}"`;
    try {
      db.prepare(`SELECT * FROM ${name} LIMIT 0`).all();
    } catch (problem) {
      if (!(problem instanceof Error)) throw problem;
      db.exec(`DROP VIEW ${name}`);
      return false;
    }
  }
  return true;
}
