import { parseExpression } from "#core/sql/parse.ts";
import { nodesOfKind } from "#core/sql/walk.ts";
import { postgresIdentifier, postgresQualified } from "#core/sql/postgres-identifier.ts";
import type { Catalog, Column, ForeignKey, Index, IndexKey, Table, VirtualTable } from "./catalog.ts";
import { columnDefault } from "./column-default.ts";
import { scopeColumn, tableContext, type DdlContext } from "./column-scope.ts";
import { inCollation } from "./comparison.ts";
import { columnKey, foldName, type Decision, type PostgresType } from "./decision.ts";
import { partitionPlan } from "./partition-plan.ts";
import { planTriggers } from "./plan-triggers.ts";
import { planViews } from "./plan-views.ts";
import type { Plan, PlannedObject, PlanOptions, ReportedObject } from "./plan.ts";
import { sourceKey } from "./source-objects.ts";
import type { MakeTranslator, StatementTranslator } from "./statement-translator.ts";
import { tableOrder } from "./table-order.ts";
import { nameAllocator, targetColumn, targetNames, targetRelation, type NameAllocator } from "./target-names.ts";
import { translateAs, translateCondition, translateExpression } from "./translate-expression.ts";
import { fullTextRemark, searchColumn, searchVector, virtualForm } from "./virtual-form.ts";
import { level, refuse, Untranslatable, value, type Value } from "./translated-value.ts";

/** Everything that the planning of one catalog shares; filled in place while it lasts. */
interface Planning {
  readonly catalog: Catalog;
  readonly ddl: DdlContext;
  readonly options: PlanOptions;
  readonly translate: StatementTranslator;
  readonly relations: NameAllocator;
  /** Names of constraints by table. */
  readonly constraints: Map<string, NameAllocator>;
  readonly objects: PlannedObject[];
  readonly reported: ReportedObject[];
}

/**
 * Makes the DDL of a whole catalog: tables with their columns and CHECKs before the rows; keys, indexes, foreign keys,
 * views and triggers after them. Every object of the source ends up in `objects` or in `reported` (`accountFor` counts).
 * `statements` translates what triggers and views say: the engine's `statementTranslator`.
 */
export function makePlan(catalog: Catalog, decisions: ReadonlyMap<string, Decision>, options: PlanOptions, statements: MakeTranslator): Plan {
  const { names, relations } = targetNames(catalog);
  const planning: Planning = {
    catalog,
    ddl: { names, decisions, collation: options.collation ?? "C", profiles: options.profiles },
    options,
    translate: statements({ catalog, decisions, names }),
    relations,
    constraints: new Map(catalog.tables.map((table) => [table.name, nameAllocator()])),
    objects: [],
    reported: [],
  };
  if (options.createSchema ?? options.schema !== "public") {
    planning.objects.push({ section: "pre-data", kind: "schema", name: options.schema, table: undefined, sql: `CREATE SCHEMA IF NOT EXISTS ${postgresIdentifier(options.schema)}`, sources: [] });
  }
  // Indexes have names of their own, which go before those we make up for constraints.
  const indexNames = new Map(catalog.indexes.map((index) => [index.name, relations.take(index.name)]));
  const order = tableOrder(catalog.tables);
  const tables = order.flatMap((name) => catalog.tables.filter((table) => table.name === name));
  const sequences = new Map(tables.map((table) => [table.name, sequenceClause(planning, table)]));
  for (const table of tables) planTable(planning, table, sequences.get(table.name));
  for (const table of tables) planKeys(planning, table);
  for (const index of catalog.indexes) planIndex(planning, index, indexNames.get(index.name) ?? index.name);
  for (const table of tables) table.foreignKeys.forEach((key, place) => { planForeignKey(planning, table, key, place); });
  const prefix = options.qualified === false ? "" : `${postgresIdentifier(options.schema)}.`;
  planViews({ catalog, ddl: planning.ddl, qualified: (name) => qualifiedName(planning, name), translate: planning.translate, prefix, objects: planning.objects, reported: planning.reported });
  planTriggers({ catalog, ddl: planning.ddl, translate: planning.translate, prefix, objects: planning.objects, reported: planning.reported });
  for (const virtual of catalog.virtualTables) planVirtual(planning, virtual);
  for (const internal of catalog.internalTables) {
    const reason = internal.owner === "sqlite" ? "SQLite's own bookkeeping" : `holds the inside of the virtual table ${internal.owner}`;
    leaveOut(planning, "internal-table", internal.name, undefined, sourceKey("internal-table", internal.name), reason);
  }
  return partitionPlan({ catalog, decisions, schema: options.schema, options, names, objects: planning.objects, reported: planning.reported, tableOrder: order });
}

function leaveOut(planning: Planning, kind: ReportedObject["kind"], name: string, table: string | undefined, source: string, reason: string): void {
  planning.reported.push({ kind, name, table, outcome: "left-out", reason, source });
}

function remark(planning: Planning, kind: ReportedObject["kind"], name: string, table: string | undefined, source: string, reason: string): void {
  planning.reported.push({ kind, name, table, outcome: "changed", reason, source });
}

function isLeftOut(planning: Planning, source: string): boolean {
  return planning.reported.some((each) => each.source === source && each.outcome === "left-out");
}

function typeOf(planning: Planning, table: string, column: string): PostgresType {
  return planning.ddl.decisions.get(columnKey(table, column))?.type ?? "text";
}

function relationName(planning: Planning, table: string): string {
  return qualifiedName(planning, targetRelation(planning.ddl.names, table));
}

function qualifiedName(planning: Planning, name: string): string {
  return planning.options.qualified === false ? postgresIdentifier(name) : postgresQualified(planning.options.schema, name);
}

function columnNames(planning: Planning, table: string, columns: readonly string[]): string {
  return columns.map((column) => postgresIdentifier(targetColumn(planning.ddl.names, table, column))).join(", ");
}

function constraintName(planning: Planning, table: Table, wanted: string): string {
  return planning.constraints.get(table.name)?.take(wanted) ?? wanted;
}

// --- tables ------------------------------------------------------------------------------------------

/** How the table's rowid alias generates its values; also keeps the sequence's name from others. */
function sequenceClause(planning: Planning, table: Table): { readonly type: string; readonly clause: string } | undefined {
  const decision = table.rowidAlias === undefined ? undefined : planning.ddl.decisions.get(columnKey(table.name, table.rowidAlias));
  if (decision === undefined || decision.keyStyle === "none") return undefined;
  // The name that PostgreSQL gives to the sequence of a serial column.
  const implied = `${targetRelation(planning.ddl.names, table.name)}_${targetColumn(planning.ddl.names, table.name, decision.column)}_seq`;
  const name = planning.relations.take(implied);
  if (decision.keyStyle === "bigserial" && name === implied) return { type: decision.type === "integer" ? "serial" : "bigserial", clause: "" };
  const named = name === implied ? "" : ` (SEQUENCE NAME ${qualifiedName(planning, name)})`;
  return { type: decision.type, clause: ` GENERATED BY DEFAULT AS IDENTITY${named}` };
}

function planTable(planning: Planning, table: Table, sequence: { readonly type: string; readonly clause: string } | undefined): void {
  const key = table.virtual === undefined ? sourceKey("table", table.name) : sourceKey("virtual-table", table.name);
  const sources = [key];
  const name = targetRelation(planning.ddl.names, table.name);
  if (name !== table.name) remark(planning, table.virtual === undefined ? "table" : "virtual-table", table.name, undefined, key, `is called ${name} in PostgreSQL, which does not take the name as it is`);
  for (const clause of table.conflictClauses) {
    remark(planning, "table", table.name, undefined, sourceKey("table", table.name), `${clause}: PostgreSQL has no such clause, a violation is an error there unless the statement says ON CONFLICT`);
  }
  const lines: string[] = [];
  for (const column of table.columns) {
    const decision = planning.ddl.decisions.get(columnKey(table.name, column));
    const type = decision?.type ?? "text";
    const target = targetColumn(planning.ddl.names, table.name, column.name);
    const shown = `${table.name}.${column.name}`;
    if (table.virtual === undefined) sources.push(sourceKey("column", table.name, column.name));
    if (target !== column.name) remark(planning, "column", shown, table.name, table.virtual === undefined ? sourceKey("column", table.name, column.name) : key, `is called ${target} in PostgreSQL, which does not take the name as it is`);
    const isSequence = sequence !== undefined && column.name === table.rowidAlias;
    let line = `${postgresIdentifier(target)} ${isSequence ? sequence.type : decision?.length === undefined ? type : `varchar(${decision.length})`}`;
    if (decision?.collation !== undefined && type === "text") line += ` COLLATE ${postgresIdentifier(decision.collation)}`;
    if (isSequence) line += sequence.clause;

    const defaultKey = sourceKey("default", table.name, column.name);
    if (column.default !== undefined) {
      const translated = isSequence ? { reason: "the column is numbered by its sequence" } : columnDefault(column, column.default, type);
      if ("reason" in translated) leaveOut(planning, "default", shown, table.name, defaultKey, translated.reason);
      else {
        line += ` DEFAULT ${translated.sql}`;
        sources.push(defaultKey);
        for (const note of translated.notes) remark(planning, "default", shown, table.name, defaultKey, note);
      }
    }
    if (column.generated !== undefined) line += generatedClause(planning, table, column.name, sources);
    if (column.notNull && !(isSequence && sequence.type.endsWith("serial")) && !isUnreadable(planning.options.profiles, table, column)) line += " NOT NULL";
    lines.push(line);
  }
  table.checks.forEach((check, place) => {
    const key = sourceKey("check", table.name, place);
    const notes: string[] = [];
    const shown = `${table.name}: ${check.name ?? check.expression}`;
    const translated = translateCondition(parseExpression(check.expression), tableContext(planning.ddl, table, false, notes));
    if ("reason" in translated) {
      leaveOut(planning, "check", shown, table.name, key, `CHECK (${oneLine(check.expression)}): ${translated.reason}`);
      return;
    }
    const named = check.name === undefined ? "" : `CONSTRAINT ${postgresIdentifier(constraintName(planning, table, check.name))} `;
    lines.push(`${named}CHECK (${translated.sql})`);
    sources.push(key);
    for (const note of notes) remark(planning, "check", shown, table.name, key, note);
  });
  if (table.virtual?.kind === "full-text") lines.push(`${searchColumn} tsvector GENERATED ALWAYS AS (${searchVector(table.virtual.columns.map((column) => columnNames(planning, table.name, [column])))}) STORED`);
  const body = lines.length === 0 ? "()" : `(\n    ${lines.join(",\n    ")}\n)`;
  planning.objects.push({ section: "pre-data", kind: "table", name, table: undefined, sql: `CREATE TABLE ${relationName(planning, table.name)} ${body}`, lines, sources });
}

/** A generated column whose values the profile could not read, because they come from a function of the application's. */
export function isUnreadable(profiles: PlanOptions["profiles"], table: Table, column: Column): boolean {
  return column.generated !== undefined && profiles !== undefined && !profiles.has(columnKey(table.name, column));
}

/**
 * A generated column is STORED in PostgreSQL, but for a virtual one from 18 on that nothing needs the value of.
 * PostgreSQL does not let one refer to another, so that the other's expression is put in its place.
 */
function generatedClause(planning: Planning, table: Table, column: string, sources: string[]): string {
  const key = sourceKey("generated-column", table.name, column);
  const shown = `${table.name}.${column}`;
  const notes: string[] = [];
  const open: string[] = [];
  const translateColumn = (name: string): { readonly sql: string } | { readonly reason: string } => {
    const own = table.columns.find((each) => each.name === name);
    const generated = own?.generated;
    if (own === undefined || generated === undefined) return { reason: `${name} is not generated` };
    // SQLite makes numbers of texts that look like some, row by row, as the declared type's affinity has it.
    const isNumeric = own.affinity === "INTEGER" || own.affinity === "REAL" || own.affinity === "NUMERIC";
    if (scopeColumn(planning.ddl, table, own).mixed === true || (isNumeric && typeOf(planning, table.name, name) === "text")) return { reason: "its values are of several kinds" };
    if (open.includes(name)) return { reason: `${name} refers to itself` };
    open.push(name);
    const context = tableContext(planning.ddl, table, true, notes);
    const result = translateAs(parseExpression(generated.expression), typeOf(planning, table.name, name), {
      ...context,
      column: (qualifier, wanted) => {
        const found = context.column(qualifier, wanted);
        const other = table.columns.find((each) => foldName(each.name) === foldName(wanted));
        if (found === undefined || other?.generated === undefined) return found;
        // From 17 on PostgreSQL computes constants in a generated column before it knows their collation.
        if (!nodesOfKind(parseExpression(other.generated.expression), "ColumnReference").some((each) => table.columns.some((named) => each.column.kind === "Identifier" && foldName(each.column.value) === foldName(named.name)))) return refuse(`it refers to ${other.name}, which is the same in every row`);
        const inner = translateColumn(other.name);
        return "reason" in inner ? refuse(`it refers to ${other.name}, which is not generated in PostgreSQL`) : { ...found, sql: `(${inner.sql})::${found.type}` };
      },
    });
    open.pop();
    return result;
  };
  const translated = translateColumn(column);
  if ("reason" in translated) {
    const values = table.columns.some((each) => each.name === column && isUnreadable(planning.options.profiles, table, each)) ? "without values, which only the application can compute" : "with the values it has now";
    leaveOut(planning, "generated-column", shown, table.name, key, `becomes an ordinary column ${values}: ${translated.reason}`);
    return "";
  }
  sources.push(key);
  for (const note of notes) remark(planning, "generated-column", shown, table.name, key, note);
  return ` GENERATED ALWAYS AS (${translated.sql}) ${staysVirtual(planning, table, column) ? "VIRTUAL" : "STORED"}`;
}

/** From 18 on a virtual column may be one in PostgreSQL, unless a key or an index needs its value; triggers do not see it. */
function staysVirtual({ catalog, options }: Planning, table: Table, name: string): boolean {
  const is = (other: string): boolean => foldName(other) === foldName(name);
  const column = table.columns.find((each) => is(each.name));
  if (options.targetVersion < 18 || column?.generated?.stored !== false) return false;
  const keys = [table.primaryKey?.columns ?? [], ...table.uniques.map((unique) => unique.columns), ...table.foreignKeys.map((key) => key.columns)].flat();
  const parents = catalog.tables.flatMap((other) => other.foreignKeys.filter((key) => foldName(key.parent) === foldName(table.name)).flatMap((key) => key.parentColumns));
  const indexed = catalog.indexes.some((index) => index.table === table.name && [index.where ?? "", ...index.keys.map((key) => key.text)].some((text) => mentions(text, name)));
  return ![...keys, ...parents].some(is) && !indexed && !catalog.triggers.some((trigger) => foldName(trigger.table) === foldName(table.name));
}

// --- keys --------------------------------------------------------------------------------------------

function planKeys(planning: Planning, table: Table): void {
  const base = targetRelation(planning.ddl.names, table.name);
  if (table.primaryKey !== undefined) {
    const { name, columns, collations } = table.primaryKey;
    const key = sourceKey("primary-key", table.name, 0);
    const nulls = columns.filter((column) => (planning.options.profiles?.get(columnKey(table.name, column))?.nulls ?? 0) > 0);
    const isUnique = nulls.length > 0;
    const constraint = keyName(planning, table, name ?? `${base}_pkey`);
    if (isUnique) {
      remark(planning, "primary-key", `${table.name} (${columns.join(", ")})`, table.name, key, `${nulls.join(", ")} holds NULLs, which SQLite allows in a primary key and PostgreSQL does not: it becomes UNIQUE`);
    }
    addConstraint(planning, table, isUnique ? "unique" : "primary-key", constraint, `${isUnique ? "UNIQUE" : "PRIMARY KEY"} (${columnNames(planning, table.name, columns)})`, key);
    if (isFolded(planning, table, columns, collations)) planFoldedKey(planning, table, columns, collations, "primary-key", key);
  }
  table.uniques.forEach(({ name, columns, collations }, place) => {
    const key = sourceKey("unique", table.name, place);
    if (isFolded(planning, table, columns, collations)) {
      planFoldedKey(planning, table, columns, collations, "unique", key);
      return;
    }
    const constraint = keyName(planning, table, name ?? `${base}_${columns.map((column) => targetColumn(planning.ddl.names, table.name, column)).join("_")}_key`);
    addConstraint(planning, table, "unique", constraint, `UNIQUE (${columnNames(planning, table.name, columns)})`, key);
  });
}

function addConstraint(planning: Planning, table: Table, kind: "primary-key" | "unique" | "foreign-key", name: string, body: string, source: string): void {
  const clause = `CONSTRAINT ${postgresIdentifier(name)} ${body}`;
  planning.objects.push({ section: "post-data", kind, name, table: table.name, sql: `ALTER TABLE ONLY ${relationName(planning, table.name)} ADD ${clause}`, clause, sources: table.virtual === undefined ? [source] : [] });
}

/** The name of a key's constraint, which is its index's name, too. */
function keyName(planning: Planning, table: Table, wanted: string): string {
  const name = planning.relations.take(wanted);
  planning.constraints.get(table.name)?.take(name);
  return name;
}

/** Whether a key compares texts with another collation than BINARY; of numbers a collation says nothing. */
function isFolded(planning: Planning, table: Table, columns: readonly string[], collations: readonly (string | undefined)[]): boolean {
  return columns.some((column, i) => collations[i] !== undefined && typeOf(planning, table.name, column) === "text");
}

/** A key that is compared with another collation than BINARY: PostgreSQL has it as a unique index on expressions. */
function planFoldedKey(planning: Planning, table: Table, columns: readonly string[], collations: readonly (string | undefined)[], kind: "primary-key" | "unique", key: string): void {
  const shown = `${table.name} (${columns.join(", ")})`;
  const keys = columns.map((column, i) => indexKey(planning, table, { kind: "column", text: column, descending: false, collation: collations[i] }, false, []));
  const refused = keys.find((each) => "reason" in each);
  if (refused !== undefined && "reason" in refused) {
    if (kind === "unique") leaveOut(planning, kind, shown, table.name, key, refused.reason);
    else remark(planning, kind, shown, table.name, key, `${refused.reason}: the key compares exactly`);
    return;
  }
  const nocase = collations.some((collation) => collation?.toUpperCase() === "NOCASE");
  const name = planning.relations.take(`${targetRelation(planning.ddl.names, table.name)}_${columns.join("_")}_${nocase ? "nocase" : "rtrim"}`);
  remark(planning, kind, shown, table.name, key, `compares without ${nocase ? "case" : "the blanks at the end"}, which PostgreSQL does by the unique index ${name} on ${nocase ? "lower" : "rtrim"}(): ON CONFLICT has to name the expression, a foreign key cannot refer to it`);
  planning.objects.push({
    section: "post-data",
    kind: "index",
    name,
    table: table.name,
    sql: `CREATE UNIQUE INDEX ${postgresIdentifier(name)} ON ${relationName(planning, table.name)} (${keys.flatMap((each) => ("sql" in each ? [each.sql] : [])).join(", ")})`,
    sources: kind === "unique" ? [key] : [],
  });
}

// --- virtual tables ----------------------------------------------------------------------------------

/** The index of a table that takes a virtual one's place, or on the table that a full-text index is about. */
function planVirtual(planning: Planning, virtual: VirtualTable): void {
  const key = sourceKey("virtual-table", virtual.name);
  const table = planning.catalog.tables.find((each) => each.virtual !== undefined && each.name === virtual.name);
  const form = virtualForm(virtual.sql, virtual.module);
  const addIndex = (on: Table, name: string, body: string, sources: readonly string[]): string => {
    const taken = planning.relations.take(name);
    planning.objects.push({ section: "post-data", kind: "index", name: taken, table: on.name, sql: `CREATE INDEX ${postgresIdentifier(taken)} ON ${relationName(planning, on.name)} USING ${body}`, sources });
    return taken;
  };
  if (table?.virtual?.kind === "full-text" && form.form === "full-text") {
    addIndex(table, `${targetRelation(planning.ddl.names, table.name)}_${searchColumn}`, `gin (${searchColumn})`, []);
    remark(planning, "virtual-table", virtual.name, undefined, key, `becomes a table with its rowid and the tsvector column ${searchColumn}, which stays current: ${fullTextRemark(form.tokenizer)}`);
    return;
  }
  if (table?.virtual?.kind === "rtree") {
    const [x0, x1, y0, y1] = table.virtual.columns.map((column) => columnNames(planning, table.name, [column]));
    addIndex(table, `${targetRelation(planning.ddl.names, table.name)}_box`, `gist (box(point(${x0 ?? "0"}, ${y0 ?? "0"}), point(${x1 ?? "0"}, ${y1 ?? "0"})))`, []);
    remark(planning, "virtual-table", virtual.name, undefined, key, `becomes a table with an index on the box of its first ${y0 === undefined ? "range" : "two ranges"}: a query that is to use it asks box(…) && box(…); numbers are no longer cut to 32 bits`);
    return;
  }
  if (form.form !== "content") {
    leaveOut(planning, "virtual-table", virtual.name, undefined, key, form.form === "none" ? form.reason : `its module ${virtual.module} cannot read it here, so that its columns are not known`);
    return;
  }
  const content = planning.catalog.tables.find((each) => each.virtual === undefined && foldName(each.name) === foldName(form.content));
  const searched = form.columns.filter((column) => !form.unindexed.some((each) => foldName(each) === foldName(column)));
  const texts = searched.map((name) => {
    const column = content?.columns.find((each) => foldName(each.name) === foldName(name));
    if (content === undefined || column === undefined) return undefined;
    const type = typeOf(planning, content.name, column.name);
    const sql = columnNames(planning, content.name, [column.name]);
    return type === "text" ? sql : isWhole(type) ? `${sql}::text` : undefined;
  });
  const missing = searched.filter((_, i) => texts[i] === undefined);
  if (content === undefined || missing.length > 0 || texts.length === 0) {
    leaveOut(planning, "virtual-table", virtual.name, undefined, key, content === undefined ? `it is about ${form.content}, which is no table here: make a tsvector column where the texts are` : `its column ${missing.join(", ")} is no text of ${content.name}`);
    return;
  }
  const vector = searchVector(texts.flatMap((text) => text ?? []));
  const name = addIndex(content, `${targetRelation(planning.ddl.names, content.name)}_${searchColumn}`, `gin (${vector})`, [key]);
  remark(planning, "virtual-table", virtual.name, undefined, key, `is an index over texts of ${content.name}: it becomes the index ${name} there, which stays current without triggers; a query asks ${vector} @@ … of ${content.name} itself; ${fullTextRemark(form.tokenizer)}`);
}

// --- indexes -----------------------------------------------------------------------------------------

function planIndex(planning: Planning, index: Index, name: string): void {
  const key = sourceKey("index", index.name);
  const table = planning.catalog.tables.find((each) => each.name === index.table);
  const shown = `${index.name} on ${index.table}`;
  if (table === undefined) {
    leaveOut(planning, "index", shown, index.table, key, `its table ${index.table} is left out`);
    return;
  }
  const notes: string[] = [];
  const keys = index.keys.map((each) => indexKey(planning, table, each, true, notes));
  const refused = keys.find((each) => "reason" in each);
  if (refused !== undefined && "reason" in refused) {
    leaveOut(planning, "index", shown, index.table, key, refused.reason);
    return;
  }
  let where = "";
  if (index.where !== undefined) {
    const translated = translateCondition(parseExpression(index.where), tableContext(planning.ddl, table, true, notes));
    if ("reason" in translated) {
      leaveOut(planning, "index", shown, index.table, key, `its condition ${oneLine(index.where)}: ${translated.reason}`);
      return;
    }
    where = ` WHERE ${translated.sql}`;
  }
  if (name !== index.name) remark(planning, "index", shown, index.table, key, `is called ${name} in PostgreSQL, which does not take the name as it is`);
  for (const note of notes) remark(planning, "index", shown, index.table, key, note);
  planning.objects.push({
    section: "post-data",
    kind: "index",
    name,
    table: index.table,
    sql: `CREATE ${index.unique ? "UNIQUE " : ""}INDEX ${postgresIdentifier(name)} ON ${relationName(planning, table.name)} (${keys.flatMap((each) => ("sql" in each ? [each.sql] : [])).join(", ")})${where}`,
    sources: [key],
  });
}

/**
 * One key of an index. SQLite has NULL before every value, PostgreSQL after: the index says so where NULLs may be, so that it
 * serves an ORDER BY that keeps SQLite's order.
 */
function indexKey(planning: Planning, table: Table, key: IndexKey, ordered: boolean, notes: string[]): { readonly sql: string } | { readonly reason: string } {
  const column = key.kind === "column" ? table.columns.find((each) => foldName(each.name) === foldName(key.text)) : undefined;
  let sql: string;
  let nullable = true;
  if (column !== undefined) {
    const scoped = scopeColumn(planning.ddl, table, column);
    nullable = !column.notNull && column.name !== table.rowidAlias;
    if (scoped.type === "text" && key.collation !== undefined) {
      const folded = foldedKey(value(scoped.sql, level.atom, "text", { bytewise: scoped.bytewise }), key.collation);
      if ("reason" in folded) return folded;
      sql = folded.sql;
    } else sql = scoped.sql;
  } else {
    const expression = parseExpression(key.text);
    const translated = translateExpression(expression, tableContext(planning.ddl, table, true, notes));
    if ("reason" in translated) return { reason: `its expression ${oneLine(key.text)}: ${translated.reason}` };
    const inItsCollation = translated.type === "text" ? foldedKey(value(`(${translated.sql})`, level.atom, "text", { bytewise: false }), key.collation) : { sql: translated.sql };
    if ("reason" in inItsCollation) return inItsCollation;
    const folded = key.collation === undefined ? translated.sql : inItsCollation.sql;
    // A constant has no type of its own, which an index needs.
    const typed = translated.type === "null" || /^'(?:[^']|'')*'$/.test(folded) ? `${folded}::text` : folded;
    sql = isCall(typed) ? typed : `(${typed})`;
    nullable = !table.columns.filter((each) => mentions(key.text, each.name)).every((each) => each.notNull);
  }
  const direction = key.descending ? " DESC" : "";
  const nulls = ordered && nullable ? (key.descending ? " NULLS LAST" : " NULLS FIRST") : "";
  return { sql: `${sql}${direction}${nulls}` };
}

function foldedKey(text: Value, collation: string | undefined): { readonly sql: string } | { readonly reason: string } {
  try {
    return { sql: inCollation(text, collation).sql };
  } catch (problem) {
    if (problem instanceof Untranslatable) return { reason: problem.message };
    throw problem;
  }
}

/** One function call and nothing behind it: the only expression that an index takes without parentheses. */
function isCall(sql: string): boolean {
  const match = /^[a-z_]+\(/.exec(sql);
  if (match === null) return false;
  let depth = 0;
  for (let i = match[0].length - 1; i < sql.length; i++) {
    if (sql[i] === "(") depth++;
    else if (sql[i] === ")") depth--;
    if (depth === 0) return i === sql.length - 1;
  }
  return false;
}

function mentions(text: string, name: string): boolean {
  return foldName(text).includes(foldName(name));
}

// --- foreign keys ------------------------------------------------------------------------------------

function planForeignKey(planning: Planning, table: Table, key: ForeignKey, place: number): void {
  const source = sourceKey("foreign-key", table.name, place);
  const shown = `${table.name} (${key.columns.join(", ")}) to ${key.parent}`;
  const refused = foreignKeyProblem(planning, table, key);
  if (refused !== undefined) {
    leaveOut(planning, "foreign-key", shown, table.name, source, refused);
    return;
  }
  const base = targetRelation(planning.ddl.names, table.name);
  const name = constraintName(planning, table, key.name ?? `${base}_${key.columns.map((column) => targetColumn(planning.ddl.names, table.name, column)).join("_")}_fkey`);
  const generated = key.columns.some((column) => table.columns.some((each) => each.name === column && each.generated !== undefined) && !isLeftOut(planning, sourceKey("generated-column", table.name, column)));
  const allowed = (action: ForeignKey["onDelete"], onUpdate: boolean): boolean => action === "NO ACTION" || (action === "RESTRICT") || !generated || (action === "CASCADE" && !onUpdate);
  const onUpdate = allowed(key.onUpdate, true) ? key.onUpdate : "NO ACTION";
  const onDelete = allowed(key.onDelete, false) ? key.onDelete : "NO ACTION";
  if (onUpdate !== key.onUpdate || onDelete !== key.onDelete) {
    const lost = [...(onUpdate === key.onUpdate ? [] : [`ON UPDATE ${key.onUpdate}`]), ...(onDelete === key.onDelete ? [] : [`ON DELETE ${key.onDelete}`])].join(" ");
    remark(planning, "foreign-key", shown, table.name, source, `${lost} would write a generated column: SQLite refuses every such change of a parent, PostgreSQL the declaration; without the action it refuses those of parents that have children`);
  }
  const body =
    `FOREIGN KEY (${columnNames(planning, table.name, key.columns)}) REFERENCES ${relationName(planning, key.parent)} (${columnNames(planning, key.parent, key.parentColumns)})` +
    (onUpdate === "NO ACTION" ? "" : ` ON UPDATE ${onUpdate}`) +
    (onDelete === "NO ACTION" ? "" : ` ON DELETE ${onDelete}`) +
    (key.deferred ? " DEFERRABLE INITIALLY DEFERRED" : "");
  addConstraint(planning, table, "foreign-key", name, body, source);
}

function foreignKeyProblem(planning: Planning, table: Table, key: ForeignKey): string | undefined {
  const parent = planning.catalog.tables.find((each) => foldName(each.name) === foldName(key.parent));
  if (parent === undefined) return `there is no table ${key.parent}`;
  if (key.parentColumns.length !== key.columns.length) return `it names ${key.columns.length} columns and the parent's key has ${key.parentColumns.length}`;
  for (const [i, column] of key.columns.entries()) {
    const other = key.parentColumns[i] ?? "";
    if (!parent.columns.some((each) => each.name === other)) return `${key.parent} has no column ${other}`;
    const [own, theirs] = [typeOf(planning, table.name, column), typeOf(planning, parent.name, other)];
    if (own !== theirs && !(isWhole(own) && isWhole(theirs))) return `${column} is ${own} and ${key.parent}.${other} is ${theirs}: PostgreSQL does not compare them`;
  }
  const wanted = key.parentColumns.map(foldName).toSorted().join("\0");
  const same = (columns: readonly string[]): boolean => columns.map(foldName).toSorted().join("\0") === wanted;
  const keys = [
    ...(parent.primaryKey === undefined ? [] : [parent.primaryKey.columns]),
    ...parent.uniques.filter((unique) => !isFolded(planning, parent, unique.columns, unique.collations)).map((unique) => unique.columns),
    ...planning.catalog.indexes
      .filter((index) => index.unique && index.table === parent.name && index.where === undefined && index.keys.every((each) => each.kind === "column" && each.collation === undefined))
      .map((index) => index.keys.map((each) => each.text)),
  ];
  return keys.some(same) ? undefined : `${key.parent} (${key.parentColumns.join(", ")}) is not unique: SQLite itself refuses writes under such a key`;
}

function isWhole(type: PostgresType): boolean {
  return type === "bigint" || type === "integer";
}

/** An expression's text for a report: comments and line ends taken out of the way. */
function oneLine(text: string): string {
  return text.replace(/--[^\n]*/g, "").replace(/\s+/g, " ").trim();
}
