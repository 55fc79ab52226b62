import type { Hole, JoinTerm, Node } from "#core/sql/nodes.ts";
import { descendants, nodesOfKind } from "#core/sql/walk.ts";
import { isDefinition } from "../is-definition.ts";
import { closing, replace } from "../rewrite.ts";
import type { SqlFinding, StatementContext, StatementRule } from "../rule.ts";
import { fold } from "../schema-view.ts";
import { nameOf } from "../scope.ts";

/** Joins that only SQLite's grammar takes, and commas that bind weaker than JOIN in PostgreSQL. */
export const joinForm: StatementRule = {
  meta: {
    id: "join-form",
    family: "select",
    title: "Joins that PostgreSQL reads differently",
    doc: {
      what: "Finds JOIN without ON or USING, CROSS JOIN and commas with ON or USING, and commas before a JOIN whose condition (or RIGHT, FULL) reaches over them.",
      why:
        "PostgreSQL wants a condition for every join but CROSS JOIN, and allows none for that. SQLite joins from left to right; in PostgreSQL JOIN binds tighter than a comma, " +
        "so that a condition cannot name a table before the comma, and a RIGHT or FULL JOIN gives other rows.",
      example: "SELECT * FROM a, b LEFT JOIN c ON c.id = a.c_id",
      useInstead: { both: "SELECT * FROM a CROSS JOIN b LEFT JOIN c ON c.id = a.c_id", postgres: "the same" },
      fixSafety: "Safe: the words only say what SQLite does anyway.",
    },
  },
  *check(context) {
    const { statement } = context;
    if (isDefinition(statement)) return;
    for (const node of descendants(statement)) {
      if (node.kind === "FromClause" || node.kind === "ParenthesizedSource") yield* joins(node.terms, context);
    }
  },
};

function* joins(terms: readonly (JoinTerm | Hole)[], context: StatementContext): Iterable<SqlFinding> {
  const tight = terms.findLastIndex((term, i) => reachesOver(term, terms.slice(0, i), context));
  for (const [i, term] of terms.entries()) {
    if (term.kind === "Hole" || term.operator === undefined) continue;
    const { operator, constraint } = term;
    // An interpolation behind it may be its condition.
    const open = nodesOfKind(context.statement, "Hole").some((hole) => hole.span.start >= term.span.end && context.site.text.slice(term.span.end, hole.span.start).trim() === "");
    if (operator.comma) {
      if (constraint !== undefined) {
        yield finding(operator, "PostgreSQL takes no condition after a comma; JOIN means the same.", "Write JOIN", replace(operator.span, " JOIN"));
      } else if (i < tight) {
        const found = finding(operator, "In PostgreSQL, JOIN binds tighter than a comma, so that a later join does not see this table; SQLite joins from left to right.", "Write CROSS JOIN", replace(operator.span, " CROSS JOIN"));
        const using = usingOf(terms[tight]);
        const told = using === undefined || using.every((column) => holders(terms.slice(0, tight), column, context)?.length === 1);
        yield told ? found : { ...found, severity: "warning", message: `${found.message} Look at it: where several of the tables have the columns of USING, PostgreSQL refuses them behind CROSS JOIN; where the one behind the comma has them, the text may stay.`, fixes: found.fixes.map((fix) => ({ ...fix, applicability: "review" })) };
      }
      continue;
    }
    if (operator.natural) continue;
    if (operator.type === "CROSS") {
      if (constraint !== undefined) yield finding(operator, "PostgreSQL takes no condition for a CROSS JOIN; JOIN means the same.", "Write JOIN", replace(operator.span, "JOIN"));
      continue;
    }
    if (constraint !== undefined || open) continue;
    yield operator.type === undefined || operator.type === "INNER"
      ? finding(operator, "PostgreSQL wants a condition for a JOIN; without one it is a CROSS JOIN.", "Write CROSS JOIN", replace(operator.span, "CROSS JOIN"))
      : finding(operator, `PostgreSQL wants a condition for a ${operator.type} JOIN.`, "Write ON TRUE", closing(term.span, " ON TRUE"));
  }
}

function finding(at: Node, message: string, title: string, edit: ReturnType<typeof replace>): SqlFinding {
  return { span: at.span, severity: "error", message, fixes: [{ kind: "edit", title, applicability: "safe", edits: [edit] }] };
}

/** The columns of USING; undefined where there is none, or where they are filled in. */
function usingOf(term: JoinTerm | Hole | undefined): string[] | undefined {
  if (term?.kind !== "JoinTerm" || term.constraint?.kind !== "UsingClause") return undefined;
  const names = term.constraint.columns.names.map(nameOf);
  return names.some((name) => name === undefined) ? undefined : names.map((name) => fold(name ?? ""));
}

/** Which of some tables have a column; undefined where one of them is not known. */
function holders(terms: readonly (JoinTerm | Hole)[], column: string, { schema, meanings }: StatementContext): number[] | undefined {
  const found: number[] = [];
  for (const [i, term] of terms.entries()) {
    const source = term.kind === "JoinTerm" && term.source.kind === "TableReference" && !meanings.isCommonTable(term.source.table) ? term.source : undefined;
    const table = schema?.table(nameOf(source?.table.name) ?? "");
    if (table === undefined) return undefined;
    if (table.column(column) !== undefined) found.push(i);
  }
  return found;
}

/** Whether a join behind a comma means another one when it binds tighter: RIGHT and FULL, or a condition that names what stands before the comma. */
function reachesOver(term: JoinTerm | Hole, before: readonly (JoinTerm | Hole)[], context: StatementContext): boolean {
  if (term.kind === "Hole" || term.operator === undefined || term.operator.comma) return false;
  const lastComma = before.findLastIndex((each) => each.kind === "JoinTerm" && each.operator?.comma === true && each.constraint === undefined);
  if (lastComma < 0) return false;
  const { operator, constraint } = term;
  if (operator.type === "RIGHT" || operator.type === "FULL" || operator.natural) return true;
  const using = usingOf(term);
  // SQLite takes the first table that has the column.
  if (using !== undefined) return using.some((column) => (holders(before, column, context)?.[0] ?? 0) < lastComma);
  if (constraint?.kind === "UsingClause") return true;
  if (constraint === undefined) return false;
  const near = new Set([...before.slice(lastComma), term].flatMap((each) => (each.kind === "JoinTerm" ? descendants(each.source) : [])));
  const names = new Set<string>();
  for (const node of near) {
    if (node.kind === "TableReference" || node.kind === "SubquerySource" || node.kind === "TableFunctionCall") {
      const name = nameOf(node.alias?.name) ?? (node.kind === "TableReference" ? nameOf(node.table.name) : node.kind === "TableFunctionCall" ? nameOf(node.name.name) : undefined);
      if (name !== undefined) names.add(fold(name));
    }
  }
  return nodesOfKind(constraint.condition, "ColumnReference").some((reference) => {
    const qualifier = nameOf(reference.table);
    if (qualifier !== undefined) return !names.has(fold(qualifier));
    const meaning = context.meanings.of(reference);
    const source = meaning === undefined || meaning.kind === "alias" ? undefined : meaning.source.node;
    return source === undefined || !near.has(source);
  });
}
