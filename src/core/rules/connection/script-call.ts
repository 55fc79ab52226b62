import { libraryRule } from "./library-rule.ts";
import { suppliedBy } from "./adapter-language.ts";

/** Several statements in one call. */
export const scriptCall = libraryRule(
  {
    id: "script-call",
    family: "connection",
    title: "Several statements in one call",
    doc: {
      what: "Finds executescript (Python) and execute_batch (Ruby, Rust): calls that run a script.",
      why: "psycopg has no executescript, and the gem pg no execute_batch. Python's executescript commits the open transaction first; a script that PostgreSQL is given in one call runs as one transaction.",
      example: "conn.executescript(schema)",
      useInstead: { both: "the same: the generated Python adapter runs the statements one by one, and commits first as sqlite3 does", postgres: "conn.execute(schema) without parameters; the gem pg: conn.exec(schema); sqlx: raw_sql(schema)" },
      fixSafety: "There is no automatic edit: whether the commit before the script matters is for a person to see.",
    },
  },
  "script-call",
  (use, context) => {
    if (suppliedBy(context) !== undefined) return { severity: "information", supplied: [use.name], message: "The adapter's connection has executescript, too: it commits first and runs the statements one by one." };
    if (context.language === "rust") return { severity: "warning", message: "sqlx runs a script with raw_sql(…), the crate postgres with batch_execute(…): on PostgreSQL as one transaction, unless the script has its own." };
    if (context.language === "ruby") return { severity: "warning", message: "The gem pg has no execute_batch: exec(…) without parameters runs several statements, as one transaction." };
    return { severity: "error", message: "psycopg has no executescript: execute(…) without parameters runs several statements, as one transaction, and commits nothing before." };
  },
);
