/** Changes a PostgreSQL text everywhere but in its literals and quoted names, which may hold line ends of their own. */
export function outsideQuotes(sql: string, change: (text: string) => string): string {
  return sql
    .split(/('(?:[^']|'')*'|"(?:[^"]|"")*")/)
    .map((part, place) => (place % 2 === 1 ? part : change(part)))
    .join("");
}
