import type { Expression, LikeExpression } from "#core/sql/nodes.ts";
import { nodesOfKind } from "#core/sql/walk.ts";
import { isCatalogValue } from "../declared/catalog-value.ts";
import type { ValueKind } from "../kinds/value-kind.ts";
import type { SqlFix, StatementContext, StatementRule } from "../rule.ts";
import { closing, enclose, replace } from "../rewrite.ts";
import { nameOf, resolveColumns } from "../scope.ts";
import { reordersParameters, writeAsCall } from "./as-call.ts";
import { folded, likedValue, literalPattern, type LikedValue } from "./like-operands.ts";

/** LIKE folds ASCII case in SQLite and not in PostgreSQL, and PostgreSQL alone takes a backslash for an escape. */
export const likeCase: StatementRule = {
  meta: {
    id: "like-case",
    family: "operators",
    title: "LIKE that ignores case",
    doc: {
      what: "Finds LIKE and NOT LIKE, unless both sides are in one case already or the pattern has no letters.",
      why:
        "SQLite's LIKE ignores the case of ASCII letters and has no escape character unless one is given; PostgreSQL's is case-sensitive and takes a backslash as escape. The statement runs and finds fewer rows. " +
        "A column that becomes a timestamp, a number or another type than text has no LIKE there at all.",
      example: "SELECT * FROM tool_calls WHERE tool_name LIKE ?",
      useInstead: { both: "SELECT * FROM tool_calls WHERE like(?, tool_name)", postgres: "SELECT * FROM tool_calls WHERE tool_name ILIKE ? ESCAPE ''" },
      fixSafety:
        "In mode both, like(pattern, value) is SQLite's own function, and the adapter supplies it on PostgreSQL with SQLite's rules: safe. A literal pattern in lower case without a backslash needs only lower(value), where the value is a text column that sorts by bytes. " +
        "In mode postgres, ILIKE is safe for such a column; by other collations it also folds letters outside ASCII: review.",
    },
  },
  *check(context) {
    const { statement, schema } = context;
    // The checks of a CREATE TABLE are the schema translator's.
    if (statement.kind === "CreateTableStatement") return;
    const resolution = schema === undefined ? () => undefined : resolveColumns(statement, schema);
    for (const like of nodesOfKind(statement, "LikeExpression")) {
      // Under the collation "C" it is PostgreSQL's own.
      if (like.operator !== "LIKE" || (like.right.kind === "CollateExpression" && nameOf(like.right.collation) === "C")) continue;
      // The names of SQLite's own objects begin with sqlite_ in this case only.
      if (isOwnNames(like, context)) continue;
      const value = likedValue(like.left, resolution);
      const typed = typeof value === "object";
      const liked = context.kind(like.left).kind;
      const isNumber = liked === "integer" || liked === "double" || liked === "numeric" || liked === "condition";
      if (!typed && !isNumber && folded(like)) continue;
      if ([like.left, like.right].some((side) => isBytes(context.kind(side)))) {
        yield { span: like.operatorSpan, severity: "error", message: "PostgreSQL has no LIKE of bytes. SQLite takes them for text, or finds nothing in them: that depends on how it was built.", fixes: [] };
        continue;
      }
      yield {
        span: like.operatorSpan,
        severity: typed || isNumber ? "error" : "warning",
        message: isNumber
          ? "PostgreSQL has no LIKE of numbers."
          : typed
          ? `"${value.column}" becomes ${value.type}, which has no LIKE on PostgreSQL.`
          : "PostgreSQL's LIKE is case-sensitive, SQLite's ignores the case of ASCII letters: the same statement finds fewer rows.",
        fixes: ![like.left, like.right].every(isWhole) ? [] : context.mode === "both" ? bothFixes(like, value, context) : postgresFixes(like, value, context),
      };
    }
  },
};

function bothFixes(like: LikeExpression, value: LikedValue, { statement, site }: StatementContext): SqlFix[] {
  const { left, right } = like;
  // Nothing to fold or to escape in the pattern: only the value's case matters, and lower() folds it on both.
  if (value === "bytes" && literalPattern(like, "lower")) {
    return [{ kind: "edit", title: "Compare lower(value)", applicability: "safe", edits: enclose(left.span, "lower(", ")") }];
  }
  const fixes: SqlFix[] = [];
  if (!reordersParameters(like)) {
    fixes.push({ kind: "edit", title: "Use like(pattern, value), which the adapter supplies", applicability: "safe", edits: [writeAsCall(statement, like, "like", site.text)], needs: ["like"] });
  }
  if (typeof value !== "object") {
    fixes.push({
      kind: "edit",
      title: "Compare lower() of both: differs for a backslash in the pattern",
      applicability: "review",
      edits: [...enclose(left.span, "lower(", ")"), ...enclose(right.span, "lower(", ")")],
    });
  }
  return fixes;
}

/** Whether SQLite's catalog is asked for the names that SQLite keeps for itself. */
function isOwnNames({ left, right, escape }: LikeExpression, { meanings }: StatementContext): boolean {
  return left.kind === "ColumnReference" && isCatalogValue(left, meanings) && escape === undefined && right.kind === "StringLiteral" && right.holes.length === 0 && /^sqlite_[\w%]*$/.test(right.value);
}

/** Whether an operand is all there: one that lies before the text, or that is filled in together with what stands around it, has no place for a call. */
function isWhole(operand: Expression): boolean {
  return nodesOfKind(operand, "ErrorNode").length === 0 && nodesOfKind(operand, "HoleOperatorExpression").length === 0 && nodesOfKind(operand, "Hole").every(({ count }) => count === 1);
}

function isBytes(kind: ValueKind): boolean {
  return kind.kind === "other" && kind.type === "bytea";
}

function postgresFixes(like: LikeExpression, value: LikedValue, { kind }: StatementContext): SqlFix[] {
  const edits = [replace(like.operatorSpan, like.not ? "NOT ILIKE" : "ILIKE")];
  const liked = kind(like.left);
  const pattern = kind(like.right);
  // Digits have no case, and neither has a flag's.
  const known = liked.kind === "text" || liked.kind === "integer" || liked.kind === "boolean" || liked.kind === "condition";
  if (liked.kind === "integer" || liked.kind === "condition") edits.unshift(...enclose(like.left.span, "CAST(", " AS TEXT)"));
  else if (liked.kind === "boolean") edits.unshift(...enclose(like.left.span, "CAST(CAST(", " AS INTEGER) AS TEXT)"));
  else if (typeof value === "object") edits.unshift(...enclose(like.left.span, "CAST(", " AS TEXT)"));
  else if (liked.kind === "text" && value !== "bytes" && !liked.ordered) {
    const [open, close] = isAtom(like.left) ? ["", ""] : ["(", ")"];
    edits.unshift(...enclose(like.left.span, open, `${close} COLLATE "C"`));
  }
  if (like.escape === undefined) edits.push(closing(like.span, " ESCAPE ''"));
  const settles = known && (pattern.kind === "text" || pattern.kind === "parameter") ? { settles: [{ span: like.span, kind: { kind: "condition" } }] as const } : {};
  // By the collation "C", ILIKE folds the letters of ASCII alone.
  return known || value === "bytes"
    ? [{ kind: "edit", title: "Use ILIKE", applicability: "safe", edits, ...settles }]
    : [{ kind: "edit", title: "Use ILIKE: also folds letters outside ASCII", applicability: "review", edits }];
}

function isAtom({ kind }: Expression): boolean {
  return kind === "ColumnReference" || kind === "FunctionCall" || kind === "CastExpression" || kind === "ParenthesizedExpression" || kind === "StringLiteral" || kind === "CaseExpression";
}
