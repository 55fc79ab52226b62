import { type GeneratedFile, generatedMark } from "./adapter-project.ts";
import { compatSql } from "./compat-sql.ts";

/** SQLite's functions for PostgreSQL, for projects in languages that have no generated adapter (docs/adapter.md). */
export function planCompat(): GeneratedFile[] {
  return [
    {
      path: "postgres_compat.sql",
      kind: "create",
      reason: "SQLite's functions for PostgreSQL: run it once as the database's owner; docs/adapter.md says what sessions set",
      content: `-- ${generatedMark} compat\`.\n${compatSql()}`,
    },
  ];
}
