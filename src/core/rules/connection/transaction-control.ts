import { libraryRule } from "./library-rule.ts";
import { suppliedBy } from "./adapter-language.ts";

/** Transactions as the library opens them. */
export const transactionControl = libraryRule(
  {
    id: "transaction-control",
    family: "connection",
    title: "Transactions as the library opens them",
    doc: {
      what: "Finds isolation_level, autocommit= and in_transaction (Python), db.transaction() (better-sqlite3).",
      why: "When a transaction begins is the library's affair: sqlite3 begins one before INSERT, UPDATE, DELETE and REPLACE; psycopg before every statement, SELECT included; node-postgres never. In PostgreSQL an error ends the transaction's use until it is rolled back.",
      example: "conn = sqlite3.connect(path, isolation_level=None)",
      useInstead: { both: "the same in Python: the generated adapter's connection honours isolation_level and begins transactions as sqlite3 does", postgres: "psycopg: conn.autocommit = True for isolation_level=None; node-postgres: BEGIN and COMMIT on one client of the pool" },
      fixSafety: "There is no automatic edit: what one transaction is has to be seen in the code.",
    },
  },
  "transaction-control",
  (use, context) => {
    const adapter = suppliedBy(context);
    if (adapter === "python" && use.name !== "autocommit") return { severity: "information", supplied: [use.name], message: `The adapter's connection has ${use.name}, too, and begins transactions as sqlite3 does.` };
    if (context.language === "python") {
      return { severity: "warning", message: use.name === "autocommit" ? "Python 3.12's autocommit is not in the adapter: it begins transactions by isolation_level. psycopg has autocommit as an attribute of the connection." : `psycopg has no ${use.name} of this kind: it begins a transaction before every statement unless conn.autocommit is True.` };
    }
    return { severity: "warning", message: `${use.name}() of better-sqlite3 runs a function of no awaits in one transaction. ${adapter === undefined ? "With node-postgres every statement is awaited: send BEGIN and COMMIT on one client, ROLLBACK when the function fails." : "The adapter's withConnection() runs an async function in a transaction of the helper's manners."}` };
  },
);
