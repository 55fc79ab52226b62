import type { CreateTriggerStatement, Expression, Name, Statement } from "#core/sql/nodes.ts";
import { parseStatement } from "#core/sql/parse.ts";
import { nodesOfKind } from "#core/sql/walk.ts";
import type { Trigger } from "./catalog.ts";
import { foldName } from "./decision.ts";

/** A trigger as SQLite runs it: for each row, whatever it says. https://www.sqlite.org/lang_createtrigger.html */
export interface TriggerModel {
  readonly trigger: Trigger;
  readonly statement: CreateTriggerStatement;
  readonly timing: "BEFORE" | "AFTER" | "INSTEAD OF";
  readonly event: "INSERT" | "UPDATE" | "DELETE";
  /** Folded; the table's or view's. */
  readonly relation: string;
  /** Folded names behind UPDATE OF; undefined for any column. */
  readonly columns: readonly string[] | undefined;
  readonly when: Expression | undefined;
  readonly body: readonly Statement[];
}

/** Reads a trigger's text. */
export function readTrigger(trigger: Trigger): TriggerModel | { readonly reason: string } {
  const statement = parseStatement(trigger.sql);
  if (statement.kind !== "CreateTriggerStatement" || statement.problem !== undefined || statement.event.kind === "ErrorNode" || nodesOfKind(statement, "ErrorNode").length > 0) return { reason: "its text is not understood" };
  const { event } = statement;
  return {
    trigger,
    statement,
    timing: statement.timing ?? "BEFORE",
    event: event.event,
    relation: foldName(trigger.table),
    columns: event.columns.length === 0 ? undefined : event.columns.map((name) => foldName(nameText(name))),
    when: statement.when?.condition,
    body: statement.body,
  };
}

/** The name that an identifier stands for; empty when it is none. */
export function nameText(name: Name | undefined): string {
  return name?.kind === "Identifier" && name.holes.length === 0 ? name.value : "";
}
