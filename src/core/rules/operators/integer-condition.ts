import type { ColumnReference } from "#core/sql/nodes.ts";
import { neverNull } from "../declared/never-null.ts";
import type { Unless } from "../declared/unless.ts";
import { kindName } from "../kinds/value-kind.ts";
import { enclose, replace } from "../rewrite.ts";
import type { SqlFinding, StatementContext, StatementRule } from "../rule.ts";
import { nameOf, type Meanings } from "../scope.ts";
import { conditionsOf, type Condition } from "./conditions.ts";

/** SQLite takes every number but 0 for true; PostgreSQL takes booleans only. */
export const integerCondition: StatementRule = {
  meta: {
    id: "integer-condition",
    family: "operators",
    title: "A number as a condition",
    doc: {
      what: "Finds numbers, texts and parameters where a condition is wanted: WHERE, HAVING, ON, FILTER, CASE WHEN, AND, OR, NOT, IS TRUE.",
      why: "SQLite takes every number but 0 for true. PostgreSQL takes booleans only and rejects the statement.",
      example: "SELECT id FROM posts WHERE comments AND NOT pinned",
      useInstead: { both: "SELECT id FROM posts WHERE comments <> 0 AND NOT pinned <> 0", postgres: "the same" },
      fixSafety:
        "Safe for numbers: `x <> 0` is what SQLite asks. A parameter asks for a review, since PostgreSQL then takes it for an integer. Texts are left to a person: SQLite reads a number at their beginning. " +
        "Without a schema a column's type is not known, and nothing is offered: a column that becomes BOOLEAN stays as it is.",
    },
  },
  *check(context) {
    if (context.statement.kind === "CreateTableStatement") return;
    for (const condition of conditionsOf(context.statement)) {
      // What is filled in behind it may be an operator.
      if (context.site.holes.some(({ span }) => span.start >= condition.node.span.end && context.site.text.slice(condition.node.span.end, span.start).trim() === "")) continue;
      const finding = look(condition, context);
      if (finding !== undefined) yield finding;
    }
  },
};

function look({ node, isTested }: Condition, { kind, schema, meanings }: StatementContext): SqlFinding | undefined {
  const value = kind(node);
  switch (value.kind) {
    case "integer":
    case "double":
    case "numeric": {
      const found = { span: node.span, severity: "error", message: `PostgreSQL takes no number as a condition; SQLite asks whether it is not 0.` } as const;
      const word = node.kind === "NumericLiteral" && node.form === "integer" ? (/^[0_]+$/.test(node.text) ? "FALSE" : "TRUE") : undefined;
      if (word !== undefined) return { ...found, fixes: [{ kind: "edit", title: `Write ${word}`, applicability: "safe", edits: [replace(node.span, word)], settles: [{ span: node.span, kind: { kind: "boolean" } }] }] };
      return {
        ...found,
        fixes: [
          {
            kind: "edit",
            title: "Compare with 0",
            applicability: "safe",
            edits: enclose(node.span, isTested ? "(" : "", isTested ? " <> 0)" : " <> 0"),
            settles: [{ span: node.span, enclosed: true, kind: { kind: "condition" } }],
          },
        ],
      };
    }
    case "parameter":
      return {
        span: node.span,
        severity: "warning",
        message: "PostgreSQL takes this parameter for a boolean, and refuses a number for it. Look at it: beside 0 it takes it for an integer, and refuses true and false.",
        fixes: [{ kind: "edit", title: "Compare with 0", applicability: "review", edits: enclose(node.span, isTested ? "(" : "", isTested ? " <> 0)" : " <> 0") }],
      };
    case "text":
    case "time":
    case "other":
      return { span: node.span, severity: "error", message: `PostgreSQL takes ${kindName(value)} for no condition. SQLite reads a number at its beginning and asks whether it is not 0: say what is meant, such as x <> '' or x IS NOT NULL.`, fixes: [] };
    case "unknown":
      {
      if (schema !== undefined || node.kind !== "ColumnReference" || nameOf(node.column) === undefined) return undefined;
      const unless = flagIf(node, meanings);
      return { span: node.span, severity: "warning", message: "PostgreSQL takes only a boolean here: write `x <> 0`, unless the column becomes BOOLEAN. A schema (--schema) would tell.", fixes: [], ...(unless === undefined ? {} : { unless: [unless] }) };
    }
    default:
      return undefined;
  }
}

/** What would show that a column is a boolean on PostgreSQL, too: that every table that has it declares it so. */
function flagIf(reference: ColumnReference, meanings: Meanings): Unless | undefined {
  const shown = neverNull(reference, meanings);
  return shown?.kind === "never-null" ? { kind: "flag", tables: shown.tables, column: shown.column } : undefined;
}
