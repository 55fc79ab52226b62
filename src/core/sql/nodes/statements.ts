import type { Span } from "#core/text/span.ts";
import type { DeleteStatement, InsertStatement, UpdateStatement } from "./changes.ts";
import type { Expression } from "./expressions.ts";
import type { ErrorNode, Hole, Identifier, Name, NameList, QualifiedName } from "./names.ts";
import type { OrderingTerm, SelectStatement, StatementState, WhereClause } from "./select.ts";
import type { AlterTableStatement, CreateTableStatement, CreateVirtualTableStatement } from "./tables.ts";
import type { Node } from "../nodes.ts";

/** https://www.sqlite.org/lang_createindex.html */
export interface CreateIndexStatement extends StatementState {
  readonly kind: "CreateIndexStatement";
  readonly span: Span;
  /** The word UNIQUE. */
  readonly uniqueSpan: Span | undefined;
  readonly ifNotExistsSpan: Span | undefined;
  readonly name: QualifiedName;
  readonly table: Name;
  /** A column with COLLATE is a CollateExpression. */
  readonly terms: readonly OrderingTerm[];
  /** From `(` to `)`, both included. */
  readonly termsSpan: Span | undefined;
  readonly where: WhereClause | undefined;
  readonly holes: readonly Hole[];
}

/** https://www.sqlite.org/lang_createview.html */
export interface CreateViewStatement extends StatementState {
  readonly kind: "CreateViewStatement";
  readonly span: Span;
  readonly temporarySpan: Span | undefined;
  readonly ifNotExistsSpan: Span | undefined;
  readonly name: QualifiedName;
  readonly columns: NameList | undefined;
  /** The word AS. */
  readonly asSpan: Span | undefined;
  readonly select: SelectStatement | Hole | ErrorNode;
}

/** https://www.sqlite.org/lang_createtrigger.html */
export interface CreateTriggerStatement extends StatementState {
  readonly kind: "CreateTriggerStatement";
  readonly span: Span;
  readonly temporarySpan: Span | undefined;
  readonly ifNotExistsSpan: Span | undefined;
  readonly name: QualifiedName;
  /** Undefined when not written, which means BEFORE. */
  readonly timing: "BEFORE" | "AFTER" | "INSTEAD OF" | undefined;
  readonly timingSpan: Span | undefined;
  readonly event: TriggerEvent | ErrorNode;
  readonly table: QualifiedName;
  readonly forEachRowSpan: Span | undefined;
  readonly when: TriggerWhen | undefined;
  /** The word BEGIN. */
  readonly beginSpan: Span | undefined;
  readonly body: readonly Statement[];
  /** The word END. */
  readonly endSpan: Span | undefined;
}

/** `INSERT`, `DELETE`, `UPDATE` or `UPDATE OF a, b`. */
export interface TriggerEvent {
  readonly kind: "TriggerEvent";
  readonly span: Span;
  readonly event: "INSERT" | "DELETE" | "UPDATE";
  /** The columns after OF. */
  readonly columns: readonly Name[];
}

/** `WHEN condition`. */
export interface TriggerWhen {
  readonly kind: "TriggerWhen";
  readonly span: Span;
  readonly condition: Expression;
}

/** DROP TABLE, VIEW, INDEX or TRIGGER. */
export interface DropStatement extends StatementState {
  readonly kind: "DropStatement";
  readonly span: Span;
  readonly object: "TABLE" | "VIEW" | "INDEX" | "TRIGGER";
  /** `IF EXISTS`. */
  readonly ifExistsSpan: Span | undefined;
  readonly name: QualifiedName;
}

/** `PRAGMA [schema.]name [= value | (value)]`; https://www.sqlite.org/pragma.html */
export interface PragmaStatement extends StatementState {
  readonly kind: "PragmaStatement";
  readonly span: Span;
  readonly name: QualifiedName;
  readonly form: "=" | "()" | undefined;
  /** A number, a signed one (UnaryExpression), or a word or string (Identifier; ON, DELETE and DEFAULT included). */
  readonly value: Expression | Identifier | undefined;
}

/** `ATTACH [DATABASE] file AS name [KEY key]`. */
export interface AttachStatement extends StatementState {
  readonly kind: "AttachStatement";
  readonly span: Span;
  readonly file: Expression;
  readonly name: Expression;
  readonly key: Expression | undefined;
}

export interface DetachStatement extends StatementState {
  readonly kind: "DetachStatement";
  readonly span: Span;
  readonly name: Expression;
}

/** `BEGIN [mode] [TRANSACTION [name]]`; https://www.sqlite.org/lang_transaction.html */
export interface BeginStatement extends StatementState {
  readonly kind: "BeginStatement";
  readonly span: Span;
  readonly mode: "DEFERRED" | "IMMEDIATE" | "EXCLUSIVE" | undefined;
  readonly modeSpan: Span | undefined;
  readonly transactionSpan: Span | undefined;
  readonly name: Name | undefined;
}

/** COMMIT or END. */
export interface CommitStatement extends StatementState {
  readonly kind: "CommitStatement";
  readonly span: Span;
  readonly verb: "COMMIT" | "END";
  readonly transactionSpan: Span | undefined;
  readonly name: Name | undefined;
}

/** `ROLLBACK [TRANSACTION [name]] [TO [SAVEPOINT] savepoint]`. */
export interface RollbackStatement extends StatementState {
  readonly kind: "RollbackStatement";
  readonly span: Span;
  readonly transactionSpan: Span | undefined;
  readonly name: Name | undefined;
  readonly savepoint: Name | undefined;
}

export interface SavepointStatement extends StatementState {
  readonly kind: "SavepointStatement";
  readonly span: Span;
  readonly name: Name;
}

export interface ReleaseStatement extends StatementState {
  readonly kind: "ReleaseStatement";
  readonly span: Span;
  readonly name: Name;
}

/** `VACUUM [schema] [INTO file]`. */
export interface VacuumStatement extends StatementState {
  readonly kind: "VacuumStatement";
  readonly span: Span;
  readonly schema: Name | undefined;
  readonly into: Expression | undefined;
}

export interface AnalyzeStatement extends StatementState {
  readonly kind: "AnalyzeStatement";
  readonly span: Span;
  readonly name: QualifiedName | undefined;
}

export interface ReindexStatement extends StatementState {
  readonly kind: "ReindexStatement";
  readonly span: Span;
  readonly name: QualifiedName | undefined;
}

/** `EXPLAIN [QUERY PLAN] statement`. */
export interface ExplainStatement extends StatementState {
  readonly kind: "ExplainStatement";
  readonly span: Span;
  /** `EXPLAIN` or `EXPLAIN QUERY PLAN`. */
  readonly explainSpan: Span;
  readonly queryPlan: boolean;
  readonly statement: Statement;
}

/**
 * SQL that starts in the middle of a statement (`AND x = ?`, `WHERE …`, `ORDER BY x`, `a, b, c`), or a statement that
 * starts with a hole. The parts are clauses, expressions, names, holes, in order, best effort.
 */
export interface Fragment extends StatementState {
  readonly kind: "Fragment";
  readonly span: Span;
  readonly parts: readonly Node[];
}

export type Statement =
  | SelectStatement
  | InsertStatement
  | UpdateStatement
  | DeleteStatement
  | CreateTableStatement
  | CreateVirtualTableStatement
  | CreateIndexStatement
  | CreateViewStatement
  | CreateTriggerStatement
  | AlterTableStatement
  | DropStatement
  | PragmaStatement
  | AttachStatement
  | DetachStatement
  | BeginStatement
  | CommitStatement
  | RollbackStatement
  | SavepointStatement
  | ReleaseStatement
  | VacuumStatement
  | AnalyzeStatement
  | ReindexStatement
  | ExplainStatement
  | Fragment
  | ErrorNode;

export type StatementPart = TriggerEvent | TriggerWhen;
