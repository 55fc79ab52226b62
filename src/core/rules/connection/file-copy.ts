import { libraryRule } from "./library-rule.ts";
import { suppliedBy } from "./adapter-language.ts";

/** Copies of the database file. */
export const fileCopy = libraryRule(
  {
    id: "file-copy",
    family: "connection",
    title: "Copies of the database file",
    doc: {
      what: "Finds backup(), iterdump(), serialize(), blobopen() and BackupDatabase(): what copies or opens the file through SQLite's library.",
      why: "A server's data is no file of the application's. Left as it is, the code goes on saving the old SQLite file, and nobody notices until a backup is needed.",
      example: "conn.backup(target)",
      useInstead: { both: "a branch: backup() for SQLite, pg_dump for PostgreSQL", postgres: "pg_dump, pg_basebackup, or the host's snapshots" },
      fixSafety: "There is no automatic edit. The generated Python adapter answers backup() and iterdump() with an error that says so.",
    },
  },
  "file-copy",
  (use, context) => {
    return { severity: "error", message: `${use.name} copies SQLite's file: on PostgreSQL a backup is made with pg_dump or by whoever runs the server.${suppliedBy(context) === "python" ? " The adapter's connection answers this call with an error." : ""}` };
  },
);
