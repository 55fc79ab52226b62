import { libraryRule } from "./library-rule.ts";
import { suppliedBy } from "./adapter-language.ts";

/** Rows by column name. */
export const rowShape = libraryRule(
  {
    id: "row-shape",
    family: "connection",
    title: "Rows by column name",
    doc: {
      what: "Finds row_factory (Python) and results_as_hash (Ruby): how a connection shapes its rows.",
      why: "The setting is SQLite's library's; PostgreSQL's libraries have their own, and their rows are of other types.",
      example: "conn.row_factory = sqlite3.Row",
      useInstead: { both: "the same: the generated Python adapter gives rows through the connection's row_factory, real sqlite3.Row objects", postgres: "psycopg: conn.row_factory = psycopg.rows.dict_row; the gem pg's results are hashes by name already" },
      fixSafety: "There is no automatic edit: psycopg's dict_row has no access by number, and what the code does with a row decides.",
    },
  },
  "row-factory",
  (use, context) => {
    if (suppliedBy(context) !== undefined) return { severity: "information", supplied: [use.name], message: "The adapter's connection has row_factory, too: sqlite3.Row works with PostgreSQL's rows." };
    return {
      severity: "warning",
      message: context.language === "ruby" ? "PostgreSQL's gem pg has no results_as_hash: its results are read by name (row[\"title\"]), never by number, and all values are texts unless a type map is set." : "psycopg has row_factory, of another kind: it is given the cursor and makes the function of a row's values (psycopg.rows.dict_row, read by name only). It has no sqlite3.Row; a plain row is read by number only.",
    };
  },
);
