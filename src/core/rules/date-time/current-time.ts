import type { StatementRule } from "../rule.ts";
import { lookInBoth, lookInPostgres, placedCalls } from "./look-at-call.ts";

/** CURRENT_TIMESTAMP and its like, which are texts in UTC on SQLite. */
export const currentTime: StatementRule = {
  meta: {
    id: "current-time",
    family: "date-time",
    title: "CURRENT_TIMESTAMP, CURRENT_DATE and CURRENT_TIME",
    doc: {
      what: "Finds the words CURRENT_TIMESTAMP, CURRENT_DATE and CURRENT_TIME outside of CREATE TABLE.",
      why:
        "On SQLite they are texts in UTC to the second. PostgreSQL's have a time zone and microseconds, mean the beginning of the transaction, and turn into the session's local time in a timestamp column: the same statement stores and finds other moments.",
      example: "UPDATE adw_locks SET released_at = CURRENT_TIMESTAMP WHERE id = ?",
      useInstead: {
        both: "the same: the generated adapter writes UTC to the second in its place, and its sessions are in UTC",
        postgres: "UPDATE adw_locks SET released_at = date_trunc('second', timezone('utc', statement_timestamp())) WHERE id = ?",
      },
      fixSafety:
        "Safe where the column that it is stored in or compared with is known to become a timestamp, timestamptz, date or text, and in a result, where it is SQLite's text. " +
        "Without a schema the column's type is not known: review. The rules for what it meets are those of datetime-function.",
    },
  },
  *check(context) {
    // Defaults are the schema translator's.
    if (context.statement.kind === "CreateTableStatement") return;
    for (const placed of placedCalls(context)) {
      if (placed.call.node.kind !== "CurrentTimeLiteral") continue;
      const { name } = placed.call.node;
      if (context.mode === "both") yield lookInBoth(placed, context, `On PostgreSQL ${name} is another type.`);
      else yield { ...lookInPostgres(placed, context, `PostgreSQL's ${name} is ${name === "CURRENT_DATE" ? "the day in the session's zone" : "in the session's zone, with microseconds"}, as of the transaction's start; SQLite's is a text in UTC.`), severity: "warning" };
    }
  },
};
