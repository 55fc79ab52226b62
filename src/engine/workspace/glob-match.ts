/** One part of a pattern: a character, one of some, `*` within a name, `**` over names, or the folders that may stand before a name. */
export type GlobPart =
  | { readonly kind: "char"; readonly is: string }
  | { readonly kind: "one"; readonly of: RegExp | undefined }
  | { readonly kind: "name" | "anything" | "folders" };

/**
 * Whether a path matches the whole pattern. Takes time by the product of their lengths at most: patterns come with the files of
 * others, and a regular expression of many stars would never come to an end on some names.
 */
export function globMatches(parts: readonly GlobPart[], path: string): boolean {
  // The places in the pattern that the text so far can have led to.
  let places = new Set<number>();
  const enter = (into: Set<number>, place: number): void => {
    for (let at = place; !into.has(at); at++) {
      into.add(at);
      const kind = parts[at]?.kind;
      // These also match nothing.
      if (kind !== "name" && kind !== "anything" && kind !== "folders") return;
    }
  };
  enter(places, 0);
  for (const c of path) {
    const next = new Set<number>();
    for (const place of places) {
      const part = parts[place];
      switch (part?.kind) {
        case undefined:
          break;
        case "char":
          if (c === part.is) enter(next, place + 1);
          break;
        case "one":
          if (c !== "/" && (part.of === undefined || part.of.test(c))) enter(next, place + 1);
          break;
        case "name":
          if (c !== "/") enter(next, place);
          break;
        case "anything":
          enter(next, place);
          break;
        case "folders":
          // On the way through a folder's name nothing behind it can begin.
          next.add(place);
          if (c === "/") enter(next, place + 1);
      }
    }
    if (next.size === 0) return false;
    places = next;
  }
  return places.has(parts.length);
}
