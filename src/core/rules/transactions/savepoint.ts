import type { StatementRule } from "../rule.ts";

/** SAVEPOINT outside of a transaction begins one in SQLite. */
export const savepoint: StatementRule = {
  meta: {
    id: "savepoint",
    family: "transactions",
    title: "SAVEPOINT without BEGIN",
    doc: {
      what: "Finds SAVEPOINT in mode postgres. RELEASE and ROLLBACK TO are the same on both.",
      why:
        "In SQLite the outermost SAVEPOINT begins a transaction, and its RELEASE commits. PostgreSQL takes SAVEPOINT within a transaction only, and RELEASE never commits: where the driver begins a transaction by itself (psycopg does), the work stays uncommitted until COMMIT. " +
        "A savepoint is also what makes an error survivable there: a statement that fails ends the transaction unless ROLLBACK TO goes back before it.",
      example: "SAVEPOINT import_row",
      useInstead: { both: "the same: the generated adapter begins and commits as SQLite does", postgres: "BEGIN; SAVEPOINT import_row; …; RELEASE SAVEPOINT import_row; COMMIT" },
      fixSafety: "There is no fix: whether a transaction is open is not to be seen in the statement.",
    },
  },
  *check({ statement, mode }) {
    if (statement.kind !== "SavepointStatement" || mode === "both") return;
    yield {
      span: statement.span,
      severity: "warning",
      message: "Outside of a transaction SQLite's SAVEPOINT begins one, which its RELEASE commits; PostgreSQL refuses it there, and RELEASE never commits. Look at it: is there a BEGIN before, and a COMMIT after?",
      fixes: [],
      advice: true,
    };
  },
};
