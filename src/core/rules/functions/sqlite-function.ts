import { nodesOfKind } from "#core/sql/walk.ts";
import type { Expression, FunctionCall, Name, TableFunctionCall } from "#core/sql/nodes.ts";
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
      fixSafety: "COALESCE for ifnull is safe, but for a text literal that reads as a number: that asks for a review. What the generated adapter supplies (docs/adapter.md) stays as it is in mode both. The rest is left to a person, with advice.",
    },
  },
  *check({ statement, mode }) {
    for (const call of nodesOfKind(statement, "FunctionCall")) {
      const name = functionName(call.name);
      const fate = name === undefined ? undefined : fateOf(name, call.starSpan === undefined ? call.arguments.length : 0);
      if (name !== undefined && fate !== undefined) yield finding(call.name, name, fate, mode === "both", changesType(call.arguments));
    }
    for (const call of nodesOfKind(statement, "TableFunctionCall")) {
      const name = functionName(call.name.name);
      const fate = name === undefined ? undefined : fateOf(name, call.arguments.items.length);
      if (name !== undefined && fate !== undefined) yield finding(call.name, name, fate, mode === "both", false);
    }
  },
};

function functionName(name: Name): string | undefined {
  return nameOf(name)?.toLowerCase();
}

/**
 * Whether bringing the arguments to one type, as PostgreSQL does, may make another value of one: a text literal that reads as a
 * number or a date. Other texts beside a number are an error there, which nobody overlooks.
 */
function changesType(values: readonly Expression[]): boolean {
  return values.some((value) => value.kind === "StringLiteral" && /^\s*[-+]?[.\d]/.test(value.value));
}

function finding({ span }: FunctionCall["name"] | TableFunctionCall["name"], name: string, fate: Fate, both: boolean, doubtful: boolean): SqlFinding {
  switch (fate.fate) {
    case "rename":
      return {
        span,
        severity: "error",
        message: doubtful
          ? `PostgreSQL has no ${name}(). Look at it: ${fate.to}() brings its arguments to one type there, so that a text that looks like a number may become one.`
          : `PostgreSQL has no ${name}(); ${fate.to}() is the same on both.`,
        fixes: [{ kind: "edit", title: `Use ${fate.to}()`, applicability: doubtful ? "review" : "safe", edits: [{ span, newText: fate.to }] }],
      };
    case "supplied":
      return both
        ? { span, severity: "information", message: `PostgreSQL has no such ${name}(); the generated adapter supplies it there.`, supplied: [name], fixes: [] }
        : { span, severity: "error", message: `PostgreSQL has no such ${name}(). Use ${fate.postgres}.`, fixes: [] };
    case "manual":
      return { span, severity: "error", message: `PostgreSQL has no such ${name}(). ${fate.advice}`, fixes: [] };
  }
}
