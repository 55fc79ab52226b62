import type { Language } from "./site.ts";

const verbs = String.raw`\b(?:select|insert|replace|update|delete|create|alter|drop|pragma|values|attach|vacuum|explain|where|order\s+by|group\s+by|begin\s+(?:immediate|exclusive|transaction|deferred)|savepoint|with\s+(?:recursive\s+)?\w+\s*(?:\([^)]{0,200}\)\s*)?as\s*(?:not\s+|materialized\s*)*\()`;
const sqliteWords = String.raw`sqlite|\.execute|\.executemany|\.executescript|\.prepare\b|row_factory|lastrowid|lastInsertRowid|\blastID\b|DatabaseSync|new\s+Database\b|\.connect\s*\(|\b(?:create|define|register)_?(?:scalar_?|window_?)?(?:function|func|aggregate|aggregator|collation|adapter|converter)|iterdump|\.backup\b|\.pragma\b|load_?extension|EnableExtensions|total_changes|\.changes\b|check_same_thread|text_factory|results_as_hash|->(?:changes|backup|openBlob)\b|isolation_level|in_transaction|blobopen|set_(?:authorizer|progress_handler|trace_callback)|set(?:Pragma|JournalMode|Synchronous|BusyTimeout)|enforceForeignKeys|create_?(?:Function|Aggregate|Collation)|[sS]afeIntegers|setReadBigInts|busy_?timeout|BackupDatabase|pragma_(?:update|query)|\.(?:function|aggregate|transaction|serialize)\s*\(`;
/** What ties files of the languages with a grammar of their own (`host-grammar.ts`) to a database. */
const otherWords = String.raw`last_?insert|getGeneratedKeys|getConnection|SQLException|CommandText|\bPDO\b|\bexec\w*\s*[(!]|\bquery\w*\s*[(!<:]|\bQuery\w*\s*[(<]|\bOpen\w*\s*\(|\bappend|\bjoin|write_?string|push_str|ActiveRecord|find_by_sql|<<[~-]?["']?[A-Z]`;
const withOtherWords: ReadonlySet<Language> = new Set(["go", "java", "csharp", "php", "rust", "ruby"]);
const requires = String.raw`\brequire\s*\(`;
const placeholders = String.raw`["'\x60]\s{0,40},?\s{0,40}\?|[=(<>,]\s*\?\s*[,)"'\x60]|[=<>]\s*\?\s+(?:and|or|order|limit)\b|\blike\s+\?`;

const statementHint = new RegExp(
  [
    String.raw`select(?=[\s*([]|["'\x60]\w+["'\x60]\s*(?:,|from|as))`,
    String.raw`(?:insert|replace)\s+(?:or\s+\w+\s+)?into`,
    String.raw`update\s+\S+\s+(?:\S+\s+){0,3}?set`,
    String.raw`delete\s+from`,
    String.raw`create\s+(?:temp\w*\s+|unique\s+|virtual\s+)?(?:table|index|view|trigger)`,
    String.raw`alter\s+table`,
    String.raw`drop\s+(?:table|index|view|trigger)`,
    String.raw`pragma\s+\w`,
    String.raw`values\s*\(\s*(?:[?:'"\d{$%(@#-]|null\b)`,
    String.raw`with\s+(?:recursive\s+)?\w+[^;]{0,200}?\bas\s*\(`,
    String.raw`begin\s+(?:immediate|exclusive|transaction|deferred)`,
    String.raw`explain\s+(?:query\s+plan|select|with|insert|update|delete|replace)`,
    String.raw`(?:attach|detach|savepoint|release)\s+\S`,
    String.raw`(?:vacuum|analyze|reindex|commit|rollback|end)(?=\s*(?:[;"'\x60]|$)|\s+\w)`,
  ]
    .map((words) => String.raw`\b${words}`)
    .join("|"),
  "gi",
);
/** A condition that some builder is handed. */
const comparesPlaceholder = /[\w.]\s{0,40}(?:[=<>]|\blike)\s{0,40}\?(?:\s+(?:and|or|order|limit)\b|["'\x60])/i;
/** Words of any program, which are meant as SQL in capitals only. */
const plainWord = /^(?:attach|detach|savepoint|release|analyze|commit|rollback|end|vacuum|reindex)/i;
/** What stands right before the first word of a text: a quote, an escape, a comment's or a hole's end, the start of a line of a longer one. */
const beforeText = /(?:^|["'`({}[<>|;]|\*\/|\\[nrtfv0]|%[sdr])$/;
const anySqliteWord = new RegExp(sqliteWords, "i");
const anyOtherWord = /last_?insert_?(?:id|row)|getGeneratedKeys|getConnection|SQLException|CommandText|\bPDO|ActiveRecord/i;

/**
 * Whether a file is worth parsing at all: it names SQLite, calls a database, holds the words of a SQL statement, or may
 * import a connection helper. Cheap, and wrong in one direction only: what it refuses holds nothing to find.
 */
export function mayHoldSql(language: Language, text: string): boolean {
  return language === "sql" || anySqliteWord.test(text) || holdsStatement(text) || comparesPlaceholder.test(text) || importsAny(language, text) || (withOtherWords.has(language) && anyOtherWord.test(text));
}

function holdsStatement(text: string): boolean {
  statementHint.lastIndex = 0;
  for (let match = statementHint.exec(text); match !== null; match = statementHint.exec(text)) {
    statementHint.lastIndex = match.index + 1;
    if (plainWord.test(match[0]) && !/^[A-Z]{3}/.test(match[0])) continue;
    let before = match.index;
    while (before > 0 && isBlank(text.charCodeAt(before - 1))) before--;
    // A word at the start of its line has its line's end before it, or the line before.
    if (before < match.index && /[\n\r]/.test(text.slice(before, match.index))) return true;
    if (beforeText.test(text.slice(Math.max(0, before - 2), before))) return true;
  }
  return false;
}

function isBlank(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13) || code === 0xa0 || code === 0xfeff;
}

/** A line that imports or hands on what another module has. */
const pythonImport = /^[ \t]*(?:from[ \t]+[\w.]+[ \t]+import|import)\b[^\n]*/gm;
const scriptImport = /^(?:[^\n]*\b(?:import|require)\b|[ \t]*\}[^\n]*\bfrom\b|[ \t]*export\b(?=[^\n]*\bfrom\b|\s*(?:type\s*)?[{*]))[^\n]*/gm;
const connecting = /connection|database|\bdb\b/i;
/** How long a list of imported names over several lines may be. */
const longestList = 3000;

/** Whether an import may bring a connection helper of the project's own. Only the languages whose imports are followed over files. */
function importsAny(language: Language, text: string): boolean {
  if (withOtherWords.has(language) || !connecting.test(text)) return false;
  for (const { 0: line, index } of text.matchAll(language === "python" ? pythonImport : scriptImport)) {
    if (connecting.test(line)) return true;
    const end = index + line.length;
    // `import {` with the names on the next lines, and `} = require(…)` with the names on those before.
    if (/[({][^)}]*$/.test(line) && connecting.test(text.slice(end, end + longestList).split(/[)}]/, 1)[0] ?? "")) return true;
    if (/^\s*\}/.test(line) && connecting.test(text.slice(Math.max(0, index - longestList), index).split("{").at(-1) ?? "")) return true;
  }
  return false;
}

/** What of a file is of interest. */
export interface Interest {
  /** Whether a range of the text holds a place that anything of ours can hang on. */
  readonly holds: (start: number, end: number) => boolean;
  /** What was looked for. */
  readonly pattern: string;
}

/**
 * Finds the places of a file that anything of ours can hang on: SQL words, placeholders, database words, calls of imported
 * names. What of the tree holds none of them need not be read.
 */
export function interest(language: Language, text: string): Interest {
  const offsets: number[] = [];
  const words = withOtherWords.has(language) ? `${sqliteWords}|${otherWords}` : sqliteWords;
  const pattern = `${verbs}|${words}|${requires}|${placeholders}${importedCalls(language, text)}${namesOfSql(text)}`;
  for (const match of text.matchAll(new RegExp(pattern, "gi"))) offsets.push(match.index);
  const holds = (start: number, end: number): boolean => {
    let low = 0;
    let high = offsets.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((offsets[middle] ?? 0) >= start) high = middle;
      else low = middle + 1;
    }
    return (offsets[low] ?? Infinity) < end;
  };
  return { holds, pattern };
}

/** How far before a text or a call the name may begin that it is given to. */
const nameBefore = 280;
const opensSql = /[rfu]{0,2}["'`]{1,3}\s*(?:select|insert|replace|update|delete|create|alter|drop|pragma|with)\b/gi;
const givenText = /([\p{L}_$][\p{L}\p{N}_$]*)\s*(?::\s*[\w.[\]<>| ]{1,60})?[=:]\s*(?:\(\s*)?$/u;
/** What these names end in, to be asked first: looking for a name is dear. */
const endsInGiving = /[=:]\s*(?:\(\s*)?$/;
const givesSomewhere = /[=:]/;
const prepares = /\.prepare\s*\(/gi;
const givenStatement = /([\p{L}_$][\p{L}\p{N}_$]*)\s*[=:]\s*[^;\n=]{0,200}$/u;

/** Names that hold SQL or a prepared statement, as an alternative of their uses. */
function namesOfSql(text: string): string {
  const names = new Set<string>();
  for (const [use, given, isGiven] of [[opensSql, givenText, endsInGiving], [prepares, givenStatement, givesSomewhere]] as const) {
    for (const { index } of text.matchAll(use)) {
      const before = text.slice(Math.max(0, index - nameBefore), index);
      const name = isGiven.test(before) ? given.exec(before)?.[1] : undefined;
      if (name !== undefined) names.add(name);
    }
  }
  return names.size === 0 ? "" : `|\\b(?:${[...names].map((n) => n.replaceAll("$", "\\$")).join("|")})\\b`;
}

/** Names that imports bring in from modules that may be the project's own, as an alternative of calls of them. */
function importedCalls(language: Language, text: string): string {
  const names = new Set<string>();
  if (language === "python") {
    // Whatever such an import brings in may be called.
    if (/^[ \t]*from[ \t]+[\w.]+[ \t]+import[ \t]+\*/m.test(text)) return "|\\b[a-z_]\\w*\\s*\\(";
    for (const [, module = "", list = ""] of text.matchAll(/^[ \t]*from[ \t]+([\w.]+)[ \t]+import[ \t]+(\([^)]*\)|[^\n#]+)/gm)) {
      if (standardModules.test(module)) continue;
      for (const item of list.replace(/#[^\n]*/g, "").replace(/[()\\]/g, " ").split(",")) {
        const name = item.trim().split(/\s+as\s+/).at(-1)?.trim();
        if (name !== undefined && /^[a-z_]\w*$/.test(name)) names.add(name);
      }
    }
    for (const [, list = ""] of text.matchAll(/^[ \t]*import[ \t]+([^\n#]+)/gm)) {
      for (const item of list.split(",")) {
        const name = item.trim().split(/\s+as\s+/).at(-1)?.trim();
        if (name !== undefined && /^[a-z_][\w.]*$/i.test(name) && !standardModules.test(name)) names.add(name.replaceAll(".", "\\."));
      }
    }
  } else if (!withOtherWords.has(language)) {
    for (const [, clause = ""] of text.matchAll(/^[ \t]*(?:import|export)\s+([^;"']{1,2000}?)\s+from\s*["'][.@~#/]/gm)) {
      for (const [name] of clause.replace(/\b\w+\s+as\s+/g, "").matchAll(/[A-Za-z_$][\w$]*/g)) if (name !== "type") names.add(name.replaceAll("$", "\\$"));
    }
    for (const [, clause = ""] of text.matchAll(/\b(?:const|let|var)\s+(\{[^}]*\}|\w+)\s*=\s*require\(\s*["'][.@~#/]/g)) {
      for (const [name] of clause.matchAll(/[A-Za-z_$][\w$]*/g)) names.add(name.replaceAll("$", "\\$"));
    }
  }
  return names.size === 0 ? "" : `|\\b(?:${[...names].join("|")})\\s*(?:<[^>()]*>\\s*)?(?:\\(|\\.\\w+\\s*\\()`;
}

const standardModules = /^(?:typing|typing_extensions|os|sys|re|json|datetime|time|pathlib|collections|contextlib|functools|itertools|dataclasses|enum|abc|logging|uuid|hashlib|random|math|asyncio|threading|subprocess|unittest|tempfile|shutil|io|copy|string|textwrap|traceback|__future__|pydantic|fastapi|pytest|numpy|pandas)(?:\.|$)/;
