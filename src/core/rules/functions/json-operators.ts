import type { BinaryExpression, Expression, Node } from "#core/sql/nodes.ts";
import { literalValue } from "#core/sql/literal-value.ts";
import { walk } from "#core/sql/walk.ts";
import type { Edit } from "#core/text/edit.ts";
import type { ValueKind } from "../kinds/value-kind.ts";
import { enclose, replace } from "../rewrite.ts";
import type { SqlFinding, StatementContext } from "../rule.ts";
import { asJsonb, isJsonb, typed } from "./json-calls.ts";
import { bindsTighter, jsonUse } from "./json-context.ts";
import { asOperators, jsonSteps, type JsonStep } from "./json-path.ts";

/** The operators -> and ->>: https://www.sqlite.org/json1.html#jptr */
export function* jsonOperators(context: StatementContext): Iterable<SqlFinding> {
  const found: { readonly node: BinaryExpression; readonly around: readonly Node[]; readonly direct: Node | undefined }[] = [];
  walk(context.statement, {
    enter(node, ancestors) {
      if (node.kind !== "BinaryExpression" || (node.operator !== "->" && node.operator !== "->>")) return;
      found.push({ node, around: ancestors.filter((each) => each.kind !== "ParenthesizedExpression").toReversed(), direct: ancestors.at(-1) });
    },
  });
  for (const { node, around, direct } of found) {
    const finding = operator(node, around, direct, context);
    if (finding !== undefined) yield finding;
  }
}

/** The steps that the right side names: a path, a key or a place. */
function stepsOf(right: Expression): readonly JsonStep[] | undefined {
  if (right.kind === "StringLiteral" && right.holes.length === 0) return right.value.startsWith("$") ? jsonSteps(right.value) : right.value.startsWith("[") ? undefined : [{ key: right.value }];
  const value = literalValue(right);
  return value?.type === "integer" && value.value > -1000000n && value.value < 1000000n ? [{ index: Number(value.value) }] : undefined;
}

/** Whether the left side is what another `->` gave. */
function isChain(node: Expression): boolean {
  return node.kind === "BinaryExpression" && node.operator === "->";
}

function operator(node: BinaryExpression, around: readonly Node[], direct: Node | undefined, { kind, mode }: StatementContext): SqlFinding | undefined {
  const { left, right, operator } = node;
  const base = { span: node.operatorSpan, severity: "error" } as const;
  const steps = stepsOf(right);
  const subject: ValueKind = isChain(left) ? { kind: "other", type: "jsonb" } : kind(left);
  const known = isJsonb(subject);
  const written = right.kind === "StringLiteral" && !right.value.startsWith("$");
  if (mode === "both") {
    if (known && written) return undefined;
    return { ...base, message: `PostgreSQL's ${operator} takes json and jsonb on its left, and a key or a place on its right, no path. On both engines, json_extract(value, path) is supplied by the adapter.`, fixes: [] };
  }
  if (steps === undefined || steps.length === 0) {
    return { ...base, message: `PostgreSQL's ${operator} takes a key (a text) or a place (an integer), no path. Cast a parameter to what it is; for a path, use #>> with an array of texts.`, fixes: [] };
  }
  const operators = asOperators(steps, operator === "->>" ? "->>" : "->");
  const edits: Edit[] = [];
  // The chain's own start is cast, not what its first step gives.
  const source = isChain(left) ? { edits: [], differs: undefined } : asJsonb(left, subject);
  edits.push(...source.edits);
  const same = steps.length === 1 && (written || right.kind !== "StringLiteral");
  if (!same) edits.push(replace({ start: node.operatorSpan.start, end: right.span.end }, operators.sql));
  if (direct?.kind !== "ParenthesizedExpression" && bindsTighter(direct)) edits.push(...enclose(node.span, "(", ")"));
  const use = operator === "->" ? "plain" : jsonUse(node, around);
  const place = operators.exact && !(isChain(left) && steps.every((step) => "index" in step)) ? undefined : "where a place is asked of a value that is neither object nor array, PostgreSQL gives the value itself, SQLite nothing";
  const differs = source.differs ?? place ?? (use === "plain" ? undefined : use === "number" ? "it is a text, which must be cast to a number; SQLite has numbers as such, and true and false as 1 and 0" : typed);
  if (edits.length === 0) {
    if (differs === undefined) return undefined;
    return { ...base, severity: "warning", message: `Look at what PostgreSQL's ${operator} gives: ${differs}.`, fixes: operator === "->>" ? cast(node, use, direct) : [] };
  }
  const title = steps.length > 1 ? "Use one operator for each step" : source.edits.length > 0 ? "Cast to JSONB" : edits.length > 0 && same ? "Put it in parentheses" : "Use the key";
  const message = `PostgreSQL's ${operator} takes json and jsonb on its left, a key or a place on its right, and binds looser than arithmetic.`;
  const exact: ValueKind = operator === "->" ? { kind: "other", type: "jsonb" } : { kind: "text", binary: true, ordered: false };
  const more = use === "number" ? cast(node, use, direct).flatMap((fix) => fix.edits) : [];
  return differs === undefined
    ? { ...base, message, fixes: [{ kind: "edit", title, applicability: "safe", edits, settles: [{ span: node.span, kind: exact }] }] }
    : { ...base, message: `${message} Look at it: ${differs}.`, fixes: [{ kind: "edit", title, applicability: "review", edits: [...(more.length > 0 ? edits.filter((edit) => edit.newText !== "(" && edit.newText !== ")") : edits), ...more] }] };
}

/** Says what PostgreSQL's text is to be: a number, or a text indeed. */
function cast(node: BinaryExpression, use: string, direct: Node | undefined): { readonly kind: "edit"; readonly title: string; readonly applicability: "review"; readonly edits: readonly Edit[] }[] {
  if (use !== "number" && use !== "other") return [];
  const span = direct?.kind === "ParenthesizedExpression" ? direct.span : node.span;
  const type = use === "number" ? "NUMERIC" : "TEXT";
  return [{ kind: "edit", title: `Cast to ${type}`, applicability: "review", edits: enclose(span, "CAST(", ` AS ${type})`) }];
}
