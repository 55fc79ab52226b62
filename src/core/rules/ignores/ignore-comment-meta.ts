import type { RuleMeta } from "../rule.ts";

/** The comments that ask to leave findings alone have a page, like a rule: what is wrong with one is reported under this id. */
export const ignoreCommentMeta: RuleMeta = {
  id: "ignore-comment",
  family: "ignores",
  title: "A comment that ignores findings",
  doc: {
    what: "Finds `cutover-ignore` comments that have no effect: without a reason, without a rule, or with the id of a rule that there is not.",
    why: "A finding that is left alone is a decision. The reason stands beside it for those who come later, and a comment that ignores nothing must not look as if it did.",
    example: "# cutover-ignore[like-case]",
    useInstead: {
      both: "# cutover-ignore[like-case]: the pattern is a number, which has no case",
      postgres: "# cutover-ignore-file[like-case, null-order]: this file is for SQLite only",
    },
    fixSafety:
      "There is no automatic edit: only a person knows the reason. `cutover-ignore` speaks of its own line or, standing alone on its line, of the line below it; a comment above or behind the line where a statement, its text or its call begins speaks of the whole statement. " +
      "`cutover-ignore-file` speaks of the whole file. Every comment syntax of the host language is read, and the SQL's own (`--`, `/* */`).",
  },
};
