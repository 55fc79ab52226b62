import type { FunctionCall } from "#core/sql/nodes.ts";
import { nodesOfKind } from "#core/sql/walk.ts";
import type { SqlFinding, StatementRule } from "../rule.ts";
import { nameOf } from "../scope.ts";

/** What becomes of a function that SQLite has and PostgreSQL has not, or has with another meaning. */
type Fate =
  /** Another name for the same thing that both engines know. */
  | { readonly fate: "rename"; readonly to: string }
  /** The generated adapter supplies it on PostgreSQL. */
  | { readonly fate: "supplied"; readonly postgres: string }
  /** No sound form: the reason and what people do. */
  | { readonly fate: "manual"; readonly advice: string };

const fates: Readonly<Record<string, Fate>> = {
  ifnull: { fate: "rename", to: "COALESCE" },
  group_concat: { fate: "supplied", postgres: "string_agg(value::text, separator)" },
  json_extract: { fate: "supplied", postgres: "the operators -> and ->> or jsonb_path_query()" },
  total: { fate: "supplied", postgres: "COALESCE(sum(value), 0)::double precision" },
  instr: { fate: "supplied", postgres: "strpos()" },
  glob: { fate: "supplied", postgres: "a regular expression" },
  last_insert_rowid: { fate: "manual", advice: "Use RETURNING, which both engines know (SQLite from 3.35 on), or the adapter's lastrowid." },
  changes: { fate: "manual", advice: "Use the cursor's row count." },
  total_changes: { fate: "manual", advice: "Count in the application, from each statement's row count." },
  iif: { fate: "manual", advice: "Use CASE WHEN … THEN … ELSE … END, which both engines know." },
  typeof: { fate: "manual", advice: "PostgreSQL's columns have one type each; pg_typeof() tells it." },
  load_extension: { fate: "manual", advice: "PostgreSQL's extensions are created once, by CREATE EXTENSION." },
  sqlite_version: { fate: "manual", advice: "PostgreSQL has version()." },
  zeroblob: { fate: "manual", advice: "Bind the bytes." },
};

/** Functions of SQLite's that PostgreSQL does not have. Date and time functions have a rule of their own. */
export const sqliteFunction: StatementRule = {
  meta: {
    id: "sqlite-function",
    family: "functions",
    title: "SQLite's own functions",
    doc: {
      what: "Finds calls of functions that PostgreSQL does not have: ifnull, group_concat, json_extract, total, instr, last_insert_rowid and others.",
      why: "PostgreSQL rejects the statement.",
      example: "SELECT ifnull(cost, 0) FROM cost_savings_log",
      useInstead: { both: "SELECT COALESCE(cost, 0) FROM cost_savings_log", postgres: "the same" },
      fixSafety: "COALESCE for ifnull is safe. What the generated adapter supplies stays as it is in mode both. The rest is left to a person, with advice.",
    },
  },
  *check({ statement, mode }) {
    for (const call of nodesOfKind(statement, "FunctionCall")) {
      const name = call.name.kind === "Identifier" ? nameOf(call.name)?.toLowerCase() : undefined;
      const fate = name === undefined ? undefined : fates[name];
      if (name === undefined) continue;
      if (fate !== undefined) yield finding(call, name, fate, mode === "both");
      else if ((name === "min" || name === "max") && call.arguments.length > 1) yield finding(call, name, scalarExtreme(name), mode === "both");
    }
  },
};

/** With several arguments, SQLite's min() and max() are no aggregates, and give NULL as soon as one argument is NULL. */
function scalarExtreme(name: "min" | "max"): Fate {
  return { fate: "supplied", postgres: name === "min" ? "LEAST(), which leaves NULLs out" : "GREATEST(), which leaves NULLs out" };
}

function finding(call: FunctionCall, name: string, fate: Fate, both: boolean): SqlFinding {
  switch (fate.fate) {
    case "rename":
      return {
        span: call.name.span,
        severity: "error",
        message: `PostgreSQL has no ${name}(); ${fate.to}() is the same on both.`,
        fixes: [{ kind: "edit", title: `Use ${fate.to}()`, applicability: "safe", edits: [{ span: call.name.span, newText: fate.to }] }],
      };
    case "supplied":
      return both
        ? { span: call.name.span, severity: "information", message: `PostgreSQL has no such ${name}(); the generated adapter supplies it there.`, supplied: [name], fixes: [] }
        : { span: call.name.span, severity: "error", message: `PostgreSQL has no such ${name}(). Use ${fate.postgres}.`, fixes: [] };
    case "manual":
      return { span: call.name.span, severity: "error", message: `PostgreSQL has no ${name}(). ${fate.advice}`, fixes: [] };
  }
}
