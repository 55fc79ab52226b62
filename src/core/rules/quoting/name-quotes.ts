import { isDefinition } from "../is-definition.ts";
import { replace } from "../rewrite.ts";
import type { StatementRule } from "../rule.ts";
import { namesInUse } from "./names-in-use.ts";
import { settledName } from "./settled-name.ts";
import { quotedName, writtenName } from "./written-name.ts";

/** Names in brackets, backticks and single quotes, which PostgreSQL does not know. */
export const nameQuotes: StatementRule = {
  meta: {
    id: "name-quotes",
    family: "quoting",
    title: "Names in [brackets], `backticks` and 'quotes'",
    doc: {
      what: "Finds names of columns, tables and results in brackets, backticks or single quotes.",
      why: "PostgreSQL quotes names with double quotes only: the others are syntax errors there, or a text.",
      example: "SELECT [id], `status` AS 'state' FROM [tasks]",
      useInstead: { both: "SELECT id, status AS state FROM tasks", postgres: "the same" },
      fixSafety:
        "Safe: a name that both engines read bare loses its quotes, another one gets double quotes, spelled as in the translated schema. Without a schema, capitals ask for a review: PostgreSQL tells them apart in quotes.",
    },
  },
  *check({ statement, meanings, schema, resolution }) {
    if (isDefinition(statement)) return;
    const settled = settledName(statement, resolution);
    for (const { node, wanted, place } of namesInUse(statement, meanings, schema)) {
      if (node.quote === "none" || node.quote === "double") continue;
      const sure = wanted !== undefined || node.value === node.value.toLowerCase();
      const name = wanted ?? node.value;
      const text = place === "bare-label" ? quotedName(name) : writtenName(name);
      yield {
        span: node.span,
        severity: "error",
        message: `PostgreSQL quotes names with double quotes only.${sure ? "" : " Look at it: in quotes, capitals count there, so the name must be spelled as it is declared (--schema tells)."}`,
        fixes: [{ kind: "edit", title: `Write ${text}`, applicability: sure ? "safe" : "review", edits: [replace(node.span, text)], settles: settled(node) }],
      };
    }
  },
};
