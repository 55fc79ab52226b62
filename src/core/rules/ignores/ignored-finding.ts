import type { Finding } from "../finding.ts";

/** Who has decided that a finding is left alone: a comment in the file, an entry of `ignores` in cutover.json, or `off` in its `severity`. */
export type IgnoredBy = "comment" | "config" | "severity";

/** A finding that is left alone, with the reason that was given. */
export interface IgnoredFinding {
  readonly finding: Finding;
  readonly by: IgnoredBy;
  readonly reason: string;
}
