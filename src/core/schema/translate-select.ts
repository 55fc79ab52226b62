import type { Expression, Hole, JoinTerm, Node, ResultItem, SelectCore, SelectStatement, TableSource, ValuesClause } from "#core/sql/nodes.ts";
import { children } from "#core/sql/walk.ts";
import { maxIdentifierBytes, postgresIdentifier } from "#core/sql/postgres-identifier.ts";
import { foldName } from "./decision.ts";
import type { ExpressionContext, ScopeColumn } from "./expression-context.ts";
import { condition, translate } from "./translate-expression.ts";
import { hasAggregate, isAggregate } from "#core/sql/aggregates.ts";
import { outsideQuotes } from "./outside-quotes.ts";
import { sortKey, translateOrdering } from "./translate-ordering.ts";
import { windowSpecification } from "./translate-functions.ts";
import { cast, level, refuse, value, type Value } from "./translated-value.ts";

/** A column of a table, view or subquery, with its name in PostgreSQL. */
export interface RelationColumn {
  /** As SQLite knows it. */
  readonly name: string;
  readonly target: string;
  readonly column: Omit<ScopeColumn, "sql">;
}

/** Something that can stand in FROM. */
export interface Relation {
  /** As it is written in FROM. */
  readonly sql: string;
  /** The name by which its columns are qualified when there is no alias. */
  readonly name: string;
  readonly columns: readonly RelationColumn[];
  /** The column that is the rowid, for a table that has one. */
  readonly rowid?: RelationColumn | undefined;
}

/** What a query may use. */
export interface QueryContext {
  /** A table or view by its name; undefined when there is none, a refusal when it is there but has no translation. */
  readonly relation: (name: string) => Relation | undefined;
  /** The text that the query stands in: SQLite calls a column without an alias by its expression's text. */
  readonly text: string;
  readonly notes: string[];
}

/** A query in PostgreSQL's words, with what its columns are. */
export interface TranslatedQuery {
  readonly sql: string;
  readonly columns: readonly RelationColumn[];
  readonly values: readonly Value[];
}

/** One source of a FROM clause. */
interface Source {
  readonly alias: string;
  readonly columns: readonly RelationColumn[];
  readonly rowid?: RelationColumn | undefined;
}

/**
 * Translates a query as views hold them: joins, conditions, grouping, ordering, subqueries, compounds, plain WITH.
 * @throws Untranslatable with the reason for everything else.
 */
export function translateQuery(select: SelectStatement, context: QueryContext, outer: readonly (readonly Source[])[] = []): TranslatedQuery {
  if (select.problem !== undefined) return refuse(select.problem.message);
  if (select.holes.length > 0) return refuse("it is put together at run time");
  const { scope, prefix } = withTables(select, context, outer);
  const terms = select.terms.map((term) => {
    switch (term.kind) {
      case "SelectCore":
        return translateCore(term, scope, outer, select.terms.length === 1 ? select : undefined);
      case "ValuesClause":
        return translateValues(term, scope, outer);
      case "Hole":
      case "ErrorNode":
        return refuse("it is put together at run time");
    }
  });
  const [first, ...others] = terms;
  if (first === undefined) return refuse("it is empty");
  if (others.length === 0) return { ...first, sql: `${prefix}${first.sql}${limit(select, scope, outer)}` };

  const operators = select.operators.map((each) => (each.kind === "Hole" ? refuse("it is put together at run time") : each.operator));
  // SQLite takes them from left to right, PostgreSQL INTERSECT first.
  if (operators.includes("INTERSECT") && new Set(operators).size > 1) return refuse("it mixes INTERSECT with other compounds");
  for (const other of others) {
    if (other.values.length !== first.values.length) return refuse("its parts have different numbers of columns");
    other.values.forEach((each, i) => {
      const mine = first.values[i];
      if (mine !== undefined && each.type !== mine.type && each.type !== "null" && mine.type !== "null") refuse(`column ${i + 1} is ${mine.type} in one part and ${each.type} in another`);
    });
  }
  let sql = first.sql;
  others.forEach((other, i) => { sql += `\n${operators[i] ?? "UNION"}\n${other.sql}`; });
  if (select.orderBy !== undefined) {
    const order = select.orderBy.terms.map(({ expression, direction, nulls }) => {
      const place = expression.kind === "NumericLiteral" ? Number(expression.text) - 1 : first.columns.findIndex((column) => expression.kind === "ColumnReference" && expression.column.kind === "Identifier" && foldName(column.name) === foldName(expression.column.value));
      const column = first.columns[place];
      if (column === undefined) return refuse("it orders a compound by something other than a column");
      return `${postgresIdentifier(column.target)}${direction === "DESC" ? " DESC" : ""} NULLS ${nulls ?? (direction === "DESC" ? "LAST" : "FIRST")}`;
    });
    sql += `\nORDER BY ${order.join(", ")}`;
  }
  return { ...first, sql: `${prefix}${sql}${limit(select, scope, outer)}` };
}

function withTables(select: SelectStatement, context: QueryContext, outer: readonly (readonly Source[])[]): { readonly scope: QueryContext; readonly prefix: string } {
  if (select.with === undefined) return { scope: context, prefix: "" };
  const named = new Map<string, Relation>();
  const scope: QueryContext = { ...context, relation: (name) => named.get(foldName(name)) ?? context.relation(name) };
  const recursions: string[] = [];
  const parts = select.with.tables.map((table) => {
    if (table.kind === "Hole" || table.query.kind !== "Subquery" || table.name.kind !== "Identifier") return refuse("it is put together at run time");
    const name = table.name.value;
    const given = table.columns?.names.map((each) => (each.kind === "Identifier" ? each.value : refuse("it is put together at run time")));
    const relation = (query: TranslatedQuery): Relation => ({ sql: postgresIdentifier(name), name, columns: renamed(query.columns, given) });
    const own = table.query.select;
    const isRecursive = mentionsTable(own, name);
    if (isRecursive) recursions.push(name);
    const query = isRecursive ? translateRecursive(own, name, scope, outer, (first) => named.set(foldName(name), relation(first))) : translateQuery(own, scope, outer);
    named.set(foldName(name), relation(query));
    return `${postgresIdentifier(name)}${given === undefined ? "" : ` (${given.map(postgresIdentifier).join(", ")})`} AS (\n${indented(query.sql)}\n)`;
  });
  return { scope, prefix: `WITH ${recursions.length > 0 ? "RECURSIVE " : ""}${parts.join(", ")}\n` };
}

function renamed(columns: readonly RelationColumn[], names: readonly string[] | undefined): RelationColumn[] {
  if (names === undefined) return [...columns];
  if (names.length !== columns.length) return refuse("it names another number of columns than it has");
  return columns.map((column, i) => ({ ...column, name: names[i] ?? column.name, target: names[i] ?? column.target }));
}

/** Whether a query reads a table or common table by its bare name. */
export function mentionsTable(node: Node, name: string): boolean {
  if (node.kind === "TableReference" && node.table.schema === undefined && node.table.name.kind === "Identifier" && foldName(node.table.name.value) === foldName(name)) return true;
  return children(node).some((child) => mentionsTable(child, name));
}

/** `first UNION [ALL] recursive`: the first part says what the columns are. @see https://www.sqlite.org/lang_with.html#recursive_common_table_expressions */
function translateRecursive(select: SelectStatement, name: string, scope: QueryContext, outer: readonly (readonly Source[])[], tell: (first: TranslatedQuery) => void): TranslatedQuery {
  const [first, second, ...more] = select.terms;
  const operator = select.operators[0];
  if (select.with !== undefined || select.orderBy !== undefined || select.limit !== undefined) return refuse("its recursion has an order or a limit of its own");
  if (first === undefined || second?.kind !== "SelectCore" || more.length > 0 || mentionsTable(first, name) || operator === undefined || operator.kind === "Hole" || !operator.operator.startsWith("UNION")) return refuse("its recursion has more than one first and one recursive part");
  if (second.from?.terms.some((term) => term.kind !== "Hole" && term.operator?.type !== undefined && !["INNER", "CROSS"].includes(term.operator.type)) === true) return refuse("its recursion has an outer join");
  const start = first.kind === "SelectCore" ? translateCore(first, scope, outer, undefined) : first.kind === "ValuesClause" ? translateValues(first, scope, outer) : refuse("it is put together at run time");
  tell(start);
  const step = translateCore(second, scope, outer, undefined);
  if (step.values.length !== start.values.length) return refuse("its parts have different numbers of columns");
  const types = start.values.map((each, i) => {
    const other = step.values[i];
    if (other === undefined || (other.type !== each.type && other.type !== "null")) return refuse(`column ${i + 1} is ${each.type} in one part and ${other?.type ?? "nothing"} in another`);
    // PostgreSQL wants both parts of one type and collation, and takes 1 for a 32-bit number.
    return each.type === "text" ? 'text COLLATE "C"' : each.type === "null" || each.type === "condition" ? refuse(`column ${i + 1} of its recursion has no type`) : each.type;
  });
  const names = start.values.map((_, i) => `c${i + 1}`);
  const typed = (query: TranslatedQuery): string => `SELECT ${types.map((type, i) => `c${i + 1}::${type} AS ${postgresIdentifier(start.columns[i]?.target ?? `c${i + 1}`)}`).join(", ")}\nFROM (\n${indented(query.sql)}\n) AS part (${names.join(", ")})`;
  return { ...start, sql: `${typed(start)}\n${operator.operator}\n${typed(step)}` };
}

function translateValues(clause: ValuesClause, context: QueryContext, outer: readonly (readonly Source[])[]): TranslatedQuery {
  const expressions = expressionContext(context, outer, new Set());
  const rows = clause.rows.map((row) => (row.kind === "ExpressionList" ? row.items.map((item) => translate(item, expressions)) : refuse("it is put together at run time")));
  const [first] = rows;
  if (first === undefined) return refuse("it is empty");
  const values = first.map((_, i) => {
    const column = rows.map((row) => row[i] ?? refuse("its rows have different numbers of values"));
    const kinds = new Set(column.filter((each) => each.type !== "null").map((each) => each.type));
    const [type, ...others] = kinds;
    if (type === undefined || others.length > 0) return refuse(`column ${i + 1} of its VALUES has values of several kinds or none`);
    return value(`column${i + 1}`, level.atom, type === "condition" ? "integer" : type);
  });
  // A literal alone would be a 32-bit number, or of no type at all.
  const written = rows.map((row) => `(${row.map((each, i) => cast(each.type === "condition" ? value(cast(each, "integer"), level.atom, "integer") : each, values[i]?.type ?? "text")).join(", ")})`);
  const columns = values.map((each, i): RelationColumn => ({ name: `column${i + 1}`, target: `column${i + 1}`, column: { type: each.type === "condition" || each.type === "null" ? "text" : each.type, affinity: "BLOB", collation: undefined, bytewise: each.bytewise } }));
  return { sql: `VALUES ${written.join(", ")}`, columns, values };
}

function translateCore(core: SelectCore, context: QueryContext, outer: readonly (readonly Source[])[], whole: SelectStatement | undefined): TranslatedQuery {
  if (core.holes.length > 0 || core.misplaced.length > 0) return refuse("it is put together at run time");
  const sources: Source[] = [];
  const shared = new Set<string>();
  const expressions = expressionContext(context, [sources, ...outer], shared);
  const from = core.from === undefined ? "" : `\nFROM ${joins(core.from.terms, context, sources, shared, expressions, outer)}`;
  const where = core.where === undefined ? "" : `\nWHERE ${condition(core.where.condition, expressions).sql}`;

  const columns: RelationColumn[] = [];
  const values: Value[] = [];
  const items: string[] = [];
  for (const item of core.columns) addResult(item, sources, shared, expressions, { columns, values, items }, context.text);
  const names = new Set<string>();
  for (const column of columns) {
    if (names.has(column.target)) return refuse(`it has two columns called ${column.name}`);
    if (new TextEncoder().encode(column.target).length > maxIdentifierBytes) return refuse(`its column ${column.name} has no name that PostgreSQL can take`);
    names.add(column.target);
  }

  // GROUP BY and ORDER BY may name a result column, too.
  const aliases = new Map(core.columns.flatMap((item, i) => (item.kind === "ResultColumn" && item.alias?.name.kind === "Identifier" ? [[foldName(item.alias.name.value), i] as const] : [])));
  const resultOf = (expression: Expression): Value | undefined => {
    if (expression.kind === "NumericLiteral" && /^\d+$/.test(expression.text)) return values[Number(expression.text) - 1] ?? refuse("it orders by a column that is not there");
    if (expression.kind !== "ColumnReference" || expression.table !== undefined || expression.column.kind !== "Identifier") return undefined;
    const item = core.columns[aliases.get(foldName(expression.column.value)) ?? -1];
    return item?.kind === "ResultColumn" ? translate(item.expression, expressions) : undefined;
  };
  const grouped = core.groupBy?.expressions.map((expression) => resultOf(expression) ?? translate(expression, expressions));
  const groupBy = grouped === undefined ? "" : `\nGROUP BY ${grouped.map((each) => each.sql).join(", ")}`;
  const having = core.having === undefined ? "" : `\nHAVING ${condition(core.having.condition, expressions).sql}`;
  const checked = [...core.columns.flatMap((item) => (item.kind === "ResultColumn" ? [item.expression] : [])), ...(core.having === undefined ? [] : [core.having.condition])];
  if (grouped !== undefined || checked.some(hasAggregate)) {
    if (core.columns.some((item) => item.kind === "AllColumns")) return refuse("it selects * and aggregates");
    const determined = new Set(grouped?.map((each) => each.sql));
    for (const expression of checked) mustBeDetermined(expression, determined, expressions);
  }

  let order = "";
  if (whole?.orderBy !== undefined) {
    const text = translateOrdering(whole.orderBy, (expression) => resultOf(expression) ?? translate(expression, expressions));
    if (core.quantifier === "DISTINCT") {
      const selected = new Set(values.map((each) => each.sql));
      for (const { expression } of whole.orderBy.terms) {
        if (!selected.has(sortKey(resultOf(expression) ?? translate(expression, expressions)))) return refuse("it orders DISTINCT rows by something that it does not select");
      }
    }
    order = `\nORDER BY ${text}`;
  }
  const windows = core.window?.definitions.map(({ name, window }) => {
    if (name.kind !== "Identifier" || window.kind !== "WindowSpecification") return refuse("it is put together at run time");
    return `${postgresIdentifier(name.value)} AS (${windowSpecification(window, (expression) => translate(expression, expressions))})`;
  });
  const windowClause = windows === undefined ? "" : `\nWINDOW ${windows.join(", ")}`;
  const distinct = core.quantifier === "DISTINCT" ? "DISTINCT " : "";
  if (distinct !== "" && values.some((each) => each.collation !== undefined && each.type === "text")) return refuse("it makes rows distinct without case");
  const list = items.length > 3 ? `\n    ${items.join(",\n    ")}` : ` ${items.join(", ")}`;
  return { sql: `SELECT${distinct === "" ? "" : " DISTINCT"}${list}${from}${where}${groupBy}${having}${windowClause}${order}`, columns, values };
}

interface Results {
  readonly columns: RelationColumn[];
  readonly values: Value[];
  readonly items: string[];
}

function addResult(item: ResultItem, sources: readonly Source[], shared: ReadonlySet<string>, context: ExpressionContext, { columns, values, items }: Results, text: string): void {
  if (item.kind === "AllColumns") {
    const table = item.table === undefined ? undefined : item.table.kind === "Identifier" ? foldName(item.table.value) : refuse("it is put together at run time");
    const meant = sources.filter((source) => table === undefined || foldName(source.alias) === table);
    if (meant.length === 0) return refuse(`${table ?? "*"} names no table`);
    if (table === undefined && shared.size > 0) return refuse("it selects * from tables joined by USING");
    for (const source of meant) {
      for (const column of source.columns) {
        const sql = `${postgresIdentifier(source.alias)}.${postgresIdentifier(column.target)}`;
        columns.push(column);
        values.push(value(sql, level.atom, column.column.type, column.column));
      }
    }
    items.push(table === undefined ? "*" : `${postgresIdentifier(meant[0]?.alias ?? "")}.*`);
    return;
  }
  const { expression } = item;
  const raw = translate(expression, context);
  // Comparisons are 0 or 1 in SQLite, and so are they for whoever reads the view.
  const result = raw.type === "condition" ? value(cast(raw, "integer"), level.atom, "integer") : raw.type === "null" ? value("NULL::text", level.atom, "text") : raw;
  const named = expression.kind === "ColumnReference" && expression.column.kind === "Identifier" ? columnNamed(sources, expression.column.value) : undefined;
  const alias = item.alias?.name.kind === "Identifier" ? item.alias.name.value : undefined;
  const name = alias ?? named?.name ?? text.slice(expression.span.start, expression.span.end);
  const target = alias ?? named?.target ?? name;
  items.push(named !== undefined && alias === undefined ? result.sql : `${result.sql} AS ${postgresIdentifier(target)}`);
  columns.push({
    name,
    target,
    column: { type: result.type === "condition" || result.type === "null" ? "text" : result.type, affinity: result.affinity ?? "BLOB", collation: result.collation, bytewise: result.bytewise },
  });
  values.push(result);
}

function columnNamed(sources: readonly Source[], name: string): RelationColumn | undefined {
  for (const source of sources) {
    const found = source.columns.find((column) => foldName(column.name) === foldName(name));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Names of columns, from the innermost query outwards. */
function expressionContext(context: QueryContext, scopes: readonly (readonly Source[])[], shared: ReadonlySet<string>): ExpressionContext {
  return {
    column: (table, name) => {
      for (const sources of scopes) {
        const found = sources
          .filter((source) => table === undefined || foldName(source.alias) === foldName(table))
          .flatMap((source) => {
            const named = source.columns.filter((column) => foldName(column.name) === foldName(name));
            return (named.length === 0 && source.rowid !== undefined && /^(?:rowid|oid|_rowid_)$/i.test(name) ? [source.rowid] : named).map((column) => ({ source, column }));
          });
        const [first, second] = found;
        if (first === undefined) continue;
        if (second !== undefined && !shared.has(foldName(name))) return refuse(`${name} is a column of several tables`);
        // A column of a query further out is qualified, so that no inner one takes its place.
        const bare = table === undefined && (sources === scopes[0] && (sources.length === 1 || second !== undefined));
        const target = postgresIdentifier(first.column.target);
        return { ...first.column.column, sql: bare ? target : `${postgresIdentifier(first.source.alias)}.${target}` };
      }
      return undefined;
    },
    immutable: false,
    aggregates: true,
    subquery: (select) => {
      const query = translateQuery(select, context, scopes);
      return { sql: outsideQuotes(query.sql, (part) => part.replaceAll("\n", " ")), columns: query.values };
    },
    notes: context.notes,
  };
}

// --- FROM --------------------------------------------------------------------------------------------

function joins(terms: readonly (JoinTerm | Hole)[], context: QueryContext, sources: Source[], shared: Set<string>, expressions: ExpressionContext, outer: readonly (readonly Source[])[]): string {
  let sql = "";
  terms.forEach((term, place) => {
    if (term.kind === "Hole") return refuse("it is put together at run time");
    const before = [...sources];
    const source = translateSource(term.source, context, sources, shared, expressions, outer);
    if (place === 0) {
      sql = source;
      return;
    }
    const operator = term.operator;
    if (operator?.natural === true) refuse("it joins NATURAL");
    const type = operator?.type === undefined || operator.type === "INNER" || operator.type === "CROSS" ? "" : `${operator.type} `;
    if (term.constraint === undefined) {
      // The comma binds more loosely in PostgreSQL than JOIN: CROSS JOIN does not.
      sql += type === "" ? `\n    CROSS JOIN ${source}` : `\n    ${type}JOIN ${source} ON true`;
      return;
    }
    if (term.constraint.kind === "OnClause") {
      sql += `\n    ${type}JOIN ${source} ON ${condition(term.constraint.condition, expressions).sql}`;
      return;
    }
    const names = term.constraint.columns.names.map((name) => {
      const wanted = name.kind === "Identifier" ? name.value : refuse("it is put together at run time");
      const [left, right] = [columnNamed(before, wanted), columnNamed(sources.slice(before.length), wanted)];
      if (left === undefined || right === undefined || left.target !== right.target || left.column.type !== right.column.type) return refuse(`it joins by ${wanted}, which is not the same on both sides`);
      shared.add(foldName(wanted));
      return postgresIdentifier(left.target);
    });
    sql += `\n    ${type}JOIN ${source} USING (${names.join(", ")})`;
  });
  return sql;
}

function translateSource(source: TableSource, context: QueryContext, sources: Source[], shared: Set<string>, expressions: ExpressionContext, outer: readonly (readonly Source[])[]): string {
  switch (source.kind) {
    case "TableReference": {
      const { schema, name } = source.table;
      if (name.kind !== "Identifier" || (schema !== undefined && (schema.kind !== "Identifier" || foldName(schema.value) !== "main"))) return refuse("it names a table of another database");
      const relation = context.relation(name.value);
      if (relation === undefined) return refuse(`there is no table ${name.value}`);
      const alias = source.alias?.name.kind === "Identifier" ? source.alias.name.value : undefined;
      if (sources.some((each) => each.alias === (alias ?? relation.name))) return refuse(`it names ${alias ?? relation.name} twice`);
      sources.push({ alias: alias ?? relation.name, columns: relation.columns, rowid: relation.rowid });
      return alias === undefined ? relation.sql : `${relation.sql} AS ${postgresIdentifier(alias)}`;
    }
    case "SubquerySource": {
      const query = translateQuery(source.subquery.select, context, outer);
      const alias = source.alias?.name.kind === "Identifier" ? source.alias.name.value : `subquery_${sources.length + 1}`;
      sources.push({ alias, columns: query.columns });
      return `(\n${indented(query.sql)}\n) AS ${postgresIdentifier(alias)}`;
    }
    case "ParenthesizedSource": {
      if (source.alias !== undefined) return refuse("it names a join in parentheses");
      return `(${joins(source.terms, context, sources, shared, expressions, outer)})`;
    }
    case "TableFunctionCall":
      return refuse("it reads from a function");
    case "ErrorNode":
      return refuse(source.message);
  }
}

function limit({ limit: clause, orderBy }: SelectStatement, context: QueryContext, outer: readonly (readonly Source[])[]): string {
  if (clause === undefined) return "";
  const expressions = expressionContext(context, outer, new Set());
  const count = translate(clause.limit, expressions);
  const offset = clause.offset === undefined ? undefined : translate(clause.offset, expressions);
  if (count.literal?.kind !== "number" || (offset !== undefined && offset.literal?.kind !== "number")) return refuse("its LIMIT is not a number");
  // A negative limit is none at all in SQLite, a negative offset is 0.
  const rows = count.sql.startsWith("-") ? "ALL" : count.sql;
  if (rows !== "ALL" || offset !== undefined) {
    context.notes.push(orderBy === undefined ? "which rows its LIMIT keeps is not defined without ORDER BY, and may be others than in SQLite" : "its LIMIT may keep other rows than in SQLite where its ORDER BY does not tell them apart");
  }
  return `\nLIMIT ${rows}${offset === undefined || offset.sql.startsWith("-") ? "" : ` OFFSET ${offset.sql}`}`;
}

// --- grouping ----------------------------------------------------------------------------------------

/** A column that GROUP BY does not determine has the value of some row in SQLite; PostgreSQL refuses it. @throws Untranslatable */
function mustBeDetermined(expression: Expression, determined: ReadonlySet<string>, context: ExpressionContext): void {
  const look = (node: Node): void => {
    if (isAggregate(node) || node.kind === "Subquery") return;
    if (node.kind === "ColumnReference") {
      const column = translate(node, context);
      if (column.literal === undefined && !determined.has(column.sql)) refuse(`it selects ${column.sql}, which its GROUP BY leaves open`);
      return;
    }
    for (const child of children(node)) look(child);
  };
  if (!hasAggregate(expression) && determined.has(translate(expression, context).sql)) return;
  look(expression);
}

function indented(sql: string): string {
  return `    ${outsideQuotes(sql, (part) => part.replaceAll("\n", "\n    "))}`;
}
