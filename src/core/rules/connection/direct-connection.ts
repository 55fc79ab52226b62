import type { Language } from "#core/hosts/site.ts";
import { adapterLanguage } from "./adapter-language.ts";
import { libraryRule } from "./library-rule.ts";

/** Code that opens the SQLite file itself instead of asking the project's helper or adapter. */
export const directConnection = libraryRule(
  {
    id: "direct-connection",
    family: "connection",
    title: "A connection opened past the adapter",
    doc: {
      what: "Finds calls that open a SQLite database: sqlite3.connect(), new DatabaseSync(), sql.Open(\"sqlite3\", …), DriverManager.getConnection(\"jdbc:sqlite:…\"), new SqliteConnection(), new PDO(\"sqlite:…\"), SQLite3::Database.new, Connection::open().",
      why: "Such code keeps reading and writing the SQLite file after the switch. A database in memory has no file: it may stay as it is where it is a cache or a test's own.",
      example: 'conn = sqlite3.connect("db/database.db")',
      useInstead: { both: "with get_adapter().get_connection() as conn:", postgres: "the same, with the PostgreSQL adapter only" },
      fixSafety: "There is no automatic edit: what the connection is for decides. In Python and TypeScript a connection helper is replaced by `cutover generate adapter`, and the calls of it go on working. For the other languages no adapter is generated: open PostgreSQL in the one place that opens SQLite now.",
    },
  },
  "connect",
  (use, context) => {
    if (use.memory === true) {
      return { severity: "information", message: `${use.name} opens a SQLite database in memory. It may stay one where it is a cache or a test's own; tests that stand for the application should run on PostgreSQL, too.` };
    }
    const adapter = adapterLanguage(context) !== undefined;
    return {
      severity: "warning",
      message: adapter
        ? `${use.name} opens the SQLite file itself; after the switch this code would still use SQLite. Take the connection from the adapter.`
        : `${use.name} opens the SQLite file itself; after the switch this code would still use SQLite. ${context.mode === "both" ? "Open the connection in one place that chooses by DB_TYPE, there" : "Open"} PostgreSQL with ${opening(use.name, context.language)}.`,
    };
  },
);

/** How the language's usual library opens PostgreSQL. */
function opening(name: string, language: Language): string {
  switch (language) {
    case "go":
      return name === "sqlite.Open" ? "gorm.io/driver/postgres: postgres.Open(dsn)" : 'pgx: sql.Open("pgx", os.Getenv("DATABASE_URL"))';
    case "java":
      return 'the PostgreSQL JDBC driver: "jdbc:postgresql://host/database"';
    case "csharp":
      return name === "UseSqlite" ? "UseNpgsql(…) of Npgsql.EntityFrameworkCore.PostgreSQL" : "Npgsql: new NpgsqlConnection(…)";
    case "php":
      return 'PDO: new PDO("pgsql:host=…;dbname=…")';
    case "ruby":
      return 'the gem pg: PG.connect(ENV["DATABASE_URL"])';
    case "rust":
      return /Sqlite(?:Pool|Connection)/.test(name) ? "sqlx: PgPool::connect(…)" : "sqlx or the crate postgres: PgPool::connect(…), Client::connect(…)";
    case "python":
    case "typescript":
    case "tsx":
    case "javascript":
    case "sql":
      return "its driver";
  }
}
