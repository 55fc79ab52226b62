import type { StatementRule } from "../rule.ts";
import { aggregateCalls } from "./aggregate-calls.ts";
import { findingOf } from "./answer.ts";
import { callsOf } from "./call.ts";

/** Aggregates that PostgreSQL lacks, or whose result is of another type there. */
export const aggregateFunction: StatementRule = {
  meta: {
    id: "aggregate-function",
    family: "functions",
    title: "Aggregates",
    doc: {
      what: "Finds group_concat() and total(), sum() of bigint columns, avg() of integers and count() without an argument.",
      why: "PostgreSQL has no group_concat() and no total(). Its sum() of bigint and its avg() of integers are numerics: they divide with a fraction, and drivers hand them over as decimals or texts.",
      example: "SELECT sum(tokens) / 2, avg(tokens), group_concat(model ORDER BY model) FROM cost_log",
      useInstead: {
        both: "SELECT CAST(sum(tokens) AS BIGINT) / 2, avg(tokens), group_concat(model ORDER BY model) FROM cost_log",
        postgres: "SELECT CAST(sum(tokens) AS BIGINT) / 2, avg(CAST(tokens AS DOUBLE PRECISION)), string_agg(model, ',' ORDER BY model) FROM cost_log",
      },
      fixSafety:
        "The casts are safe: an overflow is an error on both. total() of integers is safe; of fractions the last digit may differ: review. string_agg() is safe where ORDER BY puts equal parts together; otherwise the order of the parts may be another one: review. " +
        "In mode both, the adapter supplies group_concat() and total().",
    },
  },
  *check(context) {
    if (context.statement.kind === "CreateTableStatement") return;
    for (const call of callsOf(context)) {
      const answer = Object.hasOwn(aggregateCalls, call.name) ? aggregateCalls[call.name]?.(call) : undefined;
      if (answer !== undefined) yield findingOf(call, answer);
    }
  },
};
