import type { Declaration } from "#core/rules/declared/declaration.ts";
import { declaredTables, type DeclaredTables } from "#core/rules/declared/declared-tables.ts";

/** What the last scan of a workspace found declared, by root: documents are analysed with it. */
const known = new Map<string, DeclaredTables>();

/** Folders and files of tests: their tables are not the application's. */
const ofTests = /(?:^|\/)(?:tests?|specs?|__tests__|testdata|fixtures?|examples?|samples?|benchmarks?)\/|(?:_test|_spec|\.test|\.spec|Tests?)\.\w+$/;

/** Brings together what the files of a workspace declare, and keeps it for its documents. */
export function declareIn(root: string, files: readonly { readonly path: string; readonly declared: readonly Declaration[] }[]): DeclaredTables {
  const tables = declaredTables(files.flatMap(({ path, declared }) => (ofTests.test(path) ? [] : declared)));
  known.set(root, tables);
  return tables;
}

/** What the last scan of the workspace found declared; undefined before the first one. */
export function declaredIn(root: string): DeclaredTables | undefined {
  return known.get(root);
}
