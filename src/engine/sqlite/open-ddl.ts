import type { Database } from "better-sqlite3";
import { CutoverError } from "#core/cutover-error.ts";
import { nodesOfKind } from "#core/sql/walk.ts";
import { parseScript } from "#core/sql/parse.ts";
import type { Statement } from "#core/sql/nodes.ts";
import { lineIndex } from "#core/text/line-index.ts";
import { loadDriver, type OpenDatabase } from "./driver.ts";
import type { Source } from "./open-source.ts";

/** Statements that make or change objects; all others (rows, PRAGMAs, transactions, ATTACH) are none of a schema's business and are not run. */
const schemaStatements = new Set<Statement["kind"]>([
  "CreateTableStatement", "CreateVirtualTableStatement", "CreateIndexStatement", "CreateViewStatement", "CreateTriggerStatement", "AlterTableStatement", "DropStatement",
]);

/**
 * Loads DDL text (a schema.sql, the output of `sqlite3 .schema` or `.dump`, migrations one after the other) into an empty
 * database in memory, to read it from there. Only statements about objects are run; nothing outside of memory is touched.
 * @param name for people: the file's path.
 * @throws CutoverError source-unreadable with the line and SQLite's words.
 */
export async function openDdl(sql: string, name: string): Promise<Source> {
  return openDdlWith(await loadDriver(), sql, name);
}

/** The same without waiting, with a driver at hand. */
export function openDdlWith(open: OpenDatabase, sql: string, name: string): Source {
  return openScriptsWith(open, [{ sql, name }], name);
}

/** One text of several that make a schema together. */
export interface Script {
  /** For people: the file's path. */
  readonly name: string;
  readonly sql: string;
}

/**
 * Loads several texts of DDL, one after the other, into one empty database in memory.
 * @param refused takes what SQLite says of a statement that it refuses, which is then left out; without it the first one is thrown.
 * @throws CutoverError source-unreadable with the text, the line and SQLite's words.
 */
export async function openScripts(scripts: readonly Script[], name: string, refused?: (problem: CutoverError) => void): Promise<Source> {
  return openScriptsWith(await loadDriver(), scripts, name, refused);
}

function openScriptsWith(open: OpenDatabase, scripts: readonly Script[], name: string, refused?: (problem: CutoverError) => void): Source {
  const db = new open(":memory:");
  try {
    db.defaultSafeIntegers(true);
    // Foreign keys may point to tables that come later, and DROP TABLE must not look for rows.
    db.pragma("foreign_keys = off");
    const unloaded = scripts.flatMap((script) => loadStatements(db, script, refused));
    db.pragma("query_only = on");
    return { kind: "ddl", name, path: undefined, db, unloaded, close: () => void db.close() };
  } catch (cause) {
    db.close();
    throw cause;
  }
}

function loadStatements(db: Database, { sql, name }: Script, refused: ((problem: CutoverError) => void) | undefined): { readonly name: string; readonly module: string; readonly sql: string }[] {
  const unloaded: { name: string; module: string; sql: string }[] = [];
  const lines = lineIndex(sql);
  for (const statement of parseScript(sql).statements) {
    const text = sql.slice(statement.span.start, statement.span.end);
    if (!schemaStatements.has(statement.kind) && statement.kind !== "ErrorNode") continue;
    if (statement.kind === "CreateTableStatement" && statement.name.name.kind === "Identifier" && /^sqlite_/i.test(statement.name.name.value)) continue; // `.schema` prints SQLite's own, too
    const problem = run(db, text, statement);
    if (problem === undefined) continue;
    if (statement.kind === "CreateVirtualTableStatement" && /no such module/.test(problem)) {
      unloaded.push({
        name: statement.name.name.kind === "Identifier" ? statement.name.name.value : "",
        module: statement.module.kind === "Identifier" ? statement.module.value : "",
        sql: text,
      });
      continue;
    }
    const error = new CutoverError({
      tag: "source-unreadable",
      what: "SQLite refuses a statement of the DDL",
      where: `${name}:${lines.positionAt(statement.span.start).line + 1}`,
      why: problem,
      next: "Correct the statement, or give the database itself.",
    });
    if (refused === undefined) throw error;
    refused(error);
  }
  return unloaded;
}

/** Runs one statement; gives SQLite's words when it refuses it. */
function run(db: Database, text: string, statement: Statement): string | undefined {
  let sql = text;
  // This build of SQLite takes "text" for a name only; the application's takes it for a string where no column has the name.
  const strings = statement.kind === "ErrorNode" ? [] : nodesOfKind(statement, "Identifier").filter((each) => each.quote === "double");
  const start = statement.span.start;
  const replaced = new Set<number>();
  const made = new Set<string>();
  for (;;) {
    try {
      db.exec(sql);
      return undefined;
    } catch (cause) {
      if (!(cause instanceof Error)) throw cause;
      // A function of the application's own: its name is all that a schema needs.
      const missing = /^no such function: (.+)$/.exec(cause.message)?.[1];
      if (missing !== undefined && !made.has(missing)) {
        made.add(missing);
        db.function(missing, { varargs: true, deterministic: true }, () => null);
        continue;
      }
      const word = /^no such column: "?(.*?)"? - should this be a string literal in single-quotes\?$/.exec(cause.message)?.[1];
      const found = strings.filter((each) => each.value === word && !replaced.has(each.span.start));
      if (word === undefined || found.length === 0) return cause.message;
      for (const each of found) replaced.add(each.span.start);
      sql = withStrings(text, start, strings.filter((each) => replaced.has(each.span.start)));
    }
  }
}

/** The text with some double-quoted words in single quotes; from the last to the first, so that places stay right. */
function withStrings(text: string, start: number, words: readonly { readonly value: string; readonly span: { readonly start: number; readonly end: number } }[]): string {
  let result = text;
  for (const { value, span } of words.toSorted((a, b) => b.span.start - a.span.start)) {
    result = `${result.slice(0, span.start - start)}'${value.replaceAll("'", "''")}'${result.slice(span.end - start)}`;
  }
  return result;
}
