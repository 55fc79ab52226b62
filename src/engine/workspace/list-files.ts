import { closeSync, constants, fstatSync, openSync, readdirSync, readSync, realpathSync, statSync, type Dirent } from "node:fs";
import { basename, join, relative, sep } from "node:path";
import type { Language } from "#core/hosts/site.ts";
import { languageOf } from "./host-parser.ts";
import { ignoreRules, type IgnoreRules } from "./ignore-rules.ts";
import type { LeftOut } from "./left-out.ts";

/** A file of a language that we read, by its name; nobody has looked into it. */
export interface ListedFile {
  /** Relative to the listing's root, with `/` between its parts. */
  readonly path: string;
  readonly absolute: string;
  readonly language: Language;
  readonly size: number;
  readonly modified: number;
  /** Whether it was named itself instead of found in a folder. */
  readonly asked: boolean;
}

export interface ListOptions {
  /** More patterns in .gitignore's language, from cutover.json. */
  readonly ignore?: readonly string[];
  readonly signal?: AbortSignal;
}

/** What a listing comes upon, in the order of the paths. */
export type Listed = { readonly file: ListedFile; readonly leftOut?: undefined } | { readonly file?: undefined; readonly leftOut: LeftOut; readonly asked?: boolean };

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

/** Of a .gitignore, this much is read. */
const gitignoreBytes = 1_000_000;

/** Milliseconds of listing after which others get a turn. */
const turn = 20;

/**
 * Lists a folder's source files by their names (or gives the single file), in the order of their paths. Respects the .gitignore
 * files on its way and follows no links. What cannot be read is left out with the reason, never an error.
 * @throws the system's error when there is nothing at `root`; the signal's reason when aborted
 */
export async function listFiles(root: string, options: ListOptions = {}): Promise<Listed[]> {
  options.signal?.throwIfAborted();
  const info = statSync(root);
  if (!info.isDirectory()) {
    const path = basename(root);
    const language = languageOf(path);
    if (language === undefined) return [];
    if (!info.isFile()) return [{ leftOut: { path, why: "unreadable", detail: "it is not a file" }, asked: true }];
    return [{ file: { path, absolute: root, language, size: info.size, modified: info.mtimeMs, asked: true } }];
  }
  const found: Listed[] = [];
  const base = realpathSync(root);
  let since = performance.now();
  // Folders still to be listed, the next one last; what they hold goes where their turn comes.
  const waiting: ({ readonly folder: string; readonly outer: readonly IgnoreRules[] } | Listed)[] = [{ folder: "", outer: [ignoreRules("", options.ignore ?? [])] }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (!("folder" in next)) {
      found.push(next);
      continue;
    }
    if (performance.now() - since > turn) {
      await new Promise(setImmediate);
      options.signal?.throwIfAborted();
      since = performance.now();
    }
    const { folder, outer } = next;
    let entries: Dirent[];
    try {
      entries = readdirSync(join(root, folder), { withFileTypes: true });
    } catch (error) {
      found.push({ leftOut: { path: folder === "" ? "." : folder, why: "unreadable", detail: wordsOf(error) } });
      continue;
    }
    entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    let rules = outer;
    if (entries.some((e) => e.name === ".gitignore" && e.isFile())) {
      const path = folder === "" ? ".gitignore" : `${folder}/.gitignore`;
      try {
        rules = [...outer, ignoreRules(folder, readStart(join(root, path), gitignoreBytes).split(/\r?\n/))];
      } catch (error) {
        found.push({ leftOut: { path, why: "unreadable", detail: wordsOf(error) } });
      }
    }
    for (let i = entries.length - 1; i >= 0; i--) {
      const entry = entries[i];
      if (entry === undefined) continue;
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) {
        if (foreignFolders.has(entry.name) || entry.name.endsWith(".egg-info")) waiting.push({ leftOut: { path, why: "folder" } });
        else if (isIgnored(rules, path, true)) waiting.push({ leftOut: { path, why: "ignored" } });
        else waiting.push({ folder: path, outer: rules });
        continue;
      }
      const language = languageOf(entry.name);
      if (entry.isSymbolicLink()) {
        const leftOut = outside(root, base, path, language !== undefined);
        if (leftOut !== undefined && !isIgnored(rules, path, false)) waiting.push({ leftOut });
      } else if (language !== undefined) {
        if (isIgnored(rules, path, false)) waiting.push({ leftOut: { path, why: "ignored" } });
        else waiting.push(listed(join(root, path), path, language));
      }
    }
  }
  return found;
}

function listed(absolute: string, path: string, language: Language): Listed {
  try {
    const info = statSync(absolute);
    if (!info.isFile()) return { leftOut: { path, why: "unreadable", detail: "it is not a file" } };
    return { file: { path, absolute, language, size: info.size, modified: info.mtimeMs, asked: false } };
  } catch (error) {
    return { leftOut: { path, why: "unreadable", detail: wordsOf(error) } };
  }
}

/** A link is not followed, so that no loop catches us; what it leads to is either listed at its own place or named. */
function outside(root: string, base: string, path: string, ours: boolean): LeftOut | undefined {
  try {
    const target = realpathSync(join(root, path));
    const away = relative(base, target);
    if (!away.startsWith("..") && away !== target) return undefined;
    const info = statSync(target);
    return info.isDirectory() || (ours && info.isFile()) ? { path, why: "link", detail: target.split(sep).join("/") } : undefined;
  } catch {
    // It leads nowhere.
    return undefined;
  }
}

/** Whether the innermost .gitignore that has a word on the path ignores it. */
function isIgnored(rules: readonly IgnoreRules[], path: string, isFolder: boolean): boolean {
  for (let i = rules.length - 1; i >= 0; i--) {
    const verdict = rules[i]?.(path, isFolder);
    if (verdict !== undefined) return verdict;
  }
  return false;
}

function readStart(path: string, limit: number): string {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const bytes = Buffer.alloc(Math.min(limit, fstatSync(file).size));
    return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, 0)).toString("utf8");
  } finally {
    closeSync(file);
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
