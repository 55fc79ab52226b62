import type { AlterAction, AlterTableStatement, OnConflict } from "../nodes.ts";
import { conflictAction } from "./changes.ts";
import { checkConstraint, columnDefinition } from "./create-table.ts";
import type { Cursor } from "./cursor.ts";
import { name, optionalSpan, qualifiedName } from "./names.ts";

/** On ALTER. */
export function alterStatement(c: Cursor): AlterTableStatement {
  const word = c.advance();
  c.expect("TABLE");
  const table = qualifiedName(c);
  const action = c.token.kind === "hole" ? c.hole() : alterAction(c);
  return { kind: "AlterTableStatement", span: c.spanFrom(word), table, action, problem: undefined, rest: undefined };
}

function alterAction(c: Cursor): AlterAction {
  const word = c.token;
  switch (word.symbol) {
    case "RENAME": {
      c.advance();
      if (c.accept("TO") !== undefined) {
        const newName = name(c);
        return { kind: "RenameTable", span: c.spanFrom(word), newName };
      }
      const columnWord = c.accept("COLUMN");
      const column = name(c);
      const newName = c.expect("TO") === undefined ? c.fail() : name(c);
      return { kind: "RenameColumn", span: c.spanFrom(word), columnSpan: optionalSpan(c, columnWord), column, newName };
    }
    case "ADD": {
      c.advance();
      if (c.is("CONSTRAINT") || c.is("CHECK")) return addConstraint(c, word);
      const columnWord = c.accept("COLUMN");
      const column = c.token.kind === "hole" && c.peek().kind === "end" ? c.hole() : columnDefinition(c);
      return { kind: "AddColumn", span: c.spanFrom(word), columnSpan: optionalSpan(c, columnWord), column };
    }
    case "DROP": {
      c.advance();
      if (c.accept("CONSTRAINT") !== undefined) {
        const constraint = name(c);
        return { kind: "DropConstraint", span: c.spanFrom(word), name: constraint };
      }
      const columnWord = c.accept("COLUMN");
      const column = name(c);
      return { kind: "DropColumn", span: c.spanFrom(word), columnSpan: optionalSpan(c, columnWord), column };
    }
    case "ALTER": return alterColumn(c);
    default: return c.fail();
  }
}

function addConstraint(c: Cursor, add: Cursor["token"]): AlterAction {
  const first = c.token;
  const constraintWord = c.accept("CONSTRAINT");
  const given = constraintWord === undefined ? undefined : name(c);
  const named =
    constraintWord === undefined || given === undefined
      ? undefined
      : ({ kind: "ConstraintName", span: c.spanFrom(constraintWord), name: given } as const);
  const constraint = c.is("CHECK") ? checkConstraint(c, first, named, true) : c.fail();
  return { kind: "AddConstraint", span: c.spanFrom(add), constraint };
}

function alterColumn(c: Cursor): AlterAction {
  const word = c.advance();
  c.accept("COLUMN");
  const column = name(c);
  const { symbol } = c.token;
  let action: "SET" | "DROP" | undefined;
  let onConflict: OnConflict | undefined;
  if (symbol === "SET" || symbol === "DROP") {
    action = symbol;
    c.advance();
    c.expect("NOT");
    c.expect("NULL");
    if (symbol === "SET" && c.is("ON")) {
      const on = c.advance();
      c.expect("CONFLICT");
      const resolved = conflictAction(c);
      onConflict = { kind: "OnConflict", span: c.spanFrom(on), action: resolved };
    }
  } else c.fail();
  return { kind: "AlterColumnNotNull", span: c.spanFrom(word), column, action, onConflict };
}
