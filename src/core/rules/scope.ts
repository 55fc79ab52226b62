import { walk } from "#core/sql/walk.ts";
import type { ColumnReference, Hole, JoinTerm, Name, Node, QualifiedName, SelectCore, Statement, WithClause } from "#core/sql/nodes.ts";
import { fold, type ColumnView, type SchemaView, type TableView } from "./schema-view.ts";

/** One named row source that a column reference can mean. `table` is undefined for a subquery, a CTE or an unknown table. */
interface Source {
  readonly name: string;
  readonly table: TableView | undefined;
  /** An outer join gives rows without it: each of its columns may be NULL there. */
  readonly optional?: boolean;
}

/** Sources of one level of the statement, then those around it. */
interface Scope {
  readonly sources: readonly Source[];
  readonly outer: Scope | undefined;
}

/** What a statement's column references mean, as far as the schema at hand tells. */
export type Resolution = (reference: ColumnReference) => ColumnView | undefined;

/**
 * Resolves the column references of a statement against the schema: by alias or table name, or by the only table of the
 * nearest level that has such a column. In a fragment, where no FROM clause is in sight, a name resolves when every
 * table's column of that name became the same type; the first of them stands for all, nullable when one of them is.
 */
export function resolveColumns(statement: Statement, schema: SchemaView): Resolution {
  const found = new Map<ColumnReference, ColumnView>();
  const levels: { readonly node: Node; readonly scope: Scope | undefined; readonly ctes: ReadonlySet<string> }[] = [];
  walk(statement, {
    enter(node, ancestors) {
      const around = levels.at(-1);
      const scope = around?.scope;
      if (node.kind === "ColumnReference") {
        const view = scope === undefined || scope.sources.length === 0 ? everywhere(node, schema) : resolve(node, scope);
        if (view !== undefined) found.set(node, view);
      }
      const ctes = "with" in node && node.with !== undefined ? withNames(node.with, around?.ctes ?? new Set()) : (around?.ctes ?? new Set<string>());
      const sources = sourcesOf(node, ancestors.at(-1), schema, ctes);
      if (sources !== undefined) levels.push({ node, scope: { sources, outer: scope }, ctes });
      else if (ctes !== around?.ctes) levels.push({ node, scope, ctes });
    },
    leave(node) {
      if (levels.at(-1)?.node === node) levels.pop();
    },
  });
  return (reference) => found.get(reference);
}

function withNames(clause: WithClause, around: ReadonlySet<string>): ReadonlySet<string> {
  const names = new Set(around);
  for (const table of clause.tables) {
    const name = table.kind === "CommonTable" ? nameOf(table.name) : undefined;
    if (name !== undefined) names.add(fold(name));
  }
  return names;
}

/** The sources that a node brings into scope for its children, or undefined when it brings none. */
function sourcesOf(node: Node, parent: Node | undefined, schema: SchemaView, ctes: ReadonlySet<string>): Source[] | undefined {
  switch (node.kind) {
    case "OrderByClause": {
      // A query's ORDER BY sees the sources of its first term (it may also name result columns, which resolve nowhere).
      const core = parent?.kind === "SelectStatement" ? parent.terms.find((t): t is SelectCore => t.kind === "SelectCore") : undefined;
      return core === undefined ? undefined : sourcesOf(core, parent, schema, ctes);
    }
    case "SelectCore":
      return node.from === undefined ? [] : joinedAll(node.from.terms, schema, ctes);
    case "InsertStatement": {
      const table = named(node.table, undefined, schema, ctes);
      return [{ ...table, name: nameOf(node.alias?.name) ?? table.name }, { name: "excluded", table: table.table }];
    }
    case "UpdateStatement":
      return [named(node.table, node.alias?.name, schema, ctes), ...joinedAll(node.from?.terms ?? [], schema, ctes)];
    case "DeleteStatement":
      return [named(node.table, node.alias?.name, schema, ctes)];
    case "CreateIndexStatement": {
      const name = nameOf(node.table) ?? "";
      return [{ name, table: schema.table(name) }];
    }
    default:
      return undefined;
  }
}

/** The sources of a FROM clause, from left to right; LEFT, RIGHT and FULL joins make those on their other side optional. */
function joinedAll(terms: readonly (JoinTerm | Hole)[], schema: SchemaView, ctes: ReadonlySet<string>): Source[] {
  let sources: Source[] = [];
  for (const term of terms) {
    const type = term.kind === "JoinTerm" ? term.operator?.type : undefined;
    const next = joined(term, schema, ctes);
    if (type === "RIGHT" || type === "FULL") sources = sources.map(optional);
    sources.push(...(type === "LEFT" || type === "FULL" ? next.map(optional) : next));
  }
  return sources;
}

function optional(source: Source): Source {
  return { ...source, optional: true };
}

/** A source's column as the rows of this level have it. */
function columnOf({ table, optional }: Source, name: string): ColumnView | undefined {
  const view = table?.column(name);
  return view !== undefined && optional === true && !view.nullable ? { ...view, nullable: true } : view;
}

function joined(term: JoinTerm | Hole, schema: SchemaView, ctes: ReadonlySet<string>): Source[] {
  // An interpolation may bring any table.
  if (term.kind === "Hole") return [{ name: "", table: undefined }];
  const { source } = term;
  switch (source.kind) {
    case "TableReference":
      return [named(source.table, source.alias?.name, schema, ctes)];
    case "ParenthesizedSource":
      return joinedAll(source.terms, schema, ctes);
    case "SubquerySource":
      return [{ name: nameOf(source.alias?.name) ?? "", table: undefined }];
    case "TableFunctionCall":
      return [{ name: nameOf(source.alias?.name) ?? nameOf(source.name.name) ?? "", table: undefined }];
    case "ErrorNode":
      return [{ name: "", table: undefined }];
  }
}

function named(table: QualifiedName, alias: Name | undefined, schema: SchemaView, ctes: ReadonlySet<string>): Source {
  const name = nameOf(table.name);
  const view = name === undefined || ctes.has(fold(name)) ? undefined : schema.table(name);
  return { name: nameOf(alias) ?? name ?? "", table: view };
}

function resolve(reference: ColumnReference, scope: Scope): ColumnView | undefined {
  const column = nameOf(reference.column);
  if (column === undefined) return undefined;
  const qualifier = nameOf(reference.table);
  for (let level: Scope | undefined = scope; level !== undefined; level = level.outer) {
    if (qualifier !== undefined) {
      const source = level.sources.find((s) => fold(s.name) === fold(qualifier));
      if (source !== undefined) return columnOf(source, column);
      continue;
    }
    const hits = level.sources.map((s) => columnOf(s, column)).filter((v) => v !== undefined);
    // A source of unknown columns might have it too: then nothing is sure.
    if (hits.length > 0) return level.sources.every((s) => s.table !== undefined) || hits.length === level.sources.length ? hits[0] : undefined;
    if (level.sources.some((s) => s.table === undefined)) return undefined;
  }
  return undefined;
}

function everywhere(reference: ColumnReference, schema: SchemaView): ColumnView | undefined {
  const column = nameOf(reference.column);
  if (column === undefined) return undefined;
  const views = schema.columnsNamed(column);
  const first = views[0];
  if (first === undefined || !views.every((v) => v.decision.type === first.decision.type)) return undefined;
  return views.every((v) => v.nullable === first.nullable) ? first : { ...first, nullable: true };
}

/** The name that an identifier gives, or undefined for a hole, an error or a name with interpolations. */
export function nameOf(name: Name | undefined): string | undefined {
  return name?.kind === "Identifier" && name.holes.length === 0 ? name.value : undefined;
}
