import type { Database } from "better-sqlite3";
import { affinityOf } from "#core/schema/affinity.ts";
import type {
  Catalog, Column, ForeignKey, ForeignKeyAction, Index, IndexKey, InternalTable, PrimaryKey, Table, Trigger, UniqueConstraint, View, VirtualTable,
} from "#core/schema/catalog.ts";
import { foldName } from "#core/schema/decision.ts";
import { readTableSql, uniqueKey } from "#core/schema/read-table-sql.ts";
import { virtualForm } from "#core/schema/virtual-form.ts";
import { withParents } from "#core/schema/with-parents.ts";
import { parseStatement } from "#core/sql/parse.ts";
import type { Source } from "./open-source.ts";
import { sourceProblem } from "./open-source.ts";
import { numberOf, queryRows, sqliteIdentifier, textOf } from "./rows.ts";

/**
 * Reads every object of a database's main schema into the neutral model. What PRAGMAs tell is taken from them; CHECKs,
 * constraint names, generated expressions, index expressions and predicates come from the stored text.
 * @throws CutoverError when the file cannot be read (damaged, locked meanwhile).
 * @see https://www.sqlite.org/pragma.html#pragma_table_list
 */
export function introspect(source: Source): Catalog {
  try {
    return readCatalog(source);
  } catch (cause) {
    if (cause instanceof Error && "code" in cause) throw sourceProblem(source.name, cause);
    throw cause;
  }
}

interface Listed {
  readonly type: string;
  readonly withoutRowid: boolean;
  readonly strict: boolean;
}

function readCatalog({ kind, name, db, unloaded }: Source): Catalog {
  const listed = new Map<string, Listed>(
    queryRows(db, "SELECT name, type, wr, strict FROM pragma_table_list WHERE schema = 'main'").map((row) => [
      textOf(row[0]),
      { type: textOf(row[1]), withoutRowid: numberOf(row[2]) === 1, strict: numberOf(row[3]) === 1 },
    ]),
  );
  const master = queryRows(db, "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY rowid").map((row) => ({
    type: textOf(row[0]),
    name: textOf(row[1]),
    table: textOf(row[2]),
    sql: row[3] === null ? undefined : textOf(row[3]),
  }));

  const virtualTables: VirtualTable[] = [...unloaded];
  const internalTables: InternalTable[] = [];
  const plain: { readonly name: string; readonly sql: string; readonly listed: Listed }[] = [];
  for (const entry of master) {
    if (entry.type !== "table") continue;
    const found = listed.get(entry.name);
    // The module's name stands in the text, also where this SQLite lacks the module and lists the table as a plain one.
    const module = virtualModule(entry.sql);
    if (module !== undefined) virtualTables.push({ name: entry.name, module, sql: entry.sql ?? "" });
    else if (/^sqlite_/i.test(entry.name)) internalTables.push({ name: entry.name, owner: "sqlite" });
    else if (found?.type === "shadow") internalTables.push({ name: entry.name, owner: "" });
    else plain.push({ name: entry.name, sql: entry.sql ?? "", listed: found ?? { type: "table", withoutRowid: false, strict: false } });
  }

  const tables = [...plain.map((entry) => readTable(db, entry.name, entry.sql, entry.listed)), ...virtualTables.flatMap((virtual) => readVirtual(db, virtual) ?? [])];
  const owners = [...virtualTables].sort((a, b) => b.name.length - a.name.length);
  const views: View[] = [];
  const triggers: Trigger[] = [];
  const indexes: Index[] = [];
  const isTable = new Set(tables.map((table) => table.name));
  for (const { type, name: object, table, sql } of master) {
    if (sql === undefined) continue;
    if (type === "view") views.push({ name: object, columns: viewColumns(db, object), sql });
    else if (type === "trigger") triggers.push({ name: object, table, sql });
    // An index of a shadow table belongs to its virtual table's inside.
    else if (type === "index" && isTable.has(exactName(tables, table))) indexes.push(readIndex(db, object, exactName(tables, table), sql));
  }
  return {
    origin: { kind, name },
    tables: withParents(tables),
    indexes,
    views,
    triggers,
    virtualTables,
    internalTables: internalTables.map(({ name: internal, owner }) => ({
      name: internal,
      owner: owner === "" ? (owners.find((virtual) => foldName(internal).startsWith(`${foldName(virtual.name)}_`))?.name ?? "") : owner,
    })),
  };
}

/** A virtual table as the ordinary table that can take its place; undefined for one that has no such form, or whose module is not in this SQLite. */
function readVirtual(db: Database, { name, module, sql }: VirtualTable): Table | undefined {
  const { form, ...how } = virtualForm(sql, module);
  if (form !== "full-text" && form !== "rtree") return undefined;
  let found: { readonly name: string; readonly type: string }[];
  try {
    found = queryRows(db, "SELECT name, type FROM pragma_table_xinfo(?, 'main') WHERE hidden = 0", name).map((row) => ({ name: textOf(row[0]), type: textOf(row[1]) }));
    // A damaged index, or a module that this SQLite lacks, shows on the first read only.
    queryRows(db, `SELECT * FROM ${sqliteIdentifier(name)} LIMIT 1`);
  } catch (problem) {
    if (problem instanceof Error) return undefined;
    throw problem;
  }
  const column = (called: string, declaredType: string): Column => ({ name: called, declaredType, affinity: affinityOf(declaredType), notNull: false, default: undefined, collation: undefined, generated: undefined });
  // The id of a row is asked for by joins with what the texts belong to.
  const columns = form === "full-text" ? [...found.map((each) => column(each.name, "TEXT")), column("rowid", "INTEGER")] : found.map((each, place) => column(each.name, place === 0 ? "INTEGER" : each.type));
  const key = form === "full-text" ? "rowid" : found[0]?.name;
  if (key === undefined || found.length === 0) return undefined;
  const unindexed = new Set("unindexed" in how ? how.unindexed.map(foldName) : []);
  const indexed = form === "full-text" ? found.filter((each) => !unindexed.has(foldName(each.name))) : found.slice(1).filter((each) => each.type !== "");
  return {
    name,
    columns,
    primaryKey: { name: undefined, columns: [key], collations: [undefined] },
    uniques: [],
    foreignKeys: [],
    checks: [],
    withoutRowid: false,
    strict: false,
    rowidAlias: key,
    autoincrement: false,
    conflictClauses: [],
    sql,
    virtual: { kind: form, columns: indexed.map((each) => each.name) },
  };
}

function viewColumns(db: Database, name: string): string[] | undefined {
  try {
    return queryRows(db, "SELECT name FROM pragma_table_info(?, 'main')", name).map((row) => textOf(row[0]));
  } catch (problem) {
    if (problem instanceof Error) return undefined; // a table, a column or a function is missing
    throw problem;
  }
}

function virtualModule(sql: string | undefined): string | undefined {
  if (sql === undefined || !/^\s*CREATE\s+VIRTUAL\b/i.test(sql)) return undefined;
  const statement = parseStatement(sql);
  return statement.kind === "CreateVirtualTableStatement" && statement.module.kind === "Identifier" ? statement.module.value : "";
}

/** The table's name as it was created; SQLite lets others refer to it in any case. */
function exactName(tables: readonly { readonly name: string }[], name: string): string {
  return tables.find((table) => foldName(table.name) === foldName(name))?.name ?? name;
}

function readTable(db: Database, name: string, sql: string, listed: Listed): Table {
  const text = readTableSql(sql);
  const columns: Column[] = [];
  const keyed: { readonly column: string; readonly place: number }[] = [];
  // table_xinfo: cid, name, type, notnull, dflt_value, pk, hidden (2 virtual, 3 stored generated)
  for (const row of queryRows(db, "SELECT name, type, \"notnull\", dflt_value, pk, hidden FROM pragma_table_xinfo(?, 'main')", name)) {
    const column = textOf(row[0]);
    const hidden = numberOf(row[5]);
    const declaredType = declared(textOf(row[1]), hidden);
    columns.push({
      name: column,
      declaredType,
      affinity: affinityOf(declaredType, listed.strict),
      notNull: numberOf(row[2]) === 1,
      default: row[3] === null ? undefined : textOf(row[3]),
      collation: binaryIsDefault(text.collations.get(foldName(column))),
      generated: hidden === 2 || hidden === 3 ? { expression: text.generated.get(foldName(column)) ?? "", stored: hidden === 3 } : undefined,
    });
    if (numberOf(row[4]) > 0) keyed.push({ column, place: numberOf(row[4]) });
  }
  keyed.sort((a, b) => a.place - b.place);

  const uniques: UniqueConstraint[] = [];
  let keyIndex: string | undefined;
  // index_list gives the newest first; constraints are wanted in the order of the text.
  for (const row of queryRows(db, "SELECT name, origin FROM pragma_index_list(?, 'main') ORDER BY seq DESC", name)) {
    const origin = textOf(row[1]);
    if (origin === "pk") keyIndex = textOf(row[0]);
    if (origin !== "u") continue;
    const keys = constraintKeys(db, textOf(row[0]));
    uniques.push({
      name: text.uniqueNames.get(uniqueKey(keys.map((key) => key.column))),
      columns: keys.map((key) => key.column),
      collations: keys.map((key) => key.collation),
    });
  }
  const first = keyed[0];
  // INTEGER PRIMARY KEY is the rowid and so has no index of its own; `INTEGER PRIMARY KEY DESC` has one and is an ordinary key.
  const rowidAlias =
    keyed.length === 1 && first !== undefined && keyIndex === undefined && !listed.withoutRowid &&
    columns.some((column) => column.name === first.column && /^integer$/i.test(column.declaredType))
      ? first.column
      : undefined;
  return {
    name,
    columns,
    primaryKey: keyed.length === 0 ? undefined : readPrimaryKey(db, text.primaryKeyName, keyed.map((key) => key.column), keyIndex),
    uniques,
    foreignKeys: readForeignKeys(db, name, text.foreignKeys),
    checks: text.checks,
    withoutRowid: listed.withoutRowid,
    strict: listed.strict,
    rowidAlias,
    autoincrement: text.autoincrement,
    conflictClauses: text.conflictClauses,
    sql,
  };
}

/** A generated column's type comes with the words GENERATED ALWAYS, which belong to the constraint. */
function declared(type: string, hidden: number): string {
  return hidden === 2 || hidden === 3 ? type.replace(/\s*GENERATED\s+ALWAYS\s*$/i, "") : type;
}

function binaryIsDefault(collation: string | undefined): string | undefined {
  return collation === undefined || /^binary$/i.test(collation) ? undefined : collation;
}

function readPrimaryKey(db: Database, name: string | undefined, columns: readonly string[], index: string | undefined): PrimaryKey {
  const keys = index === undefined ? [] : constraintKeys(db, index);
  return {
    name,
    columns,
    collations: columns.map((column) => keys.find((key) => key.column === column)?.collation),
  };
}

function constraintKeys(db: Database, index: string): { readonly column: string; readonly collation: string | undefined }[] {
  return queryRows(db, "SELECT name, coll FROM pragma_index_xinfo(?, 'main') WHERE key = 1 ORDER BY seqno", index).map((row) => ({
    column: textOf(row[0]),
    collation: binaryIsDefault(textOf(row[1])),
  }));
}

const actions: readonly ForeignKeyAction[] = ["NO ACTION", "RESTRICT", "SET NULL", "SET DEFAULT", "CASCADE"];

function actionOf(text: string): ForeignKeyAction {
  return actions.find((action) => action === text.toUpperCase()) ?? "NO ACTION";
}

function readForeignKeys(db: Database, table: string, text: readonly { readonly name: string | undefined; readonly deferred: boolean }[]): ForeignKey[] {
  const keys = new Map<number, ForeignKey>();
  for (const row of queryRows(
    db,
    "SELECT id, \"table\", \"from\", \"to\", on_update, on_delete FROM pragma_foreign_key_list(?, 'main') ORDER BY id DESC, seq",
    table,
  )) {
    const id = numberOf(row[0]);
    const before = keys.get(id);
    // The list counts from the last one declared; `keys.size` is this one's place in the text.
    const said = text[keys.size];
    const columns = [...(before?.columns ?? []), textOf(row[2])];
    const parentColumns = [...(before?.parentColumns ?? []), ...(row[3] === null ? [] : [textOf(row[3])])];
    keys.set(
      id,
      before === undefined
        ? {
            name: said?.name,
            columns,
            parent: textOf(row[1]),
            parentColumns,
            onUpdate: actionOf(textOf(row[4])),
            onDelete: actionOf(textOf(row[5])),
            deferred: said?.deferred ?? false,
          }
        : { ...before, columns, parentColumns },
    );
  }
  return [...keys.values()];
}

function readIndex(db: Database, name: string, table: string, sql: string): Index {
  const statement = parseStatement(sql);
  if (statement.kind !== "CreateIndexStatement" || statement.problem !== undefined) {
    throw new Error(`the text of index ${name} is not understood: ${sql}`);
  }
  const keys = queryRows(db, "SELECT cid, name, \"desc\", coll FROM pragma_index_xinfo(?, 'main') WHERE key = 1 ORDER BY seqno", name).map(
    (row, place): IndexKey => {
      const term = statement.terms[place];
      const expression = term?.expression.kind === "CollateExpression" ? term.expression.operand : term?.expression;
      const isColumn = numberOf(row[0]) >= 0;
      return {
        kind: isColumn ? "column" : "expression",
        text: isColumn ? textOf(row[1]) : expression === undefined ? "" : sql.slice(expression.span.start, expression.span.end),
        descending: numberOf(row[2]) === 1,
        collation: binaryIsDefault(textOf(row[3])),
      };
    },
  );
  const where = statement.where?.condition;
  return {
    name,
    table,
    unique: statement.uniqueSpan !== undefined,
    keys,
    where: where === undefined ? undefined : sql.slice(where.span.start, where.span.end),
    sql,
  };
}
