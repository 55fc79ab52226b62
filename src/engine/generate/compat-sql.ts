import { createHash } from "node:crypto";
import { readTemplate } from "./templates.ts";

/**
 * SQLite's functions for PostgreSQL 14 to 18 (schema `cutover`), as one script that may be run again and by several at
 * once. Its comment on the schema names a digest of the text, by which an adapter knows an older one.
 */
export function compatSql(): string {
  const template = readTemplate("sql/postgres_compat.sql");
  const digest = createHash("sha256").update(template).digest("hex").slice(0, 12);
  return template.replace("'SQLite functions for PostgreSQL, version 1'", `'SQLite functions for PostgreSQL, version ${digest}'`);
}

/** What a session that uses these functions sets first: UTC, and the schema before PostgreSQL's own functions of the same arguments. */
export const compatSession = `SET TimeZone = 'UTC'; SET search_path = "$user", public, cutover, pg_catalog`;
