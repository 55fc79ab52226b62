import { globMatches, type GlobPart } from "./glob-match.ts";

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
    for (let i = patterns.length - 1; i >= 0; i--) {
      const pattern = patterns[i];
      if (pattern !== undefined && (isFolder || !pattern.foldersOnly) && pattern.matches(inside)) return !pattern.negated;
    }
    return undefined;
  };
}

/** With no more wildcards than these a regular expression is quick on every path. */
const fewStars = 2;
const longest = 4096;

interface Pattern {
  readonly matches: (path: string) => boolean;
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
  // What is longer names nothing that there can be.
  if (text.length > longest) return undefined;
  const parts: GlobPart[] = anchored ? [] : [{ kind: "folders" }];
  let source = "";
  for (let i = 0; i < text.length; i++) {
    const c = text.charAt(i);
    if (text.startsWith("**/", i)) {
      source += "(?:.*/)?";
      parts.push({ kind: "folders" });
      i += 2;
    } else if (text.startsWith("**", i)) {
      source += ".*";
      parts.push({ kind: "anything" });
      i += 1;
    } else if (c === "*") {
      source += "[^/]*";
      if (parts.at(-1)?.kind !== "name") parts.push({ kind: "name" });
    } else if (c === "?") {
      source += "[^/]";
      parts.push({ kind: "one", of: undefined });
    } else if (c === "[" && text.includes("]", i + 2)) {
      const close = text.indexOf("]", i + 2);
      const set = `[${text.slice(i + 1, close).replace(/^!/, "^").replaceAll("\\", "\\\\")}]`;
      try {
        parts.push({ kind: "one", of: new RegExp(set, "u") });
      } catch {
        // A character set that is none matches nothing, as in git.
        return undefined;
      }
      source += set;
      i = close;
    } else {
      if (c === "\\" && i + 1 < text.length) i++;
      source += escapeRegExp(text.charAt(i));
      parts.push({ kind: "char", is: text.charAt(i) });
    }
  }
  const open = parts.filter(({ kind }) => kind !== "char" && kind !== "one").length;
  if (open > fewStars) return { matches: (path) => globMatches(parts, path), negated, foldersOnly };
  const whole = new RegExp(`^${anchored ? "" : "(?:.*/)?"}${source}$`);
  return { matches: (path) => whole.test(path), negated, foldersOnly };
}

function escapeRegExp(c: string): string {
  return c.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}
