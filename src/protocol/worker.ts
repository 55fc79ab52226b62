import type { Applicability, Severity } from "#core/rules/finding.ts";
import type { Span } from "#core/text/span.ts";

/** A range as editors count it: zero-based lines, characters in UTF-16 code units. */
export interface Range {
  readonly start: { readonly line: number; readonly character: number };
  readonly end: { readonly line: number; readonly character: number };
}

export interface TextChange {
  readonly range: Range;
  readonly newText: string;
  /** Of an insertion that opens or closes a range: see core/text/edit.ts. */
  readonly around?: Range;
}

export interface DocumentFix {
  readonly title: string;
  readonly applicability: "safe" | "review";
  readonly changes: readonly TextChange[];
}

/** A finding with editor positions. */
export interface DocumentFinding {
  readonly rule: string;
  readonly message: string;
  readonly severity: Severity;
  readonly applicability: Applicability;
  readonly range: Range;
  readonly fixes: readonly DocumentFix[];
}

/** The plain form of a CutoverError: what, where, why and what to do next. None of it holds a password. */
export interface Problem {
  readonly tag: string;
  readonly what: string;
  readonly where?: string;
  readonly why?: string;
  readonly next: string;
}

/** One column of the schema panel. */
export interface ColumnModel {
  readonly name: string;
  readonly sqliteType: string;
  readonly postgresType: string;
  readonly evidence: string;
  /** 0 to 1. */
  readonly confidence: number;
  readonly overridden: boolean;
  /** Where the column's definition lies in the table's `sqliteDdl`, when it is found there. */
  readonly sqliteSpan: Span | undefined;
  /** Where the column's definition lies in the table's `postgresDdl`, when it is found there. */
  readonly postgresSpan: Span | undefined;
}

export interface TableModel {
  readonly name: string;
  readonly columns: readonly ColumnModel[];
  /** The table's CREATE TABLE and its indexes', as stored. */
  readonly sqliteDdl: string;
  /** Every statement of the plan that belongs to the table, in the plan's order. */
  readonly postgresDdl: string;
  readonly warnings: readonly string[];
}

/** Everything that the schema panel shows for one source. */
export interface SchemaModel {
  readonly source: string;
  readonly tables: readonly TableModel[];
  readonly postgresDdl: string;
  /** Objects of the source without DDL (`left-out`), or whose DDL does not say everything that was said (`changed`). */
  readonly reported: readonly { readonly kind: string; readonly name: string; readonly outcome: "left-out" | "changed"; readonly reason: string }[];
}

/** One side of a table pair: exact row count and columns in the table's order. */
export interface TableSide {
  readonly rows: number;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
}

/** A table as the databases view pairs it; a side is undefined where the table does not exist or the side cannot be read. */
export interface TablePair {
  readonly name: string;
  readonly source: TableSide | undefined;
  readonly target: TableSide | undefined;
}

/** One configured move as cutover.json names it; nothing of it has been opened. */
export interface ConfiguredPair {
  readonly name: string;
  readonly source: string;
  readonly target: string;
}

/** What the editor needs of cutover.json. */
export interface Configuration {
  /** Whether there is a cutover.json at all. */
  readonly present: boolean;
  readonly databases: readonly ConfiguredPair[];
}

/** One configured move with what both sides hold. A side that cannot be read says why instead. */
export interface DatabasePair extends ConfiguredPair {
  /** What `target` stands for, as `host:port/database` or `embedded:DIR`, when that is known. */
  readonly targetName: string | undefined;
  readonly tables: readonly TablePair[];
  readonly sourceProblem: Problem | undefined;
  readonly targetProblem: Problem | undefined;
}

/** What the extension host may ask of the worker: request and answer by method. */
export interface WorkerMethods {
  /** Findings of one document's text; `path` is absolute. */
  analyze: { request: { readonly root: string; readonly path: string; readonly text: string }; answer: readonly DocumentFinding[] };
  /** The translated schema of a SQLite file or of SQL text; `source` is absolute or relative to the root. */
  schema: { request: { readonly root: string; readonly source: string }; answer: SchemaModel };
  /** cutover.json, read but not followed. */
  configuration: { request: { readonly root: string }; answer: Configuration };
  /** Tables and counts of one configured pair; the target is left alone unless `connect`. */
  database: { request: { readonly root: string; readonly name: string; readonly connect: boolean }; answer: DatabasePair };
}

export type WorkerMethod = keyof WorkerMethods;

/** A request of one method. `id` is the caller's, unique among its requests under way. */
export interface WorkerCall<M extends WorkerMethod> {
  readonly id: number;
  readonly method: M;
  readonly request: WorkerMethods[M]["request"];
}

export type WorkerRequest = { [M in WorkerMethod]: WorkerCall<M> }[WorkerMethod];

/** What is posted to the worker: a request, or that the answer to one is no longer wanted. */
export type WorkerMessage = WorkerRequest | { readonly cancel: number };

/** The answer to a request of one method, or the plain form of a CutoverError, with the stack of an unforeseen one for the log. */
export type WorkerReply<M extends WorkerMethod> =
  | { readonly id: number; readonly method: M; readonly ok: true; readonly answer: WorkerMethods[M]["answer"] }
  | { readonly id: number; readonly method: M; readonly ok: false; readonly error: Problem; readonly stack?: string };

export type WorkerAnswer = { [M in WorkerMethod]: WorkerReply<M> }[WorkerMethod];
