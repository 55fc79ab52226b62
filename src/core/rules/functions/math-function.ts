import type { StatementRule } from "../rule.ts";
import { findingOf } from "./answer.ts";
import { callsOf } from "./call.ts";
import { mathCalls } from "./math-calls.ts";

/** Functions of numbers that compute something else, or refuse what SQLite does not. */
export const mathFunction: StatementRule = {
  meta: {
    id: "math-function",
    family: "functions",
    title: "Rounding and mathematics",
    doc: {
      what: "Finds round(), sign(), mod(), log2(), log() with a base, and ln(), log(), log10(), sqrt(), acos(), asin() and acosh() of a column.",
      why: "PostgreSQL's round() of a double goes to the even number from a half, and it has none to a number of digits; SQLite's goes away from zero and always gives a REAL. Where a function is not defined, SQLite gives NULL and PostgreSQL an error.",
      example: "SELECT round(cost), round(cost, 2), sqrt(cost) FROM cost_log",
      useInstead: {
        both: "the same: the generated adapter supplies round()",
        postgres:
          "SELECT CASE WHEN abs(cost) > 4503599627370496 THEN cost ELSE trunc(cost + CASE WHEN cost < 0 THEN -0.5 ELSE 0.5 END) + 0 END, CAST(round(CAST(cost AS NUMERIC), 2) AS DOUBLE PRECISION), sqrt(CASE WHEN cost >= 0 THEN cost END) FROM cost_log",
      },
      fixSafety:
        "Safe: round() of an integer, of a numeric to none, and of a column of doubles to none; sign(); sqrt() of a column. Of a double to a number of digits, a half may be rounded the other way: review. Logarithms and mod() may differ in their last digits: review.",
    },
  },
  *check(context) {
    if (context.statement.kind === "CreateTableStatement") return;
    for (const call of callsOf(context)) {
      const answer = Object.hasOwn(mathCalls, call.name) ? mathCalls[call.name]?.(call) : undefined;
      if (answer !== undefined) yield findingOf(call, answer);
    }
  },
};
