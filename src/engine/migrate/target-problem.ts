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
  const { what = `The target refused to ${doing}`, next } = known(code) ?? {};
  return new CutoverError({ tag: "target-failed", what, where: target, why, next: next ?? "Look at the statement with `cutover schema`; what it needs may be missing in the target.", cause });
}

/** What an SQLSTATE means and what to do about it. @see https://www.postgresql.org/docs/current/errcodes-appendix.html */
function known(code: string): { readonly what?: string; readonly next: string } | undefined {
  switch (code) {
    case "53100":
      return { what: "The disk of the server is full", next: "Make room on the server's disk, then go on with --resume." };
    case "53200":
    case "53300":
      return { next: "Give the server more memory or connections, or give fewer --jobs, then go on with --resume." };
    case "55P03":
      return { what: "The server waited too long for a lock that another session holds", next: "Let the other sessions on these tables end, or give a longer lock_timeout (in the URL, or connections.lockTimeout in cutover.json), then go on with --resume." };
    case "57014":
      return { what: "The server stopped a statement that took too long", next: "Give a longer statement_timeout (in the URL, or connections.statementTimeout in cutover.json; 0 for none), then go on with --resume." };
    case "40P01":
      return { next: "Let the other sessions on these tables end, then go on with --resume." };
    case "2BP01":
      return { next: "Drop what depends on the tables yourself: Cutover drops only what it made." };
    default:
      return code.startsWith("23") ? { next: "Mend the rows in the source, then start over with --drop." } : undefined;
  }
}

/** Whether a failure speaks of the rows that were sent rather than of the server: classes 22 (data), 23 (constraints), 54 (limits). */
export function isRefusedRow(cause: unknown): cause is PostgresFailure {
  return cause instanceof PostgresFailure && /^(22|23|54)/.test(cause.problem.code);
}
