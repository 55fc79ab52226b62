import type { Language, Site } from "#core/hosts/site.ts";
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
  *check({ site, statement, meanings, schema, resolution }) {
    if (isDefinition(statement)) return;
    const settled = settledName(statement, resolution);
    const likely: NameInUse[] = [];
    for (const name of namesInUse(statement, meanings, schema)) {
      if (schema === undefined && isCamelCase(name) && !(name.place === "member" && quotesMembers(site))) likely.push(name);
      const { node, wanted } = name;
      const message = isRead(name) && readsInAnyCase.has(site.language) ? undefined : messageFor(name);
      if (message === undefined || wanted === undefined) continue;
      yield {
        span: node.span,
        severity: "error",
        message,
        fixes: [{ kind: "edit", title: `Write ${quotedName(wanted)}`, applicability: "safe", edits: [replace(node.span, quotedName(wanted))], settles: settled(node) }],
      } satisfies SqlFinding;
    }
    const [first] = likely;
    if (first === undefined) return;
    // Said once for all names of a statement: it is one question, how the tables were declared.
    const names = [...new Set(likely.map(({ node }) => node.value))];
    yield {
      span: first.node.span,
      severity: "error",
      message: `PostgreSQL reads ${listed(names)} in lower case. Look at it: ${names.length === 1 ? `a ${first.place === "table" ? "table" : "column"} that is declared with capitals needs them` : "tables and columns that are declared with capitals need them"} in quotes (--schema tells).`,
      fixes: [
        {
          kind: "edit",
          title: `Write ${listed(names.map(quotedName))}`,
          applicability: "review",
          edits: likely.map(({ node }) => replace(node.span, quotedName(node.value))),
          settles: likely.flatMap(({ node }) => settled(node)),
        },
      ],
    } satisfies SqlFinding;
  },
};

/** Whether the library puts the names behind a table's into quotes itself, as TypeORM's query builder does with those of its entities. */
function quotesMembers({ language, call }: Site): boolean {
  return call?.library === "query-builder" && /^(?:typescript|tsx|javascript)$/.test(language) && /^(?:where|andWhere|orWhere|having|andHaving|orHaving)$/.test(call.method);
}

/** Languages whose libraries find a result by its name in any case: ADO.NET, Dapper, JDBC. */
const readsInAnyCase: ReadonlySet<Language> = new Set<Language>(["csharp", "java"]);

/** Whether a name is that of a result which the statement itself gives out. */
function isRead({ place }: NameInUse): boolean {
  return place === "label" || place === "bare-label";
}

/** Without a schema: names in camelCase are declared so, most likely; words in capitals are a way of writing. */
function isCamelCase({ node, wanted }: NameInUse): boolean {
  return wanted === undefined && node.quote === "none" && /^[a-z_].*[A-Z]/.test(node.value) && /[a-z]/.test(node.value);
}

function messageFor({ node, wanted, place }: NameInUse): string | undefined {
  if (wanted === undefined || (node.quote !== "none" && node.quote !== "double")) return undefined;
  const read = node.quote === "none" ? fold(node.value) : node.value;
  if (wanted === read) return undefined;
  const isLabel = place === "label" || place === "bare-label";
  return isLabel ? `PostgreSQL calls this result ${read}: code that reads ${wanted} does not find it.` : `PostgreSQL reads this as ${read}; its name there is ${wanted}.`;
}

/** As many names as a line of a list bears. */
function listed(names: readonly string[]): string {
  return names.length > 4 ? `${names.slice(0, 3).join(", ")} and ${names.length - 3} others` : names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1) ?? ""}`;
}
