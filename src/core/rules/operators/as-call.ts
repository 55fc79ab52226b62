import type { LikeExpression, Statement } from "#core/sql/nodes.ts";
import { nodesOfKind } from "#core/sql/walk.ts";
import type { Edit } from "#core/text/edit.ts";
import { parenthesizedUnder } from "../parenthesized-under.ts";

type Operand = LikeExpression["left"];

/** `value LIKE pattern` as `like(pattern, value)`, and the like; comments between the words stay, behind the last argument. */
export function writeAsCall(statement: Statement, like: LikeExpression, name: string, text: string): Edit {
  const { left, right, escape } = like;
  const of = ({ span }: Operand): string => text.slice(span.start, span.end);
  const gaps = [text.slice(left.span.end, right.span.start), escape === undefined ? "" : text.slice(right.span.end, escape.span.start)];
  const comments = gaps.flatMap((gap) => gap.match(/\/\*[\s\S]*?\*\/|--[^\n]*\n?/g) ?? []).map((comment) => ` ${comment}`).join("");
  const call = `${name}(${[right, left, ...(escape === undefined ? [] : [escape])].map(of).join(", ")}${comments})`;
  return { span: like.span, newText: like.not ? parenthesizedUnder(statement, like, `NOT ${call}`) : call };
}

/** Whether both sides hold positional parameters, so that putting the pattern first would bind them the other way round. */
export function reordersParameters({ left, right, escape }: LikeExpression): boolean {
  const positional = (node: Operand): boolean => nodesOfKind(node, "BindParameter").some((p) => p.form === "?");
  return positional(left) && (positional(right) || (escape !== undefined && positional(escape)));
}
