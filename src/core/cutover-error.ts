/** What went wrong, one tag for each thing a user would do differently about. The exit code follows from it. */
export type ErrorTag =
  | "usage" // the command line is off
  | "config-invalid" // cutover.json or .env cannot be used as it stands
  | "source-missing" // no file at the path
  | "source-not-sqlite" // a file, but not a database
  | "source-locked" // another process holds the database
  | "source-unreadable" // damaged, or no permission
  | "target-unreachable" // no server answers
  | "target-refused" // wrong password, no such role or database, no rights
  | "target-tls" // the TLS handshake or the certificate failed
  | "target-not-empty" // tables of the plan's names exist already
  | "target-busy" // another run holds the embedded target
  | "target-unsupported" // the server's version is too old
  | "target-failed" // the server rejected a statement of ours
  | "backup-failed" // the source's backup cannot be made, or cannot be brought back
  | "bad-rows" // rows that the target would refuse
  | "write-refused" // a file of the user's stands where we would write
  | "internal"; // a bug of ours

/** Exit codes of the command line: see docs/cli.md. */
export const exitCodes = { clean: 0, findings: 1, usage: 2, failed: 3, cancelled: 130 } as const;

/** The exit code a tag ends with; exhaustive, so that a new tag must say. */
const exitOf: Record<ErrorTag, number> = {
  usage: exitCodes.usage,
  "config-invalid": exitCodes.usage,
  "source-missing": exitCodes.usage,
  "source-not-sqlite": exitCodes.usage,
  "source-locked": exitCodes.failed,
  "source-unreadable": exitCodes.failed,
  "target-unreachable": exitCodes.failed,
  "target-refused": exitCodes.failed,
  "target-tls": exitCodes.failed,
  "target-not-empty": exitCodes.failed,
  "target-busy": exitCodes.failed,
  "target-unsupported": exitCodes.failed,
  "target-failed": exitCodes.failed,
  "backup-failed": exitCodes.failed,
  "bad-rows": exitCodes.failed,
  "write-refused": exitCodes.usage,
  internal: exitCodes.failed,
};

/** The parts of an error that a person reads. None of them may hold a password: callers redact URLs first. */
export interface ErrorParts {
  readonly tag: ErrorTag;
  /** What happened, one sentence without a full stop. */
  readonly what: string;
  /** Where: a file, a table, a server (`host:port/database`), a line. */
  readonly where?: string;
  /** Why, in the engine's own words where there are any. */
  readonly why?: string;
  /** What to do next, one sentence. */
  readonly next: string;
  readonly cause?: unknown;
}

/** The one error family: everything that a user is told as a failure is one of these. */
export class CutoverError extends Error {
  readonly tag: ErrorTag;
  readonly where: string | undefined;
  readonly why: string | undefined;
  readonly next: string;

  constructor(parts: ErrorParts) {
    super(parts.what, { cause: parts.cause });
    this.name = "CutoverError";
    this.tag = parts.tag;
    this.where = parts.where;
    this.why = parts.why;
    this.next = parts.next;
  }

  /** The exit code that the command line ends with. */
  get exitCode(): number {
    return exitOf[this.tag];
  }

  /** The plain form that crosses process and thread boundaries. */
  toJSON(): { tag: ErrorTag; what: string; where?: string; why?: string; next: string } {
    return {
      tag: this.tag,
      what: this.message,
      ...(this.where === undefined ? {} : { where: this.where }),
      ...(this.why === undefined ? {} : { why: this.why }),
      next: this.next,
    };
  }
}
