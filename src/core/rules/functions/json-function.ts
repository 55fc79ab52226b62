import type { StatementRule } from "../rule.ts";
import { findingOf } from "./answer.ts";
import { callsOf } from "./call.ts";
import { jsonCalls } from "./json-calls.ts";
import { jsonOperators } from "./json-operators.ts";
import { jsonTables } from "./json-tables.ts";

/** SQLite's JSON functions, operators and table-valued functions. */
export const jsonFunction: StatementRule = {
  meta: {
    id: "json-function",
    family: "functions",
    title: "JSON",
    doc: {
      what: "Finds json_extract() and SQLite's other JSON functions, the operators -> and ->>, and json_each() and json_tree().",
      why: "PostgreSQL has other names for them, its operators take keys and no paths, and a value taken out of JSON is a text or jsonb there, where SQLite gives numbers, texts, 1 and 0.",
      example: "SELECT id FROM cost_log WHERE json_extract(details, '$.state') = 'open'",
      useInstead: {
        both: "the same: the generated adapter supplies json_extract(), json_type(), json_array_length() and json_valid()",
        postgres: "SELECT id FROM cost_log WHERE (details ->> 'state') = 'open'",
      },
      fixSafety:
        "Safe for a jsonb column, where the value is compared with a word that no number or flag reads like, or with NULL; json_array_length() and json_valid() of such a column; -> with a key. " +
        "Everywhere else the value's own type matters, or the column is a text that may hold equal keys: review. What changes JSON in another way than by one member is left to a person.",
    },
  },
  *check(context) {
    if (context.statement.kind === "CreateTableStatement") return;
    for (const call of callsOf(context)) {
      const answer = Object.hasOwn(jsonCalls, call.name) ? jsonCalls[call.name]?.(call) : undefined;
      if (answer !== undefined) yield findingOf(call, answer);
    }
    yield* jsonOperators(context);
    yield* jsonTables(context);
  },
};
