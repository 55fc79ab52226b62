import type { RuleMeta } from "../rule.ts";

/** Both engines ran a statement on the same rows and gave different ones. The prover finds it, not a check of the text. */
export const rowsDiffer: RuleMeta = {
  id: "rows-differ",
  family: "proof",
  title: "The engines give different rows",
  doc: {
    what: "Reports a statement that was run on SQLite as it stands and on PostgreSQL with every fix made, on a copy of the same rows, with different results.",
    why: "The statement runs on PostgreSQL and means something else there, at least for the rows at hand.",
    example: "SELECT name FROM people ORDER BY upper(nick)",
    useInstead: { both: "SELECT name FROM people ORDER BY upper(nick), id", postgres: "the same" },
    fixSafety: "There is no automatic edit. Where only the order differs, an ORDER BY that ends in a unique key makes it the same.",
  },
};
