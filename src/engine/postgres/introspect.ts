import type { ForeignKeyAction } from "#core/schema/catalog.ts";
import type { PostgresCatalog, PostgresColumn, PostgresConstraint, PostgresIndex, PostgresIndexKey, PostgresTable } from "#core/schema/postgres-catalog.ts";
import type { PostgresSession, TextRow } from "./session.ts";

/**
 * Reads what a schema holds from PostgreSQL's own catalog, 14 to 18; a schema that does not exist holds nothing.
 * @throws PostgresFailure when the server refuses to tell
 * @see https://www.postgresql.org/docs/current/catalogs.html
 */
export async function introspectPostgres(session: PostgresSession, schema: string): Promise<PostgresCatalog> {
  const rows = async (sql: string): Promise<readonly TextRow[]> => (await session.query(sql, [schema])).rows;
  const columns = new Map<string, PostgresColumn[]>();
  for (const row of await rows(columnsSql)) added(columns, text(row, 0), readColumn(row));
  const constraints = new Map<string, PostgresConstraint[]>();
  for (const row of await rows(constraintsSql)) added(constraints, text(row, 0), readConstraint(row));
  const relations = (await rows(relationsSql)).map((row) => ({ name: text(row, 0), kind: text(row, 1) }));
  const named = (kinds: string): string[] => relations.filter(({ kind }) => kinds.includes(kind)).map(({ name }) => name);
  return {
    schema,
    tables: named("rp").map((name): PostgresTable => ({ name, columns: columns.get(name) ?? [], constraints: constraints.get(name) ?? [] })),
    indexes: (await rows(indexesSql)).map(readIndex),
    views: named("vm").map((name) => ({ name, columns: (columns.get(name) ?? []).map((column) => column.name) })),
    triggers: (await rows(triggersSql)).map((row) => ({ name: text(row, 0), table: text(row, 1) })),
    sequences: named("S"),
  };
}

const inSchema = "JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = $1";

const relationsSql = `SELECT c.relname, c.relkind FROM pg_class c ${inSchema} WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S') ORDER BY c.oid`;

const columnsSql = `SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid), a.attgenerated, a.attidentity,
    CASE WHEN a.attcollation <> t.typcollation THEN k.collname END
  FROM pg_class c ${inSchema}
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  JOIN pg_type t ON t.oid = a.atttypid
  LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
  LEFT JOIN pg_collation k ON k.oid = a.attcollation
  WHERE c.relkind IN ('r', 'p', 'v', 'm') ORDER BY c.oid, a.attnum`;

const constraintsSql = `SELECT c.relname, k.contype, k.conname, pg_get_constraintdef(k.oid),
    (SELECT json_agg(a.attname ORDER BY i.place) FROM unnest(k.conkey) WITH ORDINALITY AS i(number, place) JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = i.number),
    p.relname,
    (SELECT json_agg(a.attname ORDER BY i.place) FROM unnest(k.confkey) WITH ORDINALITY AS i(number, place) JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = i.number),
    k.confdeltype, k.confupdtype, k.condeferrable, k.condeferred
  FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid ${inSchema} LEFT JOIN pg_class p ON p.oid = k.confrelid
  WHERE k.contype IN ('p', 'u', 'f', 'c') ORDER BY k.oid`;

/** pg_index.indoption has bit 1 for DESC and bit 2 for NULLS FIRST. */
const indexesSql = `SELECT x.relname, c.relname, m.amname, i.indisunique, i.indisvalid, pg_get_expr(i.indpred, i.indrelid),
    (SELECT json_agg(json_build_array(a.attname, pg_get_indexdef(i.indexrelid, place, true), i.indoption[place - 1] & 1, i.indoption[place - 1] & 2) ORDER BY place)
      FROM generate_series(1, i.indnkeyatts) AS place LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[place - 1])
  FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_class c ON c.oid = i.indrelid ${inSchema} JOIN pg_am m ON m.oid = x.relam
  WHERE c.relkind IN ('r', 'p', 'm') AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u')) ORDER BY i.indexrelid`;

const triggersSql = `SELECT g.tgname, c.relname FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid ${inSchema} WHERE NOT g.tgisinternal ORDER BY g.oid`;

function added<T>(lists: Map<string, T[]>, key: string, item: T): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
}

function text(row: TextRow, place: number): string {
  return row[place] ?? "";
}

function isTrue(row: TextRow, place: number): boolean {
  return text(row, place).startsWith("t");
}

function readColumn(row: TextRow): PostgresColumn {
  const generated = text(row, 5);
  return {
    name: text(row, 1),
    type: text(row, 2),
    notNull: isTrue(row, 3),
    expression: row[4] ?? undefined,
    generated: generated === "s" ? "stored" : generated === "v" ? "virtual" : undefined,
    identity: text(row, 6) !== "",
    collation: row[7] ?? undefined,
  };
}

const actions: Readonly<Record<string, ForeignKeyAction>> = { a: "NO ACTION", r: "RESTRICT", c: "CASCADE", n: "SET NULL", d: "SET DEFAULT" };

function readConstraint(row: TextRow): PostgresConstraint {
  const name = text(row, 2);
  switch (text(row, 1)) {
    case "c":
      return { kind: "check", name, definition: text(row, 3) };
    case "f":
      return {
        kind: "foreign-key",
        name,
        columns: names(row[4]),
        parent: text(row, 5),
        parentColumns: names(row[6]),
        onDelete: actions[text(row, 7)] ?? "NO ACTION",
        onUpdate: actions[text(row, 8)] ?? "NO ACTION",
        deferrable: isTrue(row, 9),
        deferred: isTrue(row, 10),
      };
    default:
      return { kind: text(row, 1) === "p" ? "primary-key" : "unique", name, columns: names(row[4]) };
  }
}

function readIndex(row: TextRow): PostgresIndex {
  return {
    name: text(row, 0),
    table: text(row, 1),
    method: text(row, 2),
    unique: isTrue(row, 3),
    valid: isTrue(row, 4),
    where: row[5] ?? undefined,
    keys: list(row[6]).map((key): PostgresIndexKey => {
      const [column, definition, descending, nullsFirst] = Array.isArray(key) ? key.map((each: unknown) => each) : [];
      return { column: typeof column === "string" ? column : undefined, text: typeof definition === "string" ? definition : "", descending: descending === 1, nullsFirst: nullsFirst === 2 };
    }),
  };
}

function list(json: string | null | undefined): readonly unknown[] {
  const parsed: unknown = JSON.parse(json ?? "[]");
  return Array.isArray(parsed) ? parsed : [];
}

function names(json: string | null | undefined): string[] {
  return list(json).filter((name) => typeof name === "string");
}
