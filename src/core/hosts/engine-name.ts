/** Whose SQL a text is. `other` is some engine that is neither of the three, or any but SQLite. */
export type Engine = "sqlite" | "postgresql" | "mysql" | "other";

/** The names of engines, longest first; `pg` and the like count as whole words only. */
const names: readonly (readonly [RegExp, Engine])[] = [
  [/sqlite|better[-_]?sqlite|libsql/i, "sqlite"],
  [/postgres|pgsql|cockroach|timescale|yugabyte|greenplum|(?:^|[^a-z])(?:pg|psql|pgx)(?![a-z])/i, "postgresql"],
  [/mysql(?!ite)|maria_?db|planet_?scale|(?:^|[^a-z])tidb(?![a-z])/i, "mysql"],
  [/(?:^|[^a-z])(?:db2|derby|hsqldb|firebird|informix|jtds|sybase|redshift|snowflake|vertica|trino|presto(?:db)?|hive|databricks|teradata|exasol|spanner)(?![a-z])|sql_?anywhere|sql_?srv|cassandra|scylla|big_?query|partiql|dynamo_?db|surreal(?:_?db)?|star_?rocks|quest_?db|td_?engine|influx_?db/i, "other"],
  [/mssql|sql_?server|click_?house|duck_?db|oracle(?![a-z])|(?:^|[^a-z])h2(?![a-z0-9])/i, "other"],
];

/** What turns an engine's name into the goal or the source of a move: `migrate_to_postgres`, `FromMySql`, `lite2pg`. */
const moving = /(?:^|[^a-z])(?:to|into|from)(?=[_\-\s]?(?:postgres|pg|mysql|maria|mssql))|[a-z]2(?=pg|postgres|mysql)/i;

/**
 * The engine that a name speaks of: of a file, a folder, a class or a function; undefined where it speaks of none, of
 * several, or of a move from one to the other.
 */
export function engineNamed(name: string): Engine | undefined {
  const words = name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").replace(/([A-Z]+)([A-Z][a-z])/g, "$1_$2").replace(/My_(?=SQL|Sql)/g, "My").replace(/Postgre_(?=SQL|Sql)/g, "Postgre");
  if (moving.test(words)) return undefined;
  const [only, more] = new Set(names.flatMap(([pattern, engine]) => (pattern.test(words) || pattern.test(name) ? [engine] : [])));
  return more === undefined ? only : undefined;
}
