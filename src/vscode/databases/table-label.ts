import type { TablePair } from "#protocol/worker.ts";

/** How a pair of tables compares: by existence first, then by row count. */
export type TableState = "equal" | "different" | "only-source" | "only-target" | "source-unknown" | "target-unknown";

/** What can be said of a table when some side could not be read at all. */
export function tableState(table: TablePair, readable: { readonly source: boolean; readonly target: boolean }): TableState {
  if (!readable.target) return "target-unknown";
  if (!readable.source) return "source-unknown";
  if (table.source === undefined) return "only-target";
  if (table.target === undefined) return "only-source";
  return table.source.rows === table.target.rows ? "equal" : "different";
}

/** The two counts as the tree shows them: `1,204 | 1,204 ✓`, a dash for a side without the table, `?` for one that was not read. */
export function countsLabel(table: TablePair, state: TableState, locale: string): string {
  const format = new Intl.NumberFormat(locale);
  const side = (rows: number | undefined, unread: boolean): string => (unread ? "?" : rows === undefined ? "–" : format.format(rows));
  const counts = `${side(table.source?.rows, state === "source-unknown")} | ${side(table.target?.rows, state === "target-unknown")}`;
  return `${counts}${marks[state]}`;
}

const marks: Record<TableState, string> = { equal: " ✓", different: " ≠", "only-source": "", "only-target": " ≠", "source-unknown": "", "target-unknown": "" };

/** One column of a table pair, by name; the case of names is not compared, as neither engine does for unquoted ones. */
export interface ColumnPair {
  readonly name: string;
  readonly sourceType: string | undefined;
  readonly targetType: string | undefined;
}

/** Pairs the columns of both sides: the source's order first, then what only the target has. */
export function pairColumns(table: TablePair): readonly ColumnPair[] {
  const target = new Map((table.target?.columns ?? []).map((column) => [column.name.toLowerCase(), column]));
  const pairs: ColumnPair[] = (table.source?.columns ?? []).map((column) => {
    const other = target.get(column.name.toLowerCase());
    target.delete(column.name.toLowerCase());
    return { name: column.name, sourceType: column.type, targetType: other?.type };
  });
  return [...pairs, ...[...target.values()].map((column) => ({ name: column.name, sourceType: undefined, targetType: column.type }))];
}
