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

/** The driver that a path's statements will be handed to on PostgreSQL: the first glob of cutover.json that matches, else the language's usual one. */
export function driverFor(config: Config, path: string, language: Language): Driver {
  return config.drivers.find(({ glob }) => matchesGlob(path, glob))?.driver ?? defaults[language];
}
