import { libraryRule } from "./library-rule.ts";
import { suppliedBy } from "./adapter-language.ts";

/** A connection for several threads. */
export const threadCheck = libraryRule(
  {
    id: "thread-check",
    family: "connection",
    title: "A connection for several threads",
    doc: {
      what: "Finds check_same_thread in Python's connect().",
      why: "It is sqlite3's guard against a connection in several threads. A server's connection is taken from a pool for each piece of work: sharing one lets threads run in one another's transactions.",
      example: "sqlite3.connect(path, check_same_thread=False)",
      useInstead: { both: "the same, in the code that opens SQLite: on PostgreSQL the generated adapter gives each block of work a connection of its own", postgres: "psycopg_pool.ConnectionPool" },
      fixSafety: "There is no automatic edit.",
    },
  },
  "thread-check",
  (_use, context) => {
    return suppliedBy(context) === undefined
      ? { severity: "warning", message: "check_same_thread is sqlite3's. If several threads share this connection, give each its own from psycopg_pool.ConnectionPool: a shared one runs them in one another's transactions." }
      : { severity: "information", message: "check_same_thread belongs to the code that opens SQLite. If several threads share this connection, let each take its own from the adapter: a connection serves one thread at a time." };
  },
);
