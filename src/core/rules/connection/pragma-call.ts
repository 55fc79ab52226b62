import { libraryRule } from "./library-rule.ts";
import { suppliedBy } from "./adapter-language.ts";

/** Pragmas through methods. */
export const pragmaCall = libraryRule(
  {
    id: "pragma-call",
    family: "connection",
    title: "Pragmas through methods",
    doc: {
      what: "Finds db.pragma(), busyTimeout(), SQLiteConfig's setters, pragma_update(): pragmas that are set or asked without a statement.",
      why: "They are SQLite's: journal_mode, synchronous, busy_timeout and cache_size have no use on a server, foreign keys are always checked, and user_version has to be kept in a table.",
      example: "db.pragma(\"journal_mode = WAL\");",
      useInstead: { both: "the call stays where SQLite is opened: the generated adapter keeps the project's opening code for SQLite, and PostgreSQL's connection does not see it", postgres: "nothing, for settings; information_schema for table_info" },
      fixSafety: "There is no automatic edit: a pragma that only sets something is dropped, one that is asked needs another answer.",
    },
  },
  "pragma-call",
  (use, context) => {
    return { severity: "warning", message: `${use.name}() sets or asks a pragma of SQLite's. Settings (journal_mode, synchronous, busy_timeout) have no use on PostgreSQL: ${suppliedBy(context) === undefined ? "leave the call out there" : "keep the call in the code that opens SQLite, which the adapter takes over"}; what is asked (table_info), or kept in the file (user_version, application_id), needs a place of its own there.` };
  },
);
