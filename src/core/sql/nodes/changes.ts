import type { Span } from "#core/text/span.ts";
import type { Expression } from "./expressions.ts";
import type { Alias, ErrorNode, Hole, Name, NameList, QualifiedName } from "./names.ts";
import type {
  FromClause, IndexedBy, LimitClause, OrderByClause, OrderingTerm, ResultItem, SelectStatement, StatementState, WhereClause, WithClause,
} from "./select.ts";

/** What to do when a constraint is violated; https://www.sqlite.org/lang_conflict.html */
export type ConflictAction = "ROLLBACK" | "ABORT" | "FAIL" | "IGNORE" | "REPLACE";

/** `OR IGNORE` after INSERT or UPDATE; or a hole in its place (`INSERT {or_ignore} INTO`). */
export interface OrAction {
  readonly kind: "OrAction";
  readonly span: Span;
  /** Undefined when a hole stands for it. */
  readonly action: ConflictAction | undefined;
  readonly hole: Hole | undefined;
}

/** INSERT and REPLACE; https://www.sqlite.org/lang_insert.html */
export interface InsertStatement extends StatementState {
  readonly kind: "InsertStatement";
  readonly span: Span;
  readonly with: WithClause | undefined;
  /** Undefined when a hole stands for it (`{verb} INTO t`). */
  readonly verb: "INSERT" | "REPLACE" | undefined;
  /** The word INSERT or REPLACE, or the hole in its place. */
  readonly verbSpan: Span;
  /** `OR IGNORE` etc.; its span is what a rewrite removes. */
  readonly or: OrAction | undefined;
  /** The word INTO. */
  readonly intoSpan: Span | undefined;
  readonly table: QualifiedName;
  readonly alias: Alias | undefined;
  readonly columns: NameList | undefined;
  /** A query (`VALUES (…)` is one with a single ValuesClause), DEFAULT VALUES, or a hole for either. */
  readonly source: SelectStatement | DefaultValues | Hole | ErrorNode;
  readonly upserts: readonly UpsertClause[];
  readonly returning: ReturningClause | undefined;
  readonly holes: readonly Hole[];
}

export interface DefaultValues {
  readonly kind: "DefaultValues";
  readonly span: Span;
}

/** `ON CONFLICT [(target)] DO NOTHING | DO UPDATE SET …`; https://www.sqlite.org/lang_upsert.html */
export interface UpsertClause {
  readonly kind: "UpsertClause";
  readonly span: Span;
  readonly target: ConflictTarget | undefined;
  readonly action: "NOTHING" | "UPDATE" | undefined;
  /** `DO NOTHING` or `DO UPDATE`. */
  readonly actionSpan: Span | undefined;
  readonly set: SetClause | undefined;
  readonly where: WhereClause | undefined;
  readonly holes: readonly Hole[];
}

/** `(a, b COLLATE nocase) [WHERE …]`. */
export interface ConflictTarget {
  readonly kind: "ConflictTarget";
  readonly span: Span;
  readonly terms: readonly OrderingTerm[];
  readonly where: WhereClause | undefined;
}

export interface ReturningClause {
  readonly kind: "ReturningClause";
  readonly span: Span;
  /** The word RETURNING. */
  readonly returningSpan: Span;
  readonly columns: readonly ResultItem[];
}

/** `SET a = 1, (b, c) = (2, 3)`. */
export interface SetClause {
  readonly kind: "SetClause";
  readonly span: Span;
  /** The word SET. */
  readonly setSpan: Span;
  readonly assignments: readonly (Assignment | Hole)[];
}

export interface Assignment {
  readonly kind: "Assignment";
  readonly span: Span;
  /** One name, or a list in parentheses. */
  readonly target: Name | NameList;
  /** The `=`. */
  readonly operatorSpan: Span | undefined;
  readonly value: Expression;
}

/** https://www.sqlite.org/lang_update.html */
export interface UpdateStatement extends StatementState {
  readonly kind: "UpdateStatement";
  readonly span: Span;
  readonly with: WithClause | undefined;
  /** The word UPDATE. */
  readonly verbSpan: Span;
  readonly or: OrAction | undefined;
  readonly table: QualifiedName;
  readonly alias: Alias | undefined;
  readonly indexedBy: IndexedBy | undefined;
  readonly set: SetClause | ErrorNode;
  readonly from: FromClause | undefined;
  readonly where: WhereClause | undefined;
  readonly returning: ReturningClause | undefined;
  readonly orderBy: OrderByClause | undefined;
  readonly limit: LimitClause | undefined;
  readonly holes: readonly Hole[];
}

/** https://www.sqlite.org/lang_delete.html */
export interface DeleteStatement extends StatementState {
  readonly kind: "DeleteStatement";
  readonly span: Span;
  readonly with: WithClause | undefined;
  /** The word DELETE. */
  readonly verbSpan: Span;
  /** The word FROM. */
  readonly fromSpan: Span | undefined;
  readonly table: QualifiedName;
  readonly alias: Alias | undefined;
  readonly indexedBy: IndexedBy | undefined;
  readonly where: WhereClause | undefined;
  readonly returning: ReturningClause | undefined;
  readonly orderBy: OrderByClause | undefined;
  readonly limit: LimitClause | undefined;
  readonly holes: readonly Hole[];
}

export type ChangePart = OrAction | DefaultValues | UpsertClause | ConflictTarget | ReturningClause | SetClause | Assignment;
