import { CutoverError } from "#core/cutover-error.ts";
import { PostgresFailure } from "../postgres/session.ts";

/** Says what a statement that the target refused means to the user; other errors come back as they are. */
export function targetProblem(cause: unknown, target: string, doing: string): unknown {
  if (!(cause instanceof PostgresFailure)) return cause;
  const { code, message, detail, hint } = cause.problem;
  const why = [message, detail, hint].filter((part) => part !== undefined).join("\n");
  if (code === "42501" || code === "25006") {
    return new CutoverError({ tag: "target-refused", what: `The target does not let this user ${doing}`, where: target, why, next: "Ask the owner of the database to grant the right that is missing.", cause });
  }
  return new CutoverError({ tag: "target-failed", what: `The target refused to ${doing}`, where: target, why, next: advice(code), cause });
}

/** What to do about an SQLSTATE. @see https://www.postgresql.org/docs/current/errcodes-appendix.html */
function advice(code: string): string {
  if (code === "53100") return "Make room on the server's disk, then go on with --resume.";
  if (code === "53200" || code === "53300") return "Give the server more memory or connections, or give fewer --jobs, then go on with --resume.";
  if (code === "55P03" || code === "40P01") return "Let the other sessions on these tables end, then go on with --resume.";
  if (code === "2BP01") return "Drop what depends on the tables yourself: Cutover drops only what it made.";
  if (code.startsWith("23")) return "Mend the rows in the source, then start over with --drop.";
  return "Look at the statement with `cutover schema`; what it needs may be missing in the target.";
}

/** Whether a failure speaks of the rows that were sent rather than of the server: classes 22 (data), 23 (constraints), 54 (limits). */
export function isRefusedRow(cause: unknown): cause is PostgresFailure {
  return cause instanceof PostgresFailure && /^(22|23|54)/.test(cause.problem.code);
}
