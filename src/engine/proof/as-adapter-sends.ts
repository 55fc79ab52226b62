import { parseScript } from "#core/sql/parse.ts";
import { nodesOfKind } from "#core/sql/walk.ts";
import { applyEdits, givenOffset, type Edit } from "#core/text/edit.ts";

/** SQLite's clock words, which are UTC to the second. */
const clocks = { CURRENT_TIME: `cutover."time"('now')`, CURRENT_DATE: "cutover.date('now')", CURRENT_TIMESTAMP: "cutover.datetime('now')" } as const;

/** Functions whose names PostgreSQL's grammar or its type names take first. */
const calls: ReadonlyMap<string, string> = new Map([["date", "cutover.date"], ["time", 'cutover."time"']]);

/** A text as the server gets it. */
export interface SentText {
  readonly sql: string;
  /** The place in the given text that a place of `sql` comes from. */
  readonly toGiven: (offset: number) => number;
}

/**
 * The words of a statement that the generated adapter sends otherwise (its templates' CALLS and CLOCKS): functions whose names
 * PostgreSQL's grammar or its type names take first, and the clock. What SQLite's grammar does not hold goes as it is, and so do
 * definitions of objects.
 */
export function asAdapterSends(sql: string): SentText {
  const edits: Edit[] = [];
  for (const statement of parseScript(sql).statements) {
    if (/^(?:Create|Alter|Drop)/.test(statement.kind)) continue;
    for (const { name, span } of nodesOfKind(statement, "CurrentTimeLiteral")) edits.push({ span, newText: clocks[name] });
    for (const { name } of nodesOfKind(statement, "FunctionCall")) {
      const word = name.kind === "Identifier" ? calls.get(name.value.toLowerCase()) : undefined;
      if (word !== undefined) edits.push({ span: name.span, newText: word });
    }
  }
  return { sql: applyEdits(sql, edits), toGiven: (offset) => givenOffset(edits, offset) };
}
