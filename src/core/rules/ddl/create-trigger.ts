import type { CreateTriggerStatement } from "#core/sql/nodes.ts";
import { tokenize } from "#core/sql/tokenize.ts";
import { nodesOfKind } from "#core/sql/walk.ts";
import type { Span } from "#core/text/span.ts";
import { replace, tokenIn } from "../rewrite.ts";
import type { SqlFinding, StatementContext, StatementRule } from "../rule.ts";
import { nameOf } from "../scope.ts";
import { ddlFinding } from "./ddl-finding.ts";

/** CREATE TRIGGER with a body: PostgreSQL's triggers call a function. */
export const createTrigger: StatementRule = {
  meta: {
    id: "create-trigger",
    family: "ddl",
    title: "CREATE TRIGGER",
    doc: {
      what: "Finds CREATE TRIGGER … BEGIN … END.",
      why: "PostgreSQL's triggers have no body: they call a function that was made before, in PL/pgSQL most often.",
      example: "CREATE TRIGGER touch AFTER UPDATE OF title ON notes BEGIN UPDATE notes SET edits = edits + 1 WHERE id = NEW.id; END",
      useInstead: {
        both: "by_engine(sqlite=…, postgresql=…)",
        postgres: "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $cutover$ BEGIN UPDATE notes SET edits = edits + 1 WHERE id = NEW.id; RETURN NULL; END $cutover$; CREATE TRIGGER touch AFTER UPDATE OF title ON notes FOR EACH ROW EXECUTE FUNCTION touch()",
      },
      fixSafety:
        "Safe where the schema at hand has the table and every part of the trigger is known to do the same: the function is then the one that `cutover schema` makes, with RAISE(), conditions and the order of triggers kept; where something differs it says so and asks for a review, and a part that has no equal is named. " +
        "Without the schema a review, always: a trigger whose change fires a trigger again does so without end in PostgreSQL, where SQLite stops unless recursive_triggers is on; a BEFORE trigger sees other values of generated columns; and what the body does is for a person to test. " +
        "There is none then for RAISE() and for SELECT in the body, and never for a temporary trigger.",
    },
  },
  *check(context) {
    if (context.statement.kind === "CreateTriggerStatement") yield finding(context.statement, context);
  },
};

const recipe = "Write the body as a function that RETURNS trigger in PL/pgSQL (NEW and OLD are the same there; RAISE EXCEPTION for RAISE(ABORT, …)), and CREATE TRIGGER … FOR EACH ROW EXECUTE FUNCTION …() for it.";

function finding(statement: CreateTriggerStatement, context: StatementContext): SqlFinding {
  const { site } = context;
  const { event, beginSpan, endSpan, body } = statement;
  const span = { start: statement.span.start, end: statement.name.span.end };
  const message = "PostgreSQL's triggers have no body, they call a function.";
  const no = (why: string): SqlFinding => ({ span, severity: "error", message: `${message} ${why} ${recipe}`, fixes: [] });
  const name = nameOf(statement.name.name);
  if (event.kind === "ErrorNode" || beginSpan === undefined || endSpan === undefined || name === undefined || nodesOfKind(statement, "Hole").length > 0) return no("Parts of this one are filled in at run time.");
  if (statement.temporarySpan !== undefined || statement.name.schema !== undefined) return no("This one is temporary, or of a schema by name.");
  const on = nameOf(statement.table.name);
  if (context.schema !== undefined && context.translateDdl !== undefined && on !== undefined && context.schema.targetRelation(on) !== undefined) return bySchema(statement, span, message, no, context);
  if (nodesOfKind(statement, "RaiseExpression").length > 0) return no("RAISE() is a statement there.");
  if (body.some(({ kind }) => kind === "SelectStatement")) return no("A SELECT whose rows nobody takes is PERFORM there.");
  const { text } = site;
  const written = text.slice(statement.name.span.start, statement.name.span.end);
  const called = `${written}()`;
  // A delimiter that the body cannot hold.
  const quote = text.includes("$cutover$") ? "$cutover_body$" : "$cutover$";
  const row = statement.timing === "AFTER" ? "NULL" : event.event === "DELETE" ? "OLD" : "NEW";
  const table = text.slice(statement.table.span.start, statement.table.span.end);
  const timing = statement.timing ?? "BEFORE";
  const what = text.slice(event.span.start, event.span.end);
  const condition = statement.when?.condition;
  const head = `CREATE FUNCTION ${called} RETURNS trigger LANGUAGE plpgsql AS ${quote} BEGIN`;
  const then = tokenIn(text, { start: condition?.span.end ?? statement.table.span.end, end: beginSpan.end }, "BEGIN") ?? beginSpan;
  const tail = `RETURN ${row}; END ${quote};\nCREATE TRIGGER ${written} ${timing} ${what} ON ${table} FOR EACH ROW EXECUTE FUNCTION ${called}`;
  const edits =
    condition === undefined
      ? [replace({ start: statement.span.start, end: then.end }, head), replace(endSpan, tail)]
      : [replace({ start: statement.span.start, end: condition.span.start }, `${head} IF `), replace(then, "THEN"), replace(endSpan, `END IF; ${tail}`)];
  return ddlFinding(
    {
      span,
      severity: "error",
      message,
      title: "Make a function and a trigger that calls it",
      edits,
      differs: `a trigger whose change fires it again runs without end there, where SQLite stops unless recursive_triggers is on${statement.ifNotExistsSpan === undefined ? "" : "; PostgreSQL has no IF NOT EXISTS for either"}`,
    },
    context,
  );
}

/** The schema translator knows the columns' types and the other triggers. */
function bySchema(statement: CreateTriggerStatement, span: Span, message: string, no: (why: string) => SqlFinding, context: StatementContext): SqlFinding {
  const text = context.site.text.slice(statement.span.start, statement.span.end);
  const translated = context.translateDdl?.(text);
  if (translated === undefined) return no("");
  if (!translated.ok) return no(`This one cannot be translated: ${translated.reason.replace(/[.:]?$/, ".")}`);
  const comments = tokenize(text).some((token) => token.kind === "comment") ? ["comments between its statements are not taken along"] : [];
  const review = [...translated.review, ...comments];
  return ddlFinding({ span, severity: "error", message, title: "Make a function and a trigger that calls it", edits: [replace(statement.span, translated.sql)], differs: review.length === 0 ? undefined : review.join("; ").replace(/\.$/, "") }, context);
}
