import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { extname } from "node:path";
import { pathToFileURL } from "node:url";
import type * as TreeSitter from "web-tree-sitter";
import { withoutDoubledQuotes } from "#core/hosts/csharp-quotes.ts";
import { interest } from "#core/hosts/interest.ts";
import type { Language } from "#core/hosts/site.ts";
import { copyTree, type CopiedTree, type TextChange } from "./copy-tree.ts";

/** The languages that have a grammar; .sql files are read by our own parser. */
export type ParsedLanguage = Exclude<Language, "sql">;

/** A file's syntax as plain data. */
export interface HostTree extends Pick<CopiedTree, "root"> {
  /** Whether the file has syntax errors: what stands in and around them may be missing. */
  readonly hasError: boolean;
}

/**
 * Why a file could not be parsed: the time limit ran out, or the parser broke on it (tree-sitter's Python grammar writes
 * beyond its memory at about 500 levels of indentation).
 */
export class ParseFailure extends Error {
  readonly reason: "timeout" | "crashed";

  constructor(reason: "timeout" | "crashed", message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "ParseFailure";
    this.reason = reason;
  }
}

const extensions: Readonly<Record<string, Language>> = {
  ".py": "python",
  ".pyi": "python",
  ".pyw": "python",
  ".ts": "typescript",
  ".mts": "typescript",
  ".cts": "typescript",
  ".tsx": "tsx",
  ".js": "javascript",
  ".mjs": "javascript",
  ".cjs": "javascript",
  ".jsx": "javascript",
  ".go": "go",
  ".java": "java",
  ".cs": "csharp",
  ".php": "php",
  ".rs": "rust",
  ".rb": "ruby",
  ".rake": "ruby",
  ".sql": "sql",
  ".ddl": "sql",
};

/** The language of a file by its extension, or undefined where we do not look into it. */
export function languageOf(path: string): Language | undefined {
  return extensions[extname(path).toLowerCase()];
}

/** The grammars' file names, where they are not the language's. */
const grammarNames: Partial<Record<ParsedLanguage, string>> = { csharp: "c-sharp" };

const require = createRequire(import.meta.url);

type Module = typeof TreeSitter;

/** The WASM runtime, loaded on first use and once a thread; loaded anew after it broke. */
let runtime: Promise<Module> | undefined;
let crashes = 0;
const languages = new Map<ParsedLanguage, Promise<LoadedLanguage>>();

/** A document's tree as it was last parsed. */
interface Kept {
  readonly tree: TreeSitter.Tree;
  readonly text: string;
  readonly copied: CopiedTree;
}

interface LoadedLanguage {
  readonly module: Module;
  readonly parser: TreeSitter.Parser;
  /** Trees of documents that are typed in, by their name, the last used last. */
  readonly kept: Map<string, Kept>;
  /** By node type: its name, or undefined for punctuation and keywords. */
  readonly types: readonly (string | undefined)[];
  readonly fields: readonly (string | undefined)[];
}

async function loadRuntime(): Promise<Module> {
  // A module holds one instance of the WASM for good; under another URL it is another module.
  const module: Module = crashes === 0 ? await import("web-tree-sitter") : await reloaded();
  const wasm = require.resolve("web-tree-sitter/web-tree-sitter.wasm");
  await module.Parser.init({ locateFile: () => wasm });
  return module;
}

async function reloaded(): Promise<Module> {
  const again: unknown = await import(`${pathToFileURL(require.resolve("web-tree-sitter")).href}?again=${crashes}`);
  if (!isModule(again)) throw new TypeError("web-tree-sitter has another shape than when it was loaded first");
  return again;
}

function isModule(value: unknown): value is Module {
  return typeof value === "object" && value !== null && "Parser" in value && "Language" in value;
}

async function loadLanguage(language: ParsedLanguage): Promise<LoadedLanguage> {
  runtime ??= loadRuntime();
  const module = await runtime;
  const { Language: Grammar, Parser } = module;
  const grammar = await Grammar.load(await readFile(require.resolve(`@vscode/tree-sitter-wasm/wasm/tree-sitter-${grammarNames[language] ?? language}.wasm`)));
  const parser = new Parser();
  parser.setLanguage(grammar);
  const types = Array.from({ length: grammar.nodeTypeCount }, (_, id) => (grammar.nodeTypeIsNamed(id) ? (grammar.nodeTypeForId(id) ?? undefined) : undefined));
  const fields = Array.from({ length: grammar.fieldCount + 1 }, (_, id) => grammar.fieldNameForId(id) ?? undefined);
  return { module, parser, kept: new Map(), types, fields };
}

/** How a file is parsed. */
export interface ParseHostOptions {
  /** Milliseconds after which parsing is given up; 5,000 unless told otherwise. */
  readonly limit?: number | undefined;
  /** A name of the document, when it will be parsed again after small changes: then its tree is kept, and only what changed is parsed. */
  readonly document?: string | undefined;
}

/**
 * Parses a host file and copies what is of interest of its tree into plain data; the tree itself is freed, unless its document is to
 * be parsed again.
 * @throws ParseFailure when the limit is passed or the parser breaks on the file
 */
export async function parseHost(language: ParsedLanguage, text: string, options: ParseHostOptions = {}): Promise<HostTree> {
  const loaded = await loadedLanguage(language);
  try {
    return parseWith(loaded, language, text, options);
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "RuntimeError") throw error;
    // Its memory is not to be trusted any more.
    crashes++;
    runtime = undefined;
    languages.clear();
    throw new ParseFailure("crashed", `the parser broke on this file: ${error.message}`, error);
  }
}

/** Loads what parsing a language needs, so that the first file does not wait for it. */
export async function prepareParser(language: ParsedLanguage): Promise<void> {
  await loadedLanguage(language);
}

async function loadedLanguage(language: ParsedLanguage): Promise<LoadedLanguage> {
  for (;;) {
    let loading = languages.get(language);
    if (loading === undefined) {
      loading = loadLanguage(language);
      languages.set(language, loading);
    }
    const loaded = await loading;
    // While we waited, another file may have broken the runtime that this belongs to.
    if (languages.get(language) === loading) return loaded;
  }
}

/** Documents whose trees are kept, for each language. */
const mostKept = 4;

function parseWith(loaded: LoadedLanguage, language: ParsedLanguage, written: string, { limit = 5000, document }: ParseHostOptions): HostTree {
  const end = performance.now() + limit;
  const text = language === "csharp" ? withoutDoubledQuotes(written) : written;
  const before = document === undefined ? undefined : loaded.kept.get(document);
  if (document !== undefined) loaded.kept.delete(document);
  const change = before === undefined ? undefined : changeBetween(before.text, text);
  if (before !== undefined && change !== undefined) before.tree.edit(editOf(change, before.text, text, loaded.module));
  const tree = loaded.parser.parse(text, before?.tree, { progressCallback: () => performance.now() > end });
  if (tree === null) {
    before?.tree.delete();
    // What the parser keeps to go on later would be taken up by the next file.
    loaded.parser.reset();
    throw new ParseFailure("timeout", `parsing took longer than ${limit} ms`);
  }
  const reparsed = before?.tree.getChangedRanges(tree).map(({ startIndex, endIndex }) => ({ start: startIndex, end: endIndex }));
  before?.tree.delete();
  const cursor = tree.walk();
  const copied = copyTree(cursor, {
    ...loaded,
    text,
    interest: interest(language, written),
    earlier: before === undefined || change === undefined || reparsed === undefined ? undefined : { copied: before.copied, change, reparsed },
  });
  const hasError = tree.rootNode.hasError;
  cursor.delete();
  if (document === undefined) tree.delete();
  else keep(loaded, document, { tree, text, copied });
  return { root: copied.root, hasError };
}

function keep({ kept }: LoadedLanguage, document: string, state: Kept): void {
  kept.set(document, state);
  const [oldest] = kept;
  if (kept.size <= mostKept || oldest === undefined) return;
  oldest[1].tree.delete();
  kept.delete(oldest[0]);
}

/** The one range that differs between two texts of a document. */
function changeBetween(before: string, after: string): TextChange {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  let same = 0;
  while (same < shorter - start && before.charCodeAt(before.length - 1 - same) === after.charCodeAt(after.length - 1 - same)) same++;
  return { start, oldEnd: before.length - same, newEnd: after.length - same };
}

/** A change as tree-sitter wants to know it. */
function editOf({ start, oldEnd, newEnd }: TextChange, before: string, after: string, { Edit }: Module): TreeSitter.Edit {
  return new Edit({ startIndex: start, oldEndIndex: oldEnd, newEndIndex: newEnd, startPosition: pointAt(before, start), oldEndPosition: pointAt(before, oldEnd), newEndPosition: pointAt(after, newEnd) });
}

function pointAt(text: string, offset: number): TreeSitter.Point {
  let row = 0;
  let line = 0;
  for (let at = text.indexOf("\n"); at >= 0 && at < offset; at = text.indexOf("\n", at + 1)) {
    row++;
    line = at + 1;
  }
  return { row, column: offset - line };
}
