import type { Expression, Name, Statement } from "#core/sql/nodes.ts";
import { nodesOfKind } from "#core/sql/walk.ts";
import type { SqlFinding, StatementContext, StatementRule } from "../rule.ts";
import type { ColumnView, SchemaView } from "../schema-view.ts";
import { nameOf, resolveColumns } from "../scope.ts";

/** A 0/1 flag column that becomes BOOLEAN meets the numbers and parameters that it is compared with and set to. */
export const booleanFlag: StatementRule = {
  meta: {
    id: "boolean-flag",
    family: "operators",
    title: "0/1 where the column becomes BOOLEAN",
    doc: {
      what: "Finds 0, 1 and parameters that are compared with, or written to, a column that becomes BOOLEAN on PostgreSQL.",
      why: "PostgreSQL has no comparison of boolean with integer and does not store an integer in a boolean column: both are errors.",
      example: "SELECT * FROM users WHERE is_active = 1 AND is_admin = ?",
      useInstead: { both: "SELECT * FROM users WHERE is_active = TRUE AND is_admin = CAST(? AS BOOLEAN)", postgres: "the same" },
      fixSafety: "Safe: SQLite reads TRUE and FALSE as 1 and 0 (from 3.23 on), and CAST(? AS BOOLEAN) there leaves 0 and 1 as they are. Other numbers have no safe form.",
    },
  },
  check(context) {
    return context.schema === undefined ? [] : checkWith(context, context.schema);
  },
};

function* checkWith({ statement }: StatementContext, schema: SchemaView): Iterable<SqlFinding> {
  const resolution = resolveColumns(statement, schema);
  const flagOf = (node: Expression): ColumnView | undefined => {
    const inner = unwrap(node);
    const view = inner.kind === "ColumnReference" ? resolution(inner) : undefined;
    return view?.decision.type === "boolean" ? view : undefined;
  };
  for (const node of nodesOfKind(statement, "BinaryExpression")) {
    if (!["=", "==", "<>", "!="].includes(node.operator)) continue;
    const left = flagOf(node.left);
    const right = flagOf(node.right);
    if (left !== undefined && right === undefined) yield* meets(left, node.right);
    if (right !== undefined && left === undefined) yield* meets(right, node.left);
  }
  for (const node of nodesOfKind(statement, "IsExpression")) {
    const left = flagOf(node.left);
    if (left !== undefined) yield* meets(left, node.right);
  }
  for (const node of nodesOfKind(statement, "InExpression")) {
    const flag = flagOf(node.operand);
    if (flag !== undefined && node.source.kind === "ExpressionList") for (const item of node.source.items) yield* meets(flag, item);
  }
  for (const call of nodesOfKind(statement, "FunctionCall")) {
    const name = nameOf(call.name.kind === "Identifier" ? call.name : undefined)?.toLowerCase();
    if (name !== "coalesce" && name !== "ifnull") continue;
    const flag = call.arguments.map(flagOf).find((v) => v !== undefined);
    if (flag !== undefined) for (const argument of call.arguments) yield* meets(flag, argument);
  }
  yield* written(statement, schema);
}

/** Values that an INSERT or UPDATE puts into flag columns. */
function* written(statement: Statement, schema: SchemaView): Iterable<SqlFinding> {
  for (const insert of nodesOfKind(statement, "InsertStatement")) {
    const table = schema.table(nameOf(insert.table.name) ?? "");
    if (table === undefined || insert.source.kind !== "SelectStatement") continue;
    const columns = insert.columns?.names.map((n) => table.column(nameOf(n) ?? "")) ?? table.columns.filter((c) => c.column.generated === undefined);
    for (const term of insert.source.terms) {
      const rows = term.kind === "ValuesClause" ? term.rows.flatMap((row) => (row.kind === "ExpressionList" ? [row.items] : [])) : [];
      const selected = term.kind === "SelectCore" ? [term.columns.map((c) => (c.kind === "ResultColumn" ? c.expression : undefined))] : [];
      for (const row of [...rows, ...selected]) {
        for (const [i, item] of row.entries()) {
          const column = columns[i];
          if (item !== undefined && column?.decision.type === "boolean") yield* meets(column, item);
        }
      }
    }
    for (const upsert of insert.upserts) for (const set of upsert.set?.assignments ?? []) if (set.kind === "Assignment") yield* assigned(set.target, set.value, table.column);
  }
  for (const update of nodesOfKind(statement, "UpdateStatement")) {
    const table = schema.table(nameOf(update.table.name) ?? "");
    if (table === undefined || update.set.kind !== "SetClause") continue;
    for (const set of update.set.assignments) if (set.kind === "Assignment") yield* assigned(set.target, set.value, table.column);
  }
}

function* assigned(target: { readonly kind: string }, value: Expression, column: (name: string) => ColumnView | undefined): Iterable<SqlFinding> {
  const name = isName(target) ? nameOf(target) : undefined;
  const view = name === undefined ? undefined : column(name);
  if (view?.decision.type === "boolean") yield* meets(view, value);
}

function isName(node: { readonly kind: string }): node is Name {
  return node.kind === "Identifier";
}

/** What an expression is when it stands where a boolean of `view` is wanted. */
function* meets(view: ColumnView, expression: Expression): Iterable<SqlFinding> {
  const node = unwrap(expression);
  const column = `"${view.column.name}" becomes BOOLEAN`;
  switch (node.kind) {
    case "NumericLiteral": {
      const word = node.text === "1" ? "TRUE" : node.text === "0" ? "FALSE" : undefined;
      yield {
        span: node.span,
        severity: "error",
        message: word === undefined ? `${column}, which has no ${node.text}.` : `${column}: PostgreSQL does not take the integer ${node.text} for it; ${word} is ${node.text} on SQLite.`,
        fixes: word === undefined ? [] : [{ kind: "edit", title: `Write ${word}`, applicability: "safe", edits: [{ span: node.span, newText: word }] }],
      };
      return;
    }
    case "BindParameter":
      yield {
        span: node.span,
        severity: "error",
        message: `${column}: an integer bound here is refused by PostgreSQL; CAST(… AS BOOLEAN) takes 0 and 1 on both.`,
        fixes: [
          {
            kind: "edit",
            title: "Cast the parameter to BOOLEAN",
            applicability: "safe",
            edits: [
              { span: { start: node.span.start, end: node.span.start }, newText: "CAST(" },
              { span: { start: node.span.end, end: node.span.end }, newText: " AS BOOLEAN)" },
            ],
          },
        ],
      };
      return;
    case "CaseExpression":
      for (const branch of node.branches) if (branch.kind === "CaseBranch") yield* meets(view, branch.result);
      if (node.otherwise !== undefined) yield* meets(view, node.otherwise);
      return;
    default:
      return;
  }
}

function unwrap(node: Expression): Expression {
  let inner = node;
  while (inner.kind === "ParenthesizedExpression") inner = inner.expression;
  return inner;
}
