import { nodesOfKind } from "#core/sql/walk.ts";
import type { FunctionCall, Name, TableFunctionCall } from "#core/sql/nodes.ts";
import type { SqlFinding, StatementRule } from "../rule.ts";
import { nameOf } from "../scope.ts";
import { fateOf, type Fate } from "./fates.ts";

/** Functions of SQLite's that PostgreSQL does not have. Date and time functions have a rule of their own. */
export const sqliteFunction: StatementRule = {
  meta: {
    id: "sqlite-function",
    family: "functions",
    title: "SQLite's own functions",
    doc: {
      what: "Finds calls of functions that PostgreSQL does not have, or has with another meaning: ifnull, iif, group_concat, json_extract, json_each, total, instr, typeof, printf, min and max of several values, last_insert_rowid and others.",
      why: "PostgreSQL rejects the statement, or (format, random) computes something else.",
      example: "SELECT ifnull(cost, 0) FROM cost_savings_log",
      useInstead: { both: "SELECT COALESCE(cost, 0) FROM cost_savings_log", postgres: "the same" },
      fixSafety: "COALESCE for ifnull is safe. What the generated adapter supplies (docs/adapter.md) stays as it is in mode both. The rest is left to a person, with advice.",
    },
  },
  *check({ statement, mode }) {
    for (const call of nodesOfKind(statement, "FunctionCall")) {
      const name = functionName(call.name);
      const fate = name === undefined ? undefined : fateOf(name, call.starSpan === undefined ? call.arguments.length : 0);
      if (name !== undefined && fate !== undefined) yield finding(call.name, name, fate, mode === "both");
    }
    for (const call of nodesOfKind(statement, "TableFunctionCall")) {
      const name = functionName(call.name.name);
      const fate = name === undefined ? undefined : fateOf(name, call.arguments.items.length);
      if (name !== undefined && fate !== undefined) yield finding(call.name, name, fate, mode === "both");
    }
  },
};

function functionName(name: Name): string | undefined {
  return nameOf(name)?.toLowerCase();
}

function finding({ span }: FunctionCall["name"] | TableFunctionCall["name"], name: string, fate: Fate, both: boolean): SqlFinding {
  switch (fate.fate) {
    case "rename":
      return {
        span,
        severity: "error",
        message: `PostgreSQL has no ${name}(); ${fate.to}() is the same on both.`,
        fixes: [{ kind: "edit", title: `Use ${fate.to}()`, applicability: "safe", edits: [{ span, newText: fate.to }] }],
      };
    case "supplied":
      return both
        ? { span, severity: "information", message: `PostgreSQL has no such ${name}(); the generated adapter supplies it there.`, supplied: [name], fixes: [] }
        : { span, severity: "error", message: `PostgreSQL has no such ${name}(). Use ${fate.postgres}.`, fixes: [] };
    case "manual":
      return { span, severity: "error", message: `PostgreSQL has no such ${name}(). ${fate.advice}`, fixes: [] };
  }
}
