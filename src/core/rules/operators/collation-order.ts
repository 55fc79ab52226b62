import type { CollateExpression, ColumnReference, Expression, SelectStatement, Statement } from "#core/sql/nodes.ts";
import { nodesOfKind } from "#core/sql/walk.ts";
import type { Edit } from "#core/text/edit.ts";
import type { Settled } from "../finding.ts";
import type { ValueKind } from "../kinds/value-kind.ts";
import { enclose, replace } from "../rewrite.ts";
import type { SqlFinding, SqlFix, StatementContext, StatementRule } from "../rule.ts";
import { nameOf } from "../scope.ts";
import { resultColumn } from "../select/result-column.ts";
import { comparisonsOf, type Comparison } from "./comparisons.ts";
import { unwrap } from "./flag-value.ts";

/** SQLite's collations are BINARY, NOCASE and RTRIM; PostgreSQL has none of these, and sorts by the database's locale where nothing else is said. */
export const collationOrder: StatementRule = {
  meta: {
    id: "collation-order",
    family: "operators",
    title: "NOCASE, RTRIM, BINARY, and the order of texts",
    doc: {
      what: "Finds COLLATE, comparisons and ORDER BY under a column's collation NOCASE or RTRIM, and ORDER BY and < or > of text columns that PostgreSQL sorts by locale.",
      why:
        "PostgreSQL has no collation NOCASE and rejects the statement; a column that is declared with it becomes one that compares bytes, so that label = 'red' no longer finds 'Red'. " +
        "Without the collation \"C\" texts sort by the database's locale, in SQLite by their bytes: rows come in another order, and ranges hold other rows.",
      example: "SELECT id FROM tags WHERE name = 'Red' COLLATE NOCASE ORDER BY name COLLATE NOCASE",
      useInstead: { both: "SELECT id FROM tags WHERE lower(name) = 'red' ORDER BY lower(name)", postgres: "the same" },
      fixSafety:
        'Safe for columns that become text with the collation "C": lower() folds the letters of ASCII there, as NOCASE does, and a literal is written in lower case. In mode postgres other texts are lowered under COLLATE "C": safe. ' +
        "In mode both lower() of a parameter or of another text asks for a review: it may fold letters outside ASCII. DISTINCT, GROUP BY and UNION under such a collation are left to a person.",
    },
  },
  *check(context) {
    const { statement } = context;
    if (statement.kind === "CreateTableStatement" || statement.kind === "CreateIndexStatement") return;
    const seen = new Set<Expression>();
    const comparisons = comparisonsOf(statement);
    for (const comparison of comparisons) {
      const { left } = comparison;
      if (comparison.shared && new Set(comparisons.filter((each) => each.left === left).map((each) => nameBetween(each, context))).size > 1) {
        if (seen.has(left)) continue;
        seen.add(left);
        for (const each of comparisons) if (each.left === left) for (const side of [left, each.right]) if (unwrap(side).kind === "CollateExpression") seen.add(unwrap(side));
        yield { span: left.span, severity: "error", message: "SQLite compares this with each of the others by another collation, which PostgreSQL does not have: write comparisons of their own.", fixes: [] };
      } else yield* compared(comparison, seen, context);
    }
    yield* ordered(statement, seen, context);
    for (const node of nodesOfKind(statement, "CollateExpression")) {
      if (seen.has(node) || isC(node)) continue;
      yield { span: node.span, severity: "error", message: `PostgreSQL has no collation ${nameOf(node.collation) ?? ""}, and here it is not known what it changes: compare lower(), or make an index or a column of it.`, fixes: [] };
    }
  },
};

type Collation = "BINARY" | "NOCASE" | "RTRIM";

function collationNamed(name: string | undefined): Collation | undefined {
  const upper = name?.toUpperCase();
  return upper === "BINARY" || upper === "NOCASE" || upper === "RTRIM" ? upper : undefined;
}

function isC({ collation }: CollateExpression): boolean {
  return nameOf(collation) === "C";
}

/** The collation that an expression brings to a comparison: https://www.sqlite.org/datatype3.html#assigning_collating_sequences_from_sql */
function collationOf(expression: Expression, context: Pick<StatementContext, "resolution">): { readonly name: Collation | undefined; readonly explicit: boolean } | undefined {
  const node = unwrap(expression);
  switch (node.kind) {
    case "CollateExpression":
      return { name: collationNamed(nameOf(node.collation)), explicit: true };
    case "ColumnReference": {
      const view = context.resolution(node);
      return view === undefined ? undefined : { name: collationNamed(view.column.collation ?? "BINARY"), explicit: false };
    }
    case "CastExpression":
      return collationOf(node.expression, context);
    case "UnaryExpression":
      return node.operator === "+" ? collationOf(node.operand, context) : undefined;
    default:
      return undefined;
  }
}

/** The collation that a comparison uses; undefined for one that is not known. */
function collationBetween({ left, right, oneSided }: Comparison, context: StatementContext): ReturnType<typeof collationOf> {
  const [a, b] = [collationOf(left, context), oneSided ? undefined : collationOf(right, context)];
  return [a, b].find((each) => each?.explicit === true) ?? a ?? b;
}

function nameBetween(comparison: Comparison, context: StatementContext): string {
  const collation = collationBetween(comparison, context);
  return collation === undefined ? "BINARY" : (collation.name ?? "");
}

const folding = { NOCASE: "lower", RTRIM: "rtrim" } as const;

function* compared(comparison: Comparison, seen: Set<Expression>, context: StatementContext): Iterable<SqlFinding> {
  const { left, right, operator } = comparison;
  const a = collationOf(left, context);
  const collation = collationBetween(comparison, context);
  for (const each of [left, right]) {
    const node = unwrap(each);
    if (node.kind === "CollateExpression") seen.add(node);
  }
  const named = [left, right].map(unwrap).find((node): node is CollateExpression => node.kind === "CollateExpression" && !isC(node));
  if (collation === undefined || (collation.name === "BINARY" && named === undefined)) {
    if (named === undefined) yield* byLocale([left, right], operator, context);
    return;
  }
  // The left side of IN is folded once for all of its items.
  const parts = [left, right].filter((each) => !seen.has(each) || unwrap(each).kind === "CollateExpression");
  if (collation.name === undefined) {
    if (named !== undefined && !isC(named)) yield { span: named.span, severity: "error", message: `PostgreSQL does not know the collation ${nameOf(named.collation) ?? ""}: make one by CREATE COLLATION, or compare something else.`, fixes: [] };
    return;
  }
  const span = named?.span ?? (a?.name === collation.name ? left.span : right.span);
  const made = collation.name === "BINARY" ? asBinary([left, right], context) : folded(parts, collation.name, context);
  seen.add(left);
  // The other bound of BETWEEN has said it all.
  if (made?.fix.kind === "edit" && made.fix.edits.length === 0) return;
  yield {
    span,
    severity: "error",
    message: made === undefined ? `PostgreSQL has no collation ${collation.name}, and what is compared here is not known to be text.` : `${collation.explicit ? `PostgreSQL has no collation ${collation.name}` : `The column compares by ${collation.name} in SQLite and by bytes in PostgreSQL`}${made.reason}`,
    fixes: made === undefined ? [] : [made.fix],
  };
}

interface Made {
  readonly reason: string;
  readonly fix: SqlFix;
}

/** COLLATE BINARY of columns that compare by bytes anyway. */
function asBinary(sides: readonly Expression[], context: StatementContext): Made | undefined {
  const edits: Edit[] = [];
  const settles: Settled[] = [];
  for (const side of sides) {
    const node = unwrap(side);
    if (node.kind !== "CollateExpression" || isC(node)) continue;
    const kind = context.kind(node.operand);
    const column = unwrap(node.operand);
    const view = column.kind === "ColumnReference" ? context.resolution(column) : undefined;
    const declared = view?.column.collation;
    // In SQLite the word is what sets the column's own collation aside.
    if (context.mode === "both" && declared !== undefined && declared.toUpperCase() !== "BINARY") return undefined;
    if (context.mode === "postgres" && (kind.kind === "text" || view?.decision.type === "text")) {
      edits.push(replace(node.collation.span, '"C"'));
      settles.push({ span: node.span, kind: { kind: "text", binary: true, ordered: true } });
    } else if (kind.kind === "integer" || kind.kind === "double" || (kind.kind === "text" && kind.ordered)) {
      edits.push(replace({ start: node.operand.span.end, end: node.span.end }, ""));
      settles.push({ span: node.span, kind });
    } else return undefined;
  }
  return { reason: "; bytes are compared without it.", fix: { kind: "edit", title: "Compare bytes", applicability: "safe", edits, settles } };
}

function folded(sides: readonly Expression[], collation: "NOCASE" | "RTRIM", context: StatementContext): Made | undefined {
  const edits: Edit[] = [];
  const settles: Settled[] = [];
  let doubtful = false;
  for (const side of sides) {
    const made = fold(unwrap(side), collation, context);
    if (made === undefined) return undefined;
    edits.push(...made.edits);
    settles.push(...made.settles);
    doubtful ||= made.doubtful;
  }
  const name = folding[collation];
  return {
    reason: `; ${name}() of both is the same on both engines.${doubtful ? ` Look at it: ${name === "lower" ? "lower() may fold letters outside ASCII here" : "what is no text is refused by rtrim() there"}.` : ""}`,
    fix: { kind: "edit", title: `Compare ${name}()`, applicability: doubtful ? "review" : "safe", edits, settles: doubtful ? [] : settles },
  };
}

interface Folded {
  readonly edits: readonly Edit[];
  readonly settles: readonly Settled[];
  readonly doubtful: boolean;
}

const bytes: ValueKind = { kind: "text", binary: true, ordered: true };

function fold(node: Expression, collation: "NOCASE" | "RTRIM", context: StatementContext): Folded | undefined {
  const name = folding[collation];
  if (node.kind === "CollateExpression") {
    if (isC(node)) return undefined;
    const inner = fold(node.operand, collation, context);
    return inner === undefined ? undefined : { edits: [...inner.edits, replace({ start: node.operand.span.end, end: node.span.end }, "")], settles: [...inner.settles, { span: node.span, kind: bytes }], doubtful: inner.doubtful };
  }
  if (node.kind === "NullLiteral") return { edits: [], settles: [], doubtful: false };
  if (node.kind === "StringLiteral" && node.holes.length === 0) {
    const text = collation === "NOCASE" ? node.value.replace(/[A-Z]/g, (c) => c.toLowerCase()) : node.value.replace(/ +$/, "");
    const kind: ValueKind = { kind: "text", binary: true, ordered: false, literal: text };
    return text === node.value ? { edits: [], settles: [], doubtful: false } : { edits: [replace(node.span, `'${text.replaceAll("'", "''")}'`)], settles: [{ span: node.span, kind }], doubtful: false };
  }
  const kind = context.kind(node);
  if (kind.kind === "text" && isByBytes(node, kind, context)) return { edits: around(node, `${name}(`, ")", context), settles: [settled(node)], doubtful: false };
  if (kind.kind !== "text" && kind.kind !== "parameter" && kind.kind !== "unknown") return undefined;
  // Blanks are blanks by every collation.
  if (collation === "RTRIM") {
    const trimmed: ValueKind = { kind: "text", binary: true, ordered: false };
    return { edits: around(node, "rtrim(", ")", context), settles: [settled(node, trimmed)], doubtful: kind.kind === "unknown" };
  }
  if (context.mode === "postgres" && kind.kind !== "unknown") {
    const [open, close] = isAtom(node) ? ["", ""] : ["(", ")"];
    return { edits: around(node, `lower(${open}`, `${close} COLLATE "C")`, context), settles: [settled(node)], doubtful: false };
  }
  return { edits: around(node, `${name}(`, ")", context), settles: [], doubtful: true };
}

/** A column is replaced, so that what else is put behind it keeps its place; other expressions may be rewritten within. */
function around(node: Expression, before: string, after: string, { site }: StatementContext): Edit[] {
  return node.kind === "ColumnReference" ? [replace(node.span, before + site.text.slice(node.span.start, node.span.end) + after)] : enclose(node.span, before, after);
}

function settled(node: Expression, kind: ValueKind = bytes): Settled {
  return node.kind === "ColumnReference" ? { span: node.span, kind } : { span: node.span, enclosed: true, kind };
}

function isAtom({ kind }: Expression): boolean {
  return kind === "ColumnReference" || kind === "BindParameter" || kind === "FunctionCall" || kind === "CastExpression" || kind === "CaseExpression" || kind === "Subquery";
}

/** Whether PostgreSQL folds the ASCII letters of a text only: its collation is "C". */
function isByBytes(node: Expression, kind: ValueKind, { resolution }: StatementContext): boolean {
  if (kind.kind === "text" && kind.ordered) return true;
  const view = node.kind === "ColumnReference" ? resolution(node) : undefined;
  return view?.decision.type === "text" && view.decision.collation === "C";
}

/** < and > of columns that PostgreSQL sorts by locale. */
function* byLocale(sides: readonly Expression[], operator: string, context: StatementContext): Iterable<SqlFinding> {
  if (!["<", "<=", ">", ">=", "BETWEEN"].includes(operator)) return;
  for (const side of sides) {
    const node = unwrap(side);
    if (node.kind === "ColumnReference" && sortsByLocale(node, context)) yield localeFinding(node, context);
  }
}

function sortsByLocale(node: ColumnReference, { resolution }: StatementContext): boolean {
  const view = resolution(node);
  return view?.decision.type === "text" && view.column.affinity === "TEXT" && view.decision.collation !== "C" && (view.column.collation ?? "BINARY").toUpperCase() === "BINARY";
}

function localeFinding(node: ColumnReference, { mode, site }: StatementContext): SqlFinding {
  const found = { span: node.span, severity: "warning" } as const;
  const why = "SQLite orders texts by their bytes, PostgreSQL this column by the database's locale";
  if (mode === "both") return { ...found, message: `${why}: let the column have the collation "C" (policy collation in cutover.json).`, fixes: [] };
  return {
    ...found,
    message: `${why}; COLLATE "C" is by bytes.`,
    fixes: [{ kind: "edit", title: 'Order by COLLATE "C"', applicability: "safe", edits: [replace(node.span, `${site.text.slice(node.span.start, node.span.end)} COLLATE "C"`)], settles: [{ span: node.span, kind: bytes }] }],
  };
}

function* ordered(statement: Statement, seen: Set<Expression>, context: StatementContext): Iterable<SqlFinding> {
  const queries = new Map(nodesOfKind(statement, "SelectStatement").flatMap((query) => (query.orderBy === undefined ? [] : [[query.orderBy, query] as const])));
  for (const clause of nodesOfKind(statement, "OrderByClause")) {
    const query = queries.get(clause);
    for (const { expression } of clause.terms) {
      const node = unwrap(expression);
      const collation = collationOf(node, context);
      if (node.kind === "CollateExpression") seen.add(node);
      if (collation === undefined || (node.kind === "CollateExpression" && isC(node))) continue;
      const operand = node.kind === "CollateExpression" ? unwrap(node.operand) : node;
      if (collation.name === "BINARY" && node.kind !== "CollateExpression") {
        if (operand.kind === "ColumnReference" && sortsByLocale(operand, context) && (query === undefined || resultColumn(operand, query) === undefined)) yield localeFinding(operand, context);
        continue;
      }
      const made = collation.name === undefined || !mayBeWritten(operand, query) ? undefined : collation.name === "BINARY" ? asBinary([node], context) : folded([node], collation.name, context);
      yield {
        span: node.span,
        severity: "error",
        message: made === undefined ? unordered(collation.name, node) : `SQLite sorts by ${collation.name ?? ""} here${made.reason}`,
        fixes: made === undefined ? [] : [made.fix],
      };
    }
  }
}

function unordered(name: Collation | undefined, node: Expression): string {
  if (name === undefined) return `PostgreSQL does not know the collation ${node.kind === "CollateExpression" ? (nameOf(node.collation) ?? "") : "of this column"}: make one by CREATE COLLATION, or sort in code.`;
  return `PostgreSQL has no collation ${name}, and the order cannot be written otherwise here: ${name === "BINARY" ? 'let the column have the collation "C"' : `sort by ${folding[name]}() in a query around this one`}.`;
}

/** PostgreSQL computes in ORDER BY with columns only, not with results' names, and in a DISTINCT or compound query with nothing else. */
function mayBeWritten(operand: Expression, query: SelectStatement | undefined): boolean {
  if (query === undefined) return true;
  const [term] = query.terms;
  return query.terms.length === 1 && term?.kind === "SelectCore" && term.quantifier !== "DISTINCT" && resultColumn(operand, query) === undefined;
}
