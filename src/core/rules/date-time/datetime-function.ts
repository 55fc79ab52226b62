import type { FunctionCall } from "#core/sql/nodes.ts";
import { nodesOfKind } from "#core/sql/walk.ts";
import type { SqlFinding, StatementRule } from "../rule.ts";
import { nameOf } from "../scope.ts";

const names = new Set(["datetime", "date", "time", "julianday", "unixepoch", "strftime", "timediff"]);

/** SQLite's date and time functions, `datetime('now')` first of all. */
export const datetimeFunction: StatementRule = {
  meta: {
    id: "datetime-function",
    family: "date-time",
    title: "SQLite's date and time functions",
    doc: {
      what: "Finds datetime(), date(), time(), julianday(), unixepoch(), strftime() and timediff().",
      why: "PostgreSQL has none of them (its date() and time are casts): the statement is rejected, or means something else.",
      example: "INSERT INTO adw_locks (adw_id, created_at) VALUES (?, datetime('now'))",
      useInstead: {
        both: "the same: the generated adapter supplies these functions on PostgreSQL, in the schema cutover",
        postgres: "INSERT INTO adw_locks (adw_id, created_at) VALUES ($1, date_trunc('second', timezone('utc', statement_timestamp())))",
      },
      fixSafety:
        "In mode both nothing is edited: the adapter's functions are tested against SQLite's. It has no timediff(), which is left to a person. " +
        "In mode postgres datetime('now') becomes the UTC time cut to seconds: safe. now() is shorter and in the session's zone: review.",
    },
  },
  *check({ statement, mode }) {
    for (const call of nodesOfKind(statement, "FunctionCall")) {
      const name = call.name.kind === "Identifier" ? nameOf(call.name)?.toLowerCase() : undefined;
      if (name === undefined || !names.has(name)) continue;
      yield mode === "both" && name !== "timediff" ? both(call, name) : postgres(call, name);
    }
  },
};

function isNow(call: FunctionCall, name: string): boolean {
  const first = call.arguments[0];
  return name === "datetime" && (first === undefined || (call.arguments.length === 1 && first.kind === "StringLiteral" && first.value.toLowerCase() === "now"));
}

function both(call: FunctionCall, name: string): SqlFinding {
  return {
    span: call.span,
    severity: "information",
    message: `PostgreSQL has no ${name}(); the generated adapter supplies it there.`,
    supplied: [name],
    fixes: [],
  };
}

function postgres(call: FunctionCall, name: string): SqlFinding {
  const base = { span: call.span, severity: "error" as const };
  if (!isNow(call, name)) {
    return { ...base, message: `PostgreSQL has no ${name}(). With a value of type timestamp, use its operators and to_char(); what fits depends on the column's type.`, fixes: [] };
  }
  return {
    ...base,
    message: "PostgreSQL has no datetime(); the UTC time cut to seconds is date_trunc('second', timezone('utc', statement_timestamp())).",
    fixes: [
      { kind: "edit", title: "Use the UTC time, cut to seconds", applicability: "safe", edits: [{ span: call.span, newText: "date_trunc('second', timezone('utc', statement_timestamp()))" }] },
      { kind: "edit", title: "Use NOW(): microseconds, and the session's time zone", applicability: "review", edits: [{ span: call.span, newText: "NOW()" }] },
    ],
  };
}
