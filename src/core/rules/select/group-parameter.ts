import { bindParameters } from "#core/sql/bind-parameters.ts";
import { nodesOfKind } from "#core/sql/walk.ts";
import { isDefinition } from "../is-definition.ts";
import type { StatementRule } from "../rule.ts";
import { coresOf, written } from "./grouped.ts";

/** The same expression with a `?` of its own in SELECT and in GROUP BY. */
export const groupParameter: StatementRule = {
  meta: {
    id: "group-parameter",
    family: "select",
    title: "A parameter in GROUP BY",
    doc: {
      what: "Finds expressions with a parameter in GROUP BY that stand among the results, too, there with another parameter.",
      why:
        "PostgreSQL cannot know that $1 and $2 will get the same value: to it these are two expressions, so that the one in the list is not grouped (42803). The generated adapter writes values as literals, which are the same.",
      example: "SELECT substr(day, 1, ?), count(*) FROM visits GROUP BY substr(day, 1, ?)",
      useInstead: { both: "the same, or SELECT substr(day, 1, ?) AS part, count(*) FROM visits GROUP BY part", postgres: "SELECT substr(day, 1, ?) AS part, count(*) FROM visits GROUP BY part" },
      fixSafety: "Left to a person: with the result's name (or its place, GROUP BY 1) the statement has one parameter less to bind. In mode both the adapter takes it as it stands, and the rule says nothing.",
    },
  },
  *check({ statement, mode, site, meanings }) {
    if (isDefinition(statement) || mode === "both") return;
    const numbers = new Map(bindParameters(statement).map(({ node, number }) => [node, number]));
    const pattern = (text: string): string => text.replace(/ \?\d*/g, " ?");
    for (const { core } of coresOf(statement)) {
      for (const expression of core.groupBy?.expressions ?? []) {
        const own = nodesOfKind(expression, "BindParameter");
        if (own.length === 0 || expression.kind === "BindParameter") continue;
        const text = pattern(written(expression, site.text, meanings));
        const same = core.columns.find((column) => column.kind === "ResultColumn" && pattern(written(column.expression, site.text, meanings)) === text);
        if (same === undefined) continue;
        const others = nodesOfKind(same, "BindParameter");
        if (own.every((parameter, i) => numbers.get(parameter) !== undefined && numbers.get(parameter) === numbers.get(others[i] ?? parameter))) continue;
        yield {
          span: expression.span,
          severity: "error",
          message: "PostgreSQL takes this for another expression than the one among the results, since the parameters have numbers of their own. Group by the result's name or its place in the list, and bind the value once; or give both the same number or name (?1, :name).",
          fixes: [],
        };
      }
    }
  },
};
