/** Where the list of an index's keys ends in its CREATE INDEX: at the parenthesis that closes the first one. */
export function endOfKeys(sql: string): number {
  let depth = 0;
  let quote = "";
  for (let i = 0; i < sql.length; i++) {
    const c = sql.charAt(i);
    if (quote !== "") {
      if (c === quote) quote = "";
    } else if (c === "'" || c === '"') quote = c;
    else if (c === "(") depth++;
    else if (c === ")" && --depth === 0) return i;
  }
  return sql.length;
}
