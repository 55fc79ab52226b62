import { libraryRule } from "./library-rule.ts";
import type { Language } from "#core/hosts/site.ts";
import { suppliedBy } from "./adapter-language.ts";

/** The id of the last inserted row. */
export const lastInsertId = libraryRule(
  {
    id: "last-insert-id",
    family: "connection",
    title: "The id of the last inserted row",
    doc: {
      what: "Finds lastrowid, lastInsertRowid, LastInsertId(), getGeneratedKeys(), lastInsertId(), last_insert_row_id and last_insert_rowid() of the libraries.",
      why: "PostgreSQL's protocol tells no row id: the id comes from RETURNING, in the same statement. pgx and lib/pq answer LastInsertId() with an error, psycopg's lastrowid is the OID 0, JDBC's getGeneratedKeys() gives all columns, and PDO's lastInsertId() the last value of any sequence.",
      example: "id = conn.execute(\"INSERT INTO notes (title) VALUES (?)\", (title,)).lastrowid",
      useInstead: { both: "the same: the generated adapter adds RETURNING and answers lastrowid (Python) and lastInsertRowid (TypeScript)", postgres: "id = conn.execute(\"INSERT INTO notes (title) VALUES (%s) RETURNING id\", (title,)).fetchone()[0]" },
      fixSafety: "There is no automatic edit: the statement and the code that reads the id change together, and which column is the id is the table's affair. RETURNING runs on SQLite from 3.35 on.",
    },
  },
  "lastrowid",
  (use, context) => {
    // The function in a statement is the SQL rules' affair.
    if (context.language === "csharp" && use.name === "last_insert_rowid") return undefined;
    if (suppliedBy(context) !== undefined) {
      return { severity: "information", supplied: [use.name], message: `PostgreSQL has no ${use.name}. The adapter's connection answers it: an INSERT into a table whose primary key is one integer column gets RETURNING added.` };
    }
    return { severity: "error", message: `${because(use.name, context.language)} Add RETURNING id to the INSERT and read its row; SQLite understands that from 3.35 on.` };
  },
);

/** What PostgreSQL's library gives instead. */
function because(name: string, language: Language): string {
  switch (language) {
    case "python":
      return "PostgreSQL has no row id: psycopg's lastrowid is of no use.";
    case "typescript":
    case "tsx":
    case "javascript":
      return `node-postgres has no ${name}.`;
    case "go":
      return "PostgreSQL's drivers answer LastInsertId() with an error: use QueryRow(…).Scan(&id).";
    case "java":
      return "PostgreSQL's JDBC driver answers getGeneratedKeys() with all columns of the row, the table's first one first, and only where the statement was prepared to return keys.";
    case "php":
      return "On PostgreSQL lastInsertId() is the last value of any sequence in this session, or an error where there was none.";
    case "csharp":
    case "ruby":
    case "rust":
    case "sql":
      return `PostgreSQL's library has no ${name}.`;
  }
}
