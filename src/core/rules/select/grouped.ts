import type { AllColumns, ColumnReference, Expression, JoinTerm, Node, OrderByClause, SelectCore } from "#core/sql/nodes.ts";
import { hasAggregate, isAggregate } from "#core/sql/aggregates.ts";
import { tokenize } from "#core/sql/tokenize.ts";
import { descendants, nodesOfKind, walk } from "#core/sql/walk.ts";
import { isPlain, type ValueKind } from "../kinds/value-kind.ts";
import { fold } from "../schema-view.ts";
import { nameOf, type Meanings, type Source } from "../scope.ts";
import { scalarFunctions } from "./scalar-functions.ts";

/** Whether a node is a call of a function that SQLite does not have: one that the application has registered, perhaps as an aggregate. */
function mayBeAggregate(node: Node): boolean {
  return node.kind === "FunctionCall" && node.over === undefined && node.name.kind === "Identifier" && !scalarFunctions.has(node.name.value.toLowerCase());
}

/** What an expression reads, in one form for all spellings of it: a column by what it means, the rest by its tokens. */
export function written(node: Node, sql: string, meanings: Meanings): string {
  const references = nodesOfKind(node, "ColumnReference");
  let text = "";
  let end = node.span.start;
  for (const token of tokenize(sql.slice(node.span.start, node.span.end))) {
    const start = node.span.start + token.start;
    if (start < end || token.kind === "blank" || token.kind === "comment" || token.kind === "end") continue;
    const reference = references.find((each) => each.span.start === start);
    if (reference !== undefined) {
      text += ` ${columnId(reference, sql, meanings)}`;
      end = reference.span.end;
      continue;
    }
    const own = sql.slice(start, node.span.start + token.end);
    text += ` ${token.kind === "name" || token.kind === "keyword" ? own.toLowerCase() : own}`;
  }
  return text;
}

function columnId(reference: ColumnReference, sql: string, meanings: Meanings): string {
  const meaning = meanings.of(reference);
  switch (meaning?.kind) {
    case "column":
      return `${meaning.source.node?.span.start ?? ""}.${fold(meaning.view.column.name)}`;
    case "derived":
      return `${meaning.source.node?.span.start ?? ""}.${fold(meaning.column.name)}`;
    case "alias":
      return `(${written(meaning.column.expression, sql, meanings)} )`;
    default:
      return `?.${fold(nameOf(reference.column) ?? "")}`;
  }
}

/** How a SELECT groups its rows. */
export interface Grouping {
  /** Columns that are neither grouped, nor inside of an aggregate, nor told by a grouped primary key, which PostgreSQL knows. */
  readonly bare: readonly (ColumnReference | AllColumns)[];
  /** Whether a bare column has one value in each group all the same. */
  readonly isDetermined: (reference: ColumnReference) => boolean;
}

/** What a SELECT groups by, with a place in the list or the name of a result as the expression that it stands for. */
export function groupedExpressions(core: SelectCore, meanings: Meanings): Expression[] {
  return (core.groupBy?.expressions ?? []).map((expression) => {
    if (expression.kind === "NumericLiteral") {
      const before = core.columns.slice(0, Number(expression.text));
      const column = before.at(-1);
      return before.every((each) => each.kind === "ResultColumn") && column?.kind === "ResultColumn" ? column.expression : expression;
    }
    const meaning = expression.kind === "ColumnReference" ? meanings.of(expression) : undefined;
    return meaning?.kind === "alias" ? meaning.column.expression : expression;
  });
}

/** Results whose names are grouped by, where a table whose columns are not known may have a column of the name, too. */
export function perhapsGrouped(core: SelectCore, meanings: Meanings): Expression[] {
  return (core.groupBy?.expressions ?? []).flatMap((expression) => {
    if (expression.kind !== "ColumnReference" || expression.table !== undefined || meanings.of(expression) !== undefined) return [];
    const name = fold(nameOf(expression.column) ?? "");
    return core.columns.flatMap((column) => (column.kind === "ResultColumn" && fold(nameOf(column.alias?.name) ?? "") === name && name !== "" ? [column.expression] : []));
  });
}

/** Looks at a SELECT's groups; undefined for one that makes none. */
export function groupingOf(core: SelectCore, orderBy: OrderByClause | undefined, sql: string, meanings: Meanings, kind: (node: Expression) => ValueKind): Grouping | undefined {
  const parts: Node[] = [...core.columns, ...(core.having === undefined ? [] : [core.having.condition]), ...(orderBy?.terms.map((term) => term.expression) ?? [])];
  if (core.groupBy === undefined && !parts.some(hasAggregate)) return undefined;
  const group = groupedExpressions(core, meanings);
  const texts = new Set([...group, ...perhapsGrouped(core, meanings)].map((expression) => written(bracketless(expression), sql, meanings)));
  const own = meanings.sources(core);
  const known = new Set(group.flatMap((expression) => (expression.kind === "ColumnReference" ? [columnId(expression, sql, meanings)] : [])));
  const hasKey = ({ table, node }: Source): boolean => {
    const key = table?.table.primaryKey?.columns ?? (table?.table.rowidAlias === undefined ? undefined : [table.table.rowidAlias]);
    return key !== undefined && key.length > 0 && key.every((column) => known.has(`${node?.span.start ?? ""}.${fold(column)}`));
  };
  const bare: (ColumnReference | AllColumns)[] = [];
  /** @param isClause whether names of results may stand there, as which another rule (clause-alias) speaks of them */
  const look = (node: Node, isClause: boolean, isTerm = false): void => {
    const skip = (each: Node): boolean => isAggregate(each) || mayBeAggregate(each) || (isExpression(each) && texts.has(written(bracketless(each), sql, meanings)));
    walk(node, {
      enter(each, ancestors) {
        if (skip(each)) return "skip";
        if (each.kind === "Alias") return "skip";
        if (each.kind === "AllColumns") {
          const name = nameOf(each.table);
          const meant = own.filter((source) => name === undefined || fold(source.name) === fold(name));
          if (meant.length === 0 || !meant.every(hasKey)) bare.push(each);
          return "skip";
        }
        if (each.kind !== "ColumnReference" || isTruth(each)) return undefined;
        const meaning = meanings.of(each);
        const nested = ancestors.some((ancestor) => ancestor.kind === "Subquery");
        if (meaning?.kind === "alias") {
          if (!nested && !(isTerm && each === node) && core.columns.includes(meaning.column)) look(meaning.column.expression, false);
          return undefined;
        }
        if (meaning === undefined) {
          // In a subquery it may be the subquery's own.
          if (!nested && !(isClause && ((isTerm && each === node) || !isOwnColumn(each, core)) && namesResult(each, core))) bare.push(each);
          return undefined;
        }
        if (own.some((source) => source.node === meaning.source.node) && !hasKey(meaning.source)) bare.push(each);
        return undefined;
      },
    });
  };
  for (const part of core.columns) look(part, false);
  if (core.having !== undefined) look(core.having.condition, true);
  for (const term of orderBy?.terms ?? []) look(term.expression, true, true);
  let determined: ReadonlySet<string> | undefined;
  return {
    bare,
    isDetermined: (reference) => {
      determined ??= closure(core, known, own, sql, meanings, kind);
      return meanings.of(reference)?.kind === "column" && determined.has(columnId(reference, sql, meanings));
    },
  };
}

/** Whether rows that are equal in some expressions are one row: these hold a key of every table, by themselves or through equalities. */
export function determinesRows(core: SelectCore, expressions: readonly Expression[], sql: string, meanings: Meanings, kind: (node: Expression) => ValueKind): boolean {
  const group = core.groupBy === undefined ? undefined : groupedExpressions(core, meanings);
  const plain = expressions.flatMap((each) => {
    const meaning = each.kind === "ColumnReference" ? meanings.of(each) : undefined;
    return [each, ...(meaning?.kind === "alias" ? [meaning.column.expression] : [])];
  });
  const given = new Set(plain.flatMap((each) => (each.kind === "ColumnReference" && meanings.of(each)?.kind !== "alias" ? [columnId(each, sql, meanings)] : [])));
  if (group !== undefined) {
    const texts = new Set(plain.map((each) => written(bracketless(each), sql, meanings)));
    return group.every((each) => texts.has(written(bracketless(each), sql, meanings)));
  }
  if (core.quantifier === "DISTINCT") {
    const texts = new Set(plain.map((each) => written(bracketless(each), sql, meanings)));
    return core.columns.every((column) => column.kind === "ResultColumn" && texts.has(written(bracketless(column.expression), sql, meanings)));
  }
  const sources = meanings.sources(core);
  if (sources.length === 0 || core.from?.terms.length !== sources.length) return false;
  const known = closure(core, given, sources, sql, meanings, kind);
  return sources.every((source) => source.table !== undefined && source.table.columns.every(({ column }) => known.has(`${source.node?.span.start ?? ""}.${fold(column.name)}`)));
}

function bracketless(node: Node): Node {
  return node.kind === "ParenthesizedExpression" ? bracketless(node.expression) : node;
}

function isExpression(node: Node): boolean {
  switch (node.kind) {
    case "ColumnReference":
    case "FunctionCall":
    case "BinaryExpression":
    case "UnaryExpression":
    case "CastExpression":
    case "CaseExpression":
    case "ParenthesizedExpression":
    case "CollateExpression":
    case "LikeExpression":
    case "InExpression":
    case "IsExpression":
    case "NullTest":
    case "BetweenExpression":
    case "Subquery":
      return true;
    default:
      return false;
  }
}

function isTruth(node: ColumnReference): boolean {
  return node.table === undefined && /^(true|false)$/i.test(nameOf(node.column) ?? "");
}

/** Whether the result of a reference's name is the column of that name. */
function isOwnColumn(reference: ColumnReference, core: SelectCore): boolean {
  const name = fold(nameOf(reference.column) ?? "?");
  return core.columns.some((column) => column.kind === "ResultColumn" && fold(nameOf(column.alias?.name) ?? "") === name && column.expression.kind === "ColumnReference" && fold(nameOf(column.expression.column) ?? "") === name);
}

function namesResult(reference: ColumnReference, core: SelectCore): boolean {
  return reference.table === undefined && core.columns.some((column) => column.kind === "ResultColumn" && column.alias !== undefined && fold(nameOf(column.alias.name) ?? "") === fold(nameOf(reference.column) ?? "?"));
}

/** The columns that have one value wherever the grouped ones have: by equalities, and by keys of the tables that are joined. */
function closure(core: SelectCore, grouped: ReadonlySet<string>, sources: readonly Source[], sql: string, meanings: Meanings, kind: (node: Expression) => ValueKind): ReadonlySet<string> {
  const known = new Set(grouped);
  const terms = core.from?.terms ?? [];
  if (terms.some((term) => term.kind === "Hole" || term.operator?.natural === true || term.constraint?.kind === "UsingClause" || term.operator?.type === "RIGHT" || term.operator?.type === "FULL" || term.source.kind === "ParenthesizedSource")) return known;
  const joins = terms.filter((term): term is JoinTerm => term.kind === "JoinTerm");
  const everywhere = [...conjuncts(core.where?.condition), ...joins.flatMap((join) => (join.operator?.type !== "LEFT" && join.constraint?.kind === "OnClause" ? conjuncts(join.constraint.condition) : []))];
  const equals = everywhere.flatMap((each) => equality(each, sql, meanings, kind));
  const optional = joins.filter((join) => join.operator?.type === "LEFT");
  const uniqueKeys = ({ table }: Source): readonly (readonly string[])[] =>
    table === undefined ? [] : table.uniqueKeys.filter((key) => !table.foldedKeys.some((folded) => folded.join("\0") === key.join("\0")) && key.every((column) => table.column(column)?.nullable === false));
  const id = (source: Source, column: string): string => `${source.node?.span.start ?? ""}.${fold(column)}`;
  for (let before = -1; before !== known.size; ) {
    before = known.size;
    for (const [a, b] of equals) {
      if (a === undefined || known.has(a)) known.add(b);
      if (a !== undefined && known.has(b)) known.add(a);
    }
    for (const source of sources) {
      const { table } = source;
      if (table === undefined) continue;
      let unique = uniqueKeys(source).some((key) => key.every((column) => known.has(id(source, column))));
      const join = optional.find((each) => each.source === source.node);
      if (!unique && join?.constraint?.kind === "OnClause") {
        const given = new Set(known);
        for (const [a, b] of conjuncts(join.constraint.condition).flatMap((each) => equality(each, sql, meanings, kind))) {
          if (a === undefined || known.has(a)) given.add(b);
          if (a !== undefined && known.has(b)) given.add(a);
        }
        unique = uniqueKeys(source).some((key) => key.every((column) => given.has(id(source, column))));
      }
      if (unique) for (const { column } of table.columns) known.add(id(source, column.name));
    }
  }
  return known;
}

function conjuncts(condition: Expression | undefined): Expression[] {
  if (condition === undefined) return [];
  if (condition.kind === "ParenthesizedExpression") return conjuncts(condition.expression);
  return condition.kind === "BinaryExpression" && condition.operator === "AND" ? [...conjuncts(condition.left), ...conjuncts(condition.right)] : [condition];
}

/** `a = b` of columns as their names; `a = literal` as the column's alone. */
function equality(node: Expression, sql: string, meanings: Meanings, kind: (node: Expression) => ValueKind): (readonly [string | undefined, string])[] {
  if (node.kind !== "BinaryExpression" || (node.operator !== "=" && node.operator !== "==")) return [];
  const { left, right } = node;
  const column = (each: Expression): string | undefined => (each.kind === "ColumnReference" && meanings.of(each)?.kind === "column" && isPlain(kind(each)) ? columnId(each, sql, meanings) : undefined);
  const constant = (each: Expression): boolean => each.kind === "BindParameter" || each.kind === "NumericLiteral" || each.kind === "StringLiteral";
  const [a, b] = [column(left), column(right)];
  if (a !== undefined && b !== undefined) return kind(left).kind === kind(right).kind ? [[a, b]] : [];
  if (a !== undefined && constant(right)) return [[undefined, a]];
  return b !== undefined && constant(left) ? [[undefined, b]] : [];
}

/** The SELECTs of a statement, each with the ORDER BY that sorts its rows. */
export function coresOf(root: Node): { readonly core: SelectCore; readonly orderBy: OrderByClause | undefined; readonly alone: boolean }[] {
  return descendants(root).flatMap((node) => {
    if (node.kind !== "SelectStatement") return [];
    const alone = node.terms.length === 1;
    return node.terms.flatMap((term) => (term.kind === "SelectCore" ? [{ core: term, orderBy: alone ? node.orderBy : undefined, alone }] : []));
  });
}
