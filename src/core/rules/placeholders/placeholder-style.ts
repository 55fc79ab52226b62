import type { Edit } from "#core/text/edit.ts";
import { bindParameters } from "#core/sql/bind-parameters.ts";
import type { BindParameter } from "#core/sql/nodes.ts";
import type { Site } from "#core/hosts/site.ts";
import type { Driver } from "../mode.ts";
import type { SqlFinding, StatementRule } from "../rule.ts";

/** Placeholders in the target driver's style. In mode `both` the adapter converts them at run time. */
export const placeholderStyle: StatementRule = {
  meta: {
    id: "placeholder-style",
    family: "placeholders",
    title: "Placeholders of the target driver",
    doc: {
      what: "Finds ?, ?NNN, :name, @name and $name where the target driver wants another style.",
      why: "psycopg reads %s and %(name)s, node-postgres and asyncpg read $1; with any other style the driver or PostgreSQL reports an error. Under psycopg a literal % must be doubled as soon as parameters are passed.",
      example: "SELECT * FROM phase_queue WHERE queue_id = ?",
      useInstead: { both: "the same: the generated adapter converts placeholders when the code runs on PostgreSQL", postgres: "SELECT * FROM phase_queue WHERE queue_id = %s" },
      fixSafety: "Safe in a whole statement. In a part that is joined to others the number of a $n cannot be known: then no edit is offered.",
    },
  },
  *check({ statement, mode, driver, site }) {
    if (mode === "both") return;
    const parameters = bindParameters(statement);
    for (const { node, number } of parameters) {
      const text = styled(node, number, driver, site);
      if (text === node.text) continue;
      const edits: Edit[] = text === undefined ? [] : [{ span: node.span, newText: text }];
      yield {
        span: node.span,
        severity: "error",
        message: text === undefined ? `${driver} wants numbered placeholders, and the number of this one depends on the parts around it.` : `${driver} wants ${text} here.`,
        fixes: edits.length === 0 ? [] : [{ kind: "edit", title: `Write ${edits.map((e) => e.newText).join("")}`, applicability: "safe", edits }],
      };
    }
    if (driver === "psycopg" && parameters.length > 0) yield* percentSigns(site, statement.span.start, statement.span.end);
  },
};

function styled(node: BindParameter, number: number | undefined, driver: Driver, site: Site): string | undefined {
  switch (driver) {
    case "psycopg":
      if (node.name !== undefined) return `%(${node.name})s`;
      return node.number === undefined ? "%s" : undefined;
    case "asyncpg":
    case "node-postgres":
      return site.kind === "fragment" || number === undefined ? undefined : `$${number}`;
  }
}

/** With parameters passed, psycopg reads every % as the start of a placeholder: a literal one is doubled (TRAPS 53, 69). */
function* percentSigns(site: Site, start: number, end: number): Iterable<SqlFinding> {
  for (let at = site.text.indexOf("%", start); at >= 0 && at < end; at = site.text.indexOf("%", at + 1)) {
    if (site.holes.some((hole) => hole.span.start <= at && at < hole.span.end)) continue;
    yield {
      span: { start: at, end: at + 1 },
      severity: "error",
      message: "psycopg reads % as the start of a placeholder here; a literal one is written %%.",
      fixes: [{ kind: "edit", title: "Double the %", applicability: "safe", edits: [{ span: { start: at, end: at + 1 }, newText: "%%" }] }],
    };
  }
}
