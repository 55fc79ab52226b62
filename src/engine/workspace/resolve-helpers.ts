import { posix } from "node:path";
import type { HostImport, HostUse } from "#core/hosts/site.ts";
import type { FileFacts } from "./file-facts.ts";

/** A file of a workspace with what was found in it. */
export interface WorkspaceFile {
  /** Relative to the workspace, with `/` between its parts. */
  readonly path: string;
  readonly host: FileFacts;
}

/**
 * Follows the imports of all files to the connection helpers that any of them defines, also through modules that hand
 * them on, and gives the files back with their helper imports and helper calls among their uses.
 */
export function resolveHelpers(files: readonly WorkspaceFile[]): WorkspaceFile[] {
  const byPath = new Map(files.map((f) => [f.path, f.host]));
  const paths = indexed(byPath);
  const resolvedModules = new Map<string, string | undefined>();
  const moduleOf = (from: string, host: FileFacts, module: string): string | undefined => {
    const key = `${from}\0${module}`;
    if (resolvedModules.has(key)) return resolvedModules.get(key);
    // Most modules are others', and no file has their names.
    const found = paths.mayHold(lastName(host, module)) ? modulePath(from, host, module, paths) : undefined;
    resolvedModules.set(key, found);
    return found;
  };
  const definitions = new Map<string, ReadonlySet<string>>();
  for (const { path, host } of files) {
    const names = new Set(host.uses.filter((u) => u.kind === "helper-definition").map((u) => u.name));
    if (names.size > 0) definitions.set(path, names);
  }
  if (definitions.size === 0) return [...files];

  const known = new Map<string, boolean>();
  /** Whether a module gives out a helper under a name: its own, or one that reaches it through any number of modules. */
  const givesHelper = (module: string, wanted: string): boolean => {
    const first = `${module}\0${wanted}`;
    const answer = known.get(first);
    if (answer !== undefined) return answer;
    const seen = new Set([first]);
    const waiting: [path: string, name: string][] = [[module, wanted]];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const [path, name] = next;
      if (definitions.get(path)?.has(name) === true || known.get(`${path}\0${name}`) === true) {
        known.set(first, true);
        return true;
      }
      const host = byPath.get(path);
      for (const item of host?.imports ?? []) {
        if (host === undefined || (item.local !== name && item.local !== "*")) continue;
        const target = moduleOf(path, host, item.module);
        const inner = item.local === "*" ? name : item.name;
        const key = `${target ?? ""}\0${inner}`;
        if (target === undefined || seen.has(key) || known.get(key) === false) continue;
        seen.add(key);
        waiting.push([target, inner]);
      }
    }
    // None of those on the way gives it either.
    for (const key of seen) known.set(key, false);
    return false;
  };

  return files.map(({ path, host }) => {
    const uses: HostUse[] = [...host.uses];
    /** Names in this file by which helpers are called. */
    const callees = new Map<string, string>();
    const imported = new Map<string, HostImport>();
    for (const item of host.imports) {
      const target = moduleOf(path, host, item.module);
      if (item.name !== "*") {
        if (target !== undefined && givesHelper(target, item.name)) {
          callees.set(item.local, item.name);
          imported.set(item.local, item);
          continue;
        }
        // `from utils import db_connection`: the name is a module of its own.
        const inner = moduleOf(path, host, joinModule(item.module, item.name));
        if (inner !== undefined) addModule(item, inner, item.local);
      } else if (item.local === "*") {
        for (const name of target === undefined ? [] : namesGiven(target)) {
          callees.set(name, name);
          imported.set(name, item);
        }
      } else if (target !== undefined) addModule(item, target, item.local);
    }
    for (const [local, item] of imported) uses.push({ kind: "helper-import", name: callees.get(local) ?? local, span: item.span });
    for (const call of host.calls) {
      const name = callees.get(call.callee);
      if (name !== undefined) uses.push({ kind: "helper-call", name, span: call.span });
    }
    uses.sort((a, b) => a.span.start - b.span.start);
    return { path, host: { ...host, uses } };

    function addModule(item: HostImport, target: string, local: string): void {
      for (const name of namesGiven(target)) {
        const callee = `${local}.${name}`;
        if (!host.calls.some((c) => c.callee === callee)) continue;
        callees.set(callee, name);
        imported.set(callee, item);
      }
    }
  });

  function namesGiven(path: string): string[] {
    const host = byPath.get(path);
    const own = [...(definitions.get(path) ?? [])];
    const handedOn = (host?.imports ?? []).map((i) => i.local).filter((name) => name !== "*" && !own.includes(name) && givesHelper(path, name));
    return [...own, ...handedOn];
  }
}

function joinModule(module: string, name: string): string {
  return module.endsWith(".") ? module + name : `${module}.${name}`;
}

/** The file of the workspace that a module's name means, seen from another file. */
function modulePath(from: string, host: FileFacts, module: string, files: Paths): string | undefined {
  switch (host.language) {
    case "python":
      return pythonModule(from, module, files);
    case "typescript":
    case "tsx":
    case "javascript":
      return scriptModule(from, module, files);
    // Their modules are packages, not files: helpers are followed within a file.
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

function pythonModule(from: string, module: string, files: Paths): string | undefined {
  const dots = /^\.*/.exec(module)?.[0].length ?? 0;
  const tail = module.slice(dots).replaceAll(".", "/");
  const at = (folder: string): string | undefined => {
    const base = posix.normalize(posix.join(folder, tail));
    return [`${base}.py`, `${base}/__init__.py`].map((p) => p.replace(/^\.\//, "")).find((p) => files.has(p));
  };
  let folder = posix.dirname(from);
  if (dots > 0) {
    for (let i = 1; i < dots; i++) folder = posix.dirname(folder);
    return at(folder);
  }
  // Where the search path starts is not written down anywhere: the nearest folder above that has the module.
  for (;;) {
    const found = at(folder);
    if (found !== undefined && found !== from) return found;
    if (folder === "." || folder === "/") break;
    folder = posix.dirname(folder);
  }
  return onlyEnding(files, [`/${tail}.py`, `/${tail}/__init__.py`]);
}

const scriptEndings = ["", ".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs", "/index.ts", "/index.tsx", "/index.js", "/index.mjs"];

function scriptModule(from: string, module: string, files: Paths): string | undefined {
  const variants = (base: string): string[] => [
    ...scriptEndings.map((e) => base + e),
    // Compiled names: `./db.js` is written for `./db.ts`.
    ...(/\.[cm]?jsx?$/.test(base) ? [base.replace(/js(x?)$/, "ts$1"), base.replace(/\.jsx?$/, ".tsx")] : []),
  ];
  if (module.startsWith(".")) {
    const base = posix.normalize(posix.join(posix.dirname(from), module));
    return variants(base).find((p) => files.has(p));
  }
  const alias = /^(?:@|~|#|src)\/?(.+)$/.exec(module);
  return alias === null ? undefined : onlyEnding(files, variants(`/${alias[1] ?? ""}`));
}

/** The one path that has one of the endings, each of which begins with a slash. */
function onlyEnding(files: Paths, endings: readonly string[]): string | undefined {
  const found = new Set<string>();
  for (const ending of endings) for (const path of files.ending(ending)) found.add(path);
  return found.size === 1 ? [...found][0] : undefined;
}

/** The paths of all files, to be asked for by their ends. */
interface Paths {
  has(path: string): boolean;
  /** Whether any file, up to the first dot of its name, or a folder right above one has the name; every one has the empty name. */
  mayHold(name: string): boolean;
  ending(ending: string): readonly string[];
}

function indexed(files: ReadonlyMap<string, unknown>): Paths {
  // By the last two parts, and by the last one: every package has an __init__.py.
  const byEnd = new Map<string, string[]>();
  const names = new Set<string>();
  for (const path of files.keys()) {
    const parts = path.split("/");
    names.add(parts.at(-1)?.split(".")[0] ?? "");
    names.add(parts.at(-2) ?? "");
    for (const end of new Set([parts.slice(-1).join("/"), parts.slice(-2).join("/")])) {
      const known = byEnd.get(end);
      if (known === undefined) byEnd.set(end, [path]);
      else known.push(path);
    }
  }
  return {
    has: (path) => files.has(path),
    mayHold: (name) => name === "" || names.has(name),
    ending: (ending) => (byEnd.get(ending.split("/").filter((part) => part !== "").slice(-2).join("/")) ?? []).filter((path) => `/${path}`.endsWith(ending)),
  };
}

/** What the file of a module is called, up to its first dot: `connection` of `app.connection`, `db` of `./db.js`. */
function lastName({ language }: FileFacts, module: string): string {
  if (language === "python") return module.split(".").at(-1) ?? "";
  return module.split("/").at(-1)?.replace(/^[@~#]/, "").split(".")[0] ?? "";
}
