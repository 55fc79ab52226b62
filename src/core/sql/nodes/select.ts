import type { Span } from "#core/text/span.ts";
import type { Expression, ExpressionList, Subquery, WindowSpecification } from "./expressions.ts";
import type { Alias, ErrorNode, Hole, Name, NameList, QualifiedName } from "./names.ts";

/** What a statement carries when it could not be understood whole. Both are undefined in a sound one. */
export interface StatementState {
  /** The first thing wrong in this statement, in SQLite's words; SQLite would refuse all of it. */
  readonly problem: SyntaxProblem | undefined;
  /** Text at the statement's end that the parser gave up on. */
  readonly rest: ErrorNode | undefined;
}

/** One thing that SQLite would refuse. */
export interface SyntaxProblem {
  readonly span: Span;
  /** In SQLite's words: `near "x": syntax error`, `incomplete input`, `unrecognized token: "#"`, … */
  readonly message: string;
}

/**
 * A whole query: WITH, one or more SELECT or VALUES, and the ORDER BY and LIMIT of all of them.
 * `terms[i]` and `terms[i + 1]` are joined by `operators[i]`; a plain SELECT has one term and no operator.
 */
export interface SelectStatement extends StatementState {
  readonly kind: "SelectStatement";
  readonly span: Span;
  readonly with: WithClause | undefined;
  readonly terms: readonly SelectTerm[];
  readonly operators: readonly (CompoundOperator | Hole)[];
  readonly orderBy: OrderByClause | undefined;
  readonly limit: LimitClause | undefined;
  /** Interpolations standing for clauses at the end, after the last term's own. */
  readonly holes: readonly Hole[];
}

export type SelectTerm = SelectCore | ValuesClause | Hole | ErrorNode;

/** UNION, UNION ALL, EXCEPT or INTERSECT. */
export interface CompoundOperator {
  readonly kind: "CompoundOperator";
  readonly span: Span;
  readonly operator: "UNION" | "UNION ALL" | "EXCEPT" | "INTERSECT";
}

/** One SELECT up to its WINDOW clause. */
export interface SelectCore {
  readonly kind: "SelectCore";
  readonly span: Span;
  /** The word SELECT; absent when a hole brings it (`({select} WHERE x = 1)`). */
  readonly selectSpan: Span | undefined;
  readonly quantifier: "DISTINCT" | "ALL" | undefined;
  readonly quantifierSpan: Span | undefined;
  readonly columns: readonly ResultItem[];
  readonly from: FromClause | undefined;
  readonly where: WhereClause | undefined;
  readonly groupBy: GroupByClause | undefined;
  readonly having: HavingClause | undefined;
  readonly window: WindowClause | undefined;
  /** Interpolations that stand for one or more clauses, wherever among the clauses they are. */
  readonly holes: readonly Hole[];
  /** ORDER BY and LIMIT before a compound operator, where SQLite refuses them. */
  readonly misplaced: readonly (OrderByClause | LimitClause)[];
}

/** `VALUES (…), (…)`. */
export interface ValuesClause {
  readonly kind: "ValuesClause";
  readonly span: Span;
  /** The word VALUES. */
  readonly valuesSpan: Span;
  /** Each row is an ExpressionList, or a hole that stands for one or more rows. */
  readonly rows: readonly (ExpressionList | Hole | ErrorNode)[];
}

/** One item of a result list; a bare hole may stand for many columns. */
export type ResultItem = ResultColumn | AllColumns;

/** `expression [AS name]`. */
export interface ResultColumn {
  readonly kind: "ResultColumn";
  readonly span: Span;
  readonly expression: Expression;
  readonly alias: Alias | undefined;
}

/** `*` or `table.*`. */
export interface AllColumns {
  readonly kind: "AllColumns";
  readonly span: Span;
  readonly table: Name | undefined;
}

/** `FROM a JOIN b ON … , c`: a flat list, joined from left to right. A hole among the terms stands for any of it. */
export interface FromClause {
  readonly kind: "FromClause";
  readonly span: Span;
  /** The word FROM. */
  readonly fromSpan: Span;
  readonly terms: readonly (JoinTerm | Hole)[];
}

/** One table of a FROM clause with the operator before it (absent on the first) and its ON or USING. */
export interface JoinTerm {
  readonly kind: "JoinTerm";
  readonly span: Span;
  readonly operator: JoinOperator | undefined;
  readonly source: TableSource;
  readonly constraint: OnClause | UsingClause | undefined;
}

/** `,`, `JOIN`, `LEFT OUTER JOIN`, `NATURAL CROSS JOIN`, … */
export interface JoinOperator {
  readonly kind: "JoinOperator";
  readonly span: Span;
  readonly comma: boolean;
  readonly natural: boolean;
  /** Undefined for the comma, a plain JOIN and NATURAL JOIN (all inner joins). */
  readonly type: "INNER" | "CROSS" | "LEFT" | "RIGHT" | "FULL" | undefined;
  /** The word OUTER was written. */
  readonly outer: boolean;
}

export interface OnClause {
  readonly kind: "OnClause";
  readonly span: Span;
  /** The word ON. */
  readonly onSpan: Span;
  readonly condition: Expression;
}

export interface UsingClause {
  readonly kind: "UsingClause";
  readonly span: Span;
  /** The word USING. */
  readonly usingSpan: Span;
  readonly columns: NameList;
}

export type TableSource = TableReference | TableFunctionCall | SubquerySource | ParenthesizedSource | ErrorNode;

/** A table or view by name. */
export interface TableReference {
  readonly kind: "TableReference";
  readonly span: Span;
  readonly table: QualifiedName;
  readonly alias: Alias | undefined;
  readonly indexedBy: IndexedBy | undefined;
}

/** `INDEXED BY name` or `NOT INDEXED`. */
export interface IndexedBy {
  readonly kind: "IndexedBy";
  readonly span: Span;
  /** Absent for NOT INDEXED. */
  readonly index: Name | undefined;
}

/** `json_each(x) AS j`. */
export interface TableFunctionCall {
  readonly kind: "TableFunctionCall";
  readonly span: Span;
  readonly name: QualifiedName;
  readonly arguments: ExpressionList;
  readonly alias: Alias | undefined;
}

/** `(SELECT …) AS s`. */
export interface SubquerySource {
  readonly kind: "SubquerySource";
  readonly span: Span;
  readonly subquery: Subquery;
  readonly alias: Alias | undefined;
}

/** `(a JOIN b) AS s`. */
export interface ParenthesizedSource {
  readonly kind: "ParenthesizedSource";
  readonly span: Span;
  readonly terms: readonly (JoinTerm | Hole)[];
  readonly alias: Alias | undefined;
}

export interface WhereClause {
  readonly kind: "WhereClause";
  readonly span: Span;
  /** The word WHERE; absent when a hole brings it (`{where} AND x = 1`). */
  readonly whereSpan: Span | undefined;
  readonly condition: Expression;
}

export interface GroupByClause {
  readonly kind: "GroupByClause";
  readonly span: Span;
  /** `GROUP BY`. */
  readonly groupBySpan: Span;
  readonly expressions: readonly Expression[];
}

export interface HavingClause {
  readonly kind: "HavingClause";
  readonly span: Span;
  /** The word HAVING. */
  readonly havingSpan: Span;
  readonly condition: Expression;
}

/** `WINDOW name AS (…), …`. */
export interface WindowClause {
  readonly kind: "WindowClause";
  readonly span: Span;
  readonly definitions: readonly WindowDefinition[];
}

export interface WindowDefinition {
  readonly kind: "WindowDefinition";
  readonly span: Span;
  readonly name: Name;
  readonly window: WindowSpecification | ErrorNode;
}

export interface OrderByClause {
  readonly kind: "OrderByClause";
  readonly span: Span;
  /** `ORDER BY`. */
  readonly orderBySpan: Span;
  readonly terms: readonly OrderingTerm[];
}

/** One term of ORDER BY, of an index, a key or a conflict target. */
export interface OrderingTerm {
  readonly kind: "OrderingTerm";
  readonly span: Span;
  readonly expression: Expression;
  readonly direction: "ASC" | "DESC" | undefined;
  readonly directionSpan: Span | undefined;
  readonly nulls: "FIRST" | "LAST" | undefined;
  /** `NULLS FIRST` or `NULLS LAST`. */
  readonly nullsSpan: Span | undefined;
  /** Interpolations after the expression: a direction, a NULLS clause, further terms. */
  readonly holes: readonly Hole[];
}

/** `LIMIT n`, `LIMIT n OFFSET m` or `LIMIT m, n`. */
export interface LimitClause {
  readonly kind: "LimitClause";
  readonly span: Span;
  /** The word LIMIT. */
  readonly limitSpan: Span;
  readonly limit: Expression;
  readonly offset: Expression | undefined;
  /** `comma`: the offset stands first in the text. Undefined without an offset. */
  readonly offsetForm: "offset" | "comma" | undefined;
  /** The word OFFSET, or the comma. */
  readonly offsetSpan: Span | undefined;
}

/** `WITH [RECURSIVE] a AS (…), …`. */
export interface WithClause {
  readonly kind: "WithClause";
  readonly span: Span;
  readonly withSpan: Span;
  readonly recursiveSpan: Span | undefined;
  readonly tables: readonly (CommonTable | Hole)[];
}

/** `name (columns) AS [NOT] [MATERIALIZED] (select)`. */
export interface CommonTable {
  readonly kind: "CommonTable";
  readonly span: Span;
  readonly name: Name;
  readonly columns: NameList | undefined;
  readonly materialized: "MATERIALIZED" | "NOT MATERIALIZED" | undefined;
  readonly materializedSpan: Span | undefined;
  readonly query: Subquery | Hole | ErrorNode;
}

/** Nodes that occur only in queries. */
export type SelectPart =
  | CompoundOperator
  | SelectCore
  | ValuesClause
  | ResultColumn
  | AllColumns
  | FromClause
  | JoinTerm
  | JoinOperator
  | OnClause
  | UsingClause
  | TableReference
  | IndexedBy
  | TableFunctionCall
  | SubquerySource
  | ParenthesizedSource
  | WhereClause
  | GroupByClause
  | HavingClause
  | WindowClause
  | WindowDefinition
  | OrderByClause
  | OrderingTerm
  | LimitClause
  | WithClause
  | CommonTable;
