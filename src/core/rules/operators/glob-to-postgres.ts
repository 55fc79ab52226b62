/** The pattern for PostgreSQL's LIKE that finds what a GLOB pattern without sets finds; undefined where there are sets. */
export function globToLike(pattern: string): string | undefined {
  if (pattern.includes("[")) return undefined;
  return pattern.replace(/[*?%_\\]/g, (c) => (c === "*" ? "%" : c === "?" ? "_" : `\\${c}`));
}

/**
 * The regular expression for PostgreSQL's ~ that finds what a GLOB pattern finds; undefined for one that finds nothing, since a set
 * in it does not end.
 * @see https://www.sqlite.org/lang_expr.html#glob
 */
export function globToRegex(pattern: string): string | undefined {
  const characters = Array.from(pattern);
  let regex = "";
  for (let i = 0; i < characters.length; i++) {
    const c = characters[i] ?? "";
    if (c === "*") regex += ".*";
    else if (c === "?") regex += ".";
    else if (c !== "[") regex += /[\p{L}\p{N}_\s]/u.test(c) ? c : `\\${c}`;
    else {
      const set = readSet(characters, i + 1);
      if (set === undefined) return undefined;
      regex += set.regex;
      i = set.end;
    }
  }
  return `^${regex}$`;
}

function readSet(characters: readonly string[], from: number): { readonly regex: string; readonly end: number } | undefined {
  const negated = characters[from] === "^";
  const start = negated ? from + 1 : from;
  const escaped = (c: string): string => (/[\\\][^-]/.test(c) ? `\\${c}` : c);
  let members = "";
  for (let at = start; ; at++) {
    const c = characters[at];
    if (c === undefined) return undefined;
    if (c === "]" && at > start) return members === "" ? undefined : { regex: `[${negated ? "^" : ""}${members}]`, end: at };
    const next = characters[at + 1];
    if (c === "-" && at > start && next !== undefined && next !== "]") {
      // A range that runs backwards holds nothing but its first character, which stands there already.
      if ((characters[at - 1] ?? "") <= next) members += `-${escaped(next)}`;
      at++;
    } else members += escaped(c);
  }
}
