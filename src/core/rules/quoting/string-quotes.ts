import type { ColumnReference, Node } from "#core/sql/nodes.ts";
import { walk } from "#core/sql/walk.ts";
import { timeCall } from "../date-time/time-call.ts";
import { isDefinition } from "../is-definition.ts";
import { writtenName } from "./written-name.ts";
import { replace } from "../rewrite.ts";
import type { StatementContext, StatementRule } from "../rule.ts";
import { nameOf } from "../scope.ts";

/** Texts in double quotes, which PostgreSQL takes for names. */
export const stringQuotes: StatementRule = {
  meta: {
    id: "string-quotes",
    family: "quoting",
    title: "Texts in double quotes",
    doc: {
      what: "Finds words in double quotes that are no column: SQLite takes them for texts.",
      why: "PostgreSQL takes them for names and refuses the statement. Some builds of SQLite do so, too (SQLITE_DQS=0, as better-sqlite3's and node:sqlite), others do not (Python's sqlite3).",
      example: 'SELECT * FROM tasks WHERE status = "open"',
      useInstead: { both: "SELECT * FROM tasks WHERE status = 'open'", postgres: "the same" },
      fixSafety: "Safe where a schema, or a VALUES list, shows that no column has the name; otherwise it asks for a review, and names that could as well be columns are left alone.",
    },
  },
  *check(context) {
    const { statement } = context;
    if (isDefinition(statement)) return;
    for (const { node, sure } of texts(context)) {
      const value = nameOf(node.column) ?? "";
      const text = `'${value.replaceAll("'", "''")}'`;
      yield {
        span: node.span,
        severity: "error",
        message: sure
          ? "No column has this name, so SQLite takes it for a text; PostgreSQL takes double quotes for a name."
          : "SQLite takes this for a text if no column has the name; PostgreSQL takes double quotes for a name. Look at it: it differs when a column is called so (--schema tells).",
        fixes: [
          {
            kind: "edit",
            title: `Write ${text}`,
            applicability: sure ? "safe" : "review",
            edits: [replace(node.span, text)],
            settles: [{ span: node.span, kind: { kind: "text", binary: true, ordered: false, literal: value } }],
          },
        ],
      };
    }
  },
};

function texts({ statement, meanings, schema, mode }: StatementContext): { readonly node: ColumnReference; readonly sure: boolean }[] {
  const found: { node: ColumnReference; sure: boolean }[] = [];
  walk(statement, {
    enter(node, ancestors) {
      if (node.kind !== "ColumnReference" || node.table !== undefined || node.column.kind !== "Identifier" || node.column.quote !== "double" || node.column.holes.length > 0) return;
      if (meanings.of(node) !== undefined) return;
      if (/^(rowid|oid|_rowid_)$/i.test(node.column.value)) return;
      // There the call is written anew, with what it is given.
      if (mode === "postgres" && isTimeText(node, ancestors.at(-1))) return;
      // What a trigger's OLD and NEW or an upsert's target name are columns, known or not.
      if (meanings.isNoColumn(node) && (schema !== undefined || meanings.nearest(node).length === 0 || statement.kind === "SelectStatement")) found.push({ node, sure: true });
      else if (looksLikeText(node, ancestors.at(-1), node.column.value)) found.push({ node, sure: false });
    },
  });
  return found;
}

/** Whether a date and time function takes a word for a moment, a modifier or a format. */
function isTimeText({ span }: ColumnReference, parent: Node | undefined): boolean {
  const call = parent === undefined ? undefined : timeCall(parent);
  return call !== undefined && [call.format, call.value, ...call.modifiers].some((each) => each?.kind === "StringLiteral" && each.span.start === span.start);
}

/** Not a word that a column could be called by, or the other side of a comparison whose first one is written as a name. */
function looksLikeText(node: ColumnReference, parent: Node | undefined, value: string): boolean {
  if (!/^[A-Za-z_][\w$]*$/.test(value)) return true;
  // A name that must be in quotes, as other rules write it.
  if (writtenName(value) !== value) return false;
  const plain = (other: Node): boolean => other.kind === "ColumnReference" && other.column.kind === "Identifier" && other.column.quote === "none";
  switch (parent?.kind) {
    case "FunctionCall":
      return isTimeText(node, parent);
    case "BinaryExpression":
      return parent.right === node && /^(=|==|<>|!=)$/.test(parent.operator) && plain(parent.left);
    case "LikeExpression":
      return parent.right === node;
    default:
      return false;
  }
}
