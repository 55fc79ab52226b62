import type { Span } from "#core/text/span.ts";

/**
 * Tells SQL from other text by its look alone. It errs on the side of prose: a statement needs its verb and the words that
 * go with it where SQLite's grammar wants them, and "Select a file from the list" has those too, so articles and the like
 * where names belong speak against it, and a verb that is not in capitals has to show more.
 */

/** Words that no one calls a table or column, and that follow a verb in English. */
const proseWords = "a|an|the|this|that|these|those|your|our|my|his|her|their|its|one|some|any|each|every|no|which|what|at|least|most|for|to|with|here|there|it|them|us|me|you|of|in|by|and|or|more|another|either|both|below|above";
const proseWord = new RegExp(`^(?:${proseWords})$`, "i");
const name = String.raw`(?:"[^"]+"|\x60[^\x60]+\x60|\[[^\]]+\]|[\p{L}_][\p{L}\p{N}_$]*)`;
/** A table's name as SQLite takes it, and as projects' own templates write it: 'users', {prefix}users, %prefix%users. */
const template = String.raw`[\p{L}_\d]*(?:\{[\w.$]+\}|%\w+%|%\w+?prefix%)[\p{L}\p{N}_$%{}]*`;
const table = `(?:(?:${template}|'[^'\\s][^'\\n]{0,80}')|${name}(?:\\s*\\.\\s*(?:${name}|\\*))*)`;
const dotted = `${name}(?:\\s*\\.\\s*(?:${name}|\\*))*`;
const clause = "where|group|order|having|limit|offset|join|left|right|full|inner|outer|cross|natural|union|except|intersect|as|on|using|indexed|not|returning|window";

const verbPattern = /^(select|with|values|insert|replace|update|delete|create|alter|drop|pragma|explain|begin|commit|end|rollback|savepoint|release|vacuum|analyze|reindex|attach|detach)\b/i;

/** What stands for a hole while a text is looked at: a name that no rule here excludes. */
const holeName = "_hole_";

/** Compiled once: making one of these takes longer than most of them run. */
const patterns = {
  placeholder: /(?:^|[\s=(,<>|])\?\d*(?=$|[\s),;<>=|])/,
  variable: /(?:^|[\s=(,<>])[:@$][A-Za-z_]\w*/,
  clauseStart:
    /^\s*(?:where|and|or|having|on|set|values|order\s+by|group\s+by|limit|offset|union|(?:left|right|inner|outer|cross|full)\s+(?:outer\s+)?join|join|returning|collate)\b/i,
  functions:
    /\b(?:datetime|date|time|julianday|strftime|unixepoch|ifnull|coalesce|count|sum|avg|min|max|group_concat|json_\w+|substr|instr|lower|upper|length|cast|round|printf|total)\s*\(/i,
  start: new RegExp(`${verbPattern.source}(?!\\s*[:,.])`, "i"),
  comparison: new RegExp(String.raw`^\s*(?:not\s+)?${dotted}(?:\s*\([^()]*\))?\s*(?:=|==|!=|<>|<=|>=|<|>|\|\||\b(?:is|in|like|glob|between|not|match|regexp)\b)`, "iu"),
  direction: new RegExp(String.raw`^\s*${dotted}(?:\s+collate\s+\w+)?\s+(?:asc|desc)\b`, "iu"),
  subquery: /\(\s*select\b/i,
  beforeSubquery: /^(?:[^.!?:]|\?(?=[\s,)]|$)|[.:](?=\w)){0,300}(?:(?:^|[\s(])(?:exists|in|and|or|where|not|as|any|all|coalesce|ifnull|when|then|else)\s*|[=<>(,|]\s*)$/i,
  compared: new RegExp(String.raw`^(?:where\s+|and\s+|or\s+|on\s+|having\s+|not\s+)?\(*(${dotted})\s*(?:=|==|!=|<>|<=|>=|<|>|\b(?:not\s+)?(?:like|glob|in)\b|\bis(?:\s+not)?\b)\s*(?:\(?\s*(?:\?\d*|[:@][a-z_]\w*)\s*\)*(?:$|\s*(?:$|,|;)|\s+(?:and|or|order|group|limit|collate|escape|union)\b)|(?:\d+|'[^']*')\s+and\s.*[=<>(]\s*(?:\?|:\w)(?:$|[\s),]))`, "isu"),
  signed: new RegExp(String.raw`^${dotted}\s*(?:=|==|!=|<>|<=|>=|<|>|\|\|)\s*\S`, "u"),
  capitals: /^\s*(?:WHERE|AND|OR|ORDER\s+BY|GROUP\s+BY|LIMIT|UNION|RETURNING|(?:(?:LEFT|RIGHT|INNER|OUTER|CROSS|FULL)\s+)*JOIN|NOT\s+EXISTS|EXISTS)\b|\s(?:IS\s+(?:NOT\s+)?NULL|(?:NOT\s+)?IN\s*\(|(?:NOT\s+)?LIKE\s|BETWEEN\s)|^\s*(?:left|inner)\s+join\s+\S+\s+(?:\w+\s+)?on\s/,
  commonTable: new RegExp(String.raw`^\s+(?:recursive\s+)?${name}\s*(?:\([^)]*\)\s*)?as\s*(?:(?:not\s+)?materialized\s*)?\(\s*(?:select|values|with|insert|update|delete|${holeName})\b`, "iu"),
  update: new RegExp(String.raw`^\s+(?:or\s+\w+\s+)?(${table})\s+(?:(?:as\s+)?${name}\s+)?(?:(?:not\s+indexed|indexed\s+by\s+${name})\s+)?set\b\s*(.*)`, "isu"),
  assignment: new RegExp(String.raw`^(?:$|\(|${holeName}|(?:${dotted}|'[^'\s]+')\s*=)`, "iu"),
  deleteFrom: new RegExp(String.raw`^\s+from\s+(${table})(?![\p{L}\p{N}_])\s*(.*)`, "isu"),
  alterTable: new RegExp(String.raw`^\s+table\s+${table}\s+(?:rename\s+(?:to|column|${name}\s+to)\b|add\s+(?:column\s+)?${name}|drop\s+(?:column\s+)?${name}|alter\s+column|${holeName})`, "iu"),
  drop: new RegExp(String.raw`^\s+(?:table|index|view|trigger)\s+(if\s+exists\s+)?(${table})\s*(?:$|;)`, "iu"),
  constant: new RegExp(String.raw`^(?:[-+~]?\d+(?:\.\d+)?|\?\d*|[:@$]\w+|'(?:[^']|'')*'|null)(?:\s+as\s+${name})?(?:\s*,.*|\s+(?:union|where|limit)\s.*)?$`, "isu"),
  functionCall: new RegExp(String.raw`^${name}\s*\([^]*\)(?:\s+as\s+${name})?(?:\s*[,|+*/<>=-].*)?$`, "isu"),
  table: new RegExp(String.raw`^(${table})(?![\p{L}\p{N}_])\s*(?:\([^)]*\))?\s*(.*)`, "isu"),
  clause: new RegExp(`^(?:${clause})\\b`, "i"),
  alias: new RegExp(String.raw`^(?:as\s+)?(?!(?:${proseWords})\b)${name}\s*(?:$|[;,)]|(?:${clause}|${holeName})\b)`, "iu"),
  plainName: new RegExp(`^${dotted}$`, "u"),
  into: new RegExp(String.raw`^\s+into\s+(${table})\s*(.*)`, "isu"),
  intoTail: new RegExp(String.raw`^(?:as\s+${name}\s*)?(?:\(\s*(?:${name}|${template}|${holeName})|values\s*(?:\(|${holeName})|select\b|with\b|default\s+values\b|${holeName})`, "iu"),
  createTable: new RegExp(String.raw`^\s+(?:temp(?:orary)?\s+)?table\s+(?:if\s+not\s+exists\s+)?${table}\s*(?:\(|as\s+(?:select|with|values)\b)`, "iu"),
  createIndex: new RegExp(String.raw`^\s+(?:unique\s+)?index\s+(?:if\s+not\s+exists\s+)?${table}\s+on\s+${table}\s*\(`, "iu"),
  createView: new RegExp(String.raw`^\s+(?:temp(?:orary)?\s+)?view\s+(?:if\s+not\s+exists\s+)?${table}\s*(?:\([^)]*\)\s*)?as\s+(?:select|with|values)\b`, "iu"),
  createTrigger: new RegExp(String.raw`^\s+(?:temp(?:orary)?\s+)?trigger\s+(?:if\s+not\s+exists\s+)?${table}\s+(?:before|after|instead\s+of|delete|insert|update)\b`, "iu"),
  createVirtual: new RegExp(String.raw`^\s+virtual\s+table\s+(?:if\s+not\s+exists\s+)?${dotted}\s+using\s+\w+`, "iu"),
};

/**
 * Whether a text found somewhere, handed to nothing that we know, is one or more SQL statements or the first part of one.
 * @param holes spans of the text that are interpolations
 */
export function looksLikeSql(text: string, holes: readonly Span[] = []): boolean {
  if (text.length < 8) return false;
  const sql = bare(text, holes);
  const verb = verbPattern.exec(sql)?.[1];
  if (verb === undefined) return false;
  const rest = sql.slice(verb.length);
  // In capitals (or all small with symbols of SQL) it is meant as a keyword; "Select" at the start of a sentence is not.
  const style: Style = verb === verb.toUpperCase() ? "upper" : verb === verb.toLowerCase() ? "lower" : "capital";
  if (style === "capital" && !/[=?*(]|_hole_/.test(rest)) return false;
  return verbLooks[verb.toLowerCase()]?.(rest, style) ?? false;
}

/** Whether a text that is handed to a database call starts as SQL does: with a verb, or with a hole and then more SQL. */
export function startsLikeSql(text: string, holes: readonly Span[] = []): boolean {
  const sql = bare(text, holes);
  return patterns.start.test(sql) || (sql.startsWith(holeName) && isFragment(sql.slice(holeName.length)));
}

/** Whether a text that is joined to SQL is itself SQL, not only a name or a value: it has a placeholder, an operator or a clause. */
export function looksLikeFragment(text: string, holes: readonly Span[] = []): boolean {
  const sql = bare(text, holes);
  return isFragment(sql) || (verbPattern.test(sql) && looksLikeSql(text, holes));
}

/**
 * Whether a text that nothing leads to is a part of SQL beyond doubt: it holds a whole subquery where SQL has one, or it
 * compares a name with a placeholder and goes on as SQL does.
 */
export function looksLikePart(text: string, holes: readonly Span[] = []): boolean {
  const sql = bare(text, holes);
  const { subquery, beforeSubquery, compared } = patterns;
  const at = subquery.exec(sql);
  if (at !== null && beforeSubquery.test(sql.slice(0, at.index)) && looksLikeSql(insideOf(sql, at.index))) return true;
  const match = compared.exec(sql);
  return match !== null && !proseWord.test(match[1] ?? "");
}

/**
 * Whether a text that is handed to a builder's `where`, `order` and the like is SQL: a part beyond doubt, a comparison with
 * a sign, a call of a SQL function, an ordering, a clause in capitals.
 */
export function looksLikeGiven(text: string, holes: readonly Span[] = []): boolean {
  const sql = bare(text, holes);
  const { placeholder, variable, functions, direction, signed, capitals } = patterns;
  return looksLikePart(text, holes) || [placeholder, variable, functions, direction, signed, capitals].some((pattern) => pattern.test(sql)) || looksLikeSql(text, holes);
}

/** A statement of a word or two, which only a call that runs SQL makes one: VACUUM, BEGIN, COMMIT. */
export function isBareStatement(text: string): boolean {
  return /^\s*(?:SAVEPOINT\s+\S+\s*;?|(?:VACUUM|BEGIN|COMMIT|END|ROLLBACK|ANALYZE|REINDEX)(?:\s+TRANSACTION)?\s*;?|(?:vacuum|begin|commit|rollback|analyze|reindex)(?:\s+transaction)?\s*;)\s*$/.test(text);
}

/** What stands between a parenthesis and its partner, or the text's end. */
function insideOf(text: string, open: number): string {
  let depth = 0;
  for (let i = open; i < text.length; i++) {
    const c = text.charAt(i);
    if (c === "(") depth++;
    else if (c === ")" && --depth === 0) return text.slice(open + 1, i);
  }
  return text.slice(open + 1);
}

function isFragment(sql: string): boolean {
  const { placeholder, variable, clauseStart, comparison, functions, direction } = patterns;
  return [placeholder, variable, clauseStart, comparison, functions, direction].some((pattern) => pattern.test(sql));
}

type Style = "upper" | "lower" | "capital";

/** By verb: whether what follows the verb goes with it. */
const verbLooks: Readonly<Record<string, (rest: string, style: Style) => boolean>> = {
  select: selectLooks,
  with: (rest) => patterns.commonTable.test(rest),
  values: (rest) => /^\s*\(\s*(?:\?|:\w|'|\d|null\b|_hole_)/i.test(rest),
  insert: (rest, style) => intoLooks(rest.replace(/^\s+or\s+(?:replace|ignore|abort|fail|rollback|_hole_)\b/i, ""), style),
  replace: intoLooks,
  update: (rest) => {
    const match = patterns.update.exec(rest);
    if (match === null || proseWord.test(match[1] ?? "")) return false;
    return patterns.assignment.test(match[2] ?? "");
  },
  delete: (rest, style) => {
    const match = patterns.deleteFrom.exec(rest);
    if (match === null || proseWord.test(match[1] ?? "")) return false;
    const tail = match[2] ?? "";
    if (tail === "" || tail.startsWith(";")) return style === "upper" || (match[1] ?? "").includes("_");
    return /^(?:as\s+\w+\s+|\w+\s+)?(?:where\b[^.]*(?:[=<>?(]|\b(?:is|in|like|between|exists|not)\b|_hole_|$)|returning\b|indexed\b|not\s+indexed\b|order\s+by\b|limit\s|_hole_)/is.test(tail);
  },
  create: createLooks,
  alter: (rest) => patterns.alterTable.test(rest),
  drop: (rest, style) => {
    const match = patterns.drop.exec(rest);
    if (match === null || proseWord.test(match[2] ?? "")) return false;
    // "drop index card": what is not a table must look like a name of the database.
    const sure = match[1] !== undefined || /;\s*$/.test(rest) || /[_.\d"`']/.test(match[2] ?? "");
    return style === "upper" || sure || (style === "lower" && /^\s+table\b/i.test(rest));
  },
  pragma: (rest) => {
    const match = /^\s+(?:\w+\.)?(\w+)\s*(?:$|;|=|\()/.exec(rest);
    return match !== null && (match[1] === holeName || pragmas.has((match[1] ?? "").toLowerCase()));
  },
  explain: (rest) => {
    const inner = rest.replace(/^\s+query\s+plan\b/i, "").trim();
    return looksLikeSql(inner.length < 8 ? inner.padEnd(8) : inner);
  },
  begin: (rest, style) => (style !== "capital" && /^\s*;\s*(?:create|alter|drop|insert|update|delete|pragma|replace)\s+\S/i.test(rest)) || style !== "capital" && /^\s+(?:immediate|exclusive|deferred)(?:\s+transaction)?\s*(?:$|;)/i.test(rest) || (style === "upper" && /^\s+transaction\s*(?:$|;)/i.test(rest)),
  attach: (rest) => /^\s+database\s+(?:'[^']*'|\?|:\w+|_hole_)\s+as\s+\w+/i.test(rest) || /^\s+(?:'[^']*'|\?)\s+as\s+\w+/i.test(rest),
  detach: (rest, style) => style === "upper" && /^\s+database\s+\w+\s*(?:$|;)/i.test(rest),
  rollback: (rest, style) => style === "upper" && /^\s+(?:transaction\s+)?to\s+(?:savepoint\s+)?\w+\s*(?:$|;)/i.test(rest),
  vacuum: (rest, style) => style === "upper" && /^\s*;$|^\s+into\s+(?:\?|'[^']*'|:\w+|_hole_)/i.test(rest),
  release: (rest, style) => style === "upper" && /^\s+savepoint\s+\w+\s*(?:$|;)/i.test(rest),
};

function selectLooks(rest: string, style: Style): boolean {
  const from = topLevelFrom(rest);
  const list = (from === undefined ? rest : rest.slice(0, from.start)).replace(/^\s+(?:distinct|all)\b/i, "");
  if (!/^[\s(*'"[?:_]|^$/.test(list)) return false;
  if (from === undefined) {
    // Without a FROM: a call, a value or an operation, and nothing that reads as a sentence.
    if (/^\s*$/.test(list)) return false;
    const body = list.trim().replace(/;\s*$/, "");
    if (/^(?:exists\s*\(|case\s+when\b|cast\s*\()/i.test(body)) return true;
    if (patterns.constant.test(body)) return true;
    return style !== "capital" && patterns.functionCall.test(body) && !/\s\(/.test(body.slice(0, body.indexOf("(") + 1));
  }
  const table = rest.slice(from.end).trimStart();
  const listItems = splitTopLevel(list);
  if (!listItems.every((item) => itemLooks(item, style))) return false;
  if (table === "" || table.startsWith("(") || table.startsWith(holeName)) return listItems.length > 0;
  const match = patterns.table.exec(table);
  if (match === null || proseWord.test(match[1] ?? "")) return false;
  const tail = match[2] ?? "";
  if (/^(?:$|[;,)]|_hole_|--|\/\*)/.test(tail)) return true;
  if (patterns.clause.test(tail)) return !proseWord.test(/^(?:as|on|using|where)\s+(\w+)\s+(?!(?:is|in|like|not|between|glob|match|regexp|and|or|collate)\b)[a-z]/i.exec(tail)?.[1] ?? "");
  // One more word may be an alias; then SQL has to go on.
  return patterns.alias.test(tail) && style !== "capital" && (style === "upper" || /[,;)]|\s\S+\s/.test(tail));
}

/** One column of a SELECT: `*`, a name, a call, an operation, with or without an alias; prose is several plain words. */
function itemLooks(item: string, style: Style): boolean {
  const text = item.trim();
  if (text === "") return false;
  if (/[*(?=<>|+/'"%]|\[|::|^-?\d|\bcase\b|_hole_|^[:@$]\w/i.test(text)) return !/[.!]\s|\.\.\./.test(text.replace(/'(?:[^']|'')*'/g, ""));
  const words = text.split(/\s+/);
  if (words.length === 1) return patterns.plainName.test(text);
  const [first = "", second = "", third] = words;
  if (words.length === 3 && /^as$/i.test(second)) return third !== undefined && !proseWord.test(third);
  if (words.length > 2) return false;
  return style === "upper" && !proseWord.test(first) && !proseWord.test(second);
}

function intoLooks(rest: string, style: Style): boolean {
  const match = patterns.into.exec(rest);
  if (match === null || proseWord.test(match[1] ?? "")) return false;
  const tail = match[2] ?? "";
  if (tail === "") return style === "upper";
  return patterns.intoTail.test(tail);
}

function createLooks(rest: string): boolean {
  const { createTable, createIndex, createView, createTrigger, createVirtual } = patterns;
  return [createTable, createIndex, createView, createTrigger, createVirtual].some((pattern) => pattern.test(rest));
}

/** Where the statement's own FROM stands: outside parentheses, strings and quoted names. */
function topLevelFrom(text: string): Span | undefined {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charAt(i);
    if (c === "(") depth++;
    else if (c === ")") depth--;
    else if (c === "'" || c === '"' || c === "`") {
      const close = text.indexOf(c, i + 1);
      if (close < 0) return undefined;
      i = close;
    } else if ((c === "f" || c === "F") && depth === 0 && /^from(?![\p{L}\p{N}_])/iu.test(text.slice(i, i + 6)) && /[\s)*"'\]`]/.test(text.charAt(i - 1))) {
      return { start: i, end: i + 4 };
    }
  }
  return undefined;
}

function splitTopLevel(list: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < list.length; i++) {
    const c = list.charAt(i);
    if (c === "(") depth++;
    else if (c === ")") depth--;
    else if (c === "'" || c === '"') {
      const close = list.indexOf(c, i + 1);
      if (close > 0) i = close;
    } else if (c === "," && depth === 0) {
      parts.push(list.slice(start, i));
      start = i + 1;
    }
  }
  parts.push(list.slice(start));
  return parts;
}

/** The text with a name for every hole, without comments and leading blanks and parentheses. Long texts are cut: the start decides. */
function bare(text: string, holes: readonly Span[]): string {
  const limit = 4000;
  let out = "";
  let at = 0;
  for (const { start, end } of holes) {
    if (start > limit) break;
    out += text.slice(at, start) + holeName;
    at = end;
  }
  out += text.slice(at, Math.max(at, limit));
  return out.replace(/^(?:\s+|--[^\n]*(?:\n|$)|\/\*[^]*?\*\/|\()+/, "").replace(/--[^\n]*/g, "").replace(/\/\*[^]*?\*\//g, "").trimEnd();
}

/** SQLite's pragmas; https://sqlite.org/pragma.html. */
const pragmas: ReadonlySet<string> = new Set(
  ("analysis_limit application_id auto_vacuum automatic_index busy_timeout cache_size cache_spill case_sensitive_like cell_size_check checkpoint_fullfsync " +
    "collation_list compile_options count_changes data_store_directory data_version database_list default_cache_size defer_foreign_keys empty_result_callbacks " +
    "encoding foreign_key_check foreign_key_list foreign_keys freelist_count full_column_names fullfsync function_list hard_heap_limit ignore_check_constraints " +
    "incremental_vacuum index_info index_list index_xinfo integrity_check journal_mode journal_size_limit legacy_alter_table legacy_file_format locking_mode " +
    "max_page_count mmap_size module_list optimize page_count page_size parser_trace pragma_list query_only quick_check read_uncommitted recursive_triggers " +
    "reverse_unordered_selects schema_version secure_delete short_column_names shrink_memory soft_heap_limit stats synchronous table_info table_list table_xinfo " +
    "temp_store temp_store_directory threads trusted_schema user_version vdbe_addoptrace vdbe_debug vdbe_listing vdbe_trace wal_autocheckpoint wal_checkpoint writable_schema").split(" "),
);
