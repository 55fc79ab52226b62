import { tokenize } from "#core/sql/tokenize.ts";

/** A name that stands nowhere in a text yet, counted up from a stem: `s`, `s2`, `s3` … `taken` are names that were given out before. */
export function freeName(sql: string, stem: string, taken: Set<string>): string {
  const words = new Set(tokenize(sql).filter(({ kind }) => kind === "name" || kind === "quoted" || kind === "keyword").map(({ start, end }) => sql.slice(start, end).replace(/^["`[]|["`\]]$/g, "").toLowerCase()));
  for (let n = 1; ; n++) {
    const name = n === 1 ? stem : `${stem}${n}`;
    if (words.has(name) || taken.has(name)) continue;
    taken.add(name);
    return name;
  }
}
