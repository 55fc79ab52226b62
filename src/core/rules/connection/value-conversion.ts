import { libraryRule } from "./library-rule.ts";
import { suppliedBy } from "./adapter-language.ts";

/** How values become rows and back. */
export const valueConversion = libraryRule(
  {
    id: "value-conversion",
    family: "connection",
    title: "How values become rows and back",
    doc: {
      what: "Finds register_adapter, register_converter, detect_types and text_factory (Python), safeIntegers() and setReadBigInts() (TypeScript).",
      why: "They tell SQLite's library how values come and go. PostgreSQL's libraries have types of their own: a timestamp comes back as a datetime, a bigint as a text (node-postgres), and adapters are registered elsewhere.",
      example: "sqlite3.register_adapter(Decimal, str)",
      useInstead: { both: "text_factory stays: the generated Python adapter honours it. The others work on SQLite's side only; look at what the rows hold there", postgres: "psycopg: conn.adapters.register_dumper() and register_loader(); node-postgres: pg.types.setTypeParser()" },
      fixSafety: "There is no automatic edit.",
    },
  },
  "value-conversion",
  (use, context) => {
    const adapter = suppliedBy(context);
    if (adapter === "python" && use.name === "text_factory") return { severity: "information", supplied: [use.name], message: "The adapter's connection has text_factory, too." };
    if (context.language === "python") {
      return {
        severity: "warning",
        message: adapter === undefined ? `${use.name} is sqlite3's: psycopg turns values by their PostgreSQL types (conn.adapters.register_dumper(), register_loader()).` : `${use.name} works on SQLite only: on PostgreSQL the adapter gives timestamps and dates as texts, as SQLite without converters does, and takes numbers, texts, bytes, bools and None.`,
      };
    }
    return { severity: "warning", message: `${use.name}() is SQLite's: node-postgres gives a bigint as text unless pg.types.setTypeParser(20, BigInt) is set${adapter === undefined ? "" : "; the adapter gives numbers, and bigints beyond 2^53"}.` };
  },
);
