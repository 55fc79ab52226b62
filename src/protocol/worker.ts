import type { Applicability, Severity } from "#core/rules/finding.ts";
import type { Verdict } from "#core/rules/verdict.ts";
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
  /** Functions that the generated adapter supplies, so that the code may stay as it is. */
  readonly supplied: readonly string[];
  /** The tables that its statement names. */
  readonly tables: readonly string[];
}

/** A place of a document where SQL text is built. */
export interface DocumentSite {
  readonly range: Range;
  /** Whether it is whole SQL as it stands: nothing is put in at run time. */
  readonly whole: boolean;
}

/** What one text of a document holds. */
export interface DocumentAnalysis {
  readonly findings: readonly DocumentFinding[];
  readonly sites: readonly DocumentSite[];
  /** How many findings comments and cutover.json leave alone. */
  readonly ignored: number;
}

/** The findings of one file of a workspace. */
export interface FileFindings {
  /** Absolute. */
  readonly path: string;
  readonly findings: readonly DocumentFinding[];
}

/** The findings of a whole workspace folder. */
export interface WorkspaceFindings {
  /** Files with findings, by path. */
  readonly files: readonly FileFindings[];
  /** How many files were looked at. */
  readonly looked: number;
  /** Absolute paths of the files in which SQL is built. */
  readonly withSites: readonly string[];
  readonly ignored: number;
}

/** How far a long request has come. */
export interface WorkProgress {
  readonly done: number;
  readonly total: number;
}

/** Texts that the editor holds and has not written, by absolute path. */
export type UnwrittenTexts = readonly { readonly path: string; readonly text: string }[];

/** Everything that fixes change in one statement, as one change that is made whole or not at all; or an import that they need. */
export interface StatementChange {
  readonly range: Range;
  readonly newText: string;
  /** Whether one of the fixes asks for a review. */
  readonly review: boolean;
}

/** What many fixes would change in one file; the file is the one whose text is `text`. */
export interface FileChanges {
  /** Absolute. */
  readonly path: string;
  readonly text: string;
  readonly changes: readonly StatementChange[];
  readonly fixed: number;
  /** Findings whose fix touches that of another and waits for the next time. */
  readonly waiting: number;
}

/** A statement as it stands and as its fixes would leave it. */
export interface StatementPreview {
  readonly before: string;
  readonly after: string;
  readonly fixed: number;
  readonly left: number;
}

/** What became of a statement that both engines were asked about. */
export interface StatementTrial {
  /** What was asked. */
  readonly before: string;
  /** Its form for PostgreSQL. */
  readonly after: string;
  readonly verdict: Verdict;
  /** What a person has to know, the worst first. */
  readonly remarks: readonly { readonly rule: string; readonly message: string; readonly applicability: Applicability }[];
}

/** What the engines said of a document's statements. */
export interface DocumentProofs {
  readonly trials: readonly { readonly range: Range; readonly trial: StatementTrial }[];
  /** What only the engines could tell: refusals, other rows. */
  readonly findings: readonly DocumentFinding[];
}

/** The plain form of a CutoverError: what, where, why and what to do next. None of it holds a password. */
export interface Problem {
  readonly tag: string;
  readonly what: string;
  readonly where?: string;
  readonly why?: string;
  readonly next: string;
}

/** What a type would mean for a column's values. */
export interface TypeChoice {
  readonly type: string;
  /** `whole`: every value stays as it is; `changed`: all are taken, not all as they are; `refused`: some are not taken; `unknown`: no values were looked at. */
  readonly fit: "whole" | "changed" | "refused" | "unknown";
  /** What would be lost, or how many values do not fit; empty when there is nothing to say. */
  readonly note: string;
}

/** One column of the schema panel. */
export interface ColumnModel {
  readonly name: string;
  readonly sqliteType: string;
  readonly postgresType: string;
  /** The type without what a number by itself adds: one of `choices`. */
  readonly type: string;
  /** The type that is taken when no person chooses one. */
  readonly automatic: string;
  readonly choices: readonly TypeChoice[];
  readonly evidence: string;
  readonly warnings: readonly string[];
  /** Other types that the values speak for, with the reason. */
  readonly suggestions: readonly string[];
  /** 0 to 1. */
  readonly confidence: number;
  readonly overridden: boolean;
  /** Whether a person should look at it: it is not sure, or there is a warning. */
  readonly look: boolean;
  /** Where the column's definition lies in the table's `sqliteDdl`, when it is found there. */
  readonly sqliteSpan: Span | undefined;
  /** Where the column's definition lies in the table's `postgresDdl`, when it is found there. */
  readonly postgresSpan: Span | undefined;
}

export interface TableModel {
  readonly name: string;
  readonly columns: readonly ColumnModel[];
  /** The table's CREATE TABLE, its indexes' and its triggers', as stored. */
  readonly sqliteDdl: string;
  /** Every statement of the plan that belongs to the table, in the plan's order. */
  readonly postgresDdl: string;
  readonly warnings: readonly string[];
  /** What PostgreSQL could do for the table besides, with its price; `how` is the DDL, or what to write into cutover.json. */
  readonly offers: readonly { readonly reason: string; readonly costs: readonly string[]; readonly how: string }[];
}

/** A table as the schema panel's list has it. */
export interface TableEntry {
  readonly name: string;
  readonly columns: readonly string[];
  /** How many places of it a person should look at. */
  readonly look: number;
}

/** What the schema panel shows of one source; its tables one by one. */
export interface SchemaModel {
  readonly source: string;
  readonly tables: readonly TableEntry[];
  /** What the types go by: `none` by the declaration, as there are no values or nobody has read them yet; `stale` by values that have changed since. */
  readonly values: "none" | "unread" | "stale" | "read";
  /** Objects of the source without DDL (`left-out`), or whose DDL does not say everything that was said (`changed`). */
  readonly reported: readonly { readonly kind: string; readonly name: string; readonly outcome: "left-out" | "changed"; readonly reason: string }[];
  /** Statements that SQLite refuses, and choices in cutover.json that are no column's. */
  readonly notes: readonly string[];
  /** The table that was asked for, or that is defined at the place that was; else the first one. */
  readonly table: TableModel | undefined;
}

/** What a schema is made of. */
export interface SchemaSource {
  /** The folder whose cutover.json decides. */
  readonly root: string;
  /** A database, a `.sql` file, a folder of migrations or, with `code`, a file of any language whose CREATE statements count; absolute, or relative to the root. */
  readonly source: string;
  readonly code: boolean;
}

/** A source as a request names it, with what the editor holds and has not written. */
export interface SchemaRequest extends SchemaSource {
  /** cutover.json's text; undefined for what is on disk. */
  readonly config: string | undefined;
  /** The file's text, needed for `code`. */
  readonly text: string | undefined;
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
  /** A migration into the target has begun and is not finished: it can be gone on with. */
  readonly unfinishedRun: boolean;
  readonly tables: readonly TablePair[];
  readonly sourceProblem: Problem | undefined;
  readonly targetProblem: Problem | undefined;
}

/** What the extension host may ask of the worker: request and answer by method. */
export interface WorkerMethods {
  /** Findings of one document's text; `path` is absolute. */
  analyze: { request: { readonly root: string; readonly path: string; readonly text: string }; answer: DocumentAnalysis };
  /** Findings of every file of a folder; `texts` go before what is written. */
  scan: { request: { readonly root: string; readonly texts: UnwrittenTexts }; answer: WorkspaceFindings };
  /** What the preferred fixes of a rule, or of all rules, would change in every file of a folder, or in the one at `path`. */
  fixes: { request: { readonly root: string; readonly texts: UnwrittenTexts; readonly rule: string | undefined; readonly level: "safe" | "review"; readonly path: string | undefined }; answer: readonly FileChanges[] };
  /** The comment that leaves a finding alone; undefined where none can be placed. */
  ignore: {
    request: { readonly root: string; readonly path: string; readonly text: string; readonly rule: string; readonly range: Range; readonly scope: "here" | "file"; readonly reason: string };
    answer: TextChange | undefined;
  };
  /** The changes of a cutover.json's text that turn a rule off; of an empty text, the whole of a new one. */
  turnOff: { request: { readonly text: string; readonly rule: string }; answer: readonly TextChange[] };
  /** A site's SQL before and after its fixes; undefined when there is no site at the range. */
  preview: { request: { readonly root: string; readonly path: string; readonly text: string; readonly range: Range }; answer: StatementPreview | undefined };
  /** Translates a site's SQL and asks both engines about it, with the schema and the rows of the configured source. */
  trial: { request: { readonly root: string; readonly path: string; readonly text: string; readonly range: Range }; answer: StatementTrial | undefined };
  /** The same for every site of a document; undefined without a configured source that is there. */
  proofs: { request: { readonly root: string; readonly path: string; readonly text: string }; answer: DocumentProofs | undefined };
  /** The translated schema of a source by what is known of its values; `table` by name, or the one defined at `at`. */
  schema: { request: SchemaRequest & { readonly table: string | undefined; readonly at: { readonly line: number; readonly character: number } | undefined }; answer: SchemaModel };
  /** Reads all values of a source, for the next question about its schema. Rows are counted as progress. */
  profile: { request: SchemaRequest; answer: undefined };
  /** The schema as text on both sides, of one table or whole. */
  schemaText: { request: SchemaRequest & { readonly table: string | undefined }; answer: { readonly sqlite: string; readonly postgres: string } };
  /** What of the schema's names is taken in a target, which is connected to. */
  schemaTarget: { request: SchemaRequest & { readonly target: string }; answer: { readonly target: string; readonly taken: readonly string[] } };
  /** The changes of a cutover.json's text that choose a column's type, or take the choice back. */
  override: { request: { readonly text: string; readonly table: string; readonly column: string; readonly type: string | undefined }; answer: readonly TextChange[] };
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

/** How far a request has come, which is still under way. */
export interface WorkerNews {
  readonly id: number;
  readonly method: WorkerMethod;
  readonly progress: WorkProgress;
}

export type WorkerAnswer = { [M in WorkerMethod]: WorkerReply<M> }[WorkerMethod];
