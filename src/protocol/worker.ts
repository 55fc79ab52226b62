import type { Applicability, Severity } from "#core/rules/finding.ts";

/** A range as editors count it: zero-based lines, characters in UTF-16 code units. */
export interface Range {
  readonly start: { readonly line: number; readonly character: number };
  readonly end: { readonly line: number; readonly character: number };
}

export interface TextChange {
  readonly range: Range;
  readonly newText: string;
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

/** One column of the schema panel. */
export interface ColumnModel {
  readonly name: string;
  readonly sqliteType: string;
  readonly postgresType: string;
  readonly evidence: string;
  readonly confidence: number;
  readonly overridden: boolean;
}

export interface TableModel {
  readonly name: string;
  readonly columns: readonly ColumnModel[];
  readonly sqliteDdl: string;
  readonly postgresDdl: string;
  readonly warnings: readonly string[];
}

/** Everything that the schema panel shows for one source. */
export interface SchemaModel {
  readonly source: string;
  readonly tables: readonly TableModel[];
  readonly postgresDdl: string;
  readonly reported: readonly { readonly kind: string; readonly name: string; readonly reason: string }[];
}

/** A table as the databases view pairs it; a count is undefined while it is not known. */
export interface TablePair {
  readonly name: string;
  readonly source: { readonly rows: number; readonly columns: readonly { readonly name: string; readonly type: string }[] } | undefined;
  readonly target: { readonly rows: number; readonly columns: readonly { readonly name: string; readonly type: string }[] } | undefined;
}

/** One configured move: a SQLite source and its PostgreSQL target. A side that cannot be read says why instead. */
export interface DatabasePair {
  readonly source: string;
  readonly target: string;
  readonly tables: readonly TablePair[];
  readonly sourceProblem: string | undefined;
  readonly targetProblem: string | undefined;
}

/** What the extension host may ask of the worker: request and answer by method. */
export interface WorkerMethods {
  analyze: { request: { readonly root: string; readonly path: string; readonly text: string }; answer: readonly DocumentFinding[] };
  schema: { request: { readonly root: string; readonly source: string }; answer: SchemaModel };
  databases: { request: { readonly root: string }; answer: readonly DatabasePair[] };
}

export type WorkerMethod = keyof WorkerMethods;

export type WorkerRequest = { [M in WorkerMethod]: { readonly id: number; readonly method: M; readonly request: WorkerMethods[M]["request"] } }[WorkerMethod];

/** The answer to a request, or the plain form of a CutoverError. */
export type WorkerAnswer =
  | { readonly id: number; readonly ok: true; readonly answer: unknown }
  | { readonly id: number; readonly ok: false; readonly error: { readonly what: string; readonly where?: string; readonly why?: string; readonly next: string } };
