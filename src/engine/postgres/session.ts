/** One row as PostgreSQL's text protocol gives it: every value its output text, or null. */
export type TextRow = readonly (string | null)[];

export interface QueryResult {
  readonly columns: readonly string[];
  readonly rows: readonly TextRow[];
  /** Rows affected or returned, as the command tag says. */
  readonly rowCount: number;
}

/** What the server makes of a statement without running it. */
export interface Description {
  /** Parameter type OIDs, in order of `$n`. */
  readonly parameters: readonly number[];
  /** Result columns, empty for a statement that returns none. */
  readonly columns: readonly { readonly name: string; readonly typeOid: number }[];
}

/** A server's refusal of a statement. `position` is 1-based in code points, as the server sends it. */
export interface PostgresProblem {
  readonly code: string;
  readonly message: string;
  readonly detail: string | undefined;
  readonly hint: string | undefined;
  readonly position: number | undefined;
  readonly table: string | undefined;
  readonly column: string | undefined;
  readonly constraint: string | undefined;
}

/**
 * One connection to a PostgreSQL, a server's or the embedded one: the same calls mean the same on both.
 * Statements of one session run one after the other. Values come back as text, exactly as the server prints them.
 */
export interface PostgresSession {
  /** For people: `host:port/database`, or `embedded:DIR`; never a password. */
  readonly name: string;
  /** Major version, such as 18. */
  readonly version: number;
  /**
   * Whether a pooler stands between, so that each transaction may meet another process of the server: nothing that outlives a transaction
   * (a session's lock, a temporary table, a prepared statement) can be relied on.
   */
  readonly pooled: boolean;
  /** Runs one statement with text parameters. @throws PostgresFailure */
  query(sql: string, parameters?: readonly (string | null)[]): Promise<QueryResult>;
  /** Runs a script of several statements in one implicit transaction. @throws PostgresFailure */
  script(sql: string): Promise<void>;
  /** Sets parameters for the rest of the session, behind a pooler as well. Not within a transaction. @throws PostgresFailure */
  set(settings: Readonly<Record<string, string>>): Promise<void>;
  /** Parses and describes a statement without running it. @throws PostgresFailure */
  describe(sql: string): Promise<Description>;
  /**
   * Runs `COPY … FROM STDIN`, feeding it the chunks under back-pressure; gives the number of rows the server took, all or none.
   * `wholeRows` promises that every chunk ends where a row ends, which keeps the embedded one's memory flat in formats other than text;
   * a chunk then belongs to the session. An error that the chunks throw undoes the COPY and comes out as it is. @throws PostgresFailure
   */
  copyIn(sql: string, chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, options?: { readonly wholeRows?: boolean }): Promise<number>;
  /** Runs `COPY … TO STDOUT` and yields its bytes. @throws PostgresFailure */
  copyOut(sql: string): AsyncIterable<Uint8Array>;
  /** Stops the running statement on the server, if one runs. */
  cancel(): Promise<void>;
  close(): Promise<void>;
}

/** Opens further sessions to the same target; the embedded one gives a single shared session whatever `limit` says. */
export interface PostgresTarget {
  readonly name: string;
  readonly kind: "server" | "embedded";
  /** How many sessions may be open at once. */
  readonly maxSessions: number;
  /** With fewer a run is not to begin. */
  readonly minSessions: number;
  connect(): Promise<PostgresSession>;
  close(): Promise<void>;
}

/** Thrown for a statement the server refused; callers that know more turn it into a CutoverError. */
export class PostgresFailure extends Error {
  readonly problem: PostgresProblem;
  constructor(problem: PostgresProblem, cause?: unknown) {
    super(problem.message, { cause });
    this.name = "PostgresFailure";
    this.problem = problem;
  }
}
