import type { Language } from "#core/hosts/site.ts";
import type { Expression, Node, SelectCore } from "#core/sql/nodes.ts";
import { walk } from "#core/sql/walk.ts";
import type { ValueKind } from "../kinds/value-kind.ts";
import { enclose } from "../rewrite.ts";
import type { StatementContext, StatementRule } from "../rule.ts";
import { isTruthTest } from "./conditions.ts";
import { targetsOf } from "./stored-values.ts";

/** A comparison is 0 or 1 in SQLite, false or true in PostgreSQL. */
export const conditionValue: StatementRule = {
  meta: {
    id: "condition-value",
    family: "operators",
    title: "A comparison as a number",
    doc: {
      what: "Finds comparisons and other conditions whose value is used: as a result, in arithmetic, in sum() and other functions, beside a number, or put into a column.",
      why: "In SQLite a comparison is 0 or 1. In PostgreSQL it is a boolean: it is handed out as true and false, has no arithmetic and no sum(), cannot be compared with a number, and is not stored in an integer column.",
      example: "SELECT sum(state = 'done') FROM jobs",
      useInstead: { both: "SELECT sum(CAST(state = 'done' AS INTEGER)) FROM jobs", postgres: "the same" },
      fixSafety: "Safe: CAST(… AS INTEGER) of a boolean is 0, 1 or NULL in PostgreSQL, and leaves 0, 1 and NULL as they are in SQLite. What is put into a column that becomes BOOLEAN stays as it is.",
    },
  },
  *check(context) {
    const { statement, kind, schema, site } = context;
    if (statement.kind === "CreateTableStatement") return;
    const targets = targetsOf(statement, schema);
    const found: { readonly node: Expression; readonly isRead: boolean }[] = [];
    walk(statement, {
      enter(node, ancestors) {
        if (!isCondition(node, kind)) return;
        const parent = ancestors.at(-1);
        // Parentheses around it go with it.
        if (parent?.kind === "ParenthesizedExpression") return;
        if (wantsNumber(node, ancestors, context, targets)) found.push({ node, isRead: isReadByCode(ancestors) });
      },
    });
    for (const { node: { span }, isRead } of found) {
      // What a language with types reads it into is not seen here.
      const typed = isRead && typedLanguages.has(site.language);
      yield {
        span,
        severity: isRead ? "warning" : "error",
        message: isRead
          ? `The code gets true or false from PostgreSQL, 1 or 0 from SQLite.${typed ? " Look at it: what is read into a number needs CAST(… AS INTEGER), what is read into a boolean does not." : " CAST(… AS INTEGER) is 1 or 0 on both."}`
          : "This condition's value is used as a number: 0 or 1 in SQLite, but false or true in PostgreSQL. CAST(… AS INTEGER) is 0 or 1 on both.",
        fixes: [
          {
            kind: "edit",
            title: "Cast the condition to INTEGER",
            applicability: typed ? "review" : "safe",
            edits: enclose(span, "CAST(", " AS INTEGER)"),
            settles: typed ? [] : [{ span, enclosed: true, kind: { kind: "integer", small: true } }],
          },
        ],
      };
    }
  },
};

/** Languages whose code says what type it reads a value into. */
const typedLanguages: ReadonlySet<Language> = new Set<Language>(["go", "rust", "java", "csharp"]);

/** Whether an expression is a result of the statement itself. */
function isReadByCode(ancestors: readonly Node[]): boolean {
  return ancestors.at(-1)?.kind === "ResultColumn" && !ancestors.some(({ kind }) => kind === "Subquery" || kind === "InsertStatement");
}

function isCondition(node: Node, kind: StatementContext["kind"]): node is Expression {
  switch (node.kind) {
    case "UnaryExpression":
    case "BinaryExpression":
    case "IsExpression":
    case "NullTest":
    case "LikeExpression":
    case "BetweenExpression":
    case "InExpression":
    case "ExistsExpression":
    case "ParenthesizedExpression":
    case "CaseExpression":
      return kind(node).kind === "condition";
    default:
      return false;
  }
}

/** Functions that take the value of each argument; of iif only what is chosen between. */
const takingValues = new Set(["sum", "total", "avg", "min", "max", "abs", "round", "coalesce", "ifnull", "nullif", "group_concat", "iif", "if", "hex", "typeof", "length"]);

function wantsNumber(node: Expression, ancestors: readonly Node[], { kind }: StatementContext, targets: ReadonlyMap<Expression, ValueKind>): boolean {
  const parent = ancestors.at(-1);
  const target = targets.get(node);
  if (target !== undefined) return isNumber(target);
  const besideNumber = (...others: readonly (Expression | undefined)[]): boolean => others.some((other) => other !== undefined && other !== node && isNumber(kind(other)));
  switch (parent?.kind) {
    case "ResultColumn":
      return resultIsValue(ancestors, kind);
    case "UnaryExpression":
      return parent.operator !== "NOT";
    case "BinaryExpression":
      switch (parent.operator) {
        case "AND":
        case "OR":
          return false;
        case "=":
        case "==":
        case "<>":
        case "!=":
        case "<":
        case "<=":
        case ">":
        case ">=":
          return besideNumber(parent.left, parent.right);
        default:
          return true;
      }
    case "IsExpression":
      return !isTruthTest(parent) && besideNumber(parent.left, parent.right);
    case "BetweenExpression":
      return besideNumber(parent.operand, parent.low, parent.high);
    case "InExpression":
      return parent.source.kind === "ExpressionList" && besideNumber(...parent.source.items);
    case "ExpressionList": {
      const within = ancestors.at(-2);
      return within?.kind === "InExpression" && besideNumber(within.operand);
    }
    case "CaseBranch": {
      const within = ancestors.at(-2);
      if (within?.kind !== "CaseExpression") return false;
      return parent.condition === node ? besideNumber(within.operand) : besideNumber(...within.branches.map((branch) => (branch.kind === "CaseBranch" ? branch.result : undefined)), within.otherwise);
    }
    case "CaseExpression":
      if (parent.operand === node) return besideNumber(...parent.branches.map((branch) => (branch.kind === "CaseBranch" ? branch.condition : undefined)));
      return besideNumber(...parent.branches.map((branch) => (branch.kind === "CaseBranch" ? branch.result : undefined)));
    case "FunctionCall": {
      const name = parent.name.kind === "Identifier" ? parent.name.value.toLowerCase() : "";
      if (!takingValues.has(name) || ((name === "iif" || name === "if") && isChoosing(parent.arguments, node))) return false;
      // Choices among truths stay such.
      const alone = name === "coalesce" || name === "ifnull" || name === "nullif" || name === "iif" || name === "if" || parent.arguments.length > 1;
      return !alone || besideNumber(...parent.arguments);
    }
    default:
      return false;
  }
}

/** Whether an argument of iif() is a condition: they and the results come by turns. */
function isChoosing(all: readonly Expression[], node: Expression): boolean {
  const i = all.indexOf(node);
  return i % 2 === 0 && i + 1 < all.length;
}

function isNumber({ kind }: ValueKind): boolean {
  return kind === "integer" || kind === "double" || kind === "numeric";
}

/** Whether a query's result column is a value for the caller, or for a query around it that takes it for a number. */
function resultIsValue(ancestors: readonly Node[], kind: StatementContext["kind"]): boolean {
  const core = ancestors.findLast((ancestor): ancestor is SelectCore => ancestor.kind === "SelectCore");
  // RETURNING.
  if (core === undefined || ancestors.at(-2) !== core) return ancestors.at(-2)?.kind === "ReturningClause";
  const around = ancestors.at(-4);
  const beyond = ancestors.at(-5);
  if (around?.kind === "InsertStatement") return false;
  if (around?.kind !== "Subquery") return true;
  switch (beyond?.kind) {
    case "ExistsExpression":
      return false;
    case "InExpression":
      return isNumber(kind(beyond.operand));
    case "SubquerySource":
      return true;
    case "ResultColumn":
      return true;
    default:
      // As a condition it stays one.
      return beyond?.kind === "BinaryExpression" && !["AND", "OR"].includes(beyond.operator) && (isNumber(kind(beyond.left)) || isNumber(kind(beyond.right)));
  }
}
