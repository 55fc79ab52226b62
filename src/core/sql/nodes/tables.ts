import type { Span } from "#core/text/span.ts";
import type { ConflictAction } from "./changes.ts";
import type { Expression } from "./expressions.ts";
import type { ErrorNode, Hole, Identifier, Name, NameList, QualifiedName, TypeName } from "./names.ts";
import type { OrderingTerm, SelectStatement, StatementState } from "./select.ts";

/** https://www.sqlite.org/lang_createtable.html */
export interface CreateTableStatement extends StatementState {
  readonly kind: "CreateTableStatement";
  readonly span: Span;
  /** TEMP or TEMPORARY. */
  readonly temporarySpan: Span | undefined;
  /** `IF NOT EXISTS`. */
  readonly ifNotExistsSpan: Span | undefined;
  readonly name: QualifiedName;
  /** Columns and constraints with their parentheses; absent with AS. */
  readonly definitionSpan: Span | undefined;
  readonly columns: readonly (ColumnDefinition | Hole | ErrorNode)[];
  readonly constraints: readonly (TableConstraint | Hole)[];
  readonly options: readonly (TableOption | Hole)[];
  readonly select: SelectStatement | undefined;
  readonly holes: readonly Hole[];
}

export interface TableOption {
  readonly kind: "TableOption";
  readonly span: Span;
  readonly option: "WITHOUT ROWID" | "STRICT" | undefined;
}

/** `name [type] [constraints]`. */
export interface ColumnDefinition {
  readonly kind: "ColumnDefinition";
  readonly span: Span;
  readonly name: Name;
  readonly type: TypeName | undefined;
  readonly constraints: readonly (ColumnConstraint | Hole)[];
}

/** `CONSTRAINT name`, before the constraint it names. */
export interface ConstraintName {
  readonly kind: "ConstraintName";
  readonly span: Span;
  readonly name: Name;
}

/** `ON CONFLICT action` of a constraint. */
export interface OnConflict {
  readonly kind: "OnConflict";
  readonly span: Span;
  readonly action: ConflictAction | undefined;
}

/** What every constraint has. The span starts at CONSTRAINT when it is named. */
interface ConstraintBase {
  readonly span: Span;
  readonly constraintName: ConstraintName | undefined;
}

/** A `CONSTRAINT name` that no constraint follows; SQLite takes it and ignores it. */
export interface EmptyConstraint extends ConstraintBase {
  readonly kind: "EmptyConstraint";
}

/** `PRIMARY KEY [ASC|DESC] [ON CONFLICT …] [AUTOINCREMENT]` of one column. */
export interface ColumnPrimaryKey extends ConstraintBase {
  readonly kind: "ColumnPrimaryKey";
  /** `PRIMARY KEY`. */
  readonly keySpan: Span;
  readonly direction: "ASC" | "DESC" | undefined;
  readonly directionSpan: Span | undefined;
  readonly onConflict: OnConflict | undefined;
  readonly autoincrementSpan: Span | undefined;
}

/** `NOT NULL [ON CONFLICT …]`. */
export interface NotNullConstraint extends ConstraintBase {
  readonly kind: "NotNullConstraint";
  readonly onConflict: OnConflict | undefined;
}

/** A bare `NULL`, which says nothing. */
export interface NullConstraint extends ConstraintBase {
  readonly kind: "NullConstraint";
  readonly onConflict: OnConflict | undefined;
}

export interface ColumnUnique extends ConstraintBase {
  readonly kind: "ColumnUnique";
  readonly onConflict: OnConflict | undefined;
}

/** `CHECK (expression)`, of a column or a table. */
export interface CheckConstraint extends ConstraintBase {
  readonly kind: "CheckConstraint";
  readonly expression: Expression;
  /** Only a table's constraint may have one, and SQLite ignores it. */
  readonly onConflict: OnConflict | undefined;
}

/** `DEFAULT value`. */
export interface DefaultConstraint extends ConstraintBase {
  readonly kind: "DefaultConstraint";
  /** A literal, a signed one, a ParenthesizedExpression, or an Identifier: a bare word is TRUE, FALSE or a string. */
  readonly value: Expression | Identifier;
}

export interface CollateConstraint extends ConstraintBase {
  readonly kind: "CollateConstraint";
  readonly collation: Name;
}

/** `REFERENCES table(columns) …` of one column. */
export interface ColumnForeignKey extends ConstraintBase {
  readonly kind: "ColumnForeignKey";
  readonly references: ReferencesClause;
}

/** `[GENERATED ALWAYS] AS (expression) [STORED | VIRTUAL]`; https://www.sqlite.org/gencol.html */
export interface GeneratedConstraint extends ConstraintBase {
  readonly kind: "GeneratedConstraint";
  /** `GENERATED ALWAYS`, when written. */
  readonly generatedAlwaysSpan: Span | undefined;
  readonly expression: Expression;
  readonly storage: "STORED" | "VIRTUAL" | undefined;
  readonly storageSpan: Span | undefined;
}

/** `[NOT] DEFERRABLE …` of a column that does not directly follow a REFERENCES clause. */
export interface DeferrableConstraint extends ConstraintBase {
  readonly kind: "DeferrableConstraint";
  readonly deferrable: DeferrableClause;
}

export type ColumnConstraint =
  | ColumnPrimaryKey
  | NotNullConstraint
  | NullConstraint
  | ColumnUnique
  | CheckConstraint
  | DefaultConstraint
  | CollateConstraint
  | ColumnForeignKey
  | GeneratedConstraint
  | DeferrableConstraint
  | EmptyConstraint
  | ErrorNode;

/** `PRIMARY KEY (terms [AUTOINCREMENT]) [ON CONFLICT …]`. */
export interface TablePrimaryKey extends ConstraintBase {
  readonly kind: "TablePrimaryKey";
  /** `PRIMARY KEY`. */
  readonly keySpan: Span;
  readonly terms: readonly OrderingTerm[];
  readonly autoincrementSpan: Span | undefined;
  readonly onConflict: OnConflict | undefined;
}

export interface TableUnique extends ConstraintBase {
  readonly kind: "TableUnique";
  readonly terms: readonly OrderingTerm[];
  readonly onConflict: OnConflict | undefined;
}

/** `FOREIGN KEY (columns) REFERENCES …`. */
export interface TableForeignKey extends ConstraintBase {
  readonly kind: "TableForeignKey";
  readonly columns: NameList;
  readonly references: ReferencesClause | ErrorNode;
}

export type TableConstraint = TablePrimaryKey | TableUnique | CheckConstraint | TableForeignKey | EmptyConstraint | ErrorNode;

/** `REFERENCES table [(columns)] [ON DELETE …] [MATCH …] [DEFERRABLE …]`; https://www.sqlite.org/foreignkeys.html */
export interface ReferencesClause {
  readonly kind: "ReferencesClause";
  readonly span: Span;
  readonly table: Name;
  readonly columns: NameList | undefined;
  readonly actions: readonly ReferenceAction[];
  readonly deferrable: DeferrableClause | undefined;
}

/** `ON DELETE CASCADE`, `MATCH full`, …: the last of a kind wins. */
export interface ReferenceAction {
  readonly kind: "ReferenceAction";
  readonly span: Span;
  readonly event: "DELETE" | "UPDATE" | "INSERT" | "MATCH";
  /** Undefined for MATCH. */
  readonly action: "SET NULL" | "SET DEFAULT" | "CASCADE" | "RESTRICT" | "NO ACTION" | undefined;
  /** The name after MATCH, which SQLite ignores. */
  readonly match: Name | undefined;
}

/** `[NOT] DEFERRABLE [INITIALLY DEFERRED | IMMEDIATE]`. */
export interface DeferrableClause {
  readonly kind: "DeferrableClause";
  readonly span: Span;
  readonly not: boolean;
  readonly initially: "DEFERRED" | "IMMEDIATE" | undefined;
}

/** https://www.sqlite.org/lang_createvtab.html */
export interface CreateVirtualTableStatement extends StatementState {
  readonly kind: "CreateVirtualTableStatement";
  readonly span: Span;
  readonly ifNotExistsSpan: Span | undefined;
  readonly name: QualifiedName;
  readonly module: Name;
  /** Parentheses included; absent without arguments. */
  readonly argumentsSpan: Span | undefined;
  readonly arguments: readonly ModuleArgument[];
}

/** One argument of a virtual table's module: text that only the module understands. */
export interface ModuleArgument {
  readonly kind: "ModuleArgument";
  readonly span: Span;
  /** As written, blanks and comments around it removed. */
  readonly text: string;
  readonly holes: readonly Hole[];
}

/** https://www.sqlite.org/lang_altertable.html */
export interface AlterTableStatement extends StatementState {
  readonly kind: "AlterTableStatement";
  readonly span: Span;
  readonly table: QualifiedName;
  readonly action: AlterAction;
}

export type AlterAction =
  | RenameTable
  | RenameColumn
  | AddColumn
  | DropColumn
  | AddConstraint
  | DropConstraint
  | AlterColumnNotNull
  | Hole
  | ErrorNode;

/** `RENAME TO name`. */
export interface RenameTable {
  readonly kind: "RenameTable";
  readonly span: Span;
  readonly newName: Name;
}

/** `RENAME [COLUMN] a TO b`. */
export interface RenameColumn {
  readonly kind: "RenameColumn";
  readonly span: Span;
  /** The word COLUMN. */
  readonly columnSpan: Span | undefined;
  readonly column: Name;
  readonly newName: Name;
}

/** `ADD [COLUMN] definition`. */
export interface AddColumn {
  readonly kind: "AddColumn";
  readonly span: Span;
  /** The word COLUMN. */
  readonly columnSpan: Span | undefined;
  readonly column: ColumnDefinition | Hole | ErrorNode;
}

/** `DROP [COLUMN] name`. */
export interface DropColumn {
  readonly kind: "DropColumn";
  readonly span: Span;
  /** The word COLUMN. */
  readonly columnSpan: Span | undefined;
  readonly column: Name;
}

/** `ADD [CONSTRAINT name] CHECK (…)`, SQLite 3.53 and newer. */
export interface AddConstraint {
  readonly kind: "AddConstraint";
  readonly span: Span;
  readonly constraint: CheckConstraint | ErrorNode;
}

/** `DROP CONSTRAINT name`, SQLite 3.53 and newer. */
export interface DropConstraint {
  readonly kind: "DropConstraint";
  readonly span: Span;
  readonly name: Name;
}

/** `ALTER [COLUMN] a SET NOT NULL` or `… DROP NOT NULL`, SQLite 3.53 and newer. */
export interface AlterColumnNotNull {
  readonly kind: "AlterColumnNotNull";
  readonly span: Span;
  readonly column: Name;
  readonly action: "SET" | "DROP" | undefined;
  readonly onConflict: OnConflict | undefined;
}

export type TablePart =
  | TableOption
  | ColumnDefinition
  | ConstraintName
  | OnConflict
  | Exclude<ColumnConstraint, ErrorNode>
  | Exclude<TableConstraint, ErrorNode>
  | ReferencesClause
  | ReferenceAction
  | DeferrableClause
  | ModuleArgument
  | Exclude<AlterAction, Hole | ErrorNode>;
