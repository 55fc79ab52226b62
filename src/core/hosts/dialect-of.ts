import { tokenize } from "#core/sql/tokenize.ts";
import type { Engine } from "./engine-name.ts";
import type { Site } from "./site.ts";

/** What only SQLite has; a text with it is SQLite's, whatever else stands in it. */
const sqlites = /\bautoincrement\b|\binsert\s+or\s+(?:replace|ignore|abort|fail|rollback)\b|\bpragma\b|\b(?:strftime|julianday|unixepoch|last_insert_rowid|total_changes|sqlite_version)\s*\(|\bsqlite_(?:master|schema|sequence|temp_master)\b|\bwithout\s+rowid\b|\bfts[345]\b|\bglob\b/i;

/** What PostgreSQL has and SQLite refuses, or has under no such name. */
const postgresqls = [
  /[\w)'"\]]\s*::\s*[a-z_]/i,
  /\bilike\b|\bsimilar\s+to\b/i,
  /\b(?:small|big)?serial\b\s*(?:primary|not|unique|references|,|\)|$)/i,
  /\bpg_(?:catalog|class|tables|type|namespace|attribute|index(?:es)?|stat\w*|get_\w+|(?:try_)?advisory\w*|sleep|database\w*|\w*_size|notify|constraint|roles|user|sequences|matviews|proc|enum|extension|views)\b/i,
  /\bdo\s+\$\w*\$|\$\$/i,
  /\b(?:nextval|setval|currval|to_timestamp|to_char|to_tsvector|to_tsquery|plainto_tsquery|websearch_to_tsquery|date_trunc|string_to_array|array_agg|unnest|regexp_replace|regexp_matches|jsonb_(?:build_\w+|agg|array_elements\w*|each\w*|typeof|array_length|exists|to_record\w*|object_keys|path_\w+)|gen_random_uuid|uuid_generate_\w+|current_setting|set_config|pg_\w+)\s*\(/i,
  /\bat\s+time\s+zone\b/i,
  /=\s*(?:any|all)\s*\(\s*(?!select\b)/i,
  /\bdistinct\s+on\s*\(/i,
  /\bcreate\s+(?:or\s+replace\s+)?(?:extension|sequence|function|procedure|type|domain|schema|role|policy|materialized|unlogged)\b/i,
  /\balter\s+table\b[^;]*\balter\s+(?:column\s+)?\S+\s+(?:set|drop|type|add)\b/i,
  /\balter\s+(?:sequence|type|role|database|schema|index|function)\b/i,
  /\binterval\s*'/i,
  /\b(?:extract|overlay|position)\s*\(\s*\S+\s+(?:from|placing|in)\b/i,
  /\bcopy\s+[\w".]+\s*(?:\([^)]*\)\s*)?(?:from|to)\s+std/i,
  /\bbigserial\b/i,
];

/** What MySQL and its kin have and SQLite refuses, or has under no such name. */
const mysqls = [
  /\bauto_increment\b/i,
  /\bengine\s*=\s*\w+/i,
  /\bon\s+duplicate\s+key\b/i,
  /\binsert\s+ignore\b/i,
  /\balter\s+table\b[^;]*\b(?:modify|change)\s+(?:column\s+)?[\w`"{]/i,
  /\b(?:from_unixtime|unix_timestamp|date_format|last_insert_id|str_to_date|curdate|curtime|date_add|date_sub|find_in_set|json_unquote|json_contains|json_overlaps|json_table)\s*\(/i,
  /\bshow\s+(?:full\s+)?(?:tables|columns|index(?:es)?|create|databases|variables|status|keys|processlist)\b/i,
  /\bcharacter\s+set\b|\bcharset\s*=|\bcollate\s*=?\s*utf8/i,
  /\b(?:un)?lock\s+tables\b|\boptimize\s+table\b/i,
  /\bset\s+(?:names\b|global\b|session\b|@\w)|@\w+\s*:=/i,
  /\bcreate\s+procedure\b/i,
  /\b(?:from|join|into|update)\s+`?mysql`?\s*\./i,
];

/** What several engines have and SQLite has not. */
const others = [/\bnow\s*\(\s*\)/i, /\bfor\s+(?:update|share|no\s+key\s+update)\b/i, /\binformation_schema\b/i, /\btruncate\s+(?:table\s+)?[\w"`{]/i, /\b(?:create|alter|drop|use)\s+(?:database|user)\b/i, /\bgrant\s+\w+(?:\s+\w+)*\s+on\b/i, /\bfetch\s+(?:first|next)\s+\S+\s+rows?\s+only\b/i, /(?:\bfrom|\bjoin)\s+"?(?:sysibm|syscat|all_tables|user_tables|rdb\$relations)\b/i];

/** PostgreSQL's types, which SQLite's DDL takes for names of its own. */
const types = /\b(?:jsonb|timestamptz|bytea|tsvector|citext|inet|hstore)\b(?!\s*\()/i;

/** Placeholders that no SQLite driver knows. */
const percent = /(?:[=<>(,]|\blike|\blimit|\boffset)\s*(?:%s|%\(\w+\)s)(?=$|[\s),;])/i;

/** Whose SQL a text is by its own words: `weak` where SQLite would take it, too. */
export function dialectOf(site: Site): { readonly engine: Engine; readonly weak: boolean } | undefined {
  const plain = plainText(site);
  if (sqlites.test(plain)) return undefined;
  const postgresql = postgresqls.some((pattern) => pattern.test(plain));
  const mysql = mysqls.some((pattern) => pattern.test(plain));
  if (postgresql || mysql) return { engine: postgresql && mysql ? "other" : postgresql ? "postgresql" : "mysql", weak: false };
  if (others.some((pattern) => pattern.test(plain))) return { engine: "other", weak: false };
  if (percent.test(plain)) return { engine: "other", weak: true };
  return types.test(plain) ? { engine: "postgresql", weak: true } : undefined;
}

/** Whether a text has something that SQLite alone has. */
export function isSqlitesOwn(site: Site): boolean {
  return sqlites.test(plainText(site));
}

/** Texts made plain before: a file that is typed in asks for the same ones at every key. */
const known = new Map<string, string>();
const mostKnown = 5000;

/** The text without comments, holes and the insides of strings. */
function plainText(site: Site): string {
  const key = `${site.holes.map(({ span }) => `${span.start}-${span.end}`).join()}:${site.text}`;
  let plain = known.get(key);
  if (plain === undefined) {
    plain = madePlain(site);
    if (known.size >= mostKnown) known.clear();
    known.set(key, plain);
  }
  return plain;
}

function madePlain(site: Site): string {
  let plain = "";
  for (const token of tokenize(site.text, site.holes.map((hole) => hole.span))) {
    const written = site.text.slice(token.start, token.end);
    if (token.kind === "comment" || site.holes.some(({ span }) => span.start <= token.start && token.start < span.end)) plain += " ";
    else plain += written.startsWith("'") && written.length > 1 ? "''" : written;
  }
  return plain;
}
