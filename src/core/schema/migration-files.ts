/** Which files of a migrations folder make the schema, in the order in which they are run. */
export interface MigrationFiles {
  readonly run: readonly string[];
  /** Files that take a migration back. */
  readonly left: readonly string[];
}

/**
 * Orders the `.sql` files of a migrations folder, given by their paths below it with `/`: by name, numbers by their value (`V2__` before
 * `V10__`, `0002_` before `0010_`), Flyway's repeatable ones (`R__…`) last. Files that take a migration back are left: `….down.sql`, `down.sql`,
 * `…rollback.sql`, Flyway's `U2__…`.
 */
export function migrationFiles(paths: readonly string[]): MigrationFiles {
  const left = paths.filter(takesBack);
  const run = paths.filter((path) => !takesBack(path)).sort(compare);
  return { run, left: left.sort(compare) };
}

function takesBack(path: string): boolean {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return /(?:^|[._-])(?:down|rollback|revert)\.sql$/i.test(name) || /^U[\d._]+__/.test(name);
}

function compare(a: string, b: string): number {
  const [left, right] = [a.split("/"), b.split("/")];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const found = compareNames(left[i] ?? "", right[i] ?? "");
    if (found !== 0) return found;
  }
  return 0;
}

function compareNames(a: string, b: string): number {
  const [left, right] = [flyway(a), flyway(b)];
  if (left !== undefined && right !== undefined) {
    if (left.repeatable !== right.repeatable) return left.repeatable ? 1 : -1;
    for (let i = 0; i < Math.max(left.version.length, right.version.length); i++) {
      const difference = (left.version[i] ?? 0) - (right.version[i] ?? 0);
      if (difference !== 0) return difference;
    }
  }
  return names.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0);
}

const names = new Intl.Collator("en", { numeric: true });

/** @see https://documentation.red-gate.com/fd/migrations-184127470.html */
function flyway(name: string): { readonly repeatable: boolean; readonly version: readonly number[] } | undefined {
  const version = /^V(\d+(?:[._]\d+)*)__/.exec(name)?.[1];
  if (version !== undefined) return { repeatable: false, version: version.split(/[._]/).map(Number) };
  return /^R__/.test(name) ? { repeatable: true, version: [] } : undefined;
}

/** A line that says in which direction what follows goes: goose, sql-migrate, dbmate, and the npm package sqlite. */
const direction = /^[ \t]*--+[ \t]*(?:\+goose[ \t]+|\+migrate[ \t]+|migrate:)?(up|down)\b(?:[ \t]*-*[ \t]*|[ \t]+\w+:.*)$/i;

/** Blanks out what takes a migration back, for tools that keep both ways in one file; every line stays where it is. */
export function upPart(sql: string): string {
  let down = false;
  return sql
    .split("\n")
    .map((line) => {
      const said = direction.exec(line.replace(/\r$/, ""))?.[1]?.toLowerCase();
      if (said !== undefined) down = said === "down";
      return down ? "" : line;
    })
    .join("\n");
}
