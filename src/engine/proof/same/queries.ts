import { fold } from "#core/rules/schema-view.ts";
import { mergesColumns, nameOf } from "#core/rules/scope.ts";
import { canBeNull } from "#core/rules/select/can-be-null.ts";
import { isKeptFromNull } from "#core/rules/select/kept-from-null.ts";
import { determinesRows, groupedExpressions, groupingOf } from "#core/rules/select/grouped.ts";
import { hasAggregate } from "#core/sql/aggregates.ts";
import type { ColumnReference, Expression, Name, Node, OrderingTerm, SelectCore, SelectStatement, ValuesClause, WithClause } from "#core/sql/nodes.ts";
import { walk } from "#core/sql/walk.ts";
import { asValue, type Checking } from "./checking.ts";
import { columnKind, isPlain, isTruthWord, unified, type ValueKind } from "#core/rules/kinds/value-kind.ts";

/** Looks at one node of a query. */
export function queryDifferences(node: Node, ancestors: readonly Node[], checking: Checking): void {
  const { report } = checking;
  switch (node.kind) {
    case "SelectStatement":
      select(node, checking);
      return;
    case "SelectCore":
      core(node, ancestors.at(-1), checking);
      return;
    case "ValuesClause":
      if (ancestors.at(-2)?.kind !== "InsertStatement") listed(node, checking);
      return;
    case "ResultColumn":
      asValue(node.expression, checking);
      if (checking.kind(node.expression).kind === "numeric" && node.expression.kind !== "ColumnReference") report(node, "a decimal number, which is a double in SQLite");
      if (node.alias === undefined && node.expression.kind === "ColumnReference" && capitals(node.expression) && !keepsName(node.expression, ancestors, checking)) report(node, "a name in capitals without quotes, which PostgreSQL folds to lower case");
      return;
    case "JoinOperator":
      if (node.natural && !sharesAlike(undefined, ancestors, checking)) report(node, "NATURAL JOIN over columns that are not known to be of one type");
      return;
    case "UsingClause":
      if (!sharesAlike(node.columns.names, ancestors, checking)) report(node, "USING over columns that are not known to be of one type");
      return;
    case "ParenthesizedSource":
      // PostgreSQL hides the tables behind the alias, SQLite does not.
      if (node.alias !== undefined) report(node, "a join in parentheses with an alias");
      return;
    case "AllColumns": {
      const core = ancestors.at(-1);
      if (node.table === undefined && core?.kind === "SelectCore" && core.from !== undefined && mergesColumns(core.from.terms) && !starKeepsOrder(core, checking)) report(node, "* of a join with USING or NATURAL: PostgreSQL puts the shared columns first");
      return;
    }
    case "FromClause":
      if (node.terms.some((term) => term.kind === "JoinTerm" && term.operator?.comma === true && !checking.isReplaced(term.operator.span)) && node.terms.some((term) => term.kind === "JoinTerm" && (term.operator?.type === "RIGHT" || term.operator?.type === "FULL"))) {
        report(node, "a comma together with RIGHT or FULL JOIN, which bind differently");
      }
      return;
    case "WithClause":
      if (node.recursiveSpan === undefined && readsLate(node) && !checking.insertedAt(node.withSpan.end)) report(node, "a recursive WITH without the word RECURSIVE");
      return;
    case "GroupByClause": {
      const core = ancestors.at(-1);
      const meant = core?.kind === "SelectCore" ? groupedExpressions(core, checking.meanings) : node.expressions;
      for (const [i, expression] of node.expressions.entries()) {
        const value = meant[i] ?? expression;
        const differs = groupsDiffer(checking.settled(expression) === undefined ? value : expression, checking);
        if (differs !== undefined) report(expression, differs);
      }
      return;
    }
    default:
      return;
  }
}

/**
 * Whether both engines call a result alike whose name is written in capitals: SQLite calls a table's column as it is declared in
 * the outermost query, and as it is written in the others.
 */
function keepsName(reference: ColumnReference, ancestors: readonly Node[], { meanings, isReplaced }: Checking): boolean {
  if (isReplaced(reference.column.span)) return true;
  const meaning = meanings.of(reference);
  return ancestors.length === 2 && meaning?.kind === "column" && meaning.view.column.name === fold(nameOf(reference.column) ?? "");
}

function capitals({ column }: ColumnReference): boolean {
  return column.kind === "Identifier" && column.quote === "none" && /[A-Z]/.test(column.value);
}

/** Whether a table of a WITH reads itself or one behind it, which SQLite allows without the word RECURSIVE. */
function readsLate(clause: WithClause): boolean {
  const names = new Set(clause.tables.map((table) => (table.kind === "CommonTable" ? fold(nameOf(table.name) ?? "") : "")));
  const seen = new Set<string>();
  let found = false;
  for (const table of clause.tables) {
    if (table.kind !== "CommonTable") return true;
    walk(table.query, {
      enter(node) {
        const name = node.kind === "TableReference" ? fold(nameOf(node.table.name) ?? "") : undefined;
        if (name !== undefined && names.has(name) && !seen.has(name)) found = true;
      },
    });
    seen.add(fold(nameOf(table.name) ?? ""));
  }
  return found;
}

function select(node: SelectStatement, checking: Checking): void {
  const { report } = checking;
  if (node.terms.length > 1) compound(node, checking);
  for (const term of node.orderBy?.terms ?? []) ordering(term, node, checking);
  if (node.limit !== undefined) {
    for (const bound of [node.limit.limit, node.limit.offset]) {
      if (bound === undefined) continue;
      if (!isCount(bound, checking)) report(bound, "a LIMIT or OFFSET that is no count");
    }
    if (node.limit.offsetForm === "comma" && !(node.limit.offsetSpan !== undefined && checking.isReplaced(node.limit.offsetSpan))) report(node.limit, "LIMIT with a comma");
    if (!hasOneOrder(node, checking)) report(node.limit, "a LIMIT where the order does not tell every row from every other: which rows come is not defined");
  }
}

/** A number, a parameter, or what is computed of them: a negative one is refused by PostgreSQL, never taken for another. */
function isCount(bound: Expression, checking: Checking): boolean {
  const kind = checking.kind(bound);
  if (kind.kind === "parameter" || (kind.kind === "integer" && kind.literal !== undefined)) return kind.kind === "parameter" || (kind.literal !== undefined && kind.literal >= 0n);
  if (bound.kind === "ParenthesizedExpression") return isCount(bound.expression, checking);
  return bound.kind === "BinaryExpression" && (bound.operator === "+" || bound.operator === "-" || bound.operator === "*") && isCount(bound.left, checking) && isCount(bound.right, checking);
}

function compound(node: SelectStatement, checking: Checking): void {
  const { report } = checking;
  for (const [i, operator] of node.operators.entries()) {
    if (operator.kind !== "CompoundOperator" || operator.operator !== "INTERSECT" || node.operators.slice(0, i).every((each) => each.kind === "CompoundOperator" && each.operator === "INTERSECT")) continue;
    if (checking.settled(operator) === undefined) report(operator, "INTERSECT among others, which binds tighter in PostgreSQL");
  }
  const columns = node.terms.map((term) => (term.kind === "SelectCore" ? term.columns.map((column) => (column.kind === "ResultColumn" ? checking.kind(column.expression) : { kind: "unknown" as const })) : []));
  const [first = []] = columns;
  for (let i = 0; i < first.length; i++) {
    const kinds = columns.map((each) => each[i] ?? { kind: "unknown" as const });
    // PostgreSQL settles the type of the first two parts before it looks at the next.
    const isOpen = kinds.length > 2 && kinds.slice(0, 2).every((each) => each.kind === "null");
    if (isOpen || !isPlain(unified(kinds))) {
      report(node, "UNION and its like over columns whose types are not known to be the same");
      return;
    }
  }
  if (columns.some((each) => each.length !== first.length)) report(node, "UNION and its like over lists of other lengths");
}

function core(node: SelectCore, parent: Node | undefined, checking: Checking): void {
  const { report } = checking;
  if (node.misplaced.length > 0) report(node, "a misplaced clause");
  if (node.quantifier === "DISTINCT" && !node.columns.every((column) => column.kind === "ResultColumn" && isPlain(checking.kind(column.expression)))) {
    report(node, "DISTINCT over columns whose types or collations are not known to be alike");
  }
  // SQLite takes a bare column from some row of the group; PostgreSQL wants it among the grouped ones.
  const orderBy = parent?.kind === "SelectStatement" && parent.terms.length === 1 ? parent.orderBy : undefined;
  const grouping = groupingOf(node, orderBy, checking.sql, checking.meanings, checking.kind);
  if (grouping === undefined) {
    if (node.having !== undefined) report(node, "HAVING without groups");
    return;
  }
  const last = node.groupBy?.expressions.at(-1);
  const added = last !== undefined && checking.insertedAt(last.span.end);
  for (const bare of grouping.bare) if (!(added && bare.kind === "ColumnReference" && grouping.isDetermined(bare))) report(bare, "a column outside of GROUP BY");
}

/** Why the groups of an expression may be others; undefined when they are the same. */
function groupsDiffer(expression: Expression, { kind, settled }: Checking): string | undefined {
  const value = kind(expression);
  if (settled(expression) === undefined && (expression.kind === "StringLiteral" || expression.kind === "NullLiteral" || expression.kind === "BindParameter" || (expression.kind === "ColumnReference" && isTruthWord(expression)))) return "GROUP BY a constant";
  return isPlain(value) ? undefined : "GROUP BY a value whose type or collation is not known to group alike";
}

/** Rows of VALUES, each column of one type. */
function listed(node: ValuesClause, { report, kind }: Checking): void {
  const rows = node.rows.map((row) => (row.kind === "ExpressionList" ? row.items.map(kind) : []));
  const [first = []] = rows;
  if (rows.some((row) => row.length !== first.length || row.length === 0)) report(node, "VALUES of rows that are not known");
  for (let i = 0; i < first.length; i++) {
    const kinds = rows.map((row) => row[i] ?? { kind: "unknown" as const });
    const value = unified(kinds);
    if (value.kind !== "integer" && value.kind !== "text") report(node, "VALUES of a type that is not known to be the same");
  }
}

/** Whether the columns that two tables share are compared alike: by name, or all that both have. */
function sharesAlike(names: readonly Name[] | undefined, ancestors: readonly Node[], checking: Checking): boolean {
  const core = ancestors.findLast((each) => each.kind === "SelectCore");
  const term = ancestors.findLast((each) => each.kind === "JoinTerm");
  if (core?.from === undefined || term === undefined || !core.from.terms.includes(term)) return false;
  const sources = checking.meanings.sources(core);
  const place = sources.findIndex((source) => source.node === term.source);
  const own = sources[place];
  const before = sources.slice(0, place);
  if (own?.table === undefined || before.length === 0 || before.some((source) => source.table === undefined) || core.from.terms.length !== sources.length) return false;
  const shared = names === undefined ? own.table.columns.map((view) => view.column.name).filter((name) => before.some((source) => source.table?.column(name) !== undefined)) : names.map((name) => nameOf(name) ?? "");
  return shared.every((name) => {
    const right = own.table?.column(name);
    const lefts = before.flatMap((source) => source.table?.column(name) ?? []);
    // A name that several tables before it have was made one by USING, or PostgreSQL refuses it.
    return right !== undefined && lefts.length > 0 && lefts.every((left) => columnKind(left).kind === columnKind(right).kind && isPlain(columnKind(left)) && isPlain(columnKind(right)));
  });
}

/** Whether the columns that USING shares are the first ones of the first table, so that * gives them in one order. */
function starKeepsOrder(core: SelectCore, { meanings }: Checking): boolean {
  const sources = meanings.sources(core);
  const terms = core.from?.terms ?? [];
  const [first] = sources;
  if (terms.length !== 2 || sources.length !== 2 || first?.table === undefined || sources[1]?.table === undefined) return false;
  const [, join] = terms;
  if (join?.kind !== "JoinTerm" || join.operator?.type === "RIGHT" || join.operator?.type === "FULL") return false;
  const other = sources[1].table;
  const shared = join.constraint?.kind === "UsingClause" ? join.constraint.columns.names.map((name) => fold(nameOf(name) ?? "")) : first.table.columns.flatMap((view) => (other.column(view.column.name) === undefined ? [] : [fold(view.column.name)]));
  return shared.every((name, i) => fold(first.table?.columns[i]?.column.name ?? "") === name);
}

function ordering(term: OrderingTerm, node: SelectStatement, checking: Checking): void {
  const { report } = checking;
  const { expression } = term;
  const kind = checking.kind(expression);
  if (kind.kind === "integer" && kind.literal !== undefined) {
    placed(term, Number(kind.literal), node, checking);
    return;
  }
  if (checking.settled(expression) === undefined && (expression.kind === "StringLiteral" || expression.kind === "NullLiteral" || (expression.kind === "ColumnReference" && isTruthWord(expression)))) report(term, "ORDER BY a constant");
  const alias = expression.kind === "ColumnReference" && expression.table === undefined ? aliased(node, expression) : undefined;
  const value = alias === undefined ? kind : checking.kind(alias);
  const sorted = value.kind === "integer" || value.kind === "double" || (value.kind === "numeric" && value.literal === undefined) || value.kind === "boolean" || value.kind === "condition" || (value.kind === "other" && value.type === "bytea") || (value.kind === "text" && value.ordered) || (value.kind === "time" && value.exact);
  if (!sorted) report(term, `ORDER BY a value whose order is not known to be the same${checking.schema === undefined ? " (--schema tells the types)" : ""}`);
  const end = term.directionSpan?.end ?? expression.span.end;
  if (term.nulls === undefined && !checking.insertedAt(end) && !neverNull(expression, node, checking, alias !== undefined)) report(term, "ORDER BY a value that may be NULL");
}

/** ORDER BY a place in the list: as its column would be, in every part of the query. */
function placed(term: OrderingTerm, place: number, node: SelectStatement, checking: Checking): void {
  const { report, kind } = checking;
  const columns = node.terms.map((each) => {
    const before = each.kind === "SelectCore" ? each.columns.slice(0, place) : [];
    const column = before.at(-1);
    return before.length === place && before.every((one) => one.kind === "ResultColumn") && column?.kind === "ResultColumn" ? column.expression : undefined;
  });
  const known = columns.filter((column) => column !== undefined);
  if (known.length !== columns.length || !isSorted(unified(known.map(kind)))) {
    report(term, "ORDER BY a place in the list whose order is not known to be the same");
    return;
  }
  const end = term.directionSpan?.end ?? term.expression.span.end;
  if (term.nulls === undefined && !checking.insertedAt(end) && known.some((column) => canBeNull(column, checking.resolution))) report(term, "ORDER BY a value that may be NULL");
}

function isSorted(value: ValueKind): boolean {
  return value.kind === "integer" || value.kind === "double" || (value.kind === "numeric" && value.literal === undefined) || value.kind === "boolean" || (value.kind === "text" && value.ordered);
}

/** The result's expression whose name an ordering term gives. */
function aliased(node: SelectStatement, reference: ColumnReference): Expression | undefined {
  const name = fold(nameOf(reference.column) ?? "");
  for (const term of node.terms) {
    if (term.kind !== "SelectCore") continue;
    for (const column of term.columns) if (column.kind === "ResultColumn" && fold(nameOf(column.alias?.name) ?? "") === name) return column.expression;
  }
  return undefined;
}

function neverNull(expression: Expression, node: SelectStatement, checking: Checking, isAlias: boolean): boolean {
  if (isAlias || node.terms.length !== 1) return false;
  const [term] = node.terms;
  if (term?.kind !== "SelectCore" || (term.from?.terms ?? []).some((each) => each.kind === "Hole" || (each.operator?.type !== undefined && each.operator.type !== "INNER" && each.operator.type !== "CROSS"))) return false;
  return (expression.kind === "ColumnReference" && checking.resolution(expression)?.nullable === false) || isKeptFromNull(expression, node);
}

/** Whether a query gives one row, or its order ends in a unique key of its only table. */
function hasOneOrder(node: SelectStatement, checking: Checking): boolean {
  const [term] = node.terms;
  if (node.terms.length !== 1 || term?.kind !== "SelectCore") return false;
  if (term.groupBy === undefined && term.from !== undefined && term.columns.length > 0 && term.columns.every((column) => hasAggregate(column))) return true;
  return determinesRows(term, (node.orderBy?.terms ?? []).map((each) => each.expression), checking.sql, checking.meanings, checking.kind);
}
