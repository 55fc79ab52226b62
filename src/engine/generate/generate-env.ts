import { type GeneratedFile, generatedMark } from "./adapter-project.ts";

/** What the environment files name. */
export interface EnvironmentProject {
  readonly database: string;
  readonly user: string;
  /** The SQLite file, as the application finds it. */
  readonly dbPathDefault: string;
}

/** `.env.example`: every variable that the adapter reads, with its default and no password. */
export function planEnv(project: EnvironmentProject): GeneratedFile {
  return {
    path: ".env.example",
    kind: "create",
    reason: "the variables that the adapter reads; copy it to .env and fill in the password",
    content: `# ${generatedMark} env\`. Copy to .env, fill in, and keep .env out of version control.

# sqlite or postgresql: the switch, and the way back.
DB_TYPE=sqlite

# SQLite
SQLITE_DB_PATH=${envValue(project.dbPathDefault)}

# PostgreSQL
POSTGRES_HOST=localhost
POSTGRES_PORT=5432
POSTGRES_DB=${envValue(project.database)}
POSTGRES_USER=${envValue(project.user)}
POSTGRES_PASSWORD=
# Or all of the five at once; where it is set it wins.
# DATABASE_URL=postgresql://user:password@localhost:5432/${encodeURIComponent(project.database)}

# Connections kept open and at most open, and the seconds that a caller waits for one (and for the server to answer).
POSTGRES_POOL_MIN=1
POSTGRES_POOL_MAX=10
POSTGRES_TIMEOUT=30

# off: a failed statement spoils its transaction, as is PostgreSQL's way; saves a message before most statements of longer transactions.
POSTGRES_STATEMENT_SAVEPOINTS=on
`,
  };
}

/** A value as every reader of .env files takes it. */
function envValue(text: string): string {
  return /^[\w./:@%+,-]*$/.test(text) ? text : `"${text.replace(/(["\\$`])/g, "\\$1")}"`;
}
