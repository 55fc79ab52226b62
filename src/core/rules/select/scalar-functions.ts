/**
 * SQLite's own functions of one row: whatever else an application calls may be an aggregate that it has registered.
 * @see https://www.sqlite.org/lang_corefunc.html
 */
export const scalarFunctions: ReadonlySet<string> = new Set(
  `abs changes char char_length character_length coalesce concat concat_ws format glob hex if ifnull iif instr last_insert_rowid length like likelihood likely
   load_extension lower ltrim max min nullif octet_length printf quote random randomblob regexp replace round rtrim sign soundex
   sqlite_compileoption_get sqlite_compileoption_used sqlite_offset sqlite_source_id sqlite_version substr substring total_changes
   trim typeof unhex unicode unistr unistr_quote unlikely upper zeroblob
   date time datetime julianday unixepoch strftime timediff
   json jsonb json_array jsonb_array json_array_length json_error_position json_extract jsonb_extract json_insert jsonb_insert json_object
   jsonb_object json_patch jsonb_patch json_pretty json_quote json_remove jsonb_remove json_replace jsonb_replace json_set jsonb_set json_type json_valid
   acos acosh asin asinh atan atan2 atanh ceil ceiling cos cosh degrees exp floor ln log log10 log2 mod pi pow power radians sin sinh sqrt
   tan tanh trunc`
    .split(/\s+/)
    .filter((name) => name !== ""),
);
