import type { FunctionCall, Node, Statement } from "#core/sql/nodes.ts";
import { walk } from "#core/sql/walk.ts";

const changing = new Set(["random", "randomblob", "changes", "total_changes", "last_insert_rowid", "sqlite_version", "sqlite_source_id"]);
const clock = new Set(["datetime", "date", "time", "julianday", "unixepoch", "strftime", "timediff"]);

/**
 * What makes a statement's result another one each time it is run; undefined when nothing does. The clock in a condition does
 * not count: both engines are asked within moments.
 */
export function whatChanges(statement: Statement): string | undefined {
  let found: string | undefined;
  walk(statement, {
    enter(node, ancestors) {
      if (node.kind === "FunctionCall" && changing.has(nameOf(node))) found ??= `${nameOf(node)}()`;
      if (tellsTime(node) && ancestors.some(({ kind }) => kind === "ResultColumn" || kind === "OrderByClause" || kind === "GroupByClause")) found ??= "the time";
    },
  });
  return found;
}

function nameOf({ name }: FunctionCall): string {
  return name.kind === "Identifier" ? name.value.toLowerCase() : "";
}

function tellsTime(node: Node): boolean {
  if (node.kind === "CurrentTimeLiteral") return true;
  if (node.kind !== "FunctionCall" || !clock.has(nameOf(node))) return false;
  const moment = node.arguments[nameOf(node) === "strftime" ? 1 : 0];
  return moment === undefined || (moment.kind === "StringLiteral" && moment.value.toLowerCase() === "now");
}
