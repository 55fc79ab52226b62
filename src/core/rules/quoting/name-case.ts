import { isDefinition } from "../is-definition.ts";
import { replace } from "../rewrite.ts";
import type { SqlFinding, StatementRule } from "../rule.ts";
import { fold } from "../schema-view.ts";
import { namesInUse, type NameInUse } from "./names-in-use.ts";
import { settledName } from "./settled-name.ts";
import { quotedName } from "./written-name.ts";

/** Names whose case matters to PostgreSQL: it folds what is not quoted, and takes what is quoted as it is. */
export const nameCase: StatementRule = {
  meta: {
    id: "name-case",
    family: "quoting",
    title: "Names in capitals",
    doc: {
      what: "Finds names of columns, tables and results that PostgreSQL reads in another case than they have: `userId` without quotes becomes userid there; in quotes, \"userid\" and \"userId\" are two names.",
      why:
        "A table or column that is declared with capitals keeps them in the translated schema, so that the code finds it only by its exact name in quotes. A result called `AS userId` arrives as userid, and the code that reads `row.userId` gets nothing.",
      example: "SELECT userId, count(*) AS openTasks FROM tasks GROUP BY userId",
      useInstead: { both: 'SELECT "userId", count(*) AS "openTasks" FROM tasks GROUP BY "userId"', postgres: "the same" },
      fixSafety: "Safe for results and where a schema tells the name; SQLite reads the quoted name as the same one. Without a schema a name in camelCase asks for a review, and one all in capitals is taken for a way of writing.",
    },
  },
  *check({ statement, meanings, schema, resolution }) {
    if (isDefinition(statement)) return;
    const settled = settledName(statement, resolution);
    for (const name of namesInUse(statement, meanings, schema)) {
      const found = finding(name, schema !== undefined);
      if (found === undefined) continue;
      const { wanted, message, sure } = found;
      yield {
        span: name.node.span,
        severity: "error",
        message,
        fixes: [{ kind: "edit", title: `Write ${quotedName(wanted)}`, applicability: sure ? "safe" : "review", edits: [replace(name.node.span, quotedName(wanted))], settles: settled(name.node) }],
      } satisfies SqlFinding;
    }
  },
};

function finding({ node, wanted, place }: NameInUse, hasSchema: boolean): { readonly wanted: string; readonly message: string; readonly sure: boolean } | undefined {
  if (node.quote !== "none" && node.quote !== "double") return undefined;
  const read = node.quote === "none" ? fold(node.value) : node.value;
  if (wanted === undefined) {
    // Without a schema: names in camelCase are declared so, most likely; words in capitals are a way of writing.
    if (hasSchema || node.quote !== "none" || !/[A-Z]/.test(node.value) || !/[a-z]/.test(node.value) || !/^[a-z_]/.test(node.value)) return undefined;
    return { wanted: node.value, message: `PostgreSQL reads this as ${read}. Look at it: a ${place === "table" ? "table" : "column"} that is declared with capitals needs them in quotes (--schema tells).`, sure: false };
  }
  if (wanted === read) return undefined;
  const label = place === "label" || place === "bare-label";
  return { wanted, message: label ? `PostgreSQL calls this result ${read}: code that reads ${wanted} does not find it.` : `PostgreSQL reads this as ${read}; its name there is ${wanted}.`, sure: true };
}
