/**
 * What became of a statement. `verified`: all edits are safe, and PostgreSQL has prepared it (or both engines gave the same rows);
 * `translated`: all edits are safe, and only PostgreSQL's parser has seen it; `review`: it may mean something else, the findings
 * say when; `manual`: something is left to a person; `unparsed`: SQLite would refuse it.
 */
export type Outcome = "verified" | "translated" | "review" | "manual" | "unparsed";

/** From the best to the worst. */
export const outcomes: readonly Outcome[] = ["verified", "translated", "review", "manual", "unparsed"];
