import { matchesGlob } from "node:path";
import type { Language } from "#core/hosts/site.ts";
import type { Driver } from "#core/rules/mode.ts";
import type { Config } from "./config.ts";

const defaults: Readonly<Record<Language, Driver>> = {
  python: "psycopg",
  typescript: "node-postgres",
  tsx: "node-postgres",
  javascript: "node-postgres",
  go: "pgx",
  java: "jdbc",
  csharp: "npgsql",
  php: "pdo",
  rust: "sqlx",
  ruby: "ruby-pg",
  sql: "psycopg",
};

/** What stands between a path's statements and PostgreSQL. */
export interface DriverPlace {
  readonly path: string;
  readonly language: Language;
  /** The project has a generated adapter for the language. */
  readonly hasAdapter: boolean;
}

/**
 * The driver that a path's statements will be handed to on PostgreSQL: the first glob of cutover.json that matches, else the language's
 * usual one. A generated TypeScript adapter takes SQLite's placeholders, as node-postgres's cannot be numbered where code joins
 * statements from parts.
 */
export function driverFor(config: Config, { path, language, hasAdapter }: DriverPlace): Driver {
  const chosen = config.drivers.find(({ glob }) => matchesGlob(path, glob))?.driver;
  if (chosen !== undefined) return chosen;
  return hasAdapter && defaults[language] === "node-postgres" ? "cutover-adapter" : defaults[language];
}
