/** A column's heading and how its cells stand. */
export interface TextColumn {
  readonly heading: string;
  readonly align: "left" | "right";
}

/** Lays out rows under headings in a monospaced table, two blanks between columns, no trailing blanks. */
export function textTable(columns: readonly TextColumn[], rows: readonly (readonly string[])[]): string {
  const widths = columns.map((column, i) => Math.max(column.heading.length, ...rows.map((row) => (row[i] ?? "").length)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => (columns[i]?.align === "right" ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
      .join("  ")
      .trimEnd();
  return [line(columns.map((c) => c.heading)), line(widths.map((w) => "-".repeat(w))), ...rows.map(line)].join("\n");
}

/** An integer with thousands separators, as people read it. */
export function grouped(value: number | bigint): string {
  return value.toString().replace(/\B(?=(\d{3})+(?!\d))/g, ",");
}
