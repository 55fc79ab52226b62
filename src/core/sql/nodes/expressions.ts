import type { Span } from "#core/text/span.ts";
import type { Alias, ErrorNode, Hole, Identifier, Name, NameList, QualifiedName, TypeName } from "./names.ts";
import type { OrderByClause, SelectStatement, WhereClause } from "./select.ts";

/** An integer, hexadecimal or floating literal. `text` keeps digits and separators exactly as written. */
export interface NumericLiteral {
  readonly kind: "NumericLiteral";
  readonly span: Span;
  readonly form: "integer" | "hex" | "float";
  readonly text: string;
}

/** `'…'`. In `value` doubled quotes are halved; glued holes keep their text and are listed. */
export interface StringLiteral {
  readonly kind: "StringLiteral";
  readonly span: Span;
  readonly value: string;
  readonly holes: readonly Hole[];
}

/** `x'…'`. */
export interface BlobLiteral {
  readonly kind: "BlobLiteral";
  readonly span: Span;
  /** The hexadecimal digits between the quotes. */
  readonly hex: string;
  readonly holes: readonly Hole[];
}

export interface NullLiteral {
  readonly kind: "NullLiteral";
  readonly span: Span;
}

/** `CURRENT_TIME`, `CURRENT_DATE` or `CURRENT_TIMESTAMP`: UTC text in SQLite. */
export interface CurrentTimeLiteral {
  readonly kind: "CurrentTimeLiteral";
  readonly span: Span;
  readonly name: "CURRENT_TIME" | "CURRENT_DATE" | "CURRENT_TIMESTAMP";
}

/** A placeholder (https://www.sqlite.org/lang_expr.html#varparam). See `bindParameters` for the numbers SQLite gives. */
export interface BindParameter {
  readonly kind: "BindParameter";
  readonly span: Span;
  /** `#name` is undocumented, yet SQLite binds it like the others. */
  readonly form: "?" | "?NNN" | ":" | "@" | "$" | "#";
  /** As written, e.g. `?`, `?12`, `:id`, `$a::b(c)`: two named parameters are one when this is equal. */
  readonly text: string;
  /** Without its prefix; undefined for `?` and `?NNN`. */
  readonly name: string | undefined;
  /** The number of `?NNN`; undefined otherwise, or when a hole is its number (`?{n}`). */
  readonly number: number | undefined;
  readonly holes: readonly Hole[];
}

/**
 * `column`, `table.column` or `schema.table.column`. Also what SQLite decides later: the booleans TRUE and FALSE
 * (see `booleanName`), and a double-quoted word that names no column and so is taken for a string.
 */
export interface ColumnReference {
  readonly kind: "ColumnReference";
  readonly span: Span;
  readonly schema: Name | undefined;
  readonly table: Name | undefined;
  readonly column: Name;
}

export interface UnaryExpression {
  readonly kind: "UnaryExpression";
  readonly span: Span;
  readonly operator: "-" | "+" | "~" | "NOT";
  readonly operatorSpan: Span;
  readonly operand: Expression;
}

/** The operators of BinaryExpression, spelt as written (words in upper case). */
export type BinaryOperator =
  | "OR" | "AND"
  | "=" | "==" | "<>" | "!="
  | "<" | "<=" | ">" | ">="
  | "&" | "|" | "<<" | ">>"
  | "+" | "-" | "*" | "/" | "%"
  | "||" | "->" | "->>";

/** Chains (`a OR b OR c …`) lean to the left and may be thousands deep: use `walk`, not recursion. */
export interface BinaryExpression {
  readonly kind: "BinaryExpression";
  readonly span: Span;
  readonly operator: BinaryOperator;
  readonly operatorSpan: Span;
  readonly left: Expression;
  readonly right: Expression;
}

/** `a IS b`, `a IS NOT b`, `a IS DISTINCT FROM b`, `a IS NOT DISTINCT FROM b`, for any b (NULL included). */
export interface IsExpression {
  readonly kind: "IsExpression";
  readonly span: Span;
  /** The word NOT was written. */
  readonly not: boolean;
  /** The words DISTINCT FROM were written. */
  readonly distinctFrom: boolean;
  /** All the words from IS to the last before the right operand. */
  readonly operatorSpan: Span;
  readonly left: Expression;
  readonly right: Expression;
}

/** `a ISNULL`, `a NOTNULL`, `a NOT NULL`. (`a IS NULL` is an IsExpression.) */
export interface NullTest {
  readonly kind: "NullTest";
  readonly span: Span;
  readonly form: "ISNULL" | "NOTNULL" | "NOT NULL";
  readonly operatorSpan: Span;
  readonly operand: Expression;
}

/** `a [NOT] LIKE b [ESCAPE c]`, and the same with GLOB, REGEXP, MATCH. */
export interface LikeExpression {
  readonly kind: "LikeExpression";
  readonly span: Span;
  readonly operator: "LIKE" | "GLOB" | "REGEXP" | "MATCH";
  readonly not: boolean;
  /** `LIKE` or `NOT LIKE`. */
  readonly operatorSpan: Span;
  readonly left: Expression;
  readonly right: Expression;
  /** The word ESCAPE. */
  readonly escapeSpan: Span | undefined;
  readonly escape: Expression | undefined;
}

/** `a [NOT] BETWEEN low AND high`. */
export interface BetweenExpression {
  readonly kind: "BetweenExpression";
  readonly span: Span;
  readonly not: boolean;
  /** `BETWEEN` or `NOT BETWEEN`. */
  readonly operatorSpan: Span;
  readonly operand: Expression;
  readonly low: Expression;
  /** The word AND between the bounds. */
  readonly andSpan: Span | undefined;
  readonly high: Expression;
}

/** `a [NOT] IN source`. */
export interface InExpression {
  readonly kind: "InExpression";
  readonly span: Span;
  readonly not: boolean;
  /** `IN` or `NOT IN`. */
  readonly operatorSpan: Span;
  readonly operand: Expression;
  readonly source: InSource;
}

export type InSource = ExpressionList | Subquery | InTable | Hole | ErrorNode;

/** `(a, b, c)` after IN; may be empty. The span includes the parentheses. */
export interface ExpressionList {
  readonly kind: "ExpressionList";
  readonly span: Span;
  readonly items: readonly Expression[];
}

/** `IN table` or `IN function(…)`. */
export interface InTable {
  readonly kind: "InTable";
  readonly span: Span;
  readonly table: QualifiedName;
  /** Present (maybe empty) when it is a table-valued function. */
  readonly arguments: ExpressionList | undefined;
}

/** `(SELECT …)` with its parentheses, as a value, a source, or after IN and EXISTS. */
export interface Subquery {
  readonly kind: "Subquery";
  readonly span: Span;
  readonly select: SelectStatement;
}

export interface ExistsExpression {
  readonly kind: "ExistsExpression";
  readonly span: Span;
  /** The word EXISTS. */
  readonly operatorSpan: Span;
  readonly subquery: Subquery | Hole | ErrorNode;
}

export interface CaseExpression {
  readonly kind: "CaseExpression";
  readonly span: Span;
  readonly operand: Expression | undefined;
  readonly branches: readonly (CaseBranch | Hole)[];
  /** The word ELSE. */
  readonly elseSpan: Span | undefined;
  readonly otherwise: Expression | undefined;
  /** The word END; absent in a half-typed expression. */
  readonly endSpan: Span | undefined;
}

/** `WHEN condition THEN result`. */
export interface CaseBranch {
  readonly kind: "CaseBranch";
  readonly span: Span;
  readonly condition: Expression;
  readonly result: Expression;
}

/** `CAST(expression AS type)`. */
export interface CastExpression {
  readonly kind: "CastExpression";
  readonly span: Span;
  readonly expression: Expression;
  /** The word AS. */
  readonly asSpan: Span | undefined;
  /** Absent when no type was written: SQLite allows `CAST(x AS)`. */
  readonly type: TypeName | undefined;
}

/** `a COLLATE name`. */
export interface CollateExpression {
  readonly kind: "CollateExpression";
  readonly span: Span;
  readonly operand: Expression;
  /** The word COLLATE. */
  readonly operatorSpan: Span;
  readonly collation: Name;
}

/** `name([DISTINCT] args [ORDER BY …]) [FILTER …] [OVER …]` or `name(*)`. */
export interface FunctionCall {
  readonly kind: "FunctionCall";
  readonly span: Span;
  readonly name: Identifier | Hole;
  /** From `(` to `)`, both included. */
  readonly argumentsSpan: Span;
  readonly quantifier: "DISTINCT" | "ALL" | undefined;
  readonly quantifierSpan: Span | undefined;
  readonly arguments: readonly Expression[];
  /** The `*` of `count(*)`. */
  readonly starSpan: Span | undefined;
  /** ORDER BY among the arguments. */
  readonly orderBy: OrderByClause | undefined;
  readonly withinGroup: WithinGroup | undefined;
  readonly filter: FilterClause | undefined;
  readonly over: OverClause | undefined;
}

/** `WITHIN GROUP (ORDER BY expression)`: only in builds with SQLITE_ENABLE_ORDERED_SET_AGGREGATES. */
export interface WithinGroup {
  readonly kind: "WithinGroup";
  readonly span: Span;
  readonly expression: Expression;
}

/** `FILTER (WHERE condition)`. */
export interface FilterClause {
  readonly kind: "FilterClause";
  readonly span: Span;
  readonly where: WhereClause | Hole | ErrorNode;
}

/** `OVER name` or `OVER (definition)`. */
export interface OverClause {
  readonly kind: "OverClause";
  readonly span: Span;
  readonly window: Name | WindowSpecification | ErrorNode;
}

/** What stands in the parentheses of OVER or WINDOW; the span includes the parentheses. */
export interface WindowSpecification {
  readonly kind: "WindowSpecification";
  readonly span: Span;
  /** The window that this one builds on. */
  readonly base: Name | undefined;
  /** `PARTITION BY`. */
  readonly partitionSpan: Span | undefined;
  readonly partitionBy: readonly Expression[];
  readonly orderBy: OrderByClause | undefined;
  readonly frame: WindowFrame | undefined;
  readonly holes: readonly Hole[];
}

/** `ROWS BETWEEN … AND … EXCLUDE …`; https://www.sqlite.org/windowfunctions.html#frame_specifications */
export interface WindowFrame {
  readonly kind: "WindowFrame";
  readonly span: Span;
  readonly unit: "RANGE" | "ROWS" | "GROUPS";
  readonly unitSpan: Span;
  readonly from: FrameBound | ErrorNode;
  /** Absent without BETWEEN: up to the current row. */
  readonly to: FrameBound | ErrorNode | undefined;
  readonly exclude: "NO OTHERS" | "CURRENT ROW" | "GROUP" | "TIES" | undefined;
  /** From the word EXCLUDE on. */
  readonly excludeSpan: Span | undefined;
}

export interface FrameBound {
  readonly kind: "FrameBound";
  readonly span: Span;
  readonly form: "UNBOUNDED PRECEDING" | "PRECEDING" | "CURRENT ROW" | "FOLLOWING" | "UNBOUNDED FOLLOWING";
  readonly offset: Expression | undefined;
}

/** `(a, b)`: two or more values in parentheses. */
export interface RowValue {
  readonly kind: "RowValue";
  readonly span: Span;
  readonly items: readonly Expression[];
}

/** `(a)`: kept in the tree, since an edit must know what is already in parentheses. */
export interface ParenthesizedExpression {
  readonly kind: "ParenthesizedExpression";
  readonly span: Span;
  readonly expression: Expression;
}

/** `RAISE(IGNORE)` or `RAISE(ABORT, message)` in a trigger. */
export interface RaiseExpression {
  readonly kind: "RaiseExpression";
  readonly span: Span;
  readonly action: "IGNORE" | "ROLLBACK" | "ABORT" | "FAIL" | undefined;
  readonly message: Expression | undefined;
}

/** A hole where an operator is expected: the operator itself (`x {op} ?`), or a tail (`(x {and_more})`, no `right`). */
export interface HoleOperatorExpression {
  readonly kind: "HoleOperatorExpression";
  readonly span: Span;
  readonly left: Expression;
  readonly operator: Hole;
  readonly right: Expression | undefined;
}

export type Literal = NumericLiteral | StringLiteral | BlobLiteral | NullLiteral | CurrentTimeLiteral;

export type Expression =
  | Literal
  | BindParameter
  | ColumnReference
  | UnaryExpression
  | BinaryExpression
  | IsExpression
  | NullTest
  | LikeExpression
  | BetweenExpression
  | InExpression
  | ExistsExpression
  | CaseExpression
  | CastExpression
  | CollateExpression
  | FunctionCall
  | RowValue
  | ParenthesizedExpression
  | Subquery
  | RaiseExpression
  | HoleOperatorExpression
  | Hole
  | ErrorNode;

/** Nodes that occur only inside expressions. */
export type ExpressionPart =
  | ExpressionList
  | InTable
  | CaseBranch
  | WithinGroup
  | FilterClause
  | OverClause
  | WindowSpecification
  | WindowFrame
  | FrameBound
  | Identifier
  | QualifiedName
  | Alias
  | NameList
  | TypeName;
