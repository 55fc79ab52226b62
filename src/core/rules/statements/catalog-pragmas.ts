/** A query of PostgreSQL's catalog in place of a PRAGMA that has one argument, which stands between `before` and `after`. */
export interface CatalogQuery {
  readonly before: string;
  readonly after: string;
  readonly orderBy: string;
  /** What it gives otherwise than SQLite. */
  readonly differs: string;
}

const columns = (hidden: string, where: string): string =>
  `SELECT row_number() OVER (ORDER BY c.ordinal_position) - 1 AS cid, c.column_name AS name, c.data_type AS type, CASE c.is_nullable WHEN 'NO' THEN 1 ELSE 0 END AS "notnull", c.column_default AS dflt_value, ` +
  `COALESCE((SELECT k.ordinal_position FROM information_schema.key_column_usage k JOIN information_schema.table_constraints p USING (constraint_schema, constraint_name, table_name) ` +
  `WHERE p.constraint_type = 'PRIMARY KEY' AND k.table_schema = c.table_schema AND k.table_name = c.table_name AND k.column_name = c.column_name), 0) AS pk${hidden} ` +
  `FROM information_schema.columns c WHERE c.table_schema = current_schema()${where} AND c.table_name = `;

const types = "types and defaults are PostgreSQL's words, and the id of a table is NOT NULL there";
const regclass = (sql: string, orderBy: string, differs: string): CatalogQuery => ({ before: `${sql} = to_regclass(quote_ident(`, after: "))", orderBy, differs });

/** The PRAGMAs that the generated adapter answers from the catalog, and what answers them without it. */
export const catalogPragmas: Readonly<Record<string, CatalogQuery>> = {
  table_info: { before: columns("", " AND c.is_generated = 'NEVER'"), after: "", orderBy: "cid", differs: types },
  table_xinfo: { before: columns(", CASE c.is_generated WHEN 'NEVER' THEN 0 ELSE 3 END AS hidden", ""), after: "", orderBy: "cid", differs: types },
  index_list: regclass(
    "SELECT row_number() OVER (ORDER BY i.indexrelid DESC) - 1 AS seq, x.relname AS name, CAST(i.indisunique AS integer) AS \"unique\", CASE WHEN i.indisprimary THEN 'pk' WHEN k.oid IS NOT NULL THEN 'u' ELSE 'c' END AS origin, CAST(i.indpred IS NOT NULL AS integer) AS partial " +
      "FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid LEFT JOIN pg_constraint k ON k.conindid = i.indexrelid AND k.contype = 'u' WHERE i.indrelid",
    "seq",
    "the indexes of keys have PostgreSQL's names, and that of an integer primary key is listed, too",
  ),
  index_info: regclass(
    "SELECT k.n - 1 AS seqno, k.attnum - 1 AS cid, a.attname AS name FROM pg_index i CROSS JOIN LATERAL unnest(CAST(i.indkey AS smallint[])) WITH ORDINALITY AS k (attnum, n) " +
      "LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum AND k.attnum > 0 WHERE k.n <= i.indnkeyatts AND i.indexrelid",
    "seqno",
    "an expression has the cid -1, and a dropped column keeps its number",
  ),
  foreign_key_list: regclass(
    "SELECT dense_rank() OVER (ORDER BY c.oid DESC) - 1 AS id, k.n - 1 AS seq, p.relname AS \"table\", a.attname AS \"from\", b.attname AS \"to\", " +
      "(ARRAY['NO ACTION', 'RESTRICT', 'CASCADE', 'SET NULL', 'SET DEFAULT'])[strpos('arcnd', CAST(c.confupdtype AS text))] AS on_update, " +
      "(ARRAY['NO ACTION', 'RESTRICT', 'CASCADE', 'SET NULL', 'SET DEFAULT'])[strpos('arcnd', CAST(c.confdeltype AS text))] AS on_delete, 'NONE' AS match " +
      "FROM pg_constraint c JOIN pg_class p ON p.oid = c.confrelid CROSS JOIN LATERAL unnest(c.conkey, c.confkey) WITH ORDINALITY AS k (f, t, n) " +
      "JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.f JOIN pg_attribute b ON b.attrelid = c.confrelid AND b.attnum = k.t WHERE c.contype = 'f' AND c.conrelid",
    "id, seq",
    "a key that names no column of its parent has the parent's key there",
  ),
};
