import { nodesOfKind } from "#core/sql/walk.ts";
import type { StatementRule } from "../rule.ts";
import { findingOf, type Translator } from "./answer.ts";
import { callsOf } from "./call.ts";
import { conditionalCalls } from "./conditional-calls.ts";
import { formatCalls } from "./format-calls.ts";
import { sessionCalls } from "./session-calls.ts";
import { textCalls } from "./text-calls.ts";

const translators: Readonly<Record<string, Translator>> = { ...conditionalCalls, ...textCalls, ...formatCalls, ...sessionCalls };

/** Functions about conditions, texts and the connection that PostgreSQL does not have, or has with another meaning. */
export const sqliteFunction: StatementRule = {
  meta: {
    id: "sqlite-function",
    family: "functions",
    title: "SQLite's own functions",
    doc: {
      what: "Finds calls of functions that PostgreSQL does not have, or has with another meaning: ifnull, iif, min and max of several values, instr, substr from the end, length of a number, lower of other letters than ASCII's, hex, char, typeof, printf, random, last_insert_rowid and others.",
      why: "PostgreSQL rejects the statement, or (format, random, substr, nullif) computes something else.",
      example: "SELECT iif(cost > 1, substr(model, -3), ifnull(note, '')) FROM cost_savings_log",
      useInstead: {
        both: "SELECT iif(cost > 1, substr(model, -3), COALESCE(note, '')) FROM cost_savings_log, where the adapter supplies iif and substr",
        postgres: "SELECT CASE WHEN cost > 1 THEN right(model, 3) ELSE COALESCE(note, '') END FROM cost_savings_log",
      },
      fixSafety:
        "Safe where the new form gives the same for every value of the types that the schema tells. A review is asked for where values of several types meet, where a REAL becomes a text, and where nothing is known of a value that decides. " +
        "What the generated adapter supplies (docs/adapter.md) stays as it is in mode both. The rest is left to a person, with advice.",
    },
  },
  *check(context) {
    // The checks and defaults of a CREATE TABLE are the schema translator's.
    if (nodesOfKind(context.statement, "CreateTableStatement").length > 0) return;
    for (const call of callsOf(context)) {
      const answer = Object.hasOwn(translators, call.name) ? translators[call.name]?.(call) : undefined;
      if (answer !== undefined) yield findingOf(call, answer);
    }
  },
};
