import type { Node } from "./nodes.ts";
import type { Script } from "./script.ts";
import type { Token } from "./token.ts";

/** The text of tokens or of one node, taken from the source they came from. */
export function textOf(source: string, part: Node | Token | readonly Token[]): string {
  if (isTokens(part)) return part.map((token) => source.slice(token.start, token.end)).join("");
  const { start, end } = "span" in part ? part.span : part;
  return source.slice(start, end);
}

/** The text of a parsed script, from its tokens: always exactly what was parsed. */
export function print(script: Script): string {
  return textOf(script.source, script.tokens);
}

function isTokens(part: Node | Token | readonly Token[]): part is readonly Token[] {
  return Array.isArray(part);
}
