import { libraryRule } from "./library-rule.ts";
import { suppliedBy } from "./adapter-language.ts";

/** Functions of the application's own. */
export const customFunction = libraryRule(
  {
    id: "custom-function",
    family: "connection",
    title: "Functions of the application's own",
    doc: {
      what: "Finds create_function, create_aggregate, create_collation and their like in every library: SQL functions that the application gives to its connection.",
      why: "PostgreSQL's functions live in the server: a statement that calls this one fails with `function … does not exist`. Collations are made with CREATE COLLATION, from ICU's rules.",
      example: "conn.create_function(\"slug\", 1, slugify)",
      useInstead: { both: "a branch for each engine: the function stays SQLite's, and CREATE FUNCTION makes one of the same name in PostgreSQL", postgres: "CREATE FUNCTION slug(text) RETURNS text LANGUAGE plpgsql …, or the work done in the application" },
      fixSafety: "There is no automatic edit: the function's code is the application's. The generated Python adapter answers these calls with an error that says so.",
    },
  },
  "custom-function",
  (use, context) => {
    const adapter = suppliedBy(context);
    if (/^set_/.test(use.name)) return { severity: "error", message: `${use.name} hooks into SQLite's own engine; PostgreSQL has no such call. ${/trace/.test(use.name) ? "Its log, or auto_explain, tells what runs" : /progress/.test(use.name) ? "statement_timeout ends what runs too long" : "GRANT and roles say who may do what"}.` };
    return {
      severity: "error",
      message:
        `${use.name} gives SQLite's connection something that is only there: PostgreSQL needs its own, made with ${/collation/i.test(use.name) ? "CREATE COLLATION" : /aggreg/i.test(use.name) ? "CREATE AGGREGATE" : /hook$/i.test(use.name) ? "CREATE TRIGGER (and NOTIFY, to tell the application)" : "CREATE FUNCTION"} in the database, or the work done in the application.` +
        (adapter === "python" ? " The adapter's connection answers this call with an error." : ""),
    };
  },
);
