import type { Site } from "#core/hosts/site.ts";
import { tokenize } from "#core/sql/tokenize.ts";
import type { Statement } from "#core/sql/nodes.ts";
import { nodesOfKind } from "#core/sql/walk.ts";
import { enclose, opening } from "../rewrite.ts";
import type { StatementRule } from "../rule.ts";
import { groupedOtherwise } from "./grouping.ts";

/** Where PostgreSQL's precedence is another one, parentheses say what SQLite groups. */
export const operatorGrouping: StatementRule = {
  meta: {
    id: "operator-grouping",
    family: "operators",
    title: "Operators that bind otherwise",
    doc: {
      what: "Finds operands without parentheses that PostgreSQL gives to another operator than SQLite, such as in `a * b || c`, `a = b LIKE c`, `~a + b`, chains of comparisons such as `a < b = c`, and signs that it reads as one operator, such as `a % -1` without blanks.",
      why: "In SQLite || binds tighter than *, and =, IN, LIKE and IS bind alike, from left to right. In PostgreSQL || is weaker than +, IN and LIKE bind tighter than =, IS weaker, and comparisons do not chain: the statement computes something else or is refused.",
      example: "SELECT qty * unit || ' kg' FROM items WHERE qty>1=is_big",
      useInstead: { both: "SELECT qty * (unit || ' kg') FROM items WHERE (qty>1)=is_big", postgres: "the same" },
      fixSafety: "Safe: the parentheses write down what SQLite does anyway.",
    },
  },
  *check({ statement, site }) {
    // The expressions of a CREATE TABLE are the schema translator's.
    if (statement.kind === "CreateTableStatement") return;
    for (const operand of groupedOtherwise(statement)) {
      const { span } = operand;
      // What is filled in there may end the operand, and the clause.
      if (nodesOfKind(operand, "HoleOperatorExpression").length > 0) continue;
      yield {
        span,
        severity: "error",
        message: "PostgreSQL gives this operand to another operator, or refuses it, without parentheses.",
        fixes: [{ kind: "edit", title: "Add parentheses", applicability: "safe", edits: enclose(span, "(", ")") }],
      };
    }
    for (const { span, read } of joinedSigns(statement, site)) {
      yield {
        span,
        severity: "error",
        message: `PostgreSQL reads ${read} as one operator, which it does not have.`,
        fixes: [{ kind: "edit", title: "Put a blank between them", applicability: "safe", edits: [opening(span, " ")] }],
      };
    }
  },
};

const sign = /^[-+*/<>=~!%&|]+$/;

/**
 * Operators that follow another one without a blank, where PostgreSQL goes on reading: it takes as many signs as there are, and gives
 * a trailing + or - back only when none of `~!@#%^&|?` is among them.
 * @see https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-OPERATORS
 */
function joinedSigns(statement: Statement, { text, holes }: Site): { readonly span: { readonly start: number; readonly end: number }; readonly read: string }[] {
  const { start, end } = statement.span;
  const found: { span: { start: number; end: number }; read: string }[] = [];
  let run = "";
  let last = -1;
  for (const token of tokenize(text.slice(start, end), holes.map(({ span }) => ({ start: span.start - start, end: span.end - start })))) {
    const own = text.slice(start + token.start, start + token.end);
    if (token.kind === "comment" || !sign.test(own)) {
      last = -1;
      continue;
    }
    if (last === token.start) {
      run += own;
      const read = /[~!@#%^&|?]/.test(run) ? run : run.replace(/[-+]+$/, "");
      if (read.length > run.length - own.length) {
        found.push({ span: { start: start + token.start, end: start + token.end }, read });
        run = own;
      }
    } else run = own;
    last = token.end;
  }
  return found;
}
