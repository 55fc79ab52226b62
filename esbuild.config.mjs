// Builds dist/: the command line and the worker (ESM, Node), the extension (CommonJS, as VS Code loads it), the webviews,
// and beside them the packages that carry native code or WASM, which no bundler can take in.
import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const production = process.argv.includes("--production");
const dist = join(import.meta.dirname, "dist");

/** Packages left outside the bundles, with the parts of each that run (the rest stays out of the .vsix). */
export const external = {
  "better-sqlite3": ["package.json", "LICENSE", "lib", "prebuilds"],
  "@electric-sql/pglite": ["package.json", "LICENSE", "dist"],
  "libpg-query": ["package.json", "LICENSE", "wasm", "dist", "index.js"],
  "web-tree-sitter": ["package.json", "LICENSE", "web-tree-sitter.js", "web-tree-sitter.wasm"],
  "@vscode/tree-sitter-wasm": ["package.json", "LICENSE", "wasm"],
};
const grammars = ["python", "typescript", "tsx", "javascript", "go", "java", "c-sharp", "php", "rust", "ruby"];
/** Of the copied packages, files that nothing of ours loads. */
const unused = [
  /\.map$/,
  /\.d\.c?ts$/,
  /\/pglite\/dist\/[^/]*\.tar\.gz$/,
  /\/pglite\/dist\/(contrib|live|node-postgres|worker|vector|pg_ivm|pgtap|pg_uuidv7|pg_hashids|age|postgis)(\/|$)/,
  /\/pglite\/dist\/.*\.cjs$/,
  new RegExp(`/tree-sitter-wasm/wasm/tree-sitter-(?!(${grammars.join("|")})\\.wasm$)[a-z-]+\\.wasm$`),
];

const common = {
  bundle: true,
  sourcemap: !production,
  minify: production,
  legalComments: "none",
  logLevel: "warning",
  absWorkingDir: import.meta.dirname,
};

// CommonJS libraries inside an ESM bundle still call require for Node's builtins.
const esmBanner = { js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);' };

export const bundles = [
  {
    ...common,
    entryPoints: { cli: "src/cli/main.ts", worker: "src/vscode/worker/main.ts", "scan-worker": "src/engine/workspace/scan-worker.ts", "profile-worker": "src/engine/sqlite/profile/profile-worker.ts", "reader-worker": "src/engine/migrate/reader-worker.ts", "integrity-worker": "src/engine/sqlite/integrity-worker.ts" },
    outdir: "dist",
    platform: "node",
    format: "esm",
    target: "node22",
    splitting: true,
    // Beside the entry points, so that import.meta.url finds templates/ from any of them.
    chunkNames: "chunk-[hash]",
    banner: esmBanner,
    // jsonc-parser's UMD build, which would be taken otherwise, requires its parts by names that no bundler can follow.
    mainFields: ["module", "main"],
    external: Object.keys(external).concat("pg-native"),
  },
  {
    ...common,
    entryPoints: { extension: "src/vscode/extension.ts" },
    outdir: "dist",
    outExtension: { ".js": ".cjs" },
    platform: "node",
    format: "cjs",
    target: "node22",
    external: ["vscode"],
  },
  {
    ...common,
    entryPoints: { "schema-panel": "src/webview/schema-panel/main.ts" },
    outdir: "dist/webview",
    platform: "browser",
    format: "iife",
    target: "es2023",
    loader: { ".css": "css" },
  },
];

/** Copies the running parts of the external packages to dist/node_modules, where Node finds them from dist/*.js. */
async function copyExternal() {
  for (const [name, parts] of Object.entries(external)) {
    const from = join(import.meta.dirname, "node_modules", name);
    const to = join(dist, "node_modules", name);
    await mkdir(dirname(to), { recursive: true });
    for (const part of parts) {
      const source = join(from, part);
      if (existsSync(source)) await cp(source, join(to, part), { recursive: true, filter: (path) => !unused.some((pattern) => pattern.test(path)) });
    }
  }
}

/** The adapter's templates, and the rules' pages that diagnostics link to. */
async function copyTexts() {
  await cp(join(import.meta.dirname, "src/engine/generate/templates"), join(dist, "templates"), { recursive: true, filter: (path) => !path.includes("__pycache__") });
  await cp(join(import.meta.dirname, "docs/rules"), join(dist, "docs/rules"), { recursive: true });
}

/** The names of the packages whose code a build took in. */
export function bundledPackages(metafile) {
  const names = Object.keys(metafile.inputs).map((path) => /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules\/)/.exec(path)?.[1]);
  return [...new Set(names.filter((name) => name !== undefined))].sort();
}

/** Puts the licences of everything that ships into one file, as they ask for. */
async function writeNotices(names) {
  const texts = [];
  for (const name of names) {
    const folder = join(import.meta.dirname, "node_modules", name);
    const { version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
    const file = (await readdir(folder)).find((each) => /^licen[cs]e(\.\w+)?$/i.test(each));
    const text = file === undefined ? "" : await readFile(join(folder, file), "utf8");
    texts.push(`${name} ${version} (${license})\n\n${text.trim()}\n`);
  }
  await writeFile(join(dist, "THIRD-PARTY-NOTICES.txt"), texts.join(`\n${"-".repeat(80)}\n\n`));
}

async function main() {
  await rm(dist, { recursive: true, force: true });
  const names = new Set(Object.keys(external));
  for (const bundle of bundles) for (const name of bundledPackages((await build({ ...bundle, metafile: true })).metafile)) names.add(name);
  await copyExternal();
  await copyTexts();
  await writeNotices([...names].sort());
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
