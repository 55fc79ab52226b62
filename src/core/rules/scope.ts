import { walk } from "#core/sql/walk.ts";
import type { ColumnReference, Expression, FromClause, Hole, JoinTerm, Name, Node, QualifiedName, ResultColumn, SelectCore, SelectStatement, Statement, WithClause } from "#core/sql/nodes.ts";
import type { Beside } from "./beside.ts";
import { fold, type ColumnView, type SchemaView, type TableView } from "./schema-view.ts";

/** A column of a subquery, a WITH table or a view. */
export interface DerivedColumn {
  /** Spelled as SQLite gives it: the alias, or the name of the column that it passes on. */
  readonly name: string;
  /** The table's column that it passes on as it is, in every part of a compound query. */
  readonly view: ColumnView | undefined;
  /** The expressions that give it, one for each part of a compound query; empty where they cannot be told. */
  readonly values: readonly Expression[];
  /** Whether `name` is known to be spelled like this: not when it is that of a column of an unknown table. */
  readonly sure: boolean;
}

/** One named row source that a column reference can mean: a table, or a query of known columns; neither when nothing is known of it. */
export interface Source {
  readonly name: string;
  /** Where it stands in the statement. */
  readonly node: Node | undefined;
  readonly table: TableView | undefined;
  readonly columns: readonly DerivedColumn[] | undefined;
  /** An outer join gives rows without it: each of its columns may be NULL there. */
  readonly optional: boolean;
}

/** Sources of one level of the statement, then those around it. */
interface Scope {
  readonly sources: readonly Source[];
  readonly outer: Scope | undefined;
  /** The SELECT whose result names are in sight, behind the columns; `first`, ahead of them, for a whole term of ORDER BY. */
  readonly results?: SelectCore | undefined;
  readonly ordering?: boolean;
  /** The SELECT in another part of the statement: of its results, only those that are whole terms of ORDER BY are known to be meant. */
  readonly beside?: SelectCore | undefined;
  /** NEW and OLD of a trigger, around everything: SQLite finds their columns behind their names only. */
  readonly qualifiedOnly?: true;
}

/** What a column reference means. */
export type Meaning =
  | { readonly kind: "column"; readonly source: Source; readonly view: ColumnView }
  | { readonly kind: "derived"; readonly source: Source; readonly column: DerivedColumn }
  /** A result column of the same SELECT, by its alias. */
  | { readonly kind: "alias"; readonly column: ResultColumn };

/** What a statement's column references mean, as far as the schema at hand tells. */
export interface Resolution {
  (reference: ColumnReference): ColumnView | undefined;
  /** The expressions that give the column of a subquery or a WITH table, and whether an outer join may leave it out. */
  readonly values?: (reference: ColumnReference) => { readonly values: readonly Expression[]; readonly optional: boolean } | undefined;
}

/** All that is known of a statement's names. */
export interface Meanings {
  readonly of: (reference: ColumnReference) => Meaning | undefined;
  /** The source that a reference's qualifier names, or that its column belongs to. */
  readonly source: (reference: ColumnReference) => Source | undefined;
  /** Whether all columns in sight are known, and none has this name: SQLite takes it for a rowid, or, in double quotes, for a text. */
  readonly isNoColumn: (reference: ColumnReference) => boolean;
  /** The sources of the nearest FROM clause, or the table that is changed, around a reference. */
  readonly nearest: (reference: ColumnReference) => readonly Source[];
  /** The sources of a SELECT's own FROM clause. */
  readonly sources: (core: SelectCore) => readonly Source[];
  /** The columns that a query gives; undefined where a star cannot be told. */
  readonly outputs: (select: SelectStatement) => readonly DerivedColumn[] | undefined;
  /** Whether a name in FROM (or after IN) is that of a WITH table. */
  readonly isCommonTable: (name: QualifiedName) => boolean;
}

/**
 * Resolves the column references of a statement against the schema: by alias or table name, or by the only table of the
 * nearest level that has such a column; through subqueries, WITH tables and views to the column that they pass on. In a
 * fragment, where no FROM clause is in sight, a name resolves when every table's column of that name became the same type; the
 * first of them stands for all, nullable when one of them is.
 */
export function resolveColumns(statement: Statement, schema: SchemaView): Resolution {
  return resolutionOf(meaningsOf(statement, schema));
}

/** The columns that references mean. */
export function resolutionOf(meanings: Meanings): Resolution {
  const resolution = (reference: ColumnReference): ColumnView | undefined => {
    const meaning = meanings.of(reference);
    switch (meaning?.kind) {
      case "column":
        return meaning.view;
      case "derived":
        return meaning.column.view;
      default:
        return undefined;
    }
  };
  const values: Resolution["values"] = (reference) => {
    const meaning = meanings.of(reference);
    return meaning?.kind === "derived" && meaning.column.values.length > 0 ? { values: meaning.column.values, optional: meaning.source.optional } : undefined;
  };
  return Object.assign(resolution, { values });
}

/** Common tables in sight, by folded name; undefined for one whose columns are not known. */
type Environment = ReadonlyMap<string, readonly DerivedColumn[] | undefined>;

/**
 * What the names of a statement mean; without a schema only what it says itself (subqueries, WITH, aliases).
 * @param beside of a part of a statement: what other parts say of its tables
 */
export function meaningsOf(statement: Statement, schema: SchemaView | undefined, beside: readonly Beside[] = []): Meanings {
  const resolver = new Resolver(schema);
  const found = new Map<ColumnReference, Meaning>();
  const common = new Set<QualifiedName>();
  const qualified = new Map<ColumnReference, Source>();
  const none = new Set<ColumnReference>();
  const near = new Map<ColumnReference, readonly Source[]>();
  const levels: { readonly node: Node; readonly scope: Scope | undefined; readonly environment: Environment }[] = [];
  const cores = new Map<SelectCore, readonly Source[]>();
  const outermost = besideScope(resolver, beside, rowScope(resolver, schema));
  walk(statement, {
    enter(node, ancestors) {
      const around = levels.at(-1);
      const scope = around?.scope ?? outermost;
      if (node.kind === "ColumnReference") {
        const meaning = (scope === undefined ? undefined : resolve(node, scope, ancestors.at(-1)?.kind === "OrderingTerm")) ?? (hasSources(scope) && statement.kind !== "Fragment" ? undefined : everywhere(node, schema));
        if (meaning !== undefined) found.set(node, meaning);
        else if (isNoColumn(node, scope, statement)) none.add(node);
        const source = meaning === undefined || meaning.kind === "alias" ? qualifiedSource(node, scope) : meaning.source;
        if (source !== undefined) qualified.set(node, source);
        const level = nearestLevel(scope);
        if (level !== undefined) near.set(node, level.sources);
      }
      let environment = around?.environment ?? new Map<string, undefined>();
      if ("with" in node && node.with !== undefined) environment = resolver.withTables(node.with, environment);
      if (node.kind === "QualifiedName" && node.schema === undefined && environment.has(fold(nameOf(node.name) ?? ""))) common.add(node);
      const parent = ancestors.at(-1);
      // The rows that are inserted come from elsewhere.
      const level = parent?.kind === "InsertStatement" && parent.source === node ? { sources: [], outer: outermost } : scopeOf(node, parent, scope, resolver, environment);
      if (node.kind === "SelectStatement") resolver.outputs(node, environment);
      if (node.kind === "SelectCore" && level !== undefined) cores.set(node, level.sources);
      if (level !== undefined) levels.push({ node, scope: level, environment });
      else if (environment !== around?.environment) levels.push({ node, scope, environment });
    },
    leave(node) {
      if (levels.at(-1)?.node === node) levels.pop();
    },
  });
  return {
    of: (reference) => found.get(reference),
    source: (reference) => qualified.get(reference),
    isNoColumn: (reference) => none.has(reference),
    nearest: (reference) => near.get(reference) ?? [],
    sources: (core) => cores.get(core) ?? [],
    outputs: (select) => resolver.known.get(select),
    isCommonTable: (name) => common.has(name),
  };
}

/** The tables that the other parts of a statement name, where they agree. */
function besideScope(resolver: Resolver, beside: readonly Beside[], outer: Scope | undefined): Scope | undefined {
  const levels = beside.map((each) => {
    if ("change" in each) return { sources: [resolver.named(each.change.table, each.change.alias?.name, new Map())], core: undefined };
    return { sources: resolver.sources(each.from, new Map()), core: each.core };
  });
  const [first, ...others] = levels;
  const said = ({ sources }: { readonly sources: readonly Source[] }): string => JSON.stringify(sources.map(({ name, node, optional }) => [name, writtenTable(node), optional]));
  if (first === undefined || others.some((other) => said(other) !== said(first))) return outer;
  return { sources: first.sources, outer, beside: others.length === 0 ? first.core : undefined };
}

function writtenTable(node: Node | undefined): string | undefined {
  return node?.kind === "TableReference" ? nameOf(node.table.name) : node?.kind === "QualifiedName" ? nameOf(node.name) : undefined;
}

/** NEW and OLD; undefined outside of triggers. */
function rowScope(resolver: Resolver, schema: SchemaView | undefined): Scope | undefined {
  if (schema === undefined || schema.rows.length === 0) return undefined;
  return { sources: schema.rows.map((row) => ({ ...resolver.relation(row.relation), name: row.name, node: undefined, optional: row.nullable })), outer: undefined, qualifiedOnly: true };
}

/** The scope that a node brings for its children, or undefined when it brings none. */
function scopeOf(node: Node, parent: Node | undefined, outer: Scope | undefined, resolver: Resolver, environment: Environment): Scope | undefined {
  switch (node.kind) {
    case "OrderByClause": {
      // A query's ORDER BY sees the sources and the result columns of its first term.
      const core = parent?.kind === "SelectStatement" ? parent.terms.find((t): t is SelectCore => t.kind === "SelectCore") : undefined;
      return core === undefined ? undefined : { sources: resolver.sources(core.from, environment), outer, results: core, ordering: true };
    }
    case "WhereClause":
    case "GroupByClause":
    case "HavingClause":
      return parent?.kind === "SelectCore" && outer !== undefined ? { ...outer, results: parent } : undefined;
    case "SelectCore":
      return { sources: resolver.sources(node.from, environment), outer };
    case "InsertStatement": {
      const table = resolver.named(node.table, undefined, environment);
      return { sources: [{ ...table, name: nameOf(node.alias?.name) ?? table.name }, { ...table, name: "excluded" }], outer };
    }
    case "UpdateStatement":
      return { sources: [resolver.named(node.table, node.alias?.name, environment), ...resolver.joined(node.from?.terms ?? [], environment)], outer };
    case "DeleteStatement":
      return { sources: [resolver.named(node.table, node.alias?.name, environment)], outer };
    case "CreateIndexStatement":
      return { sources: [resolver.indexed(node.table)], outer };
    default:
      return undefined;
  }
}

/** Nesting beyond which nothing is said: trees may be thousands deep. */
const deepest = 40;

/** What the queries of one statement give; a query is always seen with the same tables around it. */
class Resolver {
  readonly known = new Map<SelectStatement, readonly DerivedColumn[] | undefined>();
  readonly #schema: SchemaView | undefined;
  #depth = 0;

  constructor(schema: SchemaView | undefined) {
    this.#schema = schema;
  }

  withTables(clause: WithClause, around: Environment): Environment {
    const tables = new Map(around);
    // SQLite lets a table see itself and those behind it.
    for (const table of clause.tables) if (table.kind === "CommonTable") tables.set(fold(nameOf(table.name) ?? ""), undefined);
    for (const table of clause.tables) {
      const name = table.kind === "CommonTable" ? nameOf(table.name) : undefined;
      if (table.kind !== "CommonTable" || name === undefined || table.query.kind !== "Subquery") continue;
      const given = this.#common(table.query.select, name, tables);
      tables.set(fold(name), table.columns === undefined ? given : renamed(given, table.columns.names));
    }
    return tables;
  }

  /** Columns of a WITH table; those of a recursive one are its first part's, which the other parts must fit on PostgreSQL. */
  #common(select: SelectStatement, name: string, environment: Environment): readonly DerivedColumn[] | undefined {
    const [first] = select.terms;
    if (select.terms.length < 2 || first === undefined || !reads(select, name)) return this.outputs(select, environment);
    if (first.kind !== "SelectCore" || reads(first, name)) return undefined;
    const inner = select.with === undefined ? environment : this.withTables(select.with, environment);
    return this.#core(first, inner)?.map((column) => ({ ...column, view: column.view === undefined ? undefined : { ...column.view, nullable: true } }));
  }

  /** The columns that a query gives, in order; undefined where they cannot be told. */
  outputs(select: SelectStatement, around: Environment): readonly DerivedColumn[] | undefined {
    if (this.known.has(select)) return this.known.get(select);
    if (this.#depth >= deepest) return undefined;
    this.#depth++;
    const environment = select.with === undefined ? around : this.withTables(select.with, around);
    const terms = select.terms.map((term) => {
      switch (term.kind) {
        case "SelectCore":
          return this.#core(term, environment);
        case "ValuesClause":
          return valuesColumns(term.rows.map((row) => (row.kind === "ExpressionList" ? row.items : undefined)));
        default:
          return undefined;
      }
    });
    this.#depth--;
    const outputs = select.holes.length > 0 || select.operators.some((operator) => operator.kind === "Hole") ? undefined : united(terms);
    this.known.set(select, outputs);
    return outputs;
  }

  #core(core: SelectCore, environment: Environment): readonly DerivedColumn[] | undefined {
    if (core.holes.length > 0 || core.selectSpan === undefined) return undefined;
    const sources = this.sources(core.from, environment);
    const columns: DerivedColumn[] = [];
    for (const item of core.columns) {
      if (item.kind === "AllColumns") {
        const all = starColumns(item.table, sources, core.from);
        if (all === undefined) return undefined;
        columns.push(...all);
        continue;
      }
      const { expression, alias } = item;
      if (expression.kind === "Hole" || (alias !== undefined && nameOf(alias.name) === undefined)) return undefined;
      const meaning = expression.kind === "ColumnReference" ? resolve(expression, { sources, outer: undefined }, false) : undefined;
      const passed = meaning?.kind === "column" ? meaning.view : meaning?.kind === "derived" ? meaning.column.view : undefined;
      const sure = alias !== undefined || expression.kind !== "ColumnReference" || meaning?.kind === "column" || (meaning?.kind === "derived" && meaning.column.sure);
      const own = meaning?.kind === "column" ? meaning.view.column.name : meaning?.kind === "derived" ? meaning.column.name : expression.kind === "ColumnReference" ? nameOf(expression.column) : undefined;
      const values = meaning?.kind === "derived" && !meaning.source.optional ? meaning.column.values : [expression];
      columns.push({ name: nameOf(alias?.name) ?? own ?? "", view: passed, values, sure });
    }
    return columns;
  }

  /** The sources of a FROM clause. */
  sources(from: FromClause | undefined, environment: Environment): Source[] {
    return from === undefined ? [] : this.joined(from.terms, environment);
  }

  /** From left to right; LEFT, RIGHT and FULL joins make those on their other side optional. */
  joined(terms: readonly (JoinTerm | Hole)[], environment: Environment): Source[] {
    let sources: Source[] = [];
    for (const term of terms) {
      const type = term.kind === "JoinTerm" ? term.operator?.type : undefined;
      const next = this.#source(term, environment);
      if (type === "RIGHT" || type === "FULL") sources = sources.map(optional);
      sources.push(...(type === "LEFT" || type === "FULL" ? next.map(optional) : next));
    }
    return sources;
  }

  #source(term: JoinTerm | Hole, environment: Environment): Source[] {
    // An interpolation may bring any table.
    if (term.kind === "Hole") return [unknown("", term)];
    const { source } = term;
    switch (source.kind) {
      case "TableReference":
        return [{ ...this.named(source.table, source.alias?.name, environment), node: source }];
      case "ParenthesizedSource":
        return this.joined(source.terms, environment);
      case "SubquerySource":
        return [{ ...unknown(nameOf(source.alias?.name) ?? "", source), columns: this.outputs(source.subquery.select, environment) }];
      case "TableFunctionCall":
        return [unknown(nameOf(source.alias?.name) ?? nameOf(source.name.name) ?? "", source)];
      case "ErrorNode":
        return [unknown("", source)];
    }
  }

  /** The table of an index. */
  indexed(table: Name): Source {
    const name = nameOf(table) ?? "";
    return { ...unknown(name, table), table: this.#schema?.table(name) };
  }

  /** A table, view or WITH table by name. */
  named(table: QualifiedName, alias: Name | undefined, environment: Environment): Source {
    const name = nameOf(table.name);
    const source = unknown(nameOf(alias) ?? name ?? "", table);
    if (name === undefined) return source;
    if (table.schema === undefined && environment.has(fold(name))) return { ...source, columns: environment.get(fold(name)) };
    return { ...source, ...this.relation(name) };
  }

  /** What is known of a table or view of the schema. */
  relation(name: string): Pick<Source, "table" | "columns"> {
    const known = this.#schema?.table(name);
    if (known !== undefined) return { table: known, columns: undefined };
    const view = this.#schema?.view(name);
    if (view === undefined) return { table: undefined, columns: undefined };
    // Only what it passes on as it is: its other columns have the types that the plan gave them.
    const given = this.outputs(view.select, new Map())?.map((column) => ({ ...column, values: [] }));
    return { table: undefined, columns: view.columns === undefined ? given : renamed(given, view.columns.names) };
  }
}

function unknown(name: string, node: Node): Source {
  return { name, node, table: undefined, columns: undefined, optional: false };
}

function optional(source: Source): Source {
  return { ...source, optional: true };
}

/** Whether a query names a table outside of its WITH. */
function reads(root: Node, name: string): boolean {
  let found = false;
  walk(root, {
    enter(node) {
      found ||= (node.kind === "TableReference" || node.kind === "InTable") && fold(nameOf(node.table.name) ?? "") === fold(name);
    },
  });
  return found;
}

function renamed(columns: readonly DerivedColumn[] | undefined, names: readonly Name[]): readonly DerivedColumn[] | undefined {
  if (columns?.length !== names.length) return names.some((name) => nameOf(name) === undefined) ? undefined : names.map((name) => ({ name: nameOf(name) ?? "", view: undefined, values: [], sure: true }));
  return columns.map((column, i) => ({ ...column, name: nameOf(names[i]) ?? "", sure: true }));
}

/** SQLite and PostgreSQL call the columns of VALUES column1, column2 … */
function valuesColumns(rows: readonly (readonly Expression[] | undefined)[]): readonly DerivedColumn[] | undefined {
  const [first] = rows;
  return first?.map((_, i) => ({ name: `column${i + 1}`, view: undefined, values: rows.flatMap((row) => row?.[i] ?? []), sure: true }));
}

/** The columns of a compound query: a table's only where every part passes on one of the same type. */
function united(terms: readonly (readonly DerivedColumn[] | undefined)[]): readonly DerivedColumn[] | undefined {
  const [first, ...others] = terms;
  if (others.length === 0 || first === undefined) return first;
  return first.map((column, i) => {
    const all = [column, ...others.map((other) => other?.[i])];
    const values = all.every((each) => each !== undefined && each.values.length > 0) ? all.flatMap((each) => each?.values ?? []) : [];
    const views = all.map((each) => each?.view);
    const [view] = views;
    const alike = view !== undefined && views.every((each) => each?.decision.type === view.decision.type && each.decision.collation === view.decision.collation && each.column.affinity === view.column.affinity && each.column.collation === view.column.collation);
    return { name: column.name, view: alike ? { ...view, nullable: views.some((each) => each?.nullable === true) } : undefined, values, sure: column.sure };
  });
}

/** What a star stands for; undefined where it cannot be told, also where USING and NATURAL bring columns together. */
function starColumns(table: Name | undefined, sources: readonly Source[], from: FromClause | undefined): readonly DerivedColumn[] | undefined {
  const name = table === undefined ? undefined : nameOf(table);
  if (table !== undefined && name === undefined) return undefined;
  if (name === undefined && from !== undefined && mergesColumns(from.terms)) return undefined;
  const meant = name === undefined ? sources : sources.filter((source) => fold(source.name) === fold(name)).slice(0, 1);
  if (meant.length === 0) return undefined;
  const columns: DerivedColumn[] = [];
  for (const source of meant) {
    if (source.table !== undefined) {
      columns.push(...source.table.columns.map((view) => ({ name: view.column.name, view: source.optional ? { ...view, nullable: true } : view, values: [], sure: true })));
    } else if (source.columns !== undefined) {
      columns.push(...source.columns.map((column) => (source.optional ? { name: column.name, view: column.view === undefined ? undefined : { ...column.view, nullable: true }, values: [], sure: column.sure } : column)));
    } else return undefined;
  }
  return columns;
}

/** Whether USING or NATURAL make one column of two in some join of a FROM clause. */
export function mergesColumns(terms: readonly (JoinTerm | Hole)[]): boolean {
  return terms.some((term) => term.kind === "JoinTerm" && (term.operator?.natural === true || term.constraint?.kind === "UsingClause" || (term.source.kind === "ParenthesizedSource" && mergesColumns(term.source.terms))));
}

/** A source's column as the rows of this level have it. */
function columnOf(source: Source, name: string): Meaning | undefined {
  const view = source.table?.column(name);
  if (view !== undefined) return { kind: "column", source, view: source.optional && !view.nullable ? { ...view, nullable: true } : view };
  const column = name === "" ? undefined : source.columns?.find((each) => fold(each.name) === fold(name));
  if (column === undefined) return undefined;
  return { kind: "derived", source, column: source.optional && column.view?.nullable === false ? { ...column, view: { ...column.view, nullable: true } } : column };
}

function nearestLevel(scope: Scope | undefined): Scope | undefined {
  let level = scope;
  while (level !== undefined && level.sources.length === 0) level = level.outer;
  return level?.qualifiedOnly === true ? undefined : level;
}

function qualifiedSource(reference: ColumnReference, scope: Scope | undefined): Source | undefined {
  const qualifier = nameOf(reference.table);
  if (qualifier === undefined) return undefined;
  for (let level = scope; level !== undefined; level = level.outer) {
    const source = level.sources.find((each) => fold(each.name) === fold(qualifier));
    if (source !== undefined) return source;
  }
  return undefined;
}

function isNoColumn(reference: ColumnReference, scope: Scope | undefined, statement: Statement): boolean {
  if (statement.kind === "Fragment" || nameOf(reference.column) === undefined) return false;
  if (reference.table !== undefined) {
    const source = qualifiedSource(reference, scope);
    return source !== undefined && isKnown(source);
  }
  for (let level = scope; level !== undefined; level = level.outer) if (level.qualifiedOnly !== true && !level.sources.every(isKnown)) return false;
  return scope !== undefined;
}

/** Whether a FROM clause is in sight at all; in a part of a statement it may stand elsewhere. */
function hasSources(scope: Scope | undefined): boolean {
  for (let level = scope; level !== undefined; level = level.outer) if (level.qualifiedOnly !== true && level.sources.length > 0) return true;
  return false;
}

/** Whether all columns of a source are known. */
export function isKnown({ table, columns }: Source): boolean {
  return table !== undefined || columns !== undefined;
}

function resolve(reference: ColumnReference, scope: Scope, isTerm: boolean): Meaning | undefined {
  const column = nameOf(reference.column);
  if (column === undefined) return undefined;
  const qualifier = nameOf(reference.table);
  if (qualifier === undefined && isTerm && scope.ordering === true) {
    const alias = aliasOf(scope.results, column);
    // The type that it has is the expression's.
    if (alias !== undefined && !isSame(alias.expression, column)) return { kind: "alias", column: alias };
  }
  if (qualifier === undefined && isTerm && scope.beside !== undefined) {
    const alias = aliasOf(scope.beside, column);
    if (alias !== undefined && !isSame(alias.expression, column)) return { kind: "alias", column: alias };
  }
  for (let level: Scope | undefined = scope; level !== undefined; level = level.outer) {
    if (qualifier !== undefined) {
      const source = level.sources.find((s) => fold(s.name) === fold(qualifier));
      if (source !== undefined) return columnOf(source, column);
      continue;
    }
    if (level.qualifiedOnly === true) continue;
    const hits = level.sources.map((s) => columnOf(s, column)).filter((v) => v !== undefined);
    // A source of unknown columns might have it too: then nothing is sure.
    if (hits.length > 0) return level.sources.every(isKnown) || hits.length === level.sources.length ? hits[0] : undefined;
    if (!level.sources.every(isKnown)) return undefined;
    const alias = aliasOf(level.results, column);
    if (alias !== undefined) return { kind: "alias", column: alias };
  }
  return undefined;
}

function aliasOf(core: SelectCore | undefined, name: string): ResultColumn | undefined {
  return core?.columns.find((column): column is ResultColumn => column.kind === "ResultColumn" && column.alias !== undefined && nameOf(column.alias.name) !== undefined && fold(nameOf(column.alias.name) ?? "") === fold(name));
}

function isSame(expression: Expression, name: string): boolean {
  return expression.kind === "ColumnReference" && fold(nameOf(expression.column) ?? "") === fold(name);
}

function everywhere(reference: ColumnReference, schema: SchemaView | undefined): Meaning | undefined {
  const column = nameOf(reference.column);
  if (column === undefined || schema === undefined) return undefined;
  const views = schema.columnsNamed(column);
  const first = views[0];
  if (first === undefined || !views.every((v) => v.decision.type === first.decision.type)) return undefined;
  const view = views.every((v) => v.nullable === first.nullable) ? first : { ...first, nullable: true };
  return { kind: "column", source: { name: "", node: undefined, table: undefined, columns: undefined, optional: false }, view };
}

/** The name that an identifier gives, or undefined for a hole, an error or a name with interpolations. */
export function nameOf(name: Name | undefined): string | undefined {
  return name?.kind === "Identifier" && name.holes.length === 0 ? name.value : undefined;
}
