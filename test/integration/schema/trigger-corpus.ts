import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import type { CreateTriggerStatement, Statement } from "#core/sql/nodes.ts";
import { parseScript } from "#core/sql/parse.ts";
import { walk } from "#core/sql/walk.ts";
import { nameText } from "#core/schema/trigger-model.ts";
import { root } from "./helpers.ts";

/** Statements of applications and of SQLite's own tests, which lie beside the repository. */
const corpus = join(root, "../shared/corpus");

/** A trigger with definitions of its tables and views under which SQLite takes and runs it. */
export interface FoundTrigger {
  readonly from: string;
  readonly sql: string;
  readonly definitions: readonly string[];
}

/** Every permanent trigger of the corpora, once; undefined where the folder is absent. */
export function corpusTriggers(): { readonly found: readonly FoundTrigger[]; readonly without: number } | undefined {
  if (!existsSync(corpus)) return undefined;
  const found: FoundTrigger[] = [];
  let without = 0;
  const seen = new Set<string>();
  for (const file of ["app-statements.jsonl", "sqlite-suite-statements.jsonl"]) {
    const lines = readFileSync(join(corpus, file), "utf8").split("\n").filter((line) => /create\s+(?:temp\w*\s+)?(?:table|view|trigger)/i.test(line)).map(readLine);
    const definitions = new Map<string, string[]>();
    const triggers: { readonly source: string; readonly statement: CreateTriggerStatement; readonly sql: string }[] = [];
    for (const { source, sql } of lines) {
      const { statements, errors } = parseScript(sql);
      if (errors.length > 0) continue;
      for (const statement of statements) {
        const text = sql.slice(statement.span.start, statement.span.end);
        if ((statement.kind === "CreateTableStatement" || statement.kind === "CreateViewStatement") && statement.name.schema === undefined && statement.temporarySpan === undefined) {
          const key = keyOf(source, nameText(statement.name.name));
          definitions.set(key, [...(definitions.get(key) ?? []), text]);
        } else if (statement.kind === "CreateTriggerStatement" && statement.temporarySpan === undefined && !seen.has(text)) {
          seen.add(text);
          triggers.push({ source, statement, sql: text });
        }
      }
    }
    for (const { source, statement, sql } of triggers) {
      const own = fitting(relations(statement).map((name) => [...new Set(definitions.get(keyOf(source, name)))]), sql, statement);
      if (own === undefined) without++;
      else found.push({ from: source === "" ? "SQLite's tests" : source, sql, definitions: own });
    }
  }
  return { found, without };
}

function readLine(line: string): { readonly source: string; readonly sql: string } {
  const read: unknown = JSON.parse(line);
  if (typeof read !== "object" || read === null || !("sql" in read) || typeof read.sql !== "string") throw new Error(`not a line of the corpus: ${line}`);
  return { source: "source" in read && typeof read.source === "string" ? read.source : "", sql: read.sql };
}

function keyOf(source: string, name: string): string {
  return `${source}\0${name.toLowerCase()}`;
}

/** Names of the tables and views of a trigger. */
function relations(statement: Statement): string[] {
  const found = new Set<string>();
  walk(statement, {
    enter(node, ancestors) {
      const parent = ancestors.at(-1)?.kind;
      if (node.kind !== "QualifiedName" || (parent === "CreateTriggerStatement" && statement.kind === "CreateTriggerStatement" && node === statement.name) || parent === "TableFunctionCall") return;
      found.add(nameText(node.name));
    },
  });
  return [...found];
}

/** Many of SQLite's tests call their tables t1: not all of them are tried. */
const mostTries = 40;

/** The first choice of one definition for each name under which SQLite makes the trigger and compiles what fires it. */
function fitting(candidates: readonly (readonly string[])[], sql: string, statement: CreateTriggerStatement): readonly string[] | undefined {
  let tries = 0;
  const choose = (chosen: readonly string[]): readonly string[] | undefined => {
    const next = candidates[chosen.length];
    if (next === undefined) {
      tries++;
      return compiles(chosen, sql, statement) ? chosen : undefined;
    }
    for (const candidate of next) {
      if (tries >= mostTries) return undefined;
      const found = choose([...chosen, candidate]);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return choose([]);
}

function compiles(definitions: readonly string[], sql: string, { event, table }: CreateTriggerStatement): boolean {
  const db = new Database(":memory:");
  try {
    // Views come after the tables that they may name; SQLite looks at them when they are used.
    for (const definition of definitions) db.exec(definition);
    db.exec(sql);
    const name = `"${nameText(table.name).replaceAll('"', '""')}"`;
    if (event.kind === "ErrorNode") return false;
    const columns = db.prepare<[], string>(`SELECT name FROM pragma_table_info(${name.replaceAll('"', "'")})`).pluck().all();
    const [column] = event.columns.length > 0 ? event.columns.map(nameText) : columns;
    const quoted = `"${(column ?? "").replaceAll('"', '""')}"`;
    db.exec(`EXPLAIN ${event.event === "INSERT" ? `INSERT INTO ${name} (${quoted}) VALUES (NULL)` : event.event === "DELETE" ? `DELETE FROM ${name}` : `UPDATE ${name} SET ${quoted} = ${quoted}`}`);
    return true;
  } catch {
    return false;
  } finally {
    db.close();
  }
}
