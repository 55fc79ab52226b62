/** Says of a path (relative to the walk's root) whether it is ignored; undefined where no pattern speaks of it. */
export type IgnoreRules = (path: string, isFolder: boolean) => boolean | undefined;

/**
 * Reads patterns in .gitignore's language (https://git-scm.com/docs/gitignore).
 * @param folder the folder that the patterns stand in, relative to the walk's root; "" for the root
 */
export function ignoreRules(folder: string, lines: readonly string[]): IgnoreRules {
  const patterns = lines.flatMap((line) => parsePattern(line) ?? []);
  const prefix = folder === "" ? "" : `${folder}/`;
  return (path, isFolder) => {
    if (!path.startsWith(prefix)) return undefined;
    const inside = path.slice(prefix.length);
    // The last pattern that matches decides.
    for (const { matches, negated, foldersOnly } of patterns.toReversed()) {
      if ((isFolder || !foldersOnly) && matches.test(inside)) return !negated;
    }
    return undefined;
  };
}

interface Pattern {
  readonly matches: RegExp;
  readonly negated: boolean;
  readonly foldersOnly: boolean;
}

function parsePattern(line: string): Pattern | undefined {
  let text = line.replace(/(?<!\\)[ \t]+$/, "");
  if (text === "" || text.startsWith("#")) return undefined;
  const negated = text.startsWith("!");
  if (negated) text = text.slice(1);
  const foldersOnly = text.endsWith("/");
  if (foldersOnly) text = text.slice(0, -1);
  const anchored = text.includes("/");
  text = text.replace(/^\//, "");
  if (text === "") return undefined;
  let source = "";
  for (let i = 0; i < text.length; i++) {
    const c = text.charAt(i);
    if (text.startsWith("**/", i)) {
      source += "(?:.*/)?";
      i += 2;
    } else if (text.startsWith("**", i)) {
      source += ".*";
      i += 1;
    } else if (c === "*") source += "[^/]*";
    else if (c === "?") source += "[^/]";
    else if (c === "[") {
      const close = text.indexOf("]", i + 2);
      if (close < 0) source += "\\[";
      else {
        const set = text.slice(i + 1, close).replace(/^!/, "^").replaceAll("\\", "\\\\");
        source += `[${set}]`;
        i = close;
      }
    } else if (c === "\\" && i + 1 < text.length) {
      i++;
      source += escapeRegExp(text.charAt(i));
    } else source += escapeRegExp(c);
  }
  try {
    return { matches: new RegExp(`^${anchored ? "" : "(?:.*/)?"}${source}$`), negated, foldersOnly };
  } catch {
    // A character set that is none matches nothing, as in git.
    return undefined;
  }
}

function escapeRegExp(c: string): string {
  return c.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}
