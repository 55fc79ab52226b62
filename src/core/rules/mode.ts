/** How the code lands: `both` runs on SQLite and PostgreSQL, switched by DB_TYPE; `postgres` leaves SQLite behind. */
export type Mode = "both" | "postgres";

/** How a target driver writes parameters. */
export type Driver = "psycopg" | "asyncpg" | "node-postgres";
