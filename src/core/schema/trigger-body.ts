import { hasAggregate } from "#core/sql/aggregates.ts";
import type { CaseExpression, Expression, RaiseExpression, SelectCore, SelectStatement, Statement } from "#core/sql/nodes.ts";
import { postgresString } from "#core/sql/postgres-literal.ts";
import { nodesOfKind } from "#core/sql/walk.ts";
import type { StatementPlace, StatementTranslator } from "./statement-translator.ts";
import { isRow } from "./own-row.ts";
import { nameText } from "./trigger-model.ts";
import { refuse } from "./translated-value.ts";

/** What the parts of one trigger are translated with. */
export interface BodyContext {
  /** The trigger's text. */
  readonly text: string;
  readonly translate: StatementTranslator;
  readonly place: StatementPlace;
  /** The statements that leave the function without a row: what RAISE(IGNORE) does. Refuses where PostgreSQL cannot. */
  readonly ignore: () => readonly string[];
  readonly notes: string[];
}

/** One step of a trigger's program in PL/pgSQL, by its lines; one of them may hold a literal of several lines. Refuses what has no equal there. */
export function translateStep(step: Statement, context: BodyContext): readonly string[] {
  const raises = nodesOfKind(step, "RaiseExpression").length > 0;
  switch (step.kind) {
    case "InsertStatement":
    case "UpdateStatement":
    case "DeleteStatement":
      if (raises) refuse("RAISE() stands within a statement that changes rows");
      return [`${closed(translated(written(step, context), context))};`];
    case "SelectStatement":
      return raises ? raising(step, context) : [`PERFORM 1 FROM (${closed(translated(written(step, context), context))}) AS unused;`];
    default:
      return refuse("its body holds a statement that is not understood");
  }
}

/** A condition in PostgreSQL's words: one whose value is unknown holds on neither side. */
export function translateTruth(condition: string, context: BodyContext): string {
  const head = "SELECT 1 WHERE ";
  const sql = translated(head + condition, context);
  return sql.startsWith(head) ? closed(sql.slice(head.length)) : `EXISTS (${closed(sql)})`;
}

function translated(sql: string, { translate, place, notes }: BodyContext): string {
  const result = translate(sql, place);
  if ("reason" in result) return refuse(result.reason);
  notes.push(...result.notes);
  return result.sql;
}

function written({ span }: { readonly span: { readonly start: number; readonly end: number } }, { text }: BodyContext): string {
  return text.slice(span.start, span.end);
}

/** A text that something may follow on its line: not within a comment. */
function closed(sql: string): string {
  return /--[^\n]*$/.test(sql) ? `${sql}\n` : sql;
}

// --- RAISE() -----------------------------------------------------------------------------------------

/** A query whose only use is that it may RAISE(): IF … THEN RAISE EXCEPTION … END IF. */
function raising(select: SelectStatement, context: BodyContext): readonly string[] {
  const [core] = select.terms;
  if (select.terms.length !== 1 || core?.kind !== "SelectCore") return refuse("RAISE() in a query of several parts");
  const items = core.columns.map((column) => (column.kind === "ResultColumn" ? column.expression : refuse("RAISE() besides a *")));
  for (const [name, clause] of Object.entries({ FROM: core.from, WHERE: core.where, "GROUP BY": core.groupBy, HAVING: core.having, "ORDER BY": select.orderBy, LIMIT: select.limit, WITH: select.with })) {
    if (clause !== undefined && nodesOfKind(clause, "RaiseExpression").length > 0) refuse(`RAISE() in ${name}`);
  }
  if (core.from !== undefined || core.groupBy !== undefined || core.having !== undefined || select.limit !== undefined) return raisingOfRows(select, core, items, context);
  const head = withText(select, core, context);
  const condition = (sql: string): string => (head === "" ? translateTruth(sql, context) : `EXISTS (${closed(translated(`${head}SELECT 1 WHERE ${sql}`, context))})`);
  const steps = items.flatMap((item) => branched(item, condition, context));
  return core.where === undefined ? steps : conditional(condition(written(core.where.condition, context)), steps);
}

/** RAISE() for the rows of tables: it is enough to know whether there is one. */
function raisingOfRows(select: SelectStatement, core: SelectCore, items: readonly Expression[], context: BodyContext): readonly string[] {
  const { text } = context;
  const [item] = items;
  if (items.length !== 1 || item === undefined) return refuse("RAISE() besides other results");
  if (select.limit !== undefined && !(select.limit.offset === undefined && select.limit.limit.kind === "NumericLiteral" && Number(select.limit.limit.text) >= 1)) refuse("RAISE() with a LIMIT");
  const from = core.from === undefined ? "" : ` ${written(core.from, context)}`;
  const groups = `${core.groupBy === undefined ? "" : ` ${written(core.groupBy, context)}`}${core.having === undefined ? "" : ` ${written(core.having, context)}`}`;
  const head = `${withText(select, core, context)}SELECT 1${from}`;
  const where = core.where === undefined ? undefined : text.slice(core.where.condition.span.start, core.where.condition.span.end);
  const { condition, raise } = onlyBranch(item, context);
  const whole = (parts: readonly string[], more: string): string => `${head}${parts.length === 0 ? "" : ` WHERE ${parts.length === 1 ? (parts[0] ?? "") : parts.map((part) => `(${closed(part)})`).join(" AND ")}`}${more}`;
  const given = where === undefined ? [] : [where];
  if (nodesOfKind(raise, "ColumnReference").some((reference) => !isRow(reference))) refuse("the message of RAISE() is made of the rows it finds");
  let sql: string;
  if (condition === undefined) sql = whole(given, groups);
  else if (hasAggregate(condition)) {
    if (groups !== "") refuse("RAISE() by groups");
    sql = whole(given, ` HAVING ${written(condition, context)}`);
  } else if (groups !== "") return refuse("RAISE() by groups");
  else sql = whole([...given, written(condition, context)], "");
  return conditional(`EXISTS (${closed(translated(sql, context))})`, raised(raise, context));
}

function withText(select: SelectStatement, core: SelectCore, { text }: BodyContext): string {
  return select.with === undefined ? "" : text.slice(select.with.span.start, core.span.start);
}

/** The one condition under which an expression raises; undefined for one that always does. */
function onlyBranch(expression: Expression, context: BodyContext): { readonly condition: Expression | undefined; readonly raise: RaiseExpression } {
  if (expression.kind === "RaiseExpression") return { condition: undefined, raise: expression };
  if (expression.kind === "ParenthesizedExpression") return onlyBranch(expression.expression, context);
  if (expression.kind === "CaseExpression" && expression.operand === undefined && expression.branches.length === 1) {
    const [branch] = expression.branches;
    if (branch?.kind === "CaseBranch" && branch.result.kind === "RaiseExpression" && isIdle(expression.otherwise)) return { condition: branch.condition, raise: branch.result };
  }
  return refuse("RAISE() for rows of a table by several conditions");
}

/** An expression that may RAISE(), as statements. */
function branched(expression: Expression, condition: (sql: string) => string, context: BodyContext): readonly string[] {
  if (isIdle(expression)) return ["NULL;"];
  switch (expression.kind) {
    case "RaiseExpression":
      return raised(expression, context);
    case "ParenthesizedExpression":
      return branched(expression.expression, condition, context);
    case "CaseExpression":
      return cases(expression, condition, context);
    case "FunctionCall": {
      const name = nameText(expression.name).toLowerCase();
      const [first, second, third] = expression.arguments;
      if (first === undefined || second === undefined || expression.arguments.length > 3 || nodesOfKind(first, "RaiseExpression").length > 0) break;
      const then = branched(second, condition, context);
      if (name === "iif") return conditional(condition(written(first, context)), then, third === undefined ? undefined : branched(third, condition, context));
      if ((name === "coalesce" || name === "ifnull") && third === undefined) return conditional(condition(`(${closed(written(first, context))}) IS NULL`), then);
      break;
    }
    default:
  }
  return refuse("RAISE() stands within an expression other than CASE");
}

function cases({ operand, branches, otherwise }: CaseExpression, condition: (sql: string) => string, context: BodyContext): readonly string[] {
  const lines = branches.flatMap((branch, i) => {
    if (branch.kind !== "CaseBranch" || nodesOfKind(branch.condition, "RaiseExpression").length > 0) return refuse("RAISE() in a condition");
    const own = written(branch.condition, context);
    const tested = operand === undefined ? own : `(${closed(written(operand, context))}) = (${closed(own)})`;
    return [`${i === 0 ? "IF" : "ELSIF"} ${condition(tested)} THEN`, ...indented(branched(branch.result, condition, context))];
  });
  return [...lines, ...(otherwise === undefined || isIdle(otherwise) ? [] : ["ELSE", ...indented(branched(otherwise, condition, context))]), "END IF;"];
}

function conditional(condition: string, then: readonly string[], otherwise?: readonly string[]): readonly string[] {
  return [`IF ${condition} THEN`, ...indented(then), ...(otherwise === undefined ? [] : ["ELSE", ...indented(otherwise)]), "END IF;"];
}

/** A result that nobody takes and that cannot fail. */
function isIdle(expression: Expression | undefined): boolean {
  return expression === undefined || expression.kind === "NullLiteral" || expression.kind === "NumericLiteral" || expression.kind === "StringLiteral" || (expression.kind === "ColumnReference" && isRow(expression));
}

function raised({ action, message }: RaiseExpression, context: BodyContext): readonly string[] {
  if (action === "IGNORE") return context.ignore();
  if (action === undefined) return refuse("RAISE() is not understood");
  if (action === "FAIL") context.notes.push("RAISE(FAIL, …) keeps what the statement has changed so far in SQLite; in PostgreSQL an error undoes all of the statement");
  if (action === "ROLLBACK") context.notes.push("RAISE(ROLLBACK, …) ends the transaction in SQLite; in PostgreSQL the transaction has failed, and nothing but ROLLBACK is taken until the code says it");
  // Drivers tell a violated constraint by the class of the code, as sqlite3's IntegrityError does.
  return [`RAISE EXCEPTION USING MESSAGE = ${messageText(message, context)}, ERRCODE = 'integrity_constraint_violation';`];
}

function messageText(message: Expression | undefined, context: BodyContext): string {
  if (message === undefined) return refuse("RAISE() without a message");
  if (message.kind === "StringLiteral" && message.holes.length === 0) return postgresString(message.value);
  if (message.kind === "ColumnReference" && message.table === undefined && message.column.kind === "Identifier" && message.column.quote === "double") return postgresString(message.column.value);
  const head = "SELECT ";
  const sql = translated(head + written(message, context), context);
  return sql.startsWith(head) ? `coalesce((${closed(sql.slice(head.length))})::text, '')` : refuse("the message of RAISE() is not understood");
}

/** Only the start of a line moves: what follows within it may be a literal's. */
export function indented(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `    ${line}`);
}
