import { fold } from "#core/rules/schema-view.ts";
import { nameOf } from "#core/rules/scope.ts";
import type { ColumnReference, Expression, Node, OrderingTerm, SelectCore, SelectStatement } from "#core/sql/nodes.ts";
import { walk } from "#core/sql/walk.ts";
import { asValue, type Checking } from "./checking.ts";
import { isPlain, isTruthWord, unified } from "#core/rules/kinds/value-kind.ts";

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
      if (ancestors.at(-2)?.kind !== "InsertStatement") report(node, "VALUES as a query");
      return;
    case "ResultColumn":
      asValue(node.expression, checking);
      if (checking.kind(node.expression).kind === "numeric" && node.expression.kind !== "ColumnReference") report(node, "a decimal number, which is a double in SQLite");
      if (node.alias === undefined && node.expression.kind === "ColumnReference" && capitals(node.expression)) report(node, "a name in capitals without quotes, which PostgreSQL folds to lower case");
      return;
    case "JoinOperator":
      if (node.natural) report(node, "NATURAL JOIN");
      return;
    case "FromClause":
      if (node.terms.some((term) => term.kind === "JoinTerm" && term.operator?.comma === true) && node.terms.some((term) => term.kind === "JoinTerm" && (term.operator?.type === "RIGHT" || term.operator?.type === "FULL"))) {
        report(node, "a comma together with RIGHT or FULL JOIN, which bind differently");
      }
      return;
    case "WithClause":
      if (node.recursiveSpan !== undefined || isRecursive(node)) report(node, "a recursive WITH");
      return;
    case "GroupByClause":
      for (const expression of node.expressions) {
        // A rule has shown that equal results are equal on both.
        if (checking.settled(expression) !== undefined && isPlain(checking.kind(expression))) continue;
        if (expression.kind !== "ColumnReference" || isTruthWord(expression)) report(expression, "GROUP BY something else than a column");
        else if (!isPlain(checking.kind(expression))) report(expression, "GROUP BY a column whose type or collation is not known to group alike");
      }
      return;
    default:
      return;
  }
}

function capitals({ column }: ColumnReference): boolean {
  return column.kind === "Identifier" && column.quote === "none" && /[A-Z]/.test(column.value);
}

function isRecursive(clause: Node): boolean {
  if (clause.kind !== "WithClause") return false;
  // SQLite takes a WITH for recursive without the word, and lets a table see those after it.
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
      const kind = checking.kind(bound);
      if (kind.kind !== "parameter" && !(kind.kind === "integer" && kind.literal !== undefined && kind.literal >= 0n)) report(bound, "a LIMIT or OFFSET that is no count");
    }
    if (node.limit.offsetForm === "comma") report(node.limit, "LIMIT with a comma");
    if (!hasOneOrder(node, checking)) report(node.limit, "a LIMIT where the order does not tell every row from every other: which rows come is not defined");
  }
}

function compound(node: SelectStatement, checking: Checking): void {
  const { report } = checking;
  const operators = new Set(node.operators.map((operator) => (operator.kind === "CompoundOperator" ? operator.operator : "")));
  if (operators.has("INTERSECT") && operators.size > 1) report(node, "INTERSECT among others, which binds tighter in PostgreSQL");
  const columns = node.terms.map((term) => (term.kind === "SelectCore" ? term.columns.map((column) => (column.kind === "ResultColumn" ? checking.kind(column.expression) : { kind: "unknown" as const })) : []));
  const [first = []] = columns;
  for (let i = 0; i < first.length; i++) {
    const kinds = columns.map((each) => each[i] ?? { kind: "unknown" as const });
    if (!isPlain(unified(kinds))) {
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
  if (node.having !== undefined && node.groupBy === undefined) report(node, "HAVING without GROUP BY");
  // SQLite takes a bare column from some row of the group; PostgreSQL wants it among the grouped ones.
  const group = node.groupBy?.expressions ?? [];
  const parts: Node[] = [...node.columns, ...(node.having === undefined ? [] : [node.having])];
  if (parent?.kind === "SelectStatement" && parent.terms.length === 1 && parent.orderBy !== undefined) parts.push(parent.orderBy);
  if (node.groupBy === undefined && !parts.some((part) => aggregates(part))) return;
  const aliases = new Set(node.columns.map((column) => (column.kind === "ResultColumn" ? fold(nameOf(column.alias?.name) ?? "") : "")));
  const grouped = group.map((expression) => written(expression, checking));
  if (node.columns.some((column) => column.kind === "AllColumns")) report(node, "columns outside of GROUP BY");
  for (const part of parts) {
    for (const reference of bareReferences(part, (inner) => isExpression(inner) && grouped.includes(written(inner, checking)))) {
      if (grouped.includes(written(reference, checking))) continue;
      if (part.kind === "OrderByClause" && reference.table === undefined && aliases.has(fold(nameOf(reference.column) ?? "?"))) continue;
      report(reference, "a column outside of GROUP BY");
    }
  }
  // The same name for a result and for a column: the engines do not look in the same place first.
  for (const expression of group) {
    if (expression.kind !== "ColumnReference" || expression.table !== undefined) continue;
    const name = fold(nameOf(expression.column) ?? "");
    const same = node.columns.find((column) => column.kind === "ResultColumn" && fold(nameOf(column.alias?.name) ?? "") === name);
    if (same?.kind === "ResultColumn" && written(same.expression, checking) !== written(expression, checking)) report(expression, "GROUP BY a name that a result has, too");
  }
}

const aggregateNames = new Set(["count", "sum", "min", "max", "avg", "total", "group_concat", "string_agg", "json_group_array", "json_group_object"]);

function isAggregate(node: Node): boolean {
  return node.kind === "FunctionCall" && node.over === undefined && node.name.kind === "Identifier" && aggregateNames.has(node.name.value.toLowerCase()) && (node.arguments.length < 2 || !/^(min|max)$/i.test(node.name.value));
}

/** What may be written in GROUP BY and again among the results. */
function isExpression(node: Node): node is Node & Expression {
  return node.kind === "FunctionCall" || node.kind === "CastExpression" || node.kind === "BinaryExpression";
}

function aggregates(root: Node): boolean {
  let found = false;
  walk(root, {
    enter(node) {
      if (node.kind === "Subquery") return "skip";
      found ||= isAggregate(node);
      return undefined;
    },
  });
  return found;
}

/** Column references of a part outside of its aggregates and subqueries. */
function bareReferences(root: Node, isGrouped: (node: Node) => boolean): ColumnReference[] {
  const found: ColumnReference[] = [];
  walk(root, {
    enter(node) {
      if (node.kind === "Subquery" || isAggregate(node) || isGrouped(node)) return "skip";
      if (node.kind === "ColumnReference" && !/^(true|false)$/i.test(nameOf(node.column) ?? "")) found.push(node);
      return undefined;
    },
  });
  return found;
}

function written(node: Expression, { sql }: Checking): string {
  return fold(sql.slice(node.span.start, node.span.end).replace(/\s+/g, ""));
}

function ordering(term: OrderingTerm, node: SelectStatement, checking: Checking): void {
  const { report } = checking;
  const { expression } = term;
  const kind = checking.kind(expression);
  if (kind.kind === "integer" && kind.literal !== undefined) {
    const place = node.terms.length === 1 && node.terms[0]?.kind === "SelectCore" ? node.terms[0].columns[Number(kind.literal) - 1] : undefined;
    if (place?.kind !== "ResultColumn" || term.nulls === undefined) report(term, "ORDER BY a place in the list");
    return;
  }
  if (expression.kind === "StringLiteral" || expression.kind === "NullLiteral" || (expression.kind === "ColumnReference" && isTruthWord(expression))) report(term, "ORDER BY a constant");
  const alias = expression.kind === "ColumnReference" && expression.table === undefined ? aliased(node, expression) : undefined;
  const value = alias === undefined ? kind : checking.kind(alias);
  const sorted = value.kind === "integer" || value.kind === "double" || (value.kind === "numeric" && value.literal === undefined) || value.kind === "boolean" || value.kind === "condition" || (value.kind === "other" && value.type === "bytea") || (value.kind === "text" && value.ordered) || (value.kind === "time" && value.exact);
  if (!sorted) report(term, `ORDER BY a value whose order is not known to be the same${checking.schema === undefined ? " (--schema tells the types)" : ""}`);
  const end = term.directionSpan?.end ?? expression.span.end;
  if (term.nulls === undefined && !checking.insertedAt(end) && !neverNull(expression, node, checking, alias !== undefined)) report(term, "ORDER BY a value that may be NULL");
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
  return expression.kind === "ColumnReference" && checking.resolution(expression)?.nullable === false;
}

/** Whether a query gives one row, or its order ends in a unique key of its only table. */
function hasOneOrder(node: SelectStatement, checking: Checking): boolean {
  const [term] = node.terms;
  if (node.terms.length !== 1 || term?.kind !== "SelectCore") return false;
  if (term.groupBy === undefined && term.from !== undefined && term.columns.length > 0 && term.columns.every((column) => aggregates(column))) return true;
  const [source] = term.from?.terms ?? [];
  if (term.groupBy !== undefined || term.quantifier === "DISTINCT" || term.from?.terms.length !== 1 || source?.kind !== "JoinTerm" || source.source.kind !== "TableReference") return false;
  const table = checking.schema?.table(nameOf(source.source.table.name) ?? "");
  if (table === undefined) return false;
  const ordered = new Set(
    (node.orderBy?.terms ?? []).flatMap(({ expression }) => (expression.kind === "ColumnReference" && aliased(node, expression) === undefined && checking.resolution(expression) !== undefined ? [fold(nameOf(expression.column) ?? "")] : [])),
  );
  return table.uniqueKeys.some((key) => key.every((column) => ordered.has(fold(column)) && table.column(column)?.nullable === false));
}
