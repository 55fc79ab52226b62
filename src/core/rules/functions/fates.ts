/** What becomes of a function that SQLite has and PostgreSQL has not, or has with another meaning. */
export type Fate =
  /** Another name for the same thing that both engines know. */
  | { readonly fate: "rename"; readonly to: string }
  /** The generated adapter supplies it on PostgreSQL (docs/adapter.md); in mode postgres, what to use there. */
  | { readonly fate: "supplied"; readonly postgres: string }
  /** No sound form: what people do. */
  | { readonly fate: "manual"; readonly advice: string };

const hint = "It only advises SQLite's planner: write its argument alone.";
const rows = "Use jsonb_array_elements() or jsonb_each() on PostgreSQL, chosen by by_engine(), or take the JSON apart in code.";
const build = "Build the JSON in code and bind it.";
const change = "Change the JSON in code; PostgreSQL alone has jsonb_set() and the operators - and ||.";

const fates: Readonly<Record<string, Fate>> = {
  ifnull: { fate: "rename", to: "COALESCE" },

  group_concat: { fate: "supplied", postgres: "string_agg(value::text, separator)" },
  total: { fate: "supplied", postgres: "COALESCE(sum(value), 0)::double precision" },
  iif: { fate: "supplied", postgres: "CASE WHEN … THEN … ELSE … END" },
  typeof: { fate: "supplied", postgres: "pg_typeof(), which names PostgreSQL's types" },
  instr: { fate: "supplied", postgres: "strpos()" },
  glob: { fate: "supplied", postgres: "a regular expression, by the operator ~" },
  hex: { fate: "supplied", postgres: "upper(encode(value, 'hex'))" },
  unicode: { fate: "supplied", postgres: "ascii()" },
  zeroblob: { fate: "supplied", postgres: "decode(repeat('00', n), 'hex')" },
  random: { fate: "supplied", postgres: "(random() * n)::bigint: its random() is between 0 and 1" },
  json_extract: { fate: "supplied", postgres: "the operators -> and ->> or jsonb_path_query()" },
  json_type: { fate: "supplied", postgres: "jsonb_typeof()" },
  json_array_length: { fate: "supplied", postgres: "jsonb_array_length()" },
  json_valid: { fate: "supplied", postgres: "IS JSON, from PostgreSQL 16 on" },
  last_insert_rowid: { fate: "supplied", postgres: "RETURNING, which SQLite knows too from 3.35 on" },
  changes: { fate: "supplied", postgres: "the cursor's row count" },
  total_changes: { fate: "supplied", postgres: "the sum of each statement's row count" },

  printf: { fate: "manual", advice: "Format in code, or put the text together with ||, round() and substr()." },
  format: { fate: "manual", advice: "Its own format() knows %s, %I and %L only: format in code, or put the text together with ||, round() and substr()." },
  char: { fate: "manual", advice: "chr() takes one code point; on both engines, bind the text." },
  quote: { fate: "manual", advice: "Bind the value instead of writing it into SQL; PostgreSQL alone has quote_nullable()." },
  soundex: { fate: "manual", advice: "The extension fuzzystrmatch has one; otherwise compute it in code." },
  randomblob: { fate: "manual", advice: "Bind random bytes." },
  likelihood: { fate: "manual", advice: hint },
  likely: { fate: "manual", advice: hint },
  unlikely: { fate: "manual", advice: hint },
  json_each: { fate: "manual", advice: rows },
  json_tree: { fate: "manual", advice: rows },
  json_object: { fate: "manual", advice: build },
  json_array: { fate: "manual", advice: build },
  json_quote: { fate: "manual", advice: build },
  json_group_array: { fate: "manual", advice: "PostgreSQL alone has jsonb_agg(): choose by by_engine(), or collect the rows in code." },
  json_group_object: { fate: "manual", advice: "PostgreSQL alone has jsonb_object_agg(): choose by by_engine(), or collect the rows in code." },
  json_set: { fate: "manual", advice: change },
  json_insert: { fate: "manual", advice: change },
  json_replace: { fate: "manual", advice: change },
  json_remove: { fate: "manual", advice: change },
  json_patch: { fate: "manual", advice: change },
  load_extension: { fate: "manual", advice: "PostgreSQL's extensions are created once, by CREATE EXTENSION." },
  sqlite_version: { fate: "manual", advice: "PostgreSQL has version()." },
  sqlite_source_id: { fate: "manual", advice: "PostgreSQL has version()." },
};

/** As many arguments as the adapter's min() and max() take. */
const mostArguments = 4;

/** What becomes of a call, by its function's name in lower case; undefined for one that needs nothing. */
export function fateOf(name: string, argumentCount: number): Fate | undefined {
  if (name !== "min" && name !== "max") return Object.hasOwn(fates, name) ? fates[name] : undefined;
  if (argumentCount < 2) return undefined;
  // With several arguments these are no aggregates, and give NULL as soon as one argument is NULL.
  const own = name === "min" ? "LEAST()" : "GREATEST()";
  return argumentCount > mostArguments
    ? { fate: "manual", advice: `The adapter has it for up to four values: nest the calls. PostgreSQL's own ${own} leaves NULLs out.` }
    : { fate: "supplied", postgres: `${own}, which leaves NULLs out` };
}
