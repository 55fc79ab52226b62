import { access } from "node:fs/promises";
import { dirname, join, posix } from "node:path";
import type { Language } from "#core/hosts/site.ts";
import { readBytes } from "./read-source.ts";

/** A generated adapter in the user's project. */
export interface FoundAdapter {
  readonly language: "python" | "typescript";
  /** Its folder, relative to the root, with `/`. */
  readonly folder: string;
  /** Python: the module that code imports from, seen from the import root. */
  readonly module: string;
}

/** Finds the generated adapters among a workspace's file paths (relative to the root, with `/`). */
export async function findAdapters(root: string, paths: Iterable<string>): Promise<FoundAdapter[]> {
  const found: FoundAdapter[] = [];
  for (const path of paths) {
    const name = posix.basename(path);
    if (name === "factory.py" && holds(join(root, path), "def by_engine(")) {
      const folder = posix.dirname(path);
      found.push({ language: "python", folder, module: await pythonModule(root, folder) });
    }
    if (name === "factory.ts" && holds(join(root, path), "function byEngine")) {
      found.push({ language: "typescript", folder: posix.dirname(path), module: "" });
    }
  }
  return found;
}

/** The line that imports `by_engine` into a file, or undefined where no adapter serves the file's language. */
export function byEngineImport(adapters: readonly FoundAdapter[], path: string, language: Language): string | undefined {
  switch (language) {
    case "python": {
      const adapter = nearest(adapters, "python", path);
      return adapter === undefined ? undefined : `from ${adapter.module} import by_engine`;
    }
    case "typescript":
    case "tsx":
    case "javascript": {
      const adapter = nearest(adapters, "typescript", path);
      if (adapter === undefined) return undefined;
      const relative = posix.relative(posix.dirname(path), posix.join(adapter.folder, "index.ts"));
      return `import { byEngine } from "${relative.startsWith(".") ? relative : `./${relative}`}";`;
    }
    case "go":
    case "java":
    case "ruby":
    case "rust":
    case "php":
    case "csharp":
    case "sql":
      return undefined;
  }
}

/** Whether a file belongs to a generated adapter, which is for both engines by construction. */
export function isAdapterFile(adapters: readonly FoundAdapter[], path: string): boolean {
  return adapters.some((adapter) => path.startsWith(`${adapter.folder}/`));
}

/** Of several adapters, the one that shares the most folders with the file. */
function nearest(adapters: readonly FoundAdapter[], language: FoundAdapter["language"], path: string): FoundAdapter | undefined {
  const parts = path.split("/");
  const shared = (folder: string): number => {
    const other = folder.split("/");
    let n = 0;
    while (n < other.length && other[n] === parts[n]) n++;
    return n;
  };
  return adapters.filter((a) => a.language === language).sort((a, b) => shared(b.folder) - shared(a.folder))[0];
}

/** A package's dotted name: from the first folder above it that is not itself a package. */
async function pythonModule(root: string, folder: string): Promise<string> {
  const names = [posix.basename(folder)];
  for (let at = posix.dirname(folder); at !== "." && (await exists(join(root, at, "__init__.py"))); at = dirname(at)) names.unshift(posix.basename(at));
  return names.join(".");
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function holds(path: string, text: string): boolean {
  const content = readBytes(path, 1_000_000);
  return "bytes" in content && content.bytes.includes(text);
}
