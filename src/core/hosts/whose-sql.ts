import { dialectOf, isSqlitesOwn } from "./dialect-of.ts";
import { engineNamed, type Engine } from "./engine-name.ts";
import { engineOf } from "./engine-of.ts";
import type { HostFile, Site } from "./site.ts";
import type { Span } from "#core/text/span.ts";

/** Drivers of other engines, by what a file says to bring them in. Go's are also imported for their types by code that runs on any engine. */
const otherDrivers: readonly (readonly [RegExp, Engine])[] = [
  [/^\s*(?:import|from)\s+(?:psycopg\w*|asyncpg|aiopg|pg8000)\b|(?:from|require\()\s*["'](?:pg|pg-promise|postgres|pg-pool|@neondatabase\/serverless|@vercel\/postgres|drizzle-orm\/(?:node-postgres|postgres-js|pg-core))["']|_\s+"github\.com\/lib\/pq"|"github\.com\/jackc\/pgx(?:\/v\d+)?(?:\/pgxpool|\/stdlib)?"|\busing\s+Npgsql\b|\bimport\s+org\.postgresql\b|\buse\s+(?:tokio_postgres|postgres|sqlx::(?:postgres|PgPool|PgConnection))\b|\brequire\s+["']pg["']/m, "postgresql"],
  [/^\s*(?:import|from)\s+(?:MySQLdb|pymysql|aiomysql|mysql)\b|(?:from|require\()\s*["'](?:mysql2?(?:\/promise)?|mariadb)["']|_\s+"github\.com\/go-sql-driver\/mysql"|\busing\s+MySql(?:Connector|\.Data)\b|\bimport\s+(?:com\.mysql|org\.mariadb)\b|\buse\s+mysql(?:_async)?\b|\brequire\s+["']mysql2?["']/m, "mysql"],
];

/** What is known around a site. */
export interface Surroundings {
  readonly source: string;
  readonly host: Pick<HostFile, "uses" | "regions">;
  /** Relative to the workspace; undefined where a text has no file. */
  readonly path: string | undefined;
}

/** Whose the SQL and the other places of a file are; undefined is SQLite's, as far as can be known. */
export interface WhoseSql {
  readonly site: (site: Site) => Engine | undefined;
  readonly place: (at: Span) => Engine | undefined;
}

/** FluentMigrator's `IfDatabase("postgres").Execute.Sql(`. */
const forDatabase = /\bIfDatabase\(\s*([^()]{1,60})\)(?:\s*\.\s*\w+){1,3}\(\s*[@$]{0,2}$/;

/** The name that a text is given: `POSTGRES_SCHEMA = `, `mysqlQuery := `. */
const givenTo = /([\p{L}_$][\p{L}\p{N}_$]*)\s*(?::\s*[\w<>[\]. |&']{1,40})?(?::=|=>?)\s*[(@$frb]*\s*$/iu;

/** What it must end in, to be asked first: looking for a name is dear. */
const gives = /[=>]\s*[(@$frb]*\s*$/i;

/**
 * Tells whose SQL a site is, where its code says so: by the name that the text is given, by its own words, by the branch,
 * the class or the function that it stands in, by the file's and its folders' names, by the only drivers that the file
 * brings in. Where nothing says so it is SQLite's: no site is lost by a guess.
 */
export function whoseSql({ source, host, path }: Surroundings): WhoseSql {
  const opensSqlite = host.uses.some(({ kind }) => kind === "driver-import" || kind === "connect");
  let ofFile: { readonly engine: Engine | undefined } | undefined;

  const place = (at: Span): Engine | undefined => {
    let inner: HostFile["regions"][number] | undefined;
    for (const region of host.regions) {
      if (region.span.start > at.start || at.end > region.span.end) continue;
      if (inner === undefined || region.span.end - region.span.start <= inner.span.end - inner.span.start) inner = region;
    }
    if (inner !== undefined) return inner.engine;
    if (opensSqlite) return undefined;
    ofFile ??= { engine: engineOfPath(path) ?? engineOfDrivers(source) };
    return ofFile.engine;
  };

  return {
    place,
    site: (site) => {
      const named = engineOf(site, source);
      if (named !== undefined) return named;
      const said = dialectOf(site);
      if (said !== undefined && !said.weak) return said.engine;
      const own = isSqlitesOwn(site);
      const before = source.slice(Math.max(0, site.span.start - 120), site.span.start);
      const asked = before.endsWith("(") || /\([@$]{1,2}$/.test(before) ? forDatabase.exec(before)?.[1] : undefined;
      const wanted = asked === undefined ? undefined : engineNamed(asked);
      if (wanted !== undefined) return wanted;
      const given = gives.test(before) ? givenTo.exec(before)?.[1] : undefined;
      const around = (given === undefined ? undefined : engineNamed(given)) ?? place(site.span);
      if (around !== undefined) return around === "sqlite" || !own ? around : undefined;
      // In a file that opens SQLite its DDL's types are names that SQLite takes.
      return said === undefined || opensSqlite ? undefined : said.engine;
    },
  };
}

/** The engine that the innermost part of a path that names any is named for. */
function engineOfPath(path: string | undefined): Engine | undefined {
  for (const part of path?.split("/").toReversed() ?? []) {
    const engine = engineNamed(part);
    // What names an engine in its middle speaks of something else (`add-sqlserver-monitor`); with several it is for all.
    if (engine !== undefined) return atEdge(part) ? engine : undefined;
    if (/sqlite/i.test(part)) return undefined;
  }
  return undefined;
}

/** Whether a file's or a folder's name begins or ends with the engine's. */
function atEdge(part: string): boolean {
  const words = part.replace(/\.\w{1,5}$/, "").replace(/[._-]?(?:tests?|spec|suite|impl)$/i, "").replace(/^(?:tests?|abstract|base)[._-]?/i, "").replace(/([a-z0-9])([A-Z])/g, "$1_$2").replace(/My_(?=SQL|Sql)/g, "My").replace(/Postgre_(?=SQL|Sql)/g, "Postgre").split(/[^a-zA-Z0-9]+/);
  return engineNamed(words[0] ?? "") !== undefined || engineNamed(words.at(-1) ?? "") !== undefined;
}

function engineOfDrivers(source: string): Engine | undefined {
  // Who speaks of SQLite as well has code for both.
  if (/sqlite/i.test(source)) return undefined;
  const [only, more] = otherDrivers.flatMap(([pattern, engine]) => (pattern.test(source) ? [engine] : []));
  return more === undefined ? only : "other";
}
