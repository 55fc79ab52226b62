/** How two bags of rows, each row one text, differ, for people; undefined when they hold the same rows as often. */
export function bagsDiffer(sqlite: readonly string[], postgres: readonly string[]): string | undefined {
  const [a, b] = [sqlite.toSorted(), postgres.toSorted()];
  if (a.length === b.length && a.every((row, i) => row === b[i])) return undefined;
  const onlyLeft = a.find((row) => !b.includes(row));
  const onlyRight = b.find((row) => !a.includes(row));
  return `SQLite gives ${a.length} rows, PostgreSQL ${b.length}${onlyLeft === undefined ? "" : `; only SQLite has ${shown(onlyLeft)}`}${onlyRight === undefined ? "" : `; only PostgreSQL has ${shown(onlyRight)}`}`;
}

function shown(row: string): string {
  return row.length > 200 ? `${row.slice(0, 200)}…` : row;
}
