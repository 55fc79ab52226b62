/** How the code lands: `both` runs on SQLite and PostgreSQL, switched by DB_TYPE; `postgres` leaves SQLite behind. */
export type Mode = "both" | "postgres";

/**
 * How a target driver writes parameters. `percent`: `%s` and `%(name)s`; `numbered`: `$1`; `question`: `?` stays; `question-or-colon`:
 * `?` and `:name` stay; `named-or-numbered`: `@name` and `:name` stay, others are `$1`; `sqlite`: all of SQLite's stay.
 */
export type PlaceholderForm = "percent" | "numbered" | "question" | "question-or-colon" | "named-or-numbered" | "sqlite";

/** The target drivers, and how each writes parameters. `cutover-adapter` is the generated one, for code whose statements are put together at run time. */
export const placeholderForms = {
  psycopg: "percent",
  asyncpg: "numbered",
  "node-postgres": "numbered",
  pgx: "numbered",
  sqlx: "numbered",
  "ruby-pg": "numbered",
  jdbc: "question",
  pdo: "question-or-colon",
  npgsql: "named-or-numbered",
  "cutover-adapter": "sqlite",
} as const satisfies Record<string, PlaceholderForm>;

export type Driver = keyof typeof placeholderForms;

export function isDriver(word: string): word is Driver {
  return Object.hasOwn(placeholderForms, word);
}
