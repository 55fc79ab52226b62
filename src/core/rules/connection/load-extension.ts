import { libraryRule } from "./library-rule.ts";
import { suppliedBy } from "./adapter-language.ts";

/** Extensions of SQLite. */
export const loadExtension = libraryRule(
  {
    id: "load-extension",
    family: "connection",
    title: "Extensions of SQLite",
    doc: {
      what: "Finds load_extension(), enable_load_extension(), loadExtension(), LoadExtension(), EnableExtensions().",
      why: "An extension brings functions and table modules that PostgreSQL has not, or has as extensions of its own (spatialite: PostGIS; sqlite-vec: pgvector; fts5: tsvector).",
      example: "conn.load_extension(\"mod_spatialite\")",
      useInstead: { both: "a branch for each engine: the extension for SQLite, CREATE EXTENSION of its like for PostgreSQL", postgres: "CREATE EXTENSION postgis" },
      fixSafety: "There is no automatic edit: what the extension is for decides.",
    },
  },
  "extension",
  (use, context) => {
    return { severity: "error", message: `${use.name} loads code into SQLite; the generated adapter's PostgreSQL connection has no such call${suppliedBy(context) === undefined ? ", nor has any of PostgreSQL's libraries" : ""}. Look for PostgreSQL's own extension (PostGIS, pgvector, pg_trgm), made with CREATE EXTENSION.` };
  },
);
