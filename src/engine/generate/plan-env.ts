import { adapterDefaults, type GeneratedFile, generatedMark } from "./adapter-project.ts";

/** Environment variables by name. */
type Env = Readonly<Record<string, string | undefined>>;

/**
 * `.env.example`: every variable that the adapter reads, with its default and no password. Names that the workspace's
 * environment already has (POSTGRES_DB, POSTGRES_USER, SQLITE_DB_PATH) are taken over.
 */
export function planEnv(env: Env): GeneratedFile[] {
  const database = env["POSTGRES_DB"] ?? adapterDefaults.database;
  const user = env["POSTGRES_USER"] ?? adapterDefaults.user;
  const file: GeneratedFile = {
    path: ".env.example",
    kind: "create",
    reason: "the variables that the adapter reads; copy it to .env and fill in the password",
    content: `# ${generatedMark} env\`. Copy to .env, fill in, and keep .env out of version control.

# sqlite or postgresql: the switch, and the way back.
DB_TYPE=sqlite

# SQLite
SQLITE_DB_PATH=${envValue(env["SQLITE_DB_PATH"] ?? adapterDefaults.dbPathDefault)}

# PostgreSQL
POSTGRES_HOST=localhost
POSTGRES_PORT=5432
POSTGRES_DB=${envValue(database)}
POSTGRES_USER=${envValue(user)}
POSTGRES_PASSWORD=
# Or all of the five at once; where it is set it wins.
# DATABASE_URL=postgresql://user:password@localhost:5432/${encodeURIComponent(database)}

# Connections kept open and at most open, and the seconds that a caller waits for one (and for the server to answer).
POSTGRES_POOL_MIN=1
POSTGRES_POOL_MAX=10
POSTGRES_TIMEOUT=30

# off: a failed statement spoils its transaction, as is PostgreSQL's way; saves a message before most statements of longer transactions.
POSTGRES_STATEMENT_SAVEPOINTS=on
`,
  };
  return [file];
}

/** A value as every reader of .env files takes it. */
function envValue(text: string): string {
  return /^[\w./:@%+,-]*$/.test(text) ? text : `"${text.replace(/(["\\$`])/g, "\\$1")}"`;
}
