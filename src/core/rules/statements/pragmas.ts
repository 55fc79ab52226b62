/** What becomes of a PRAGMA. */
export type PragmaFate =
  /** A setting or an action of SQLite's that PostgreSQL has no use for, or has otherwise: `what` it does, `instead` what people do. */
  | { readonly fate: "none"; readonly what: string; readonly instead: string }
  /** A statement of PostgreSQL's for some values; `undefined` from it means none. */
  | { readonly fate: "statement"; readonly what: string; readonly instead: string; readonly write: (value: string | undefined) => Written | undefined };

/** PostgreSQL's statement, and when it differs. */
export interface Written {
  readonly sql: string;
  readonly differs: string | undefined;
}

const none = (what: string, instead: string): PragmaFate => ({ fate: "none", what, instead });
const isOn = (value: string | undefined): boolean => /^(?:1|on|yes|true)$/i.test(value ?? "");
const isOff = (value: string | undefined): boolean => /^(?:0|off|no|false)$/i.test(value ?? "");

const file = "The server looks after its files.";
const own = "It changes how SQLite itself works; PostgreSQL has no such switch.";
const memory = "The server's memory is set in postgresql.conf (shared_buffers, work_mem).";

/** Every PRAGMA of SQLite's, by its name in lower case. @see https://www.sqlite.org/pragma.html */
export const pragmas: Readonly<Record<string, PragmaFate>> = {
  analysis_limit: none("bounds what ANALYZE reads", "PostgreSQL samples: default_statistics_target."),
  application_id: none("keeps a number in the file", "Keep it in a table."),
  auto_vacuum: none("gives freed pages back", "PostgreSQL's autovacuum runs by itself."),
  automatic_index: none("allows indexes for one query", "The planner decides; make an index where one is missing."),
  busy_timeout: {
    fate: "statement",
    what: "says how long to wait for a locked database",
    instead: "lock_timeout is the time to wait for a row or table that is locked.",
    write: (value) => (/^[1-9]\d*$/.test(value ?? "") ? { sql: `SET lock_timeout = ${value ?? ""}`, differs: "readers and writers of PostgreSQL do not wait for one another, so that there is less to wait for; SET gives no row, PRAGMA gives the new value" } : undefined),
  },
  cache_size: none("sets the page cache", memory),
  cache_spill: none("lets the cache spill into the file", memory),
  case_sensitive_like: none("makes LIKE case-sensitive", "PostgreSQL's LIKE is so anyway, and ILIKE is not; with the pragma off, see the rule like-case."),
  cell_size_check: none("checks pages when they are read", "Data checksums are chosen when the cluster is made."),
  checkpoint_fullfsync: none("chooses how a checkpoint syncs", file),
  collation_list: none("lists collations", "SELECT collname FROM pg_collation."),
  compile_options: none("lists how SQLite was built", "SELECT name, setting FROM pg_settings, or version()."),
  count_changes: none("makes a change give its row count as a row", "The driver's row count tells it, and RETURNING the rows."),
  data_store_directory: none("is for Windows only", file),
  data_version: none("tells that another connection wrote", "LISTEN and NOTIFY tell it, or a column with a version."),
  database_list: none("lists attached files", "SELECT current_database(); schemas are in information_schema.schemata."),
  default_cache_size: none("sets the page cache", memory),
  defer_foreign_keys: {
    fate: "statement",
    what: "lets foreign keys wait for COMMIT",
    instead: "A foreign key waits when it was made DEFERRABLE: SET CONSTRAINTS ALL DEFERRED.",
    write: (value) => (isOn(value) || isOff(value) ? { sql: `SET CONSTRAINTS ALL ${isOn(value) ? "DEFERRED" : "IMMEDIATE"}`, differs: "it is for keys that were made DEFERRABLE only, and within a transaction" } : undefined),
  },
  empty_result_callbacks: none("is of SQLite's C interface", own),
  encoding: {
    fate: "statement",
    what: "tells the file's encoding",
    instead: "SHOW server_encoding.",
    write: (value) => (value === undefined ? { sql: "SHOW server_encoding", differs: "it says UTF8 where SQLite says UTF-8" } : undefined),
  },
  foreign_key_check: none("finds rows whose parent is missing", "PostgreSQL enforces every foreign key; cutover migrate finds such rows before the copy."),
  foreign_keys: none("switches foreign keys on or off for the connection", "PostgreSQL always enforces them."),
  freelist_count: none("counts free pages", "pg_stat_user_tables tells dead rows."),
  full_column_names: none("chooses the names of results", "Give the column an alias."),
  fullfsync: none("chooses how SQLite syncs", file),
  function_list: none("lists functions", "SELECT proname FROM pg_proc."),
  hard_heap_limit: none("bounds SQLite's memory", memory),
  ignore_check_constraints: none("switches CHECK off", "PostgreSQL always enforces CHECK, unless it was added NOT VALID."),
  incremental_vacuum: none("gives pages back", "PostgreSQL's autovacuum runs by itself."),
  integrity_check: none("looks for damage in the file", "pg_amcheck, from outside; data checksums find damaged pages."),
  journal_mode: none("chooses the journal", "PostgreSQL always writes ahead (WAL)."),
  journal_size_limit: none("bounds the journal", "max_wal_size is the server's."),
  legacy_alter_table: none("makes RENAME leave references alone", "PostgreSQL's references follow the table."),
  legacy_file_format: none("chooses a file format", file),
  locking_mode: none("keeps the file locked", "A server has many clients; LOCK TABLE is for one transaction."),
  max_page_count: none("bounds the file's size", file),
  mmap_size: none("maps the file into memory", memory),
  module_list: none("lists modules of virtual tables", "SELECT extname FROM pg_extension."),
  optimize: { fate: "statement", what: "runs ANALYZE where it is due", instead: "ANALYZE; autovacuum runs it by itself.", write: () => ({ sql: "ANALYZE", differs: undefined }) },
  page_count: none("tells the file's size", "SELECT pg_database_size(current_database())."),
  page_size: none("tells or sets the page size", "SHOW block_size; it cannot be set."),
  parser_trace: none("is for SQLite's developers", own),
  pragma_list: none("lists pragmas", "SELECT name FROM pg_settings."),
  query_only: {
    fate: "statement",
    what: "refuses changes on this connection",
    instead: "SET default_transaction_read_only.",
    write: (value) => (isOn(value) || isOff(value) ? { sql: `SET default_transaction_read_only = ${isOn(value) ? "on" : "off"}`, differs: "it is for transactions that begin after it" } : undefined),
  },
  quick_check: none("looks for damage in the file", "pg_amcheck, from outside; data checksums find damaged pages."),
  read_uncommitted: none("reads what is not committed", "PostgreSQL never does."),
  recursive_triggers: none("lets a trigger fire triggers", "PostgreSQL's always do: stop them by WHEN (pg_trigger_depth() < 1)."),
  reverse_unordered_selects: none("turns unordered results round, for tests", own),
  schema_version: none("counts changes of the schema", "Keep the number of the last migration in a table."),
  secure_delete: none("overwrites deleted rows", "PostgreSQL has no such thing; encrypt the disk."),
  short_column_names: none("chooses the names of results", "Give the column an alias."),
  shrink_memory: none("frees memory", memory),
  soft_heap_limit: none("bounds SQLite's memory", memory),
  stats: none("is for SQLite's developers", own),
  synchronous: none("chooses when a commit is on disk", "synchronous_commit = off is the nearest: it loses the last commits, never the database."),
  table_list: none("lists tables", "SELECT table_name, table_type FROM information_schema.tables WHERE table_schema = current_schema()."),
  temp_store: none("chooses where temporary tables are", "temp_buffers and temp_tablespaces are the server's."),
  temp_store_directory: none("chooses where temporary files are", "temp_tablespaces is the server's."),
  threads: none("bounds helper threads", "max_parallel_workers_per_gather."),
  trusted_schema: none("says whether views and triggers may call unsafe functions", "SECURITY INVOKER and privileges are what PostgreSQL has."),
  user_version: none("keeps a number in the file, the schema's version most often", "Keep it in a table of one row, on both engines."),
  vdbe_addoptrace: none("is for SQLite's developers", own),
  vdbe_debug: none("is for SQLite's developers", own),
  vdbe_listing: none("is for SQLite's developers", own),
  vdbe_trace: none("is for SQLite's developers", own),
  wal_autocheckpoint: none("says when the WAL is written back", "checkpoint_timeout and max_wal_size are the server's."),
  wal_checkpoint: none("writes the WAL back into the file", "The server does it by itself; CHECKPOINT is for its owner."),
  writable_schema: none("lets sqlite_master be written", "PostgreSQL's catalog is changed by DDL only."),
};

/** Settings that the generated adapter accepts and that do nothing on PostgreSQL (docs/adapter.md). */
export const adapterSettings: ReadonlySet<string> = new Set([
  "foreign_keys", "journal_mode", "synchronous", "busy_timeout", "cache_size", "temp_store", "mmap_size", "locking_mode", "wal_autocheckpoint",
  "journal_size_limit", "auto_vacuum", "page_size", "recursive_triggers", "case_sensitive_like", "encoding", "analysis_limit", "optimize", "wal_checkpoint",
]);
