import { parseStatement } from "#core/sql/parse.ts";
import { foldName } from "./decision.ts";

/** What PostgreSQL can have in place of a virtual table, by its CREATE alone. */
export type VirtualForm =
  /** Texts of its own. `columns` as written, undefined where none are; `searched` are those that MATCH looks into. */
  | { readonly form: "full-text"; readonly columns: readonly string[] | undefined; readonly unindexed: readonly string[]; readonly tokenizer: string | undefined }
  /** An index over the texts of another table. */
  | { readonly form: "content"; readonly content: string; readonly columns: readonly string[]; readonly unindexed: readonly string[]; readonly tokenizer: string | undefined }
  | { readonly form: "rtree" }
  | { readonly form: "none"; readonly reason: string };

/** The name of the tsvector column that a full-text table gets. */
export const searchColumn = "search";

/**
 * Reads a CREATE VIRTUAL TABLE of one of SQLite's own modules.
 * @see https://www.sqlite.org/fts5.html#fts5_table_creation_and_initialization
 * @see https://www.sqlite.org/fts3.html#creating_and_destroying_fts_tables
 */
export function virtualForm(sql: string, module: string): VirtualForm {
  const none = (reason: string): VirtualForm => ({ form: "none", reason });
  if (/^rtree(?:_i32)?$/i.test(module)) return { form: "rtree" };
  if (!/^fts[345]$/i.test(module)) return none(`a table of the module ${module}, which PostgreSQL does not have`);
  const statement = parseStatement(sql);
  if (statement.kind !== "CreateVirtualTableStatement") return none("its text is not understood");
  const columns: string[] = [];
  const unindexed: string[] = [];
  let content: string | undefined;
  let tokenizer: string | undefined;
  for (const { text } of statement.arguments) {
    const option = /^\s*(\w+)\s*=\s*([\s\S]*?)\s*$/.exec(text) ?? /^\s*(tokenize)\s+([\s\S]*?)\s*$/i.exec(text);
    if (option !== null) {
      const value = (option[2] ?? "").replace(/^(['"])([\s\S]*)\1$/, "$2");
      switch (option[1]?.toLowerCase()) {
        case "content":
          content = value;
          break;
        case "tokenize":
          tokenizer = value;
          break;
        case "notindexed":
          unindexed.push(value);
          break;
        case "compress":
        case "uncompress":
          return none("its texts are compressed by functions of the application's");
        case "languageid":
          return none("it tells languages apart by a hidden column, which decides on the tokenizer: give its table a column of the language and a tsvector made with it");
        default:
          // prefix, detail, columnsize, matchinfo, order, content_rowid: how the index is stored.
          break;
      }
      continue;
    }
    const column = /^\s*(?:"((?:[^"]|"")+)"|`((?:[^`]|``)+)`|'((?:[^']|'')+)'|\[([^\]]+)\]|([^\s"'`[]+))/.exec(text);
    const name = column?.slice(1).find(Boolean);
    if (column === null || name === undefined) return none(`its argument ${text.trim()} is not understood`);
    columns.push(name.replace(/(["'`])\1/g, "$1"));
    if (/\bUNINDEXED\s*$/i.test(text.slice(column[0].length))) unindexed.push(name);
  }
  if (content === "") return none("it keeps no texts of its own (content=''), so that there is nothing to move: make a tsvector column where the texts are");
  if (columns.some((column) => foldName(column) === searchColumn)) return none(`it has a column called ${searchColumn}, which the tsvector column would be`);
  if (content !== undefined) return columns.length === 0 ? none("it names no columns") : { form: "content", content, columns, unindexed, tokenizer };
  return { form: "full-text", columns: columns.length === 0 ? undefined : columns, unindexed, tokenizer };
}

/** What of a full-text table is not as it was, for the report. */
export function fullTextRemark(tokenizer: string | undefined): string {
  const stems = tokenizer !== undefined && /porter/i.test(tokenizer) ? "its tokenizer porter cuts words to their stems, which 'simple' does not: name a language, such as 'english', in the column and in the queries" : "words are folded in case and taken whole ('simple'), nearly as by unicode61, which takes accents away, too";
  return `${stems}; queries are written in another language (websearch_to_tsquery), ranks are ts_rank() and not bm25(), and a text with more than a megabyte of words is refused`;
}

/** The tsvector of some texts, each a column or an expression in PostgreSQL's words. */
export function searchVector(texts: readonly string[]): string {
  return `to_tsvector('simple', ${texts.map((text) => `COALESCE(${text}, '')`).join(" || ' ' || ")})`;
}
