import type { Node, TableFunctionCall } from "#core/sql/nodes.ts";
import { nodesOfKind, walk } from "#core/sql/walk.ts";
import type { Edit } from "#core/text/edit.ts";
import { closing, enclose, replace, tokenIn } from "../rewrite.ts";
import type { SqlFinding, StatementContext } from "../rule.ts";
import { fold } from "../schema-view.ts";
import { nameOf } from "../scope.ts";
import { asJsonb } from "./json-calls.ts";
import { asOperators, jsonSteps } from "./json-path.ts";

const own = new Set(["key", "value", "type", "atom", "id", "parent", "fullkey", "path", "json", "root"]);

/** json_each() and json_tree() in FROM: https://www.sqlite.org/json1.html#jeach */
export function* jsonTables(context: StatementContext): Iterable<SqlFinding> {
  const calls: { readonly call: TableFunctionCall; readonly query: Node; readonly parent: Node | undefined }[] = [];
  walk(context.statement, {
    enter(node, ancestors) {
      if (node.kind !== "TableFunctionCall") return;
      const at = ancestors.findLastIndex((each) => each.kind === "SelectStatement");
      // The query's own parentheses lie between it and what it stands in.
      calls.push({ call: node, query: ancestors[at] ?? context.statement, parent: at < 2 ? undefined : ancestors[at - 2] });
    },
  });
  for (const { call, query, parent } of calls) {
    const name = nameOf(call.name.name)?.toLowerCase();
    if (name === "json_each" || name === "json_tree") yield table(call, name, query, parent, context);
  }
}

function table(call: TableFunctionCall, name: string, query: Node, parent: Node | undefined, { site, kind, mode }: StatementContext): SqlFinding {
  const base = { span: call.name.span, severity: "error" } as const;
  const [subject, path] = call.arguments.items;
  const advice = "Use jsonb_array_elements() or jsonb_each() on PostgreSQL";
  if (mode === "both") return { ...base, message: `PostgreSQL has no ${name}(). ${advice}, chosen by by_engine(), or take the JSON apart in code.`, fixes: [] };
  const steps = path === undefined ? [] : jsonSteps(path.kind === "StringLiteral" && path.holes.length === 0 ? path.value : "");
  const used = columnsUsed(call, query);
  const known = used !== undefined && [...used].every((column) => column === "value");
  const pairs = used !== undefined && used.has("key") && [...used].every((column) => column === "value" || column === "key");
  if (name === "json_tree" || subject === undefined || steps === undefined || call.arguments.items.length > 2 || (!known && !pairs)) {
    return { ...base, message: `PostgreSQL has no ${name}(). ${advice}: they have no columns but the key and the value.`, fixes: [] };
  }
  const columns = known ? "(value)" : "(key, value)";
  const rows = known ? "jsonb_array_elements_text" : "jsonb_each_text";
  const edits: Edit[] = [replace(call.name.span, rows), ...asJsonb(subject, kind(subject)).edits];
  if (path !== undefined) {
    const comma = tokenIn(site.text, { start: subject.span.end, end: path.span.start }, ",");
    if (comma === undefined) return { ...base, message: `PostgreSQL has no ${name}(). ${advice}.`, fixes: [] };
    const operators = steps.length === 0 ? "" : ` ${asOperators(steps, "->").sql}`;
    const isApart = site.text.slice(comma.end, path.span.start).trim() !== "";
    edits.push(...(isApart ? [replace(comma, ""), replace(path.span, operators)] : [replace({ start: comma.start, end: path.span.end }, operators)]));
  }
  edits.push(...numbered(query, parent, kind));
  edits.push(call.alias === undefined ? closing(call.span, ` AS ${name}${columns}`) : closing(call.alias.span, columns));
  return {
    ...base,
    message:
      `PostgreSQL has no json_each(); ${rows}() gives the ${known ? "elements of an array" : "members of an object"}, and is an error for ${known ? "an object" : "an array"}. ` +
      `Look at it: each value is a text${known ? "" : ", and so is the key"}: a number must be cast before it is compared, and true and false, which SQLite gives as 1 and 0, are words.`,
    fixes: [{ kind: "edit", title: `Use ${rows}()`, applicability: "review", edits }],
  };
}

/** `id IN (SELECT value FROM json_each(…))`: the values that an integer is looked up among become integers. */
function numbered(query: Node, parent: Node | undefined, kind: StatementContext["kind"]): Edit[] {
  if (parent?.kind !== "InExpression" || kind(parent.operand).kind !== "integer" || query.kind !== "SelectStatement") return [];
  const [term] = query.terms;
  const [column] = term?.kind === "SelectCore" ? term.columns : [];
  const isValue = column?.kind === "ResultColumn" && column.expression.kind === "ColumnReference" && fold(nameOf(column.expression.column) ?? "") === "value";
  return isValue && query.terms.length === 1 ? enclose(column.expression.span, "CAST(", " AS BIGINT)") : [];
}

/** Which of its columns the query around it names; undefined when that cannot be told, as with `*`. */
function columnsUsed(call: TableFunctionCall, query: Node): ReadonlySet<string> | undefined {
  const name = fold(nameOf(call.alias?.name) ?? nameOf(call.name.name) ?? "");
  const used = new Set<string>();
  if (nodesOfKind(query, "AllColumns").some((all) => all.table === undefined || fold(nameOf(all.table) ?? "") === name)) return undefined;
  for (const reference of nodesOfKind(query, "ColumnReference")) {
    const column = fold(nameOf(reference.column) ?? "");
    const qualifier = nameOf(reference.table);
    if (qualifier === undefined ? own.has(column) : fold(qualifier) === name) used.add(column);
  }
  return used;
}
