/**
 * A C# text for the parser: within verbatim interpolated strings (`$@"… ""{name}"""`) two quotes, which stand for one, become two
 * other characters, as the grammar takes three quotes behind a hole for something else and loses its way. All places stay as they are;
 * what a literal holds is read from the file's own text.
 */
export function withoutDoubledQuotes(source: string): string {
  if (!/(?:\$@|@\$)"/.test(source) || !source.includes('"""')) return source;
  const places: number[] = [];
  const end = code(source, 0, places, false);
  if (end < source.length || places.length === 0) return source;
  let text = "";
  let from = 0;
  for (const at of places) {
    text += `${source.slice(from, at)}  `;
    from = at + 2;
  }
  return text + source.slice(from);
}

const step = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:\\.[^'\n]*|[^'\\\n])'|(?:\$+@?|@\$?)?"+|[{}]|[^/'"$@{}]+|[\s\S]/y;

/** Passes over code; with `hole`, to the brace that ends an interpolation. */
function code(source: string, start: number, places: number[], hole: boolean): number {
  let at = start;
  let depth = 0;
  while (at < source.length) {
    step.lastIndex = at;
    const token = step.exec(source)?.[0] ?? "";
    if (token === "") return at;
    if (token === "{") depth++;
    if (token === "}" && depth-- === 0 && hole) return at;
    const opening = token.includes('"') && !token.startsWith("/") && !token.startsWith("'") ? /^([$@]*)("+)$/.exec(token) : null;
    at = opening === null ? at + token.length : literal(source, at, opening[1] ?? "", opening[2] ?? "", places);
  }
  return at;
}

/** Passes over the string literal at a place. */
function literal(source: string, start: number, prefix: string, quotes: string, places: number[]): number {
  const inner = start + prefix.length + 1;
  const holes = prefix.includes("$");
  if (!prefix.includes("@") && quotes.length >= 3) {
    const close = source.indexOf(quotes, start + prefix.length + quotes.length);
    if (close < 0) return source.length;
    return close + (/^"+/.exec(source.slice(close, close + 40))?.[0].length ?? 0);
  }
  const verbatim = prefix.includes("@");
  let at = inner;
  while (at < source.length) {
    const c = source.charAt(at);
    const pair = source.charAt(at + 1) === c;
    if (c === '"') {
      if (!verbatim || !pair) return at + 1;
      if (holes) places.push(at);
      at += 2;
    } else if (c === "\\" && !verbatim) at += 2;
    else if (c === "\n" && !verbatim) return at;
    else if (c === "{" && holes && !pair) at = code(source, at + 1, places, true) + 1;
    else at += c === "{" && holes ? 2 : 1;
  }
  return at;
}
