import type { Edit } from "#core/text/edit.ts";
import type { Span } from "#core/text/span.ts";
import type { Unless } from "./declared/unless.ts";
import type { ValueKind } from "./kinds/value-kind.ts";

/** `safe`: same meaning by construction; `review`: may differ, the message says when; `manual`: no automatic edit. */
export type Applicability = "safe" | "review" | "manual";

export type Severity = "error" | "warning" | "information";

/**
 * A node of a statement whose meaning a fix has taken care of: PostgreSQL gives what SQLite gives as soon as it does for the
 * node's parts. `kind` is its value's, where the rule knows it.
 */
export interface Settled {
  readonly span: Span;
  readonly kind?: ValueKind;
  /**
   * The fix encloses the node (`CAST(` … ` AS TEXT)`): what stands around it meets a value of `kind`, and the node itself is still
   * looked at as it stands.
   */
  readonly enclosed?: true;
}

/** One way to mend a finding. All of its edits are made, or none. */
export interface Fix {
  readonly title: string;
  readonly applicability: "safe" | "review";
  /** Edits of the file. */
  readonly edits: readonly Edit[];
  /** Functions of the generated adapter that the result calls, such as `by_engine` or `like`. */
  readonly needs: readonly string[];
  /** In the file, like the edits. */
  readonly settles: readonly Settled[];
}

/** One hit of a rule in a file. The first fix is the preferred one. */
export interface Finding {
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  /** The preferred fix's; without a fix `safe` when the adapter supplies the same, `review` when the text may stay and the message says what to look at; otherwise `manual`. */
  readonly applicability: Applicability;
  /** Exact characters in the file. */
  readonly span: Span;
  readonly fixes: readonly Fix[];
  /** Functions that the generated adapter supplies on PostgreSQL, so that this code may stay as it is. */
  readonly supplied: readonly string[];
  /** What `supplied` settles. */
  readonly settles: readonly Settled[];
  /** What, all of it declared by the project's own CREATE TABLE statements, would leave nothing to say. */
  readonly unless?: readonly Unless[];
}
