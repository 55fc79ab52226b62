import { posix } from "node:path";
import type { Mode } from "#core/rules/mode.ts";
import { adapterDefaults, type AdapterProject, type Helper } from "./adapter-project.ts";
import { detectHelpers, pythonImportRoot, type SourceFile } from "./detect-helper.ts";

/** What a caller may say about the project; the rest is read from its files. */
export interface DescribeOptions {
  /** The Python driver; psycopg2 unless told otherwise. */
  readonly driver?: "psycopg2" | "psycopg";
  readonly mode: Mode;
  /** POSTGRES_DB and POSTGRES_USER of the workspace's environment, for the defaults of the generated code. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Describes, for each language of a workspace that has a connection helper, what `planAdapter` needs to know: where the
 * helper is, where imports start from, how files import one another. One project a language, the most used helper's.
 */
export function describeProjects(files: readonly SourceFile[], options: DescribeOptions): AdapterProject[] {
  const helpers = detectHelpers(files);
  return (["python", "typescript"] as const).flatMap((language) => {
    const helper = helpers.find((each) => each.language === language);
    return helper === undefined ? [] : [describe(helper, files, options)];
  });
}

function describe(helper: Helper, files: readonly SourceFile[], { driver, mode, env }: DescribeOptions): AdapterProject {
  const python = helper.language === "python";
  const folder = posix.dirname(helper.file);
  return {
    language: helper.language,
    importRoot: python ? pythonImportRoot(helper, files) : folder === "." ? "" : folder,
    packageName: adapterDefaults.packageName,
    helper,
    driver: python ? (driver ?? "psycopg2") : "pg",
    dialect: mode === "postgres" ? "postgresql" : "sqlite",
    dbPathDefault: adapterDefaults.dbPathDefault,
    database: env["POSTGRES_DB"] ?? adapterDefaults.database,
    user: env["POSTGRES_USER"] ?? adapterDefaults.user,
    importEnding: importEnding(files),
  };
}

/** How relative imports of the project's TypeScript files end, by majority. */
function importEnding(files: readonly SourceFile[]): AdapterProject["importEnding"] {
  const votes = { ".ts": 0, ".js": 0, "": 0 };
  for (const { path, text } of files) {
    if (!/\.[cm]?tsx?$/.test(path)) continue;
    for (const [, module = ""] of text.matchAll(/\bfrom\s+["'](\.[^"']*)["']/g)) votes[/\.[cm]?tsx?$/.test(module) ? ".ts" : /\.[cm]?jsx?$/.test(module) ? ".js" : ""]++;
  }
  return votes[".ts"] >= votes[".js"] && votes[".ts"] >= votes[""] && votes[".ts"] > 0 ? ".ts" : votes[".js"] > votes[""] ? ".js" : "";
}
