import type { ListedPlaceholder, Site } from "#core/hosts/site.ts";
import { bindParameters } from "#core/sql/bind-parameters.ts";
import type { BindParameter } from "#core/sql/nodes.ts";
import { nodesOfKind } from "#core/sql/walk.ts";
import type { Edit } from "#core/text/edit.ts";
import { placeholderForms, type Driver, type PlaceholderForm } from "../mode.ts";
import { replacedByLibrary } from "./replaced-by-library.ts";
import type { SqlFinding, StatementContext, StatementRule } from "../rule.ts";

/** Placeholders in the target driver's style. In mode `both` the adapter converts them at run time. */
export const placeholderStyle: StatementRule = {
  meta: {
    id: "placeholder-style",
    family: "placeholders",
    title: "Placeholders of the target driver",
    doc: {
      what: "Finds ?, ?NNN, :name, @name and $name where the target driver wants another style, and the lists of ? that code builds.",
      why: "psycopg reads %s and %(name)s; node-postgres, asyncpg, pgx, sqlx and Ruby's pg read $1; JDBC keeps ?, PDO ? and :name, Npgsql @name. With any other style the driver or PostgreSQL reports an error. Under psycopg a literal % must be doubled as soon as parameters are passed.",
      example: "SELECT * FROM phase_queue WHERE queue_id = ?",
      useInstead: { both: "the same: the generated adapter converts placeholders when the code runs on PostgreSQL", postgres: "SELECT * FROM phase_queue WHERE queue_id = %s" },
      fixSafety: "Safe in a whole statement. In a part that is joined to others, and behind an interpolation, the number of a $n cannot be known: then no edit is offered. A ? in GROUP BY asks for a review. There is no edit for ?NNN under psycopg, which has no numbers.",
    },
  },
  *check(context) {
    const { statement, mode, driver, site } = context;
    if (mode === "both" || replacedByLibrary(site)) return;
    const parameters = bindParameters(statement);
    // $2 is a name to SQLite and a number to PostgreSQL: who writes it has numbered already, and must not be numbered again.
    const numbered = placeholderForms[driver] !== "percent" && parameters.some(({ node }) => isNumbered(node));
    const grouping = nodesOfKind(statement, "GroupByClause");
    for (const { node, number } of parameters) {
      if (numbered && isNumbered(node)) continue;
      const text = numbered ? undefined : styled(node, number, driver, site);
      if (text === node.text) continue;
      const edits: Edit[] = text === undefined ? [] : [{ span: node.span, newText: text }];
      const groups = node.form === "?" && grouping.some(({ span }) => span.start <= node.span.start && node.span.end <= span.end);
      yield {
        span: node.span,
        severity: "error",
        message: (text === undefined ? whyNot(driver) : `${driver} wants ${text} here.`) + (groups ? ` Look at it: ${grouped}` : ""),
        fixes: edits.length === 0 ? [] : [{ kind: "edit", title: `Write ${edits.map((e) => e.newText).join("")}`, applicability: groups ? "review" : "safe", edits }],
      };
    }
    const lists = builtLists(context);
    yield* lists;
    if (placeholderForms[driver] === "percent") yield* percentSigns(context, parameters.map((p) => p.node), lists.length);
  },
};

const grouped = "PostgreSQL takes two parameters for two values, so an expression of GROUP BY is not the one of the SELECT list. Give both one number (?1), or group by the column's alias.";

/** `$1`, `$2` …: PostgreSQL's own form. */
function isNumbered(node: BindParameter): boolean {
  return node.form === "$" && /^\d+$/.test(node.name ?? "");
}

/** A parameter in the driver's form; undefined where it has none for it, or its number cannot be known. */
function styled(node: BindParameter, number: number | undefined, driver: Driver, site: Site): string | undefined {
  const dollar = site.kind === "fragment" || number === undefined ? undefined : `$${number}`;
  const form = placeholderForms[driver];
  switch (form) {
    case "percent":
      if (node.name !== undefined) return `%(${node.name})s`;
      return node.form === "?" ? "%s" : undefined;
    case "numbered":
      return dollar;
    case "sqlite":
      return node.text;
    case "question":
      return node.form === "?" ? node.text : undefined;
    case "question-or-colon":
      return node.form === "?" || node.form === ":" ? node.text : node.name === undefined ? undefined : `:${node.name}`;
    case "named-or-numbered":
      if (node.form === "@" || node.form === ":") return node.text;
      return node.name === undefined ? dollar : `@${node.name}`;
  }
}

const reasons: Record<PlaceholderForm, string> = {
  percent: "has no numbered placeholders: give each a name, %(name)s, and the values as a mapping.",
  numbered: "wants numbered placeholders, and the number of this one depends on the parts around it.",
  question: "knows ? only: write one for each value, and bind the values in their order.",
  "question-or-colon": "knows ? and :name only: give each value a name, or bind them in their order.",
  sqlite: "takes every form.",
  "named-or-numbered": "wants numbered placeholders, and the number of this one depends on the parts around it.",
};

function whyNot(driver: Driver): string {
  return `${driver} ${reasons[placeholderForms[driver]]}`;
}

/** Interpolations whose host code builds a list of `?`, such as `",".join("?" * n)`: its `?` is a placeholder, too. */
function builtLists({ site, statement, driver }: StatementContext): SqlFinding[] {
  return site.holes.flatMap(({ span, placeholder }) => {
    if (placeholder === undefined || span.start < statement.span.start || statement.span.end < span.end) return [];
    const base = { span, severity: "error" as const };
    const form = placeholderForms[driver];
    if (form === "question" || form === "question-or-colon" || form === "sqlite") return [];
    if (form === "percent" && placeholder.several === true) return [{ ...base, message: "psycopg wants %s here: the code builds the list from several parts, and each ? of them has to become %s.", fixes: [] }];
    return form === "percent"
      ? [{ ...base, message: "psycopg wants %s here, in the list that the code builds.", fixes: [{ kind: "host" as const, title: "Write %s in the list", applicability: "safe" as const, edits: inList(placeholder) }] }]
      : [{ ...base, message: `${driver} wants numbered placeholders in the list that the code builds; = ANY($n) takes a whole list as one value.`, fixes: [] }];
  });
}

/** `"?" * n` is a text of question marks, of which join() takes one after the other: `%s` must be an item of a list. */
function inList({ start, end, character }: ListedPlaceholder): Edit[] {
  const written: Edit = { span: { start, end }, newText: "%s" };
  return character === true ? [{ span: { start: start - 1, end: start - 1 }, newText: "[" }, written, { span: { start: end + 1, end: end + 1 }, newText: "]" }] : [written];
}

/**
 * Literal percent signs: with parameters passed, psycopg reads every % as the start of a placeholder. In a site of one
 * statement those of the comments around it count, too: psycopg does not know comments.
 */
function* percentSigns({ site, statement }: StatementContext, parameters: readonly BindParameter[], lists: number): Iterable<SqlFinding> {
  const sqlites = parameters.length + lists > 0;
  if (!sqlites && site.call?.parameters !== "passed") return;
  // Where a parameter stays in SQLite's form the text would be looked at again, and its signs doubled again.
  const whole = parameters.every((node) => node.form !== "?NNN");
  const { start, end } = site.kind === "script" ? statement.span : { start: 0, end: site.text.length };
  // Without a parameter in SQLite's form the text may be psycopg's already: then its placeholders and pairs stay.
  const signs = sqlites ? /%/g : /%(?:%|s|\(\w+\)s)|%/g;
  for (const { 0: sign, index } of site.text.slice(start, end).matchAll(signs)) {
    const span = { start: start + index, end: start + index + 1 };
    if (sign !== "%" || site.holes.some((hole) => hole.span.start <= span.start && span.start < hole.span.end)) continue;
    yield {
      span,
      severity: "error",
      message: "psycopg reads % as the start of a placeholder here; a literal one is written %%.",
      fixes: whole ? [{ kind: "edit", title: "Double the %", applicability: "safe", edits: [{ span, newText: "%%" }] }] : [],
    };
  }
}
