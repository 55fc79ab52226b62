import type { Expression, FunctionCall, Node } from "#core/sql/nodes.ts";
import { walk } from "#core/sql/walk.ts";
import type { ValueKind } from "../kinds/value-kind.ts";
import type { StatementContext } from "../rule.ts";
import { nameOf } from "../scope.ts";

/** A function call as the translators of this folder see it. */
export interface Call {
  readonly node: FunctionCall;
  /** In lower case. */
  readonly name: string;
  readonly args: readonly Expression[];
  readonly kinds: readonly ValueKind[];
  /** What the call stands in, the nearest first; parentheses are left out. */
  readonly around: readonly Node[];
  readonly context: StatementContext;
  /** The site's text. */
  readonly sql: string;
}

/** Every call of a statement by a name that is known, an outer one before those among its arguments. */
export function callsOf(context: StatementContext): Call[] {
  const calls: Call[] = [];
  walk(context.statement, {
    enter(node, ancestors) {
      if (node.kind !== "FunctionCall" || node.name.kind === "Hole") return;
      const name = nameOf(node.name)?.toLowerCase();
      if (name === undefined) return;
      calls.push({
        node,
        name,
        args: node.arguments,
        kinds: node.arguments.map(context.kind),
        around: ancestors.filter((each) => each.kind !== "ParenthesizedExpression").toReversed(),
        context,
        sql: context.site.text,
      });
    },
  });
  return calls;
}

/** Whether a call's value is cast to a type right away, as a rule's own fix does it. */
export function isCastTo({ around: [parent] }: Call, type: string): boolean {
  return parent?.kind === "CastExpression" && parent.type?.words.map((word) => nameOf(word)?.toUpperCase()).join(" ") === type;
}
