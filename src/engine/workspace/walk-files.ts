import { readdir, readFile, stat } from "node:fs/promises";
import { join, posix } from "node:path";
import { mayHoldSql } from "#core/hosts/interest.ts";
import type { Language } from "#core/hosts/site.ts";
import { ignoreRules } from "./ignore-rules.ts";
import type { IgnoreRules } from "./ignore-rules.ts";
import { languageOf } from "./host-parser.ts";

/** A file that may hold something of ours. */
export interface SourceFile {
  /** Relative to the root, with `/` between its parts. */
  readonly path: string;
  readonly language: Language;
  readonly text: string;
}

/** A file or folder that was not looked into, and why. */
export interface LeftOut {
  readonly path: string;
  readonly why: "ignored" | "folder" | "too-large" | "binary" | "minified" | "encoding" | "unreadable" | "nothing-of-sql";
  /** The system's words for `unreadable`. */
  readonly detail?: string;
}

export interface WalkOptions {
  /** Files larger than this many bytes are left out; 5 MB unless said otherwise. */
  readonly maxBytes?: number;
  /** More patterns in .gitignore's language, from cutover.json. */
  readonly ignore?: readonly string[];
  /** Told of everything left out that has an extension we read, and of every folder left out. */
  readonly leftOut?: (item: LeftOut) => void;
  readonly signal?: AbortSignal;
}

/** Folders that never hold a project's own sources. */
const foreignFolders: ReadonlySet<string> = new Set([
  "node_modules",
  ".git",
  ".hg",
  ".svn",
  "dist",
  "build",
  "out",
  "venv",
  ".venv",
  "env",
  "__pycache__",
  "site-packages",
  ".tox",
  ".nox",
  ".mypy_cache",
  ".ruff_cache",
  ".pytest_cache",
  ".eggs",
  ".cache",
  ".cutover",
  ".next",
  ".nuxt",
  ".svelte-kit",
  "coverage",
  "vendor",
  "bower_components",
  ".idea",
  ".vscode-test",
]);

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Walks a folder (or takes a single file) and gives every source file that may hold SQL, in the order of their paths.
 * Respects the .gitignore files on its way. A file that cannot be read is left out with the reason, never an error.
 */
export async function* walkFiles(root: string, options: WalkOptions = {}): AsyncGenerator<SourceFile> {
  const info = await stat(root);
  if (!info.isDirectory()) {
    const file = await readSource(root, posix.basename(root.replaceAll("\\", "/")), info.size, options, true);
    if (file !== undefined) yield file;
    return;
  }
  yield* walkFolder(root, "", [ignoreRules("", options.ignore ?? [])], options);
}

async function* walkFolder(root: string, folder: string, outer: readonly IgnoreRules[], options: WalkOptions): AsyncGenerator<SourceFile> {
  options.signal?.throwIfAborted();
  let entries;
  try {
    entries = await readdir(join(root, folder), { withFileTypes: true });
  } catch (error) {
    options.leftOut?.({ path: folder, why: "unreadable", detail: wordsOf(error) });
    return;
  }
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  const rules = entries.some((e) => e.name === ".gitignore" && e.isFile())
    ? [...outer, ignoreRules(folder, (await readFile(join(root, folder, ".gitignore"), "utf8")).split(/\r?\n/))]
    : outer;
  const ignored = (path: string, isFolder: boolean): boolean => {
    // The innermost file that has a word on the path decides.
    for (const rule of rules.toReversed()) {
      const verdict = rule(path, isFolder);
      if (verdict !== undefined) return verdict;
    }
    return false;
  };
  for (const entry of entries) {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) {
      if (foreignFolders.has(entry.name) || entry.name.endsWith(".egg-info")) options.leftOut?.({ path, why: "folder" });
      else if (ignored(path, true)) options.leftOut?.({ path, why: "ignored" });
      else yield* walkFolder(root, path, rules, options);
    } else if (entry.isFile() && languageOf(entry.name) !== undefined) {
      if (ignored(path, false)) {
        options.leftOut?.({ path, why: "ignored" });
        continue;
      }
      let size;
      try {
        size = (await stat(join(root, path))).size;
      } catch (error) {
        options.leftOut?.({ path, why: "unreadable", detail: wordsOf(error) });
        continue;
      }
      const file = await readSource(join(root, path), path, size, options, false);
      if (file !== undefined) yield file;
    }
  }
}

async function readSource(absolute: string, path: string, size: number, options: WalkOptions, asked: boolean): Promise<SourceFile | undefined> {
  const language = languageOf(path);
  if (language === undefined) return undefined;
  const leave = (why: LeftOut["why"], detail?: string): undefined => {
    options.leftOut?.(detail === undefined ? { path, why } : { path, why, detail });
    return undefined;
  };
  if (size > (options.maxBytes ?? 5_000_000)) { leave("too-large"); return; }
  let bytes: Buffer;
  try {
    bytes = await readFile(absolute);
  } catch (error) {
    leave("unreadable", wordsOf(error)); return;
  }
  if (bytes.subarray(0, 8000).includes(0)) { leave("binary"); return; }
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    leave("encoding"); return;
  }
  if (!asked && (language === "javascript" || language === "typescript") && isMinified(path, text)) { leave("minified"); return; }
  if (!mayHoldSql(language, text)) { leave("nothing-of-sql"); return; }
  return { path, language, text };
}

/** A bundle's lines are long: no person writes an average of 300 characters a line. */
function isMinified(path: string, text: string): boolean {
  if (/[.-]min\.[cm]?js$/.test(path)) return true;
  if (text.length < 20_000) return false;
  let lines = 1;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) lines++;
  return text.length / lines > 300;
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
