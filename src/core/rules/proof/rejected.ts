import type { RuleMeta } from "../rule.ts";

/** PostgreSQL's own refusal of a statement that no rule has anything against. The prover finds it, not a check of the text. */
export const rejected: RuleMeta = {
  id: "rejected",
  family: "proof",
  title: "PostgreSQL refuses the statement",
  doc: {
    what: "Reports a statement that PostgreSQL refuses after every fix has been made: its parser, or a server that holds the translated schema, which prepares and plans each statement.",
    why: "Whatever the rules say, such a statement fails after the switch. The message holds the server's own words and points at the characters it means.",
    example: "SELECT titel FROM books",
    useInstead: { both: "SELECT title FROM books", postgres: "the same" },
    fixSafety: "There is no automatic edit.",
  },
};
