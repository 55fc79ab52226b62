import type { StatementRule } from "../rule.ts";

/** ATTACH and DETACH: several files behind one connection. */
export const attachDatabase: StatementRule = {
  meta: {
    id: "attach-database",
    family: "statements",
    title: "ATTACH and DETACH",
    doc: {
      what: "Finds ATTACH DATABASE and DETACH DATABASE.",
      why: "A PostgreSQL connection sees one database. What an attached file is becomes a schema of that database, and its name before a table stays as it is: other.t is the table t of the schema other.",
      example: "ATTACH DATABASE 'archive.db' AS archive",
      useInstead: { both: "by_engine(sqlite=…, postgresql=\"SET search_path = public, archive\"), the file migrated into the schema archive before", postgres: "CREATE SCHEMA archive, once; cutover migrate with \"schema\": \"archive\" for that file" },
      fixSafety: "There is no fix: the file has to be migrated first. postgres_fdw reaches a database of another server. A file that is attached to copy rows out of it is a migration of its own; a temporary one (':memory:') is temporary tables.",
    },
  },
  *check({ statement }) {
    if (statement.kind !== "AttachStatement" && statement.kind !== "DetachStatement") return;
    const verb = statement.kind === "AttachStatement" ? "ATTACH" : "DETACH";
    yield {
      span: statement.span,
      severity: "error",
      message: `PostgreSQL has no ${verb}: a connection sees one database. Migrate the other file into a schema of its own, whose name stands before its tables then, and remove this call; temporary tables are what ':memory:' was for.`,
      fixes: [],
    };
  },
};
