import type { StatementRule } from "../rule.ts";
import { lookInBoth, lookInPostgres, nameOfCall, placedCalls } from "./look-at-call.ts";

/** SQLite's date and time functions. */
export const datetimeFunction: StatementRule = {
  meta: {
    id: "datetime-function",
    family: "date-time",
    title: "SQLite's date and time functions",
    doc: {
      what: "Finds datetime(), date(), time(), julianday(), unixepoch(), strftime() and timediff().",
      why:
        "PostgreSQL has none of them (its date() and time are casts): the statement is rejected, or means something else. SQLite's results are texts in UTC; a column that became a timestamp meets them as such.",
      example: "SELECT strftime('%Y-%m', created_at) FROM adw_locks WHERE created_at >= datetime('now', '-7 days')",
      useInstead: {
        both: "the same: the generated adapter supplies these functions on PostgreSQL, in the schema cutover",
        postgres:
          "SELECT to_char(created_at, 'YYYY-MM') FROM adw_locks WHERE created_at >= date_trunc('second', timezone('utc', statement_timestamp())) - interval '7 days'",
      },
      fixSafety:
        "In mode postgres a call becomes a timestamp or date where it meets such a column, and exactly SQLite's text elsewhere; calls of literals become their value. Months spill over as in SQLite, moments beyond the year 9999 are NULL as there. " +
        "Safe for columns that become timestamp, timestamptz or date, for epoch seconds in whole numbers, and for the present moment; moments before the year 1 are not looked at. " +
        "Comparisons are safe where all of a column's texts were looked at and have one form. Review: values whose type is not known, texts (SQLite gives NULL for what is no date, PostgreSQL an error), parameters, modifiers put together at run time. " +
        "Left to a person: 'localtime' and 'utc' (the zone of a machine), %J, timediff(), formats that are no literals, arithmetic with dates (SQLite computes with the year), comparisons that are never true. " +
        "In mode both the adapter's functions stay, cast where their type would show. It has no timediff(), which is left to a person.",
    },
  },
  *check(context) {
    // The expressions of a CREATE TABLE are the schema translator's.
    if (context.statement.kind === "CreateTableStatement") return;
    for (const placed of placedCalls(context)) {
      if (placed.call.node.kind === "CurrentTimeLiteral") continue;
      const opening = `PostgreSQL has no ${nameOfCall(placed.call)}.`;
      yield context.mode === "both" ? lookInBoth(placed, context, opening) : lookInPostgres(placed, context, opening);
    }
  },
};
