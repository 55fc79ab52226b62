import type { Expression, LikeExpression } from "#core/sql/nodes.ts";
import { nodesOfKind } from "#core/sql/walk.ts";
import type { Edit } from "#core/text/edit.ts";
import type { Settled } from "../finding.ts";
import { enclose, opening, replace } from "../rewrite.ts";
import type { SqlFinding, StatementContext, StatementRule } from "../rule.ts";
import { parenthesizedUnder } from "../parenthesized-under.ts";
import { reordersParameters } from "./as-call.ts";
import { unwrap } from "./flag-value.ts";
import { globToLike, globToRegex } from "./glob-to-postgres.ts";

/** GLOB and REGEXP are operators of SQLite's. */
export const globPattern: StatementRule = {
  meta: {
    id: "glob-pattern",
    family: "operators",
    title: "GLOB and REGEXP",
    doc: {
      what: "Finds the operators GLOB and REGEXP.",
      why: "PostgreSQL has none of them and rejects the statement. GLOB is case-sensitive and knows *, ? and sets of characters; REGEXP is what the application has registered.",
      example: "SELECT id FROM files WHERE path GLOB 'src/*.ts' AND name GLOB '[A-Z]*'",
      useInstead: { both: "SELECT id FROM files WHERE glob('src/*.ts', path) AND glob('[A-Z]*', name)", postgres: "SELECT id FROM files WHERE path LIKE 'src/%.ts' COLLATE \"C\" AND name ~ '^[A-Z].*$' COLLATE \"C\"" },
      fixSafety:
        "In mode both, glob(pattern, value) is SQLite's own function, and the adapter supplies it on PostgreSQL: safe. In mode postgres a literal pattern becomes a LIKE, which is case-sensitive there, or a regular expression under the collation \"C\": safe. " +
        "Other patterns are left to a person. REGEXP becomes ~ in mode postgres: a review, since the application's own regular expressions may be of another kind.",
    },
  },
  *check(context) {
    if (context.statement.kind === "CreateTableStatement") return;
    for (const node of nodesOfKind(context.statement, "LikeExpression")) {
      switch (node.operator) {
        case "LIKE":
          break;
        case "GLOB":
          yield glob(node, context);
          break;
        case "REGEXP":
          yield regexp(node, context);
          break;
        // A full-text query: match-query speaks of it.
        case "MATCH":
          break;
      }
    }
  },
};

function glob(node: LikeExpression, context: StatementContext): SqlFinding {
  const found = { span: node.operatorSpan, severity: "error", message: "PostgreSQL has no GLOB." } as const;
  const value = context.kind(node.left);
  const isText = value.kind === "text" || value.kind === "integer";
  if (value.kind === "other" || value.kind === "double" || value.kind === "numeric") return { ...found, message: "PostgreSQL has no GLOB, and SQLite takes this value for text in its own way of writing it.", fixes: [] };
  const settles: Settled[] = isText ? [{ span: node.span, kind: { kind: "condition" } }] : [];
  if (context.mode === "both") {
    if (reordersParameters(node) || !isLeaf(unwrap(node.right))) return { ...found, message: "PostgreSQL has no GLOB; the adapter supplies glob(pattern, value), which takes the pattern first.", fixes: [] };
    return { ...found, message: "PostgreSQL has no GLOB; the adapter supplies glob(pattern, value), SQLite's own function.", fixes: [{ kind: "edit", title: "Use glob(pattern, value), which the adapter supplies", applicability: "safe", edits: asCall(node, context), needs: ["glob"], settles }] };
  }
  const pattern = unwrap(node.right);
  const written = pattern.kind === "StringLiteral" && pattern.holes.length === 0 ? postgresPattern(pattern.value) : undefined;
  if (written === undefined) return { ...found, message: "PostgreSQL has no GLOB. Write the pattern for LIKE, which is case-sensitive there (% for *, _ for ?), or as a regular expression for ~.", fixes: [] };
  return {
    ...found,
    message: `PostgreSQL has no GLOB; ${written.like ? "its LIKE is case-sensitive, too" : 'a regular expression under the collation "C" finds the same'}.`,
    fixes: [
      {
        kind: "edit",
        title: written.like ? "Write a LIKE" : "Write a regular expression",
        applicability: "safe",
        edits: [
          ...(value.kind === "integer" ? enclose(node.left.span, "CAST(", " AS TEXT)") : []),
          replace(node.operatorSpan, written.like ? (node.not ? "NOT LIKE" : "LIKE") : node.not ? "!~" : "~"),
          replace(pattern.span, written.text),
        ],
        settles,
      },
    ],
  };
}

function postgresPattern(pattern: string): { readonly like: boolean; readonly text: string } | undefined {
  const like = globToLike(pattern);
  // The collation tells it from a LIKE of SQLite's, which ignores case.
  if (like !== undefined) return { like: true, text: `${quoted(like)} COLLATE "C"` };
  const regex = globToRegex(pattern);
  return regex === undefined ? undefined : { like: false, text: `${quoted(regex)} COLLATE "C"` };
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function isLeaf({ kind }: Expression): boolean {
  return kind === "StringLiteral" || kind === "BindParameter" || kind === "ColumnReference";
}

/** The pattern before the value; the value stays where it is, so that it can be rewritten as well. */
function asCall(node: LikeExpression, { site, statement }: StatementContext): Edit[] {
  const pattern = site.text.slice(node.right.span.start, node.right.span.end);
  const between = site.text.slice(node.left.span.end, node.right.span.start);
  const comments = (between.match(/\/\*[\s\S]*?\*\/|--[^\n]*\n?/g) ?? []).map((comment) => ` ${comment}`).join("");
  const call = node.not ? parenthesizedUnder(statement, node, "NOT glob(") : "glob(";
  const open = call.startsWith("(") ? "(NOT glob(" : call;
  return [opening(node.span, `${open}${pattern}, `), replace({ start: node.left.span.end, end: node.span.end }, `${comments}${call.startsWith("(") ? "))" : ")"}`)];
}

function regexp(node: LikeExpression, { mode }: StatementContext): SqlFinding {
  const found = { span: node.operatorSpan, severity: "error" } as const;
  if (mode === "both") return { ...found, message: "PostgreSQL has no REGEXP; its operator for regular expressions is ~, chosen by by_engine().", fixes: [] };
  return {
    ...found,
    message: "PostgreSQL has no REGEXP; its operator is ~. Look at it: REGEXP is what the application has registered, and its regular expressions may be of another kind (\\b is \\y in PostgreSQL).",
    fixes: [{ kind: "edit", title: `Write ${node.not ? "!~" : "~"}`, applicability: "review", edits: [replace(node.operatorSpan, node.not ? "!~" : "~")] }],
  };
}
