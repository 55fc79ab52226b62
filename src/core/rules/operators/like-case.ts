import { nodesOfKind } from "#core/sql/walk.ts";
import type { LikeExpression } from "#core/sql/nodes.ts";
import type { SqlFix, StatementRule } from "../rule.ts";
import { parenthesizedUnder } from "../parenthesized-under.ts";

/** A pattern with nothing to fold and nothing to escape. */
const lowerPattern = /^[^A-Z\\\u0080-\uffff]*$/;

/** LIKE folds ASCII case in SQLite and not in PostgreSQL, and PostgreSQL alone takes a backslash for an escape. */
export const likeCase: StatementRule = {
  meta: {
    id: "like-case",
    family: "operators",
    title: "LIKE that ignores case",
    doc: {
      what: "Finds LIKE and NOT LIKE.",
      why: "SQLite's LIKE ignores the case of ASCII letters and has no escape character unless one is given; PostgreSQL's is case-sensitive and takes a backslash as escape. The statement runs and finds fewer rows.",
      example: "SELECT * FROM tool_calls WHERE tool_name LIKE ?",
      useInstead: { both: "SELECT * FROM tool_calls WHERE like(?, tool_name)", postgres: "SELECT * FROM tool_calls WHERE tool_name ILIKE ? ESCAPE ''" },
      fixSafety:
        "In mode both, like(pattern, value) is SQLite's own function, and the adapter supplies it on PostgreSQL with SQLite's rules: safe. A literal pattern in lower case without a backslash needs only lower(value). " +
        "In mode postgres, ILIKE also folds letters outside ASCII: review.",
    },
  },
  *check({ statement, mode, site }) {
    for (const like of nodesOfKind(statement, "LikeExpression")) {
      if (like.operator !== "LIKE" || caseless(like) || folded(like)) continue;
      const text = (node: { readonly span: { readonly start: number; readonly end: number } }): string => site.text.slice(node.span.start, node.span.end);
      yield {
        span: like.operatorSpan,
        severity: "warning",
        message: "PostgreSQL's LIKE is case-sensitive, SQLite's ignores the case of ASCII letters: the same statement finds fewer rows.",
        fixes: mode === "both" ? bothFixes(like, text) : postgresFixes(like),
      };
    }

    function bothFixes(like: LikeExpression, text: (node: LikeExpression["left"]) => string): SqlFix[] {
      const pattern = like.right;
      // Nothing to fold or to escape in the pattern: only the value's case matters, and lower() folds it on both.
      if (pattern.kind === "StringLiteral" && pattern.holes.length === 0 && like.escape === undefined && lowerPattern.test(pattern.value)) {
        return [{ kind: "edit", title: "Compare lower(value)", applicability: "safe", edits: [{ span: like.left.span, newText: `lower(${text(like.left)})` }] }];
      }
      const call = `like(${text(pattern)}, ${text(like.left)}${like.escape === undefined ? "" : `, ${text(like.escape)}`})`;
      const fixes: SqlFix[] = [];
      // A hole inside the replaced text would be lost, and swapping two plain `?` would swap their values.
      if (!reordersParameters(like)) {
        fixes.push({
          kind: "edit",
          title: "Use like(pattern, value), which the adapter supplies",
          applicability: "safe",
          edits: [{ span: like.span, newText: like.not ? parenthesizedUnder(statement, like, `NOT ${call}`) : call }],
          needs: ["like"],
        });
      }
      fixes.push({
        kind: "edit",
        title: "Compare lower() of both: differs for a backslash in the pattern",
        applicability: "review",
        edits: [
          { span: { start: like.left.span.start, end: like.left.span.start }, newText: "lower(" },
          { span: { start: like.left.span.end, end: like.left.span.end }, newText: ")" },
          { span: { start: pattern.span.start, end: pattern.span.start }, newText: "lower(" },
          { span: { start: pattern.span.end, end: pattern.span.end }, newText: ")" },
        ],
      });
      return fixes;
    }

    function postgresFixes(like: LikeExpression): SqlFix[] {
      const edits = [{ span: like.operatorSpan, newText: like.not ? "NOT ILIKE" : "ILIKE" }];
      const end = like.span.end;
      if (like.escape === undefined) edits.push({ span: { start: end, end }, newText: " ESCAPE ''" });
      return [{ kind: "edit", title: "Use ILIKE: also folds letters outside ASCII", applicability: "review", edits }];
    }
  },
};

/** A literal pattern without letters and backslashes means the same on both engines. */
function caseless({ right, escape }: LikeExpression): boolean {
  return right.kind === "StringLiteral" && right.holes.length === 0 && escape === undefined && /^[^A-Za-z\\\u0080-\uffff]*$/.test(right.value);
}

/** Both sides are in lower case already: by lower(), or a pattern written so. */
function folded({ left, right, escape }: LikeExpression): boolean {
  if (!isLower(left)) return false;
  return isLower(right) || (right.kind === "StringLiteral" && right.holes.length === 0 && escape === undefined && lowerPattern.test(right.value));
}

function isLower(node: LikeExpression["left"]): boolean {
  return node.kind === "FunctionCall" && node.name.kind === "Identifier" && node.name.value.toLowerCase() === "lower";
}

/** Whether both sides hold positional parameters, so that putting the pattern first would bind them the other way round. */
function reordersParameters(like: LikeExpression): boolean {
  const positional = (node: LikeExpression["left"]): boolean => nodesOfKind(node, "BindParameter").some((p) => p.form === "?");
  return positional(like.left) && (positional(like.right) || (like.escape !== undefined && positional(like.escape)));
}
