import { CutoverError } from "#core/cutover-error.ts";
import { sourceProblem } from "../sqlite/open-source.ts";

/** What the system and SQLite say of a place that cannot be written to, by what its user does about it. */
const reasons: readonly (readonly [code: RegExp, next: string])[] = [
  [/^(SQLITE_FULL|ENOSPC|EDQUOT)/, "Make room on the disk, then run this again."],
  [/^(EACCES|EPERM|EROFS|SQLITE_READONLY|SQLITE_PERM)/, "Give this user the right to write to the folder, then run this again."],
  [/^(ENOTDIR|EEXIST|ENOENT|ELOOP|EISDIR|SQLITE_CANTOPEN)/, "Check the folder: it must be one that files can be made in. Then run this again."],
];

/** Says why a backup was not made: for its folder, or else for the source. */
export function backupProblem(source: string, folder: string, cause: unknown): CutoverError {
  const code = cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : "";
  const next = reasons.find(([known]) => known.test(code))?.[1];
  if (cause instanceof CutoverError || next === undefined) return sourceProblem(source, cause);
  return new CutoverError({ tag: "backup-failed", what: "The backup cannot be made", where: folder, why: cause instanceof Error ? cause.message : String(cause), next, cause });
}
