// Builds dist/: the command line and the worker (ESM, Node), the extension (CommonJS, as VS Code loads it), the webviews,
// and beside them the packages that carry native code or WASM, which no bundler can take in.
import { cp, mkdir, rm } from "node:fs/promises";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { build } from "esbuild";

const watch = process.argv.includes("--watch");
const production = process.argv.includes("--production");
const dist = new URL("./dist/", import.meta.url).pathname;

/** Packages left outside the bundles, with the parts of each that run (the rest stays out of the .vsix). */
const external = {
  "better-sqlite3": ["package.json", "LICENSE", "lib", "prebuilds"],
  "@electric-sql/pglite": ["package.json", "LICENSE", "dist"],
  "libpg-query": ["package.json", "LICENSE", "wasm", "dist", "index.js"],
  "web-tree-sitter": ["package.json", "LICENSE", "web-tree-sitter.js", "web-tree-sitter.wasm"],
  "@vscode/tree-sitter-wasm": ["package.json", "LICENSE", "wasm"],
};
const grammars = ["python", "typescript", "tsx", "javascript"];
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
  legalComments: "external",
  logLevel: "warning",
  absWorkingDir: import.meta.dirname,
};

// CommonJS libraries inside an ESM bundle still call require for Node's builtins.
const esmBanner = { js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);' };

const bundles = [
  {
    ...common,
    entryPoints: { cli: "src/cli/main.ts", worker: "src/vscode/worker/main.ts" },
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

await rm(dist, { recursive: true, force: true });
for (const bundle of bundles) {
  if (watch) (await (await import("esbuild")).context(bundle)).watch();
  else await build(bundle);
}
await copyExternal();
await copyTexts();
