import type { UseRule } from "../rule.ts";

/** Code that opens the SQLite file itself instead of asking the project's helper or adapter. */
export const directConnection: UseRule = {
  meta: {
    id: "direct-connection",
    family: "connection",
    title: "A connection opened past the adapter",
    doc: {
      what: "Finds calls that open a SQLite database: sqlite3.connect(), new DatabaseSync(), new Database().",
      why: "Such code keeps reading and writing the SQLite file after the switch.",
      example: 'conn = sqlite3.connect("db/database.db")',
      useInstead: { both: "with get_adapter().get_connection() as conn:", postgres: "the same, with the PostgreSQL adapter only" },
      fixSafety: "There is no automatic edit: what the connection is for decides. A connection helper is replaced by `cutover generate adapter`, and the calls of it go on working.",
    },
  },
  checkUse(use) {
    if (use.kind !== "connect") return undefined;
    return { span: use.span, severity: "warning", message: `${use.name} opens the SQLite file itself; after the switch this code would still use SQLite. Take the connection from the adapter.` };
  },
};
