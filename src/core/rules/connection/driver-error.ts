import { libraryRule } from "./library-rule.ts";
import type { Language } from "#core/hosts/site.ts";
import { suppliedBy } from "./adapter-language.ts";

/** SQLite's error classes and codes. */
export const driverError = libraryRule(
  {
    id: "driver-error",
    family: "connection",
    title: "SQLite's error classes and codes",
    doc: {
      what: "Finds sqlite3.IntegrityError and its like in except and catch clauses, SQLITE_CONSTRAINT codes, SqliteException, sqlite3.Error values.",
      why: "PostgreSQL's library raises classes of its own: an except clause for SQLite's never runs, and the error goes on. What is one code in SQLite may be another class there (a value of the wrong type, a text too long).",
      example: "except sqlite3.IntegrityError:",
      useInstead: { both: "the same: the generated adapter raises errors that are sqlite3's (Python) and carry SQLite's codes (TypeScript)", postgres: "except psycopg.errors.UniqueViolation:" },
      fixSafety: "There is no automatic edit: which of PostgreSQL's errors are meant is for a person to say. SQLSTATE 23505 is a unique violation, 23503 a foreign key, 23502 NOT NULL, 23514 a check, 40001 and 40P01 are worth another try.",
    },
  },
  "error-class",
  (use, context) => {
    // PDO's is every driver's class.
    if (use.name === "PDOException") return undefined;
    const adapter = suppliedBy(context);
    if (adapter !== undefined) {
      return {
        severity: "information",
        supplied: [use.name],
        message: adapter === "python" ? `The adapter raises PostgreSQL's errors as sqlite3's: ${use.name} is caught as before.` : `The adapter gives PostgreSQL's errors SQLite's codes: ${use.name} is found as before, by its code and message.`,
      };
    }
    return { severity: "warning", message: `${use.name} never comes from PostgreSQL: ${theirs(context.language)} Look for the SQLSTATE: 23505 unique, 23503 foreign key, 23502 NOT NULL, 23514 check.` };
  },
);

/** Where PostgreSQL's library has its errors. */
function theirs(language: Language): string {
  switch (language) {
    case "python":
      return "psycopg.errors has a class for each SQLSTATE.";
    case "typescript":
    case "tsx":
    case "javascript":
      return "node-postgres' DatabaseError has the SQLSTATE as code.";
    case "go":
      return "pgx gives a *pgconn.PgError (errors.As) with Code.";
    case "java":
      return "the JDBC driver throws PSQLException, with getSQLState().";
    case "csharp":
      return "Npgsql throws PostgresException, with SqlState.";
    case "php":
      return "PDO throws PDOException, with getCode().";
    case "ruby":
      return "the gem pg raises subclasses of PG::Error.";
    case "rust":
      return "sqlx gives Error::Database with code(), the crate postgres an Error with code().";
    case "sql":
      return "the driver has its own.";
  }
}
