// Lints the tree, and enforces the layers of docs/architecture.md: imports point one way.
import { builtinModules } from "node:module";
import tseslint from "typescript-eslint";

const nodeBuiltins = builtinModules.flatMap((name) => [name, `node:${name}`]);
const drivers = ["better-sqlite3", "pg", "pg-copy-streams", "@electric-sql/pglite", "libpg-query", "web-tree-sitter"];

/** Forbids, for the files of a folder, every other part of the house that it must not see. */
function layer(files, { no = [], pure = false, reason }) {
  const group = no.flatMap((part) => [`#${part}/**`, `**/src/${part}/**`, `../**/${part}/**`]);
  return {
    files,
    rules: {
      "@typescript-eslint/no-restricted-imports": [
        "error",
        {
          paths: pure
            ? [
                ...[...nodeBuiltins, "vscode"].map((name) => ({ name, message: reason })),
                ...drivers.map((name) => ({ name, message: reason, allowTypeImports: true })),
              ]
            : [],
          patterns: group.length > 0 ? [{ group, message: reason }] : [],
        },
      ],
    },
  };
}

/** Inside core: text ← sql ← {hosts, schema} ← rules ← report. */
const coreOrder = {
  text: ["sql", "hosts", "schema", "rules", "report"],
  sql: ["hosts", "schema", "rules", "report"],
  hosts: ["schema", "rules", "report"],
  schema: ["hosts", "rules", "report"],
  rules: ["report"],
  report: [],
};

export default tseslint.config(
  { ignores: ["**/node_modules/**", "dist/**", ".cache/**", ".cutover/**", "sample/**"] },
  ...tseslint.configs.strictTypeChecked.map((c) => ({ ...c, files: ["src/**/*.ts", "test/**/*.ts", "bench/**/*.ts"] })),
  {
    files: ["src/**/*.ts", "test/**/*.ts", "bench/**/*.ts"],
    languageOptions: { parserOptions: { project: ["./tsconfig.json", "./src/webview/tsconfig.json"], tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      "@typescript-eslint/no-explicit-any": "error",
      eqeqeq: "error",
      "no-console": "error",
    },
  },
  ...Object.entries(coreOrder).map(([folder, later]) =>
    layer([`src/core/${folder}/**/*.ts`], {
      no: ["engine", "cli", "vscode", "webview", "protocol", ...later.map((l) => `core/${l}`)],
      pure: true,
      reason: "core is pure (no node:, no vscode, no drivers) and its parts import one way: text ← sql ← {hosts, schema} ← rules ← report.",
    }),
  ),
  layer(["src/engine/**/*.ts"], { no: ["cli", "vscode", "webview"], reason: "engine sees core and protocol only." }),
  layer(["src/protocol/**/*.ts"], { no: ["engine", "cli", "vscode", "webview"], pure: true, reason: "protocol sees core types only." }),
  layer(["src/cli/**/*.ts"], { no: ["vscode", "webview"], reason: "cli sees core, engine and protocol." }),
  layer(["src/vscode/**/*.ts"], { no: ["cli", "webview"], reason: "vscode sees core, engine and protocol." }),
  layer(["src/webview/**/*.ts"], { no: ["engine", "cli", "vscode", "core"], reason: "webview sees protocol only." }),
  {
    files: ["test/**/*.ts", "bench/**/*.ts"],
    rules: {
      // node:test's describe/it return promises that the runner itself awaits.
      "@typescript-eslint/no-floating-promises": ["error", { allowForKnownSafeCalls: [{ from: "package", name: ["describe", "it", "test", "before", "after"], package: "node:test" }] }],
      "no-console": "off",
    },
  },
);
