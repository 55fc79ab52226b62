import type { Edit } from "#core/text/edit.ts";
import { jsEncode } from "./js-string.ts";
import { pythonEncode, pythonOpening } from "./python-string.ts";
import type { PythonFormat, PythonOpening } from "./python-string.ts";
import type { Hole, HostFile, Language, Site } from "./site.ts";

export interface WrapByEngine {
  /** The file's text. */
  readonly source: string;
  readonly file: HostFile;
  readonly site: Site;
  /** The statement for PostgreSQL; the site's holes stand in it as they stand in the site's text. */
  readonly postgresql: string;
  /** The whole import line: `from database import by_engine`, `import { byEngine } from "../database/index.ts";`. */
  readonly importLine: string;
}

/** The function of the generated adapter, by host language. */
export const byEngineName: Partial<Record<Language, string>> = { python: "by_engine", typescript: "byEngine", tsx: "byEngine", javascript: "byEngine" };

const longestLine = 100;

/**
 * The file edits that let a site give each engine its own text: the expression E becomes `by_engine(sqlite=E,
 * postgresql=…)` or `byEngine({ sqlite: E, postgresql: … })`, E itself untouched, and the function is imported where it
 * is not yet.
 * @returns undefined where it cannot be done: a hole is missing from the PostgreSQL text or cannot stand in a literal,
 *   the site lies inside another literal or is a tagged template, or the language has no such function
 */
export function wrapByEngine({ source, file, site, postgresql, importLine }: WrapByEngine): Edit[] | undefined {
  const name = byEngineName[site.language];
  const first = site.map.literals[0]?.span;
  if (name === undefined || first === undefined) return undefined;
  const { start, end } = site.span;
  const nested = file.sites.some((other) => other !== site && other.map.literals.some((l) => l.contents.start <= start && end <= l.contents.end));
  if (nested) return undefined;
  const python = site.language === "python";
  if (!python && /[\w$)\]]$/.test(source.slice(0, start))) return undefined;

  const parts = splitAtHoles(site, postgresql);
  if (parts === undefined) return undefined;
  const literal = python ? pythonLiteral(source, site, parts) : jsLiteral(source, site, parts);
  if (literal === undefined) return undefined;

  const expression = source.slice(start, end);
  const lineStart = source.lastIndexOf("\n", start - 1) + 1;
  const indent = /^[ \t]*/.exec(source.slice(lineStart, start))?.[0] ?? "";
  const step = indent.includes("\t") ? "\t" : python ? "    " : "  ";
  const eol = source.includes("\r\n") ? "\r\n" : "\n";
  const [open, close, sqlite, other, lastComma] = python ? [`${name}(`, ")", "sqlite=", "postgresql=", ","] : [`${name}({`, "})", "sqlite: ", "postgresql: ", ","];
  const gap = python ? "" : " ";
  const short = `${open}${gap}${sqlite}${expression}, ${other}${literal}${gap}${close}`;
  const lineEnd = source.indexOf("\n", end);
  const rest = (lineEnd < 0 ? source.length : lineEnd) - end;
  const oneLine = !short.includes("\n") && start - lineStart + short.length + rest <= longestLine;
  const long = [open, `${indent}${step}${sqlite}${expression},`, `${indent}${step}${other}${literal}${lastComma}`, `${indent}${close}`].join("\n");
  const edits: Edit[] = [{ span: { start, end }, newText: (oneLine ? short : long).replace(/\r?\n/g, eol) }];

  if (!file.imports.some((i) => i.local === name)) {
    const at = file.importAt;
    const behindLine = at === 0 || /[\n\uFEFF]$/.test(source.slice(0, at));
    edits.unshift({ span: { start: at, end: at }, newText: `${behindLine ? "" : eol}${importLine}${eol}` });
  }
  return edits;
}

/** One stretch of the new text: plain, or one of the site's holes. */
type Part = { readonly kind: "text"; readonly text: string } | { readonly kind: "hole"; readonly hole: Hole; readonly shown: string };

/** Finds the site's holes in the new text by what stands for them; undefined when one is missing or could be mistaken. */
function splitAtHoles(site: Site, postgresql: string): Part[] | undefined {
  const shown = site.holes.map((hole) => ({ hole, text: site.text.slice(hole.span.start, hole.span.end) }));
  for (const { text } of shown) {
    const asHoles = shown.filter((s) => s.text === text).length;
    // The same characters as plain SQL text: which is which could not be told in the new text.
    if (text === "" || site.text.split(text).length - 1 !== asHoles || !postgresql.includes(text)) return undefined;
  }
  const parts: Part[] = [];
  let plain = 0;
  let at = 0;
  while (at < postgresql.length) {
    const [match] = shown.filter((s) => postgresql.startsWith(s.text, at)).sort((a, b) => b.text.length - a.text.length);
    if (match === undefined) {
      at++;
      continue;
    }
    if (at > plain) parts.push({ kind: "text", text: postgresql.slice(plain, at) });
    parts.push({ kind: "hole", hole: match.hole, shown: match.text });
    at += match.text.length;
    plain = at;
  }
  if (plain < postgresql.length) parts.push({ kind: "text", text: postgresql.slice(plain) });
  // What is filled in by position must keep its order and number.
  const positional = (text: string): boolean => /^%[^(]|^\{[!:}]/.test(text);
  const before = shown.filter((s) => s.hole.form === "formatted" && positional(s.text)).map((s) => s.text);
  const after = parts.flatMap((p) => (p.kind === "hole" && p.hole.form === "formatted" && positional(p.shown) ? [p.shown] : []));
  return before.join("\0") === after.join("\0") ? parts : undefined;
}

function pythonLiteral(source: string, site: Site, parts: readonly Part[]): string | undefined {
  const [first] = site.map.literals;
  const last = site.map.literals.at(-1);
  const old = first?.span === undefined ? undefined : pythonOpening(source.slice(first.span.start, first.span.start + 6));
  if (first?.span === undefined || last?.span === undefined || old === undefined) return undefined;
  const formatted = site.holes.some((h) => h.form === "formatted");
  const filled = parts.some((p) => p.kind === "hole" && p.hole.form !== "formatted");
  if (formatted && filled) return undefined;
  const prefix = source.slice(site.span.start, first.span.start);
  const suffix = source.slice(last.span.end, site.span.end);
  // Without holes of its own, a `%` or `.format` behind the literal still has its say.
  const format: PythonFormat = /^[\s)]*%/.test(suffix) ? "percent" : /^[\s)]*\.\s*format\b/.test(suffix) ? "braces" : "none";
  if (format !== "none" && filled) return undefined;
  const multiline = parts.some((p) => p.kind === "text" && p.text.includes("\n"));
  const expressions = parts.flatMap((p) => (p.kind === "hole" && p.hole.form !== "formatted" ? [holeSource(source, p)] : []));
  if (expressions.some((e) => e === undefined)) return undefined;
  const otherQuote = old.quote === '"' ? "'" : '"';
  const openings: readonly PythonOpening[] = [
    ...(multiline ? [] : [{ ...old }]),
    { prefix: "", quote: old.quote, triple: true },
    { prefix: "", quote: otherQuote, triple: true },
  ];
  for (const { quote, triple } of openings) {
    const opening: PythonOpening = { prefix: filled ? "f" : "", quote, triple };
    const delimiter = triple ? quote.repeat(3) : quote;
    // Before Python 3.12 an f-string's expressions cannot hold its own quotes, nor a single-quoted one a line's end.
    if (expressions.some((e) => e?.includes(delimiter) === true || (!triple && e?.includes("\n") === true))) continue;
    const encode = pythonEncode(opening, format);
    let body = "";
    for (const part of parts) {
      const piece = part.kind === "text" ? encode(part.text) : part.hole.form === "formatted" ? part.shown : holeSource(source, part);
      if (piece === undefined) return undefined;
      body += piece;
    }
    const made = `${opening.prefix}${delimiter}${body}${delimiter}`;
    return format === "none" ? made : prefix + made + suffix;
  }
  return undefined;
}

/** A hole as an f-string writes it. What was joined by `+` may need parentheses to stand there; some of it cannot. */
function holeSource(source: string, part: Extract<Part, { kind: "hole" }>): string | undefined {
  if (part.hole.form === "interpolated") return part.shown;
  const expression = source.slice(part.hole.file.start, part.hole.file.end);
  if (/[\\#\n]/.test(expression)) return undefined;
  return /^[\p{L}_][\p{L}\p{N}_.]*$/u.test(expression) || /^\(.*\)$/.test(expression) ? `{${expression}}` : `{(${expression})}`;
}

function jsLiteral(source: string, site: Site, parts: readonly Part[]): string | undefined {
  const old = source.charAt(site.map.literals[0]?.span?.start ?? 0);
  const filled = parts.some((p) => p.kind === "hole");
  const multiline = parts.some((p) => p.kind === "text" && p.text.includes("\n"));
  const quote = filled || multiline || (old !== "'" && old !== '"') ? "`" : old;
  const encode = jsEncode(quote);
  let body = "";
  for (const part of parts) {
    const piece = part.kind === "text" ? encode(part.text) : part.shown;
    if (piece === undefined) return undefined;
    body += piece;
  }
  return quote + body + quote;
}
