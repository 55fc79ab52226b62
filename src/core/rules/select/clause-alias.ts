import type { ColumnReference, Expression, Node, ResultColumn, SelectCore } from "#core/sql/nodes.ts";
import { descendants, nodesOfKind, walk } from "#core/sql/walk.ts";
import { applyEdits } from "#core/text/edit.ts";
import { isDefinition } from "../is-definition.ts";
import { namesInUse } from "../quoting/names-in-use.ts";
import { writtenName } from "../quoting/written-name.ts";
import { replace } from "../rewrite.ts";
import type { StatementContext, StatementRule } from "../rule.ts";
import { fold } from "../schema-view.ts";
import { nameOf } from "../scope.ts";
import { isAggregate } from "#core/sql/aggregates.ts";

/** Names of results in clauses where PostgreSQL does not see them. */
export const clauseAlias: StatementRule = {
  meta: {
    id: "clause-alias",
    family: "select",
    title: "Names of results in WHERE, HAVING and expressions",
    doc: {
      what: "Finds the name of a result (`AS name`) in WHERE and HAVING, and inside of expressions in GROUP BY and ORDER BY.",
      why: "SQLite lets them stand for the result's expression. PostgreSQL knows them as a whole term of GROUP BY and ORDER BY only, and refuses the rest.",
      example: "SELECT user_id, count(*) AS n FROM tasks GROUP BY user_id HAVING n > 1",
      useInstead: { both: "SELECT user_id, count(*) AS n FROM tasks GROUP BY user_id HAVING count(*) > 1", postgres: "the same" },
      fixSafety:
        "The name is replaced by its expression. Safe for columns, numbers, their sums and aggregates, where the schema shows that no column has the name (that would go first on both engines); otherwise it asks for a review. An expression with a `?` or a subquery is left to a person.",
    },
  },
  *check(context) {
    const { statement, kind, schema } = context;
    if (isDefinition(statement)) return;
    for (const { reference, column, sure, inside } of hidden(context)) {
      // In a subquery the expression's names could be the subquery's own.
      const text = inside ? undefined : copied(column.expression, context);
      const plain = sure && isPlainExpression(column.expression, context);
      yield {
        span: reference.span,
        severity: "error",
        message:
          text === undefined
            ? "PostgreSQL does not see the name of a result here. Its expression cannot be written a second time: put the query into a subquery, and this clause around it."
            : plain
              ? "PostgreSQL does not see the name of a result here; its expression means the same."
              : `PostgreSQL does not see the name of a result here. Look at it: ${sure ? "the expression is written a second time as it stands" : `it differs when a column has the name, too${schema === undefined ? " (--schema tells)" : ""}`}.`,
        fixes: text === undefined ? [] : [{ kind: "edit", title: `Write ${text}`, applicability: plain ? "safe" : "review", edits: [replace(reference.span, text)], settles: [{ span: reference.span, kind: kind(column.expression) }] }],
      };
    }
  },
};

/** References that PostgreSQL does not take for a result; `sure` when no column can have the name. */
function hidden({ statement, meanings }: StatementContext): { readonly reference: ColumnReference; readonly column: ResultColumn; readonly sure: boolean; readonly inside: boolean }[] {
  const found: { reference: ColumnReference; column: ResultColumn; sure: boolean; inside: boolean }[] = [];
  walk(statement, {
    enter(node, ancestors) {
      if (node.kind !== "ColumnReference" || node.table !== undefined) return;
      const clause = ancestors.findLast((each) => each.kind === "WhereClause" || each.kind === "HavingClause" || each.kind === "GroupByClause" || each.kind === "OrderByClause" || each.kind === "SelectCore");
      if (clause === undefined || clause.kind === "SelectCore") return;
      const parent = ancestors.findLast((each) => each.kind !== "ParenthesizedExpression");
      if ((clause.kind === "OrderByClause" && parent?.kind === "OrderingTerm") || (clause.kind === "GroupByClause" && parent === clause)) return;
      const meaning = meanings.of(node);
      // The ORDER BY of a query stands beside its SELECT, not inside of it.
      const own = ancestors.findLast((each) => each.kind === "SelectStatement");
      if (meaning?.kind === "alias") found.push({ reference: node, column: meaning.column, sure: true, inside: own?.terms.some((term) => term.kind === "SelectCore" && term.columns.includes(meaning.column)) !== true });
      else if (meaning === undefined) {
        const column = guessed(node, clause, ancestors);
        if (column !== undefined) found.push({ reference: node, column, sure: false, inside: false });
      }
    },
  });
  return found;
}

/** Without a schema: in HAVING the name of a result that is no column of that name, in an expression of ORDER BY that of an expression. */
function guessed(reference: ColumnReference, clause: Node, ancestors: readonly Node[]): ResultColumn | undefined {
  const query = ancestors.findLast((each) => each.kind === "SelectStatement");
  const core: SelectCore | undefined = query?.terms.length === 1 && query.terms[0]?.kind === "SelectCore" ? query.terms[0] : undefined;
  const name = fold(nameOf(reference.column) ?? "?");
  const column = core?.columns.find((each): each is ResultColumn => each.kind === "ResultColumn" && each.alias !== undefined && fold(nameOf(each.alias.name) ?? "") === name);
  if (column === undefined) return undefined;
  const { expression } = column;
  if (clause.kind === "HavingClause") return expression.kind === "ColumnReference" && fold(nameOf(expression.column) ?? "") === name ? undefined : column;
  const own = nodesOfKind(expression, "ColumnReference").some((each) => fold(nameOf(each.column) ?? "") === name);
  return clause.kind === "OrderByClause" && !own && expression.kind !== "ColumnReference" ? column : undefined;
}

/** The text of an expression for a second place, names as PostgreSQL reads them; undefined when it must not be written twice. */
function copied(expression: Expression, { statement, site, meanings, schema }: StatementContext): string | undefined {
  const parts = descendants(expression);
  if (parts.some((part) => part.kind === "BindParameter" || part.kind === "Hole" || part.kind === "Subquery" || part.kind === "OverClause" || (part.kind === "FunctionCall" && part.name.kind === "Identifier" && /^(random|randomblob)$/i.test(part.name.value)))) return undefined;
  const { start, end } = expression.span;
  const edits = namesInUse(statement, meanings, schema)
    .filter(({ node, wanted }) => node.span.start >= start && node.span.end <= end && wanted !== undefined && node.quote === "none" && fold(node.value) !== wanted)
    .map(({ node, wanted }) => ({ span: { start: node.span.start - start, end: node.span.end - start }, newText: writtenName(wanted ?? node.value) }));
  const text = applyEdits(site.text.slice(start, end), edits);
  switch (expression.kind) {
    case "ColumnReference":
    case "FunctionCall":
    case "NumericLiteral":
    case "StringLiteral":
    case "ParenthesizedExpression":
    case "CaseExpression":
    case "CastExpression":
      return text;
    default:
      return `(${text})`;
  }
}

/** Whether no other rule has anything to say of an expression, so that it may be written again as it stands. */
function isPlainExpression(node: Expression, context: StatementContext): boolean {
  switch (node.kind) {
    case "ColumnReference":
      return context.meanings.of(node) !== undefined && context.kind(node).kind !== "unknown" && context.kind(node).kind !== "boolean";
    case "NumericLiteral":
      return node.form === "integer";
    case "ParenthesizedExpression":
      return isPlainExpression(node.expression, context);
    case "BinaryExpression":
      return (node.operator === "+" || node.operator === "-" || node.operator === "*") && context.kind(node.left).kind === "integer" && context.kind(node.right).kind === "integer" && isPlainExpression(node.left, context) && isPlainExpression(node.right, context);
    case "FunctionCall":
      return isAggregate(node) && node.filter === undefined && /^(count|sum|min|max)$/i.test(node.name.kind === "Identifier" ? node.name.value : "") && node.arguments.every((argument) => argument.kind === "ColumnReference" && isPlainExpression(argument, context));
    default:
      return false;
  }
}
