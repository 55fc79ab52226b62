import { join } from "node:path";
import type { CutoverError } from "#core/cutover-error.ts";
import { parseScript } from "#core/sql/parse.ts";
import { lineIndex } from "#core/text/line-index.ts";
import type { Span } from "#core/text/span.ts";
import { openScripts, type Script } from "../sqlite/open-ddl.ts";
import type { Source } from "../sqlite/open-source.ts";
import { languageOf } from "./host-parser.ts";
import { readHostFile } from "./read-host-file.ts";

/** The schema that the CREATE statements of one file make, whatever its language. */
export interface CodeSchema {
  /** Close it. */
  readonly source: Source;
  /** Where each table is created: the whole statement in the file. */
  readonly tables: readonly { readonly name: string; readonly span: Span }[];
  /** What SQLite said of statements that it refused, which are left out. */
  readonly refused: readonly CutoverError[];
}

/**
 * Loads the statements about objects of a file into an empty database in memory, in their order. Texts that the code puts together at run
 * time are left out: nobody knows them.
 * @param path relative to the root, with `/`; tells the language
 */
export async function codeSchema(root: string, path: string, text: string): Promise<CodeSchema> {
  const language = languageOf(path);
  const sites = language === undefined ? [] : (await readHostFile(language, text, { document: join(root, path) })).sites;
  const lines = lineIndex(text);
  const tables: { name: string; span: Span }[] = [];
  const scripts: Script[] = [];
  for (const site of sites) {
    if (site.holes.length > 0 || !/\b(?:create|alter|drop)\b/i.test(site.text)) continue;
    // Blank lines before it, so that what is said of a line is said of the file's.
    scripts.push({ name: path, sql: "\n".repeat(lines.positionAt(site.span.start).line) + site.text });
    for (const statement of parseScript(site.text).statements) {
      if (statement.kind === "CreateTableStatement" && statement.name.name.kind === "Identifier") tables.push({ name: statement.name.name.value, span: site.map.toFile(statement.span) });
    }
  }
  const refused: CutoverError[] = [];
  return { source: await openScripts(scripts, path, (problem) => refused.push(problem)), tables, refused };
}
