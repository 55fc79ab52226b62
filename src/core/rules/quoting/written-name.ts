import { keywordOf } from "#core/sql/keywords.ts";
import { postgresIdentifier } from "#core/sql/postgres-identifier.ts";

/** Writes a name so that both engines read exactly it: bare when it is lower-case and a keyword of neither, in double quotes otherwise. */
export function writtenName(name: string): string {
  const written = postgresIdentifier(name);
  return keywordOf(written) === undefined ? written : `"${written}"`;
}

/** Writes a name in double quotes. */
export function quotedName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
