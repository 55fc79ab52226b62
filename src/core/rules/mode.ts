/** How the code lands: `both` runs on SQLite and PostgreSQL, switched by DB_TYPE; `postgres` leaves SQLite behind. */
export type Mode = "both" | "postgres";

/**
 * How a target driver writes parameters. `percent`: `%s` and `%(name)s`; `numbered`: `$1`; `question`: `?` stays; `question-or-colon`:
 * `?` and `:name` stay; `named-or-numbered`: `@name` and `:name` stay, others are `$1`.
 */
export type PlaceholderForm = "percent" | "numbered" | "question" | "question-or-colon" | "named-or-numbered";

/** The target drivers, and how each writes parameters. */
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
} as const satisfies Record<string, PlaceholderForm>;

export type Driver = keyof typeof placeholderForms;

export function isDriver(word: string): word is Driver {
  return Object.hasOwn(placeholderForms, word);
}
