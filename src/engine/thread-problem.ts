import { CutoverError, type ErrorParts } from "#core/cutover-error.ts";

/** A problem as one thread tells it another: an error's class does not travel. */
export interface ThreadProblem {
  readonly message: string;
  /** SQLite's, or the system's. */
  readonly code: string | undefined;
  /** All of it, when it was told by us. */
  readonly told: ErrorParts | undefined;
}

/** What to post. */
export function toThreadProblem(problem: unknown): ThreadProblem {
  const code = problem instanceof Error && "code" in problem && typeof problem.code === "string" ? problem.code : undefined;
  return { message: problem instanceof Error ? problem.message : String(problem), code, told: problem instanceof CutoverError ? { ...problem.toJSON() } : undefined };
}

/** The error that was posted. */
export function fromThreadProblem({ message, code, told }: ThreadProblem): Error {
  return told !== undefined ? new CutoverError(told) : Object.assign(new Error(message), code === undefined ? {} : { code });
}
