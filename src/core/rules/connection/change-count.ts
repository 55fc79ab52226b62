import { libraryRule } from "./library-rule.ts";
import type { Language } from "#core/hosts/site.ts";
import { suppliedBy } from "./adapter-language.ts";

/** Counts of changed rows. */
export const changeCount = libraryRule(
  {
    id: "change-count",
    family: "connection",
    title: "Counts of changed rows",
    doc: {
      what: "Finds total_changes and changes of the libraries.",
      why: "PostgreSQL counts by statement: psycopg's rowcount, node-postgres' rowCount. There is no sum over a connection. An UPDATE counts the rows that it matched, in both engines; rows deleted by a foreign key's action count in neither.",
      example: "if conn.total_changes > before:",
      useInstead: { both: "the same: the generated adapter's connection counts total_changes (Python), and run() gives changes (TypeScript)", postgres: "cursor.rowcount of each statement; result.rowCount" },
      fixSafety: "There is no automatic edit.",
    },
  },
  "change-count",
  (use, context) => {
    if (suppliedBy(context) !== undefined) return { severity: "information", supplied: [use.name], message: `The adapter answers ${use.name}, too.` };
    return { severity: "warning", message: `PostgreSQL's library has no ${use.name}: it counts by statement (${counted(context.language)}).` };
  },
);

/** Where PostgreSQL's library has the count. */
function counted(language: Language): string {
  switch (language) {
    case "python":
      return "rowcount of the cursor";
    case "typescript":
    case "tsx":
    case "javascript":
      return "rowCount of the result";
    case "php":
      return "rowCount() of the statement";
    case "ruby":
      return "cmd_tuples of the result";
    case "csharp":
      return "what ExecuteNonQuery() gives back";
    case "go":
    case "java":
    case "rust":
    case "sql":
      return "what the call gives back";
  }
}
