import type { Source } from "./open-source.ts";
import { sqliteIdentifier } from "./rows.ts";

/** `full` reads every index against its table as well; `quick` finds what is wrong with the pages and their order only. */
export type DamageCheck = "full" | "quick";

export interface Damage {
  /** What SQLite says is broken, ten lines at most. */
  readonly lines: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * Looks for damage in a source's file; in each table by itself where a check calls a function that only the application has.
 * @throws SQLite's errors: a lock, a page that cannot be read.
 * @see https://www.sqlite.org/pragma.html#pragma_integrity_check
 */
export function findDamage({ db }: Pick<Source, "db">, tables: readonly string[], how: DamageCheck): Damage {
  const pragma = how === "full" ? "integrity_check" : "quick_check";
  const check = (what: string): string[] => db.prepare<[], [string]>(`PRAGMA ${pragma}(${what})`).raw().all().map(([line]) => line).filter(isDamage);
  try {
    return { lines: check("10"), warnings: [] };
  } catch (cause) {
    if (!isUnknownFunction(cause)) throw cause;
  }
  const warnings: string[] = [];
  const lines = tables.flatMap((table) => {
    try {
      return check(sqliteIdentifier(table));
    } catch (cause) {
      if (!isUnknownFunction(cause)) throw cause;
      warnings.push(`${table} could not be checked for damage: ${cause.message}, a function that only the application has`);
      return [];
    }
  });
  return { lines, warnings };
}

/** A value that its column's constraints forbid is no damage of the file: the copy treats its row as a bad row. */
function isDamage(line: string): boolean {
  return line !== "ok" && !/^(NULL value in|CHECK constraint failed in|NUMERIC value in|TEXT value in|non-\w+ value in)/.test(line);
}

function isUnknownFunction(cause: unknown): cause is Error {
  return cause instanceof Error && /(?:unknown|no such) function/.test(cause.message);
}
