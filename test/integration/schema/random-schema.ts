import fc from "fast-check";

/** Random DDL over the whole grammar of SQLite, as statements that SQLite may still refuse (a CHECK that names no column): the test drops those. */
export interface RandomSchema {
  readonly tables: readonly RandomTable[];
  /** CREATE INDEX and CREATE VIEW, to be run after the tables. */
  readonly others: readonly string[];
  readonly rows: readonly string[];
}

/** A CREATE TABLE with what went into it, counted where it is written. */
export interface RandomTable {
  readonly name: string;
  readonly sql: string;
  readonly columns: number;
  readonly checks: number;
  readonly defaults: number;
  readonly generated: number;
  readonly foreignKeys: number;
}

const long = "a_name_that_is_far_longer_than_postgresql_will_ever_take_for_an_identifier_";
const tableNames = [
  "t", "T2", "order", "select", "user", "Group", "mixedCase", "with blank", 'with"quote', "it's", "back`tick", "semi;colon", "-- dash", "1st", "dollar$", "per%cent", "back\\slash", "t_pkey", "t_id_seq", "t_a_key",
  "größe", "表", "", `${long}1`, `${long}2`, `${long.toUpperCase()}3`, "public", "pg_class", "a.b", "end]bracket", "line\nend", "_t", "int", "value", "trailing ", "q", "p", "q_pkey", "ÄRGER", "ärger",
] as const;
const columnNames = [
  "a", "b", "c", "id", "B2", "mixedCase", "select", "references", "order", "user", "default", "check", "with blank", 'with"quote', "it's", "ctid", "xmin", "tableoid", "oid", "rowid", "größe", "列", "1st", `${long}1`, `${long}2`,
  "end]bracket", "is_done", "state", "created_at", "price", "data", "uuid", "", "a b", "table", "primary", "T", "null", "true", "current_date", "x\ty", "%s", "$1", "?", ":name",
] as const;
const types = [
  "", "INT", "INTEGER", "integer", "int(11)", "BIGINT UNSIGNED", "unsigned big int", "TINYINT(1)", "INT8", "VARCHAR(20)", "NVARCHAR(10,2)", "character varying(255)", "NATIVE CHARACTER(70)", "CLOB", "TEXT", "text", "BLOB", "REAL", "DOUBLE",
  "DOUBLE PRECISION", "FLOAT", "float(10)", "NUMERIC", "NUMERIC(10,2)", "DECIMAL(10,2)", "money", "BOOLEAN", "bool", "DATE", "DATETIME", "TIMESTAMP", "timestamp with time zone", "TIME", "JSON", "JSONB", "UUID", "GUID", "STRING", "interger",
  "longvarchar", "POINT", "CHARINT", "FLOATING POINT", "ANY", '"quoted type"', "[in brackets]", "VARCHAR(+5)", "DECIMAL(-5, 1.5)", "binary varying", "enum", "SERIAL", "bit", "interval", "INT INT INT",
] as const;
const strictTypes = ["INT", "INTEGER", "REAL", "TEXT", "BLOB", "ANY"] as const;
const defaults = [
  "NULL", "null", "(NULL)", "1", "0", "-1", "+1", "- 5", "1.5", ".5", "5.", "1e3", "-1.5e-3", "0x10", "0xffffffffffffffff", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "1_000", "'text'", "''", "'it''s'", "'{}'", "'[]'", "'2020-01-01'",
  "'2020-01-01 10:00:00'", "'2020-13-45'", "'0'", "'1'", "' 7 '", "'1.50'", "'false'", "'line\nend'", "'back\\slash'", "bareword", "TRUE", "false", "CURRENT_TIMESTAMP", "CURRENT_DATE", "CURRENT_TIME", "(CURRENT_TIMESTAMP)", "(datetime('now'))",
  "(date('now'))", "(strftime('%s', 'now'))", "(strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))", "(datetime('now', '+1 day'))", "(julianday('now'))", "(unixepoch())", "(1 + 2)", "(7 / 2)", "(5 % 0)", "('a' || 'b')", "(lower('ABC'))", "(random())", "(abs(-3))",
  "(hex(randomblob(16)))", "x'00ff'", "X''", "(x'41')", "(json('{}'))", "(coalesce(NULL, 4))", "(CASE WHEN 1 THEN 'y' ELSE 'n' END)", "(-(-3))", "(~5)", "(NOT 0)", "(1 = 1)", "(length('abc'))", "(typeof(1))", "(printf('%05d', 3))", "(1.0)", "(1 /* why */ + 1)",
] as const;

/** Expressions over columns a and b, whose names are put in. */
const conditions = [
  "{a} IS NOT NULL", "{a} > 0", "{a} >= {b}", "{a} <> {b}", "{a} IN (1, 2, 3)", "{a} IN ('x', 'y')", "{a} IN ()", "{a} NOT IN (0)", "{a} BETWEEN 1 AND 10", "{a} NOT BETWEEN 'a' AND 'c'", "length({a}) > 2", "length({a}) BETWEEN 1 AND 5 OR {b} IS NULL",
  "typeof({a}) = 'integer'", "typeof({a}) IN ('text', 'null')", "{a} LIKE 'a%'", "{a} NOT LIKE '%\\_%' ESCAPE '\\'", "{a} GLOB '[a-z]*'", "{a} = lower({a})", "{a} = 'x' COLLATE NOCASE", "json_valid({a})", "{a} IS NULL OR json_valid({a}) = 1",
  "CASE WHEN {a} > 0 THEN {b} ELSE 1 END", "coalesce({a}, 0) >= 0", "date({a}) IS NOT NULL", "{a} = datetime({a})", "{a} IS date({a})", "{a} % 2 = 0", "{a} / 2 > 1", "{a} & 1", "{a}", "NOT {a}", "{a} IS {b}", "{a} IS NOT 'x'", "{a} || 'x' <> 'yx'", "1", "0 = 0", "NULL",
  "{a} = 'x' AND ({b} = 1 OR {b} = 2)", "{a} == 1", "{a} != {b}", "substr({a}, 1, 1) = 'x'", "instr({a}, 'x') > 0", "abs({a}) < 100", "round({a}, 2) = {a}", "{a} ->> '$.x' = 'y'", "json_extract({a}, '$.x') > 0", "({a}, {b}) > (1, 2)", "{a} IS TRUE", "{a} IS NOT FALSE",
  "{a} = x'41'", "{a} > 1.5", "{a} = '5'", "{a} < '2020-01-01'", "{a} NOTNULL", "{a} ISNULL", "max({a}, {b}) < 10", "min({a}, 5) < 3", "CAST({a} AS TEXT) = '1'", "CAST({a} AS INTEGER) = {a}", "{a} -- a comment\n > 0", "trim({a}) <> ''", "iif({a}, 1, 0)", "{a} << 2 > 8",
  "likely({a} > 1)", "{a} IS DISTINCT FROM {b}", "ifnull({a}, '') = ''", "hex({a}) = ''", "+{a} > 0", "-{a} < 0", "{a} COLLATE NOCASE < {b}", "{a} COLLATE RTRIM = 'x'", "nullif({a}, {b}) = 1", "sign({a}) = 1", "unicode({a}) > 64", "{a} LIKE {b}",
] as const;
const values = [
  "{a} + 1", "{a} + {b}", "{a} * {b} - 2", "{a} || {b}", "{a} || '-' || {b}", "lower({a})", "upper({a})", "length({a})", "abs({a})", "coalesce({a}, {b}, 0)", "ifnull({a}, '')", "substr({a}, 1, 3)", "substr({a}, -2)", "{a} IS NULL", "{a} > {b}", "NOT {a}", "CASE WHEN {a} > 0 THEN 'p' ELSE 'n' END",
  "json_extract({a}, '$.x')", "{a} ->> 'x'", "{a} -> '$.x'", "{a} / {b}", "{a} % 3", "round({a}, 1)", "CAST({a} AS INTEGER)", "CAST({a} AS TEXT)", "CAST({a} AS REAL)", "date({a})", "strftime('%Y', {a})", "julianday({a})", "trim({a})", "replace({a}, 'x', 'y')", "instr({a}, 'x')", "typeof({a})",
  "hex({a})", "{a} & 7", "~{a}", "-{a}", "+{a}", "1", "'x'", "NULL", "max({a}, {b})", "printf('%d', {a})", "{a} COLLATE NOCASE", "nullif({a}, 0)", "iif({a}, {b}, 0)", "{a} IN (1, 2)", "{a} LIKE 'x%'", "{a} BETWEEN 1 AND 2", "unicode({a})", "quote({a})", "json_array_length({a})", "({a})",
] as const;
const actions = ["CASCADE", "SET NULL", "SET DEFAULT", "RESTRICT", "NO ACTION"] as const;
const conflicts = ["", "", "", "", " ON CONFLICT IGNORE", " ON CONFLICT REPLACE", " ON CONFLICT ABORT", " ON CONFLICT FAIL", " ON CONFLICT ROLLBACK"] as const;
const collations = ["NOCASE", "RTRIM", "BINARY", "nocase"] as const;

const view = [
  "SELECT * FROM {t}", "SELECT {a}, {b} AS \"x y\" FROM {t} WHERE {condition}", "SELECT {a} AS n FROM {t} ORDER BY {a} DESC LIMIT 3", "SELECT count(*) AS n, max({a}) AS m FROM {t}", "SELECT {a}, count(*) AS n FROM {t} GROUP BY {a} HAVING count(*) > 1",
  "SELECT {value} AS v FROM {t}", "SELECT x.{a} AS one, y.{a} AS two FROM {t} AS x JOIN {t} AS y ON x.{a} = y.{a}", "SELECT {a} AS v FROM {t} UNION SELECT {b} FROM {t}", "WITH c AS (SELECT {a} AS v FROM {t}) SELECT v FROM c WHERE v IS NOT NULL",
  "SELECT DISTINCT {a} AS v FROM {t}", "SELECT {a} AS v, row_number() OVER (ORDER BY {a}) AS n FROM {t}", "SELECT {a} AS v FROM {t} WHERE {a} IN (SELECT {b} FROM {t})",
  "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5) SELECT i FROM n", "SELECT sum({a}) OVER (PARTITION BY {b} ORDER BY {a} ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS s FROM {t}",
  "SELECT group_concat({a}, ',') AS g FROM {t}", "SELECT {a} AS v FROM {t} EXCEPT SELECT {b} FROM {t}", "VALUES (1, 'x')", "SELECT {a}, {value} FROM {t}",
] as const;

/** A number that chooses, so that shrinking goes to the first of a list. */
const dice = fc.nat(9999);
const any = <T>(list: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...list);
const maybe = <T>(arbitrary: fc.Arbitrary<T>, often = 2): fc.Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined, freq: often });

const columnShape = fc.record({
  name: any(columnNames),
  type: any(types),
  strictType: any(strictTypes),
  notNull: fc.boolean(),
  default: maybe(any(defaults)),
  collation: maybe(any(collations), 5),
  check: maybe(any(conditions), 3),
  unique: maybe(any(conflicts), 5),
  references: maybe(fc.nat(9), 4),
  generated: maybe(fc.record({ expression: any(values), form: any(["STORED", "VIRTUAL", ""]) }), 5),
  named: fc.boolean(),
  quote: fc.nat(3),
  dice,
});

const tableShape = fc.record({
  name: any(tableNames),
  columns: fc.array(columnShape, { minLength: 1, maxLength: 6 }),
  kind: any(["rowid", "rowid", "rowid", "without", "strict", "strict without"]),
  key: any(["none", "integer", "integer", "autoincrement", "desc", "column", "composite", "composite collated"]),
  checks: fc.array(fc.record({ text: any(conditions), named: fc.boolean(), dice }), { maxLength: 2 }),
  uniques: fc.array(fc.record({ named: fc.boolean(), columns: fc.array(dice, { minLength: 1, maxLength: 3 }), conflict: any(conflicts), collation: maybe(any(collations), 5) }), { maxLength: 2 }),
  foreignKeys: fc.array(fc.record({ columns: fc.array(dice, { minLength: 1, maxLength: 2 }), parent: fc.nat(9), implicit: fc.boolean(), to: dice, onDelete: maybe(any(actions)), onUpdate: maybe(any(actions)), deferred: any(["", " DEFERRABLE INITIALLY DEFERRED", " NOT DEFERRABLE", " DEFERRABLE INITIALLY IMMEDIATE", " NOT DEFERRABLE INITIALLY DEFERRED", " MATCH FULL"]), named: fc.boolean() }), { maxLength: 2 }),
  quote: fc.nat(3),
});

const indexShape = fc.record({
  table: fc.nat(9),
  name: any([...tableNames, "i", "i1", "i2", "i3", "t_a_idx", "t_pkey1", `${long}1`]),
  unique: fc.boolean(),
  keys: fc.array(fc.record({ expression: maybe(any(values), 3), dice, descending: any(["", "", " ASC", " DESC"]), collation: maybe(any(collations), 5) }), { minLength: 1, maxLength: 3 }),
  where: maybe(any(conditions), 3),
  dice,
});

const viewShape = fc.record({ table: fc.nat(9), name: any([...tableNames, "v", "v1", "v2", "v3"]), text: any(view), condition: any(conditions), value: any(values), dice, columns: fc.boolean() });

const rowShape = fc.record({ table: fc.nat(9), values: fc.array(any(["NULL", "0", "1", "-3", "2.5", "'x'", "'2020-01-01'", "'2020-01-01 10:00:00'", "'{}'", "x'00'", "9007199254740993", "''", "'X'"]), { minLength: 6, maxLength: 6 }) });

type TableShape = typeof tableShape extends fc.Arbitrary<infer T> ? T : never;
type ColumnShape = TableShape["columns"][number];

/** Random schemas of up to four tables. */
export const randomSchema: fc.Arbitrary<RandomSchema> = fc
  .record({
    tables: fc.uniqueArray(tableShape, { minLength: 1, maxLength: 4, selector: ({ name }) => folded(name) }),
    indexes: fc.array(indexShape, { maxLength: 4 }),
    views: fc.array(viewShape, { maxLength: 3 }),
    rows: maybe(fc.array(rowShape, { minLength: 5, maxLength: 15 }), 1),
  })
  .map(({ tables: drawn, indexes, views, rows }) => {
    const tables = drawn.map((table) => ({ ...table, columns: distinct(table.columns) }));
    const of = (place: number): (typeof tables)[number] | undefined => tables[place % tables.length];
    return {
      tables: tables.map((table) => createTable(table, tables)),
      others: [
        ...indexes.flatMap((index) => {
          const table = of(index.table);
          if (table === undefined) return [];
          const keys = index.keys.map((key) => {
            const column = quoted(pick(table.columns, key.dice)?.name ?? "", key.dice % 3);
            return `${key.expression === undefined ? column : filled(key.expression, table.columns, key.dice)}${key.collation === undefined ? "" : ` COLLATE ${key.collation}`}${key.descending}`;
          });
          return [`CREATE ${index.unique ? "UNIQUE " : ""}INDEX ${quoted(index.name, 0)} ON ${quoted(table.name, 0)} (${keys.join(", ")})${index.where === undefined ? "" : ` WHERE ${filled(index.where, table.columns, index.dice)}`}`];
        }),
        ...views.flatMap((each) => {
          const table = of(each.table);
          if (table === undefined) return [];
          const text = each.text.replaceAll("{t}", () => quoted(table.name, 0)).replaceAll("{condition}", () => each.condition).replaceAll("{value}", () => each.value);
          return [`CREATE VIEW ${quoted(each.name, 0)} AS ${filled(text, table.columns, each.dice)}`];
        }),
      ],
      rows: (rows ?? []).flatMap((row) => {
        const table = of(row.table);
        const columns = table?.columns.filter((column) => column.generated === undefined) ?? [];
        return table === undefined || columns.length === 0 ? [] : [`INSERT OR IGNORE INTO ${quoted(table.name, 0)} (${columns.map((column) => quoted(column.name, 0)).join(", ")}) VALUES (${columns.map((_, i) => row.values[i] ?? "NULL").join(", ")})`];
      }),
    };
  });

function createTable(table: TableShape, tables: readonly TableShape[]): RandomTable {
  const strict = table.kind.startsWith("strict");
  const without = table.kind.endsWith("without");
  const lines: string[] = [];
  let checks = 0;
  let defaultsCount = 0;
  let generated = 0;
  let foreignKeys = 0;
  const constraint = (named: boolean, name: string): string => (named ? `CONSTRAINT ${quoted(name, 0)} ` : "");
  table.columns.forEach((column, place) => {
    const isKey = place === 0 && ["integer", "autoincrement", "desc", "column"].includes(table.key);
    const numbered = isKey && table.key !== "column";
    let line = `${quoted(column.name, column.quote)} ${numbered ? "INTEGER" : strict ? column.strictType : column.type}`;
    if (isKey) line += ` PRIMARY KEY${table.key === "desc" ? " DESC" : ""}${table.key === "autoincrement" && !without ? " AUTOINCREMENT" : ""}`;
    const isGenerated = column.generated !== undefined && !isKey && place > 0;
    if (isGenerated && column.generated !== undefined) {
      line += ` ${column.dice % 2 === 0 ? "GENERATED ALWAYS " : ""}AS (${filled(column.generated.expression, table.columns.slice(0, place), column.dice)}) ${column.generated.form}`;
      generated++;
    } else if (column.default !== undefined) {
      line += ` DEFAULT ${column.default}`;
      defaultsCount++;
    }
    if (column.notNull) line += " NOT NULL";
    if (column.collation !== undefined) line += ` COLLATE ${column.collation}`;
    if (column.unique !== undefined) line += ` ${constraint(column.named, "u")}UNIQUE${column.unique}`;
    if (column.check !== undefined) {
      line += ` ${constraint(column.named, "chk")}CHECK (${filled(column.check, table.columns, column.dice, column.name)})`;
      checks++;
    }
    if (column.references !== undefined) {
      const parent = tables[column.references % tables.length];
      const key = pick(parent?.columns ?? [], column.dice);
      line += ` REFERENCES ${quoted(parent?.name ?? "", 0)}${column.dice % 2 === 0 || key === undefined ? "" : ` (${quoted(key.name, 0)})`}${column.dice % 5 === 0 ? " ON DELETE CASCADE" : ""}${column.dice % 7 === 0 ? " DEFERRABLE INITIALLY DEFERRED" : ""}`;
      foreignKeys++;
    }
    lines.push(line);
  });
  const names = (picks: readonly number[]): string[] => [...new Set(picks.map((each) => pick(table.columns, each)?.name ?? ""))];
  if (table.key.startsWith("composite")) {
    lines.push(`PRIMARY KEY (${names([0, 1]).map((name) => `${quoted(name, 0)}${table.key === "composite" ? "" : " COLLATE NOCASE"}`).join(", ")})`);
  } else if (without && table.key === "none") lines.push(`PRIMARY KEY (${names([0]).map((name) => quoted(name, 0)).join(", ")})`);
  for (const unique of table.uniques) {
    lines.push(`${constraint(unique.named, "uq")}UNIQUE (${names(unique.columns).map((name) => `${quoted(name, 0)}${unique.collation === undefined ? "" : ` COLLATE ${unique.collation}`}`).join(", ")})${unique.conflict}`);
  }
  for (const check of table.checks) {
    lines.push(`${constraint(check.named, "chk")}CHECK (${filled(check.text, table.columns, check.dice)})`);
    checks++;
  }
  for (const key of table.foreignKeys) {
    const own = names(key.columns);
    const parent = tables[key.parent % tables.length];
    const theirs = own.map((_, i) => pick(parent?.columns ?? [], key.to + i)?.name ?? "");
    lines.push(`${constraint(key.named, "fk")}FOREIGN KEY (${own.map((name) => quoted(name, 0)).join(", ")}) REFERENCES ${quoted(parent?.name ?? "", 0)}${key.implicit ? "" : ` (${theirs.map((name) => quoted(name, 0)).join(", ")})`}${key.onDelete === undefined ? "" : ` ON DELETE ${key.onDelete}`}${key.onUpdate === undefined ? "" : ` ON UPDATE ${key.onUpdate}`}${key.deferred}`);
    foreignKeys++;
  }
  const options = [...(strict ? ["STRICT"] : []), ...(without ? ["WITHOUT ROWID"] : [])].join(", ");
  return {
    name: table.name,
    sql: `CREATE TABLE ${quoted(table.name, table.quote)} (\n  ${lines.join(",\n  ")}\n) ${options}`,
    columns: table.columns.length,
    checks,
    defaults: defaultsCount,
    generated,
    foreignKeys,
  };
}

function pick<T>(list: readonly T[], at: number): T | undefined {
  return list[at % Math.max(list.length, 1)];
}

/** An expression with two of the columns in place of its {a} and {b}. */
function filled(text: string, columns: readonly ColumnShape[], at: number, first?: string): string {
  const a = quoted(first ?? pick(columns, at)?.name ?? "", 0);
  const b = quoted(pick(columns, Math.floor(at / 7))?.name ?? "", 0);
  return text.replaceAll("{a}", () => a).replaceAll("{b}", () => b);
}

/** A name in one of SQLite's ways of quoting. */
function quoted(name: string, style: number): string {
  if (style === 1 && !name.includes("]") && name !== "") return `[${name}]`;
  if (style === 2) return `\`${name.replaceAll("`", "``")}\``;
  return `"${name.replaceAll('"', '""')}"`;
}

function distinct(columns: readonly ColumnShape[]): ColumnShape[] {
  return columns.filter((column, place) => columns.findIndex((other) => folded(other.name) === folded(column.name)) === place);
}

function folded(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
