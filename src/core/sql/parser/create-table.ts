/** CREATE TABLE: columns, types, constraints. */
import type {
  CheckConstraint, ColumnConstraint, ColumnDefinition, ConstraintName, CreateTableStatement, DeferrableClause, ErrorNode, Expression,
  GeneratedConstraint, Hole, Identifier, OnConflict, ReferenceAction, ReferencesClause, TableConstraint, TableOption,
} from "../nodes.ts";
import type { Span } from "#core/text/span.ts";
import type { Token } from "../token.ts";
import { conflictAction } from "./changes.ts";
import { type Cursor, isId, isName, none } from "./cursor.ts";
import { enclosed, expression } from "./expressions.ts";
import { blobLiteral, numericLiteral, stringLiteral } from "./literals.ts";
import { columnNameList, holesHere, identifier, name, optionalSpan, qualifiedName } from "./names.ts";
import { orderingTerms, selectStatement, startsSelect } from "./select.ts";
import { collationName, typeName } from "./types.ts";

/** After CREATE [TEMP], on TABLE. */
export function createTable(c: Cursor, create: Token, temporary: Token | undefined): CreateTableStatement {
  c.advance();
  const ifNotExistsSpan = ifNotExists(c);
  const holes: Hole[] = [];
  if (c.token.kind === "hole" && isName(c.peek())) holes.push(c.hole());
  const table = qualifiedName(c);
  const columns: (ColumnDefinition | Hole | ErrorNode)[] = [];
  const constraints: (TableConstraint | Hole)[] = [];
  let options: readonly (TableOption | Hole)[] = none;
  let definitionSpan: Span | undefined;
  let select: CreateTableStatement["select"];
  if (c.is("(")) {
    const open = c.advance();
    definitions(c, columns, constraints);
    c.expect(")");
    definitionSpan = c.spanFrom(open);
    options = tableOptions(c);
  } else if (c.token.kind === "hole" && c.peek().symbol !== "AS") holes.push(c.hole());
  else if (c.expect("AS") !== undefined) {
    if (startsSelect(c, 0)) select = selectStatement(c);
    else if (c.token.kind === "hole") holes.push(c.hole());
    else c.fail();
  }
  return {
    kind: "CreateTableStatement",
    span: c.spanFrom(create),
    temporarySpan: optionalSpan(c, temporary),
    ifNotExistsSpan,
    name: table,
    definitionSpan,
    columns,
    constraints,
    options,
    select,
    holes: holes.length === 0 ? none : holes,
    problem: undefined,
    rest: undefined,
  };
}

/** `IF NOT EXISTS`, if it is there. */
export function ifNotExists(c: Cursor): Span | undefined {
  const word = c.accept("IF");
  if (word === undefined) return undefined;
  c.expect("NOT");
  c.expect("EXISTS");
  return c.spanFrom(word);
}

/** Columns, then constraints; between constraints a comma may be missing. */
function definitions(c: Cursor, columns: (ColumnDefinition | Hole | ErrorNode)[], constraints: (TableConstraint | Hole)[]): void {
  do {
    if (startsTableConstraint(c.token) && columns.length > 0) {
      tableConstraints(c, constraints);
      return;
    }
    if (c.token.kind === "hole" && (c.peek().symbol === "," || c.peek().symbol === ")")) columns.push(c.hole());
    else columns.push(columnDefinition(c));
  } while (c.accept(",") !== undefined);
}

function tableConstraints(c: Cursor, constraints: (TableConstraint | Hole)[]): void {
  do {
    const before = c.position;
    if (c.token.kind === "hole") constraints.push(c.hole());
    else constraints.push(tableConstraint(c));
    while (startsTableConstraint(c.token) && c.position > before) constraints.push(tableConstraint(c));
  } while (c.accept(",") !== undefined);
}

function startsTableConstraint(token: Token): boolean {
  switch (token.symbol) {
    case "CONSTRAINT": case "PRIMARY": case "UNIQUE": case "CHECK": case "FOREIGN": return true;
    default: return false;
  }
}

/** parse.y's columnname and carglist; used by ALTER TABLE ADD too. */
export function columnDefinition(c: Cursor): ColumnDefinition | ErrorNode {
  if (!isName(c.token)) return c.fail();
  const defined = name(c);
  const type = typeName(c);
  const constraints: (ColumnConstraint | Hole)[] = [];
  for (;;) {
    if (c.token.kind === "hole") {
      constraints.push(c.hole());
      continue;
    }
    const constraint = columnConstraint(c);
    if (constraint === undefined) break;
    constraints.push(constraint);
  }
  return { kind: "ColumnDefinition", span: c.spanFrom(defined.span), name: defined, type, constraints };
}

function constraintName(c: Cursor): ConstraintName | undefined {
  if (!c.is("CONSTRAINT")) return undefined;
  const word = c.advance();
  const given = name(c);
  return { kind: "ConstraintName", span: c.spanFrom(word), name: given };
}

function optionalOnConflict(c: Cursor): OnConflict | undefined {
  if (!c.is("ON")) return undefined;
  const word = c.advance();
  c.expect("CONFLICT");
  const action = conflictAction(c);
  return { kind: "OnConflict", span: c.spanFrom(word), action };
}

function columnConstraint(c: Cursor): ColumnConstraint | undefined {
  const named = constraintName(c);
  const first: Span = named?.span ?? c.token;
  const word = c.token;
  switch (word.symbol) {
    case "NULL": {
      c.advance();
      const onConflict = optionalOnConflict(c);
      return { kind: "NullConstraint", span: c.spanFrom(first), constraintName: named, onConflict };
    }
    case "NOT": {
      if (c.peek().symbol === "DEFERRABLE") {
        const deferrable = deferrableClause(c);
        return { kind: "DeferrableConstraint", span: c.spanFrom(first), constraintName: named, deferrable };
      }
      c.advance();
      if (c.expect("NULL") === undefined) return { ...c.fail(), span: c.spanFrom(first) };
      const onConflict = optionalOnConflict(c);
      return { kind: "NotNullConstraint", span: c.spanFrom(first), constraintName: named, onConflict };
    }
    case "PRIMARY": {
      c.advance();
      c.expect("KEY");
      const keySpan = c.spanFrom(word);
      const direction = c.is("ASC") || c.is("DESC") ? c.advance() : undefined;
      const onConflict = optionalOnConflict(c);
      const autoincrement = c.accept("AUTOINCREMENT");
      return {
        kind: "ColumnPrimaryKey",
        span: c.spanFrom(first),
        constraintName: named,
        keySpan,
        direction: direction === undefined ? undefined : direction.symbol === "DESC" ? "DESC" : "ASC",
        directionSpan: optionalSpan(c, direction),
        onConflict,
        autoincrementSpan: optionalSpan(c, autoincrement),
      };
    }
    case "UNIQUE": {
      c.advance();
      const onConflict = optionalOnConflict(c);
      return { kind: "ColumnUnique", span: c.spanFrom(first), constraintName: named, onConflict };
    }
    case "CHECK": return checkConstraint(c, first, named, false);
    case "DEFAULT": {
      c.advance();
      const value = defaultValue(c);
      return { kind: "DefaultConstraint", span: c.spanFrom(first), constraintName: named, value };
    }
    case "COLLATE": {
      c.advance();
      const collation = collationName(c);
      return { kind: "CollateConstraint", span: c.spanFrom(first), constraintName: named, collation };
    }
    case "REFERENCES": {
      const references = referencesClause(c, false);
      return { kind: "ColumnForeignKey", span: c.spanFrom(first), constraintName: named, references };
    }
    case "DEFERRABLE": {
      const deferrable = deferrableClause(c);
      return { kind: "DeferrableConstraint", span: c.spanFrom(first), constraintName: named, deferrable };
    }
    case "GENERATED": case "AS": return generatedConstraint(c, first, named);
    default: return named === undefined ? undefined : { kind: "EmptyConstraint", span: named.span, constraintName: named };
  }
}

/** On CHECK. */
export function checkConstraint(c: Cursor, first: Span, named: ConstraintName | undefined, ofTable: boolean): CheckConstraint | ErrorNode {
  const word = c.advance();
  if (c.expect("(") === undefined) return { ...c.fail(), span: c.spanFrom(first, word) };
  const condition = enclosed(c, expression);
  c.expect(")");
  const onConflict = ofTable ? optionalOnConflict(c) : undefined;
  return { kind: "CheckConstraint", span: c.spanFrom(first), constraintName: named, expression: condition, onConflict };
}

function defaultValue(c: Cursor): Expression | Identifier {
  if (c.is("(")) {
    const open = c.advance();
    const inner = enclosed(c, expression);
    c.expect(")");
    return { kind: "ParenthesizedExpression", span: c.spanFrom(open), expression: inner };
  }
  if (c.token.kind === "hole") return c.hole();
  if (c.is("+") || c.is("-")) {
    const sign = c.advance();
    const operand = term(c) ?? holeOrError(c);
    return { kind: "UnaryExpression", span: c.spanFrom(sign), operator: sign.symbol === "-" ? "-" : "+", operatorSpan: c.spanOf(sign), operand };
  }
  return term(c) ?? (isId(c.token) || c.is("INDEXED") ? identifier(c) : c.fail());
}

function holeOrError(c: Cursor): Expression {
  return c.token.kind === "hole" ? c.hole() : c.fail();
}

/** parse.y's term: what DEFAULT takes without parentheses. */
function term(c: Cursor): Expression | undefined {
  const { token } = c;
  switch (token.kind) {
    case "number": return numericLiteral(c);
    case "string": return stringLiteral(c);
    case "blob": return blobLiteral(c);
    default:
  }
  switch (token.symbol) {
    case "NULL":
      c.advance();
      return { kind: "NullLiteral", span: c.spanOf(token) };
    case "CURRENT_TIME": case "CURRENT_DATE": case "CURRENT_TIMESTAMP":
      c.advance();
      return { kind: "CurrentTimeLiteral", span: c.spanOf(token), name: token.symbol };
    default: return undefined;
  }
}

function generatedConstraint(c: Cursor, first: Span, named: ConstraintName | undefined): GeneratedConstraint | ErrorNode {
  const word = c.accept("GENERATED");
  let generatedAlwaysSpan: Span | undefined;
  if (word !== undefined) {
    c.expect("ALWAYS");
    generatedAlwaysSpan = c.spanFrom(word);
  }
  c.expect("AS");
  if (c.expect("(") === undefined) return { ...c.fail(), span: c.spanFrom(first) };
  const value = enclosed(c, expression);
  c.expect(")");
  let storage: GeneratedConstraint["storage"];
  let storageSpan: Span | undefined;
  if (isId(c.token) && !c.is("GENERATED")) {
    const kind = c.advance();
    storageSpan = c.spanOf(kind);
    const text = c.source.slice(kind.start, kind.end).toUpperCase();
    if (text === "STORED" || text === "VIRTUAL") storage = text;
    else c.complain(storageSpan, "error in generated column");
  }
  return { kind: "GeneratedConstraint", span: c.spanFrom(first), constraintName: named, generatedAlwaysSpan, expression: value, storage, storageSpan };
}

/** On REFERENCES. After a column's, NOT may also begin NOT NULL. */
function referencesClause(c: Cursor, ofTable: boolean): ReferencesClause {
  const word = c.advance();
  const table = name(c);
  const columns = c.is("(") ? columnNameList(c) : undefined;
  const actions: ReferenceAction[] = [];
  while (c.is("ON") || c.is("MATCH")) actions.push(referenceAction(c));
  const deferrable = c.is("DEFERRABLE") || (c.is("NOT") && (ofTable || c.peek().symbol === "DEFERRABLE")) ? deferrableClause(c) : undefined;
  return { kind: "ReferencesClause", span: c.spanFrom(word), table, columns, actions, deferrable };
}

function referenceAction(c: Cursor): ReferenceAction {
  const word = c.advance();
  if (word.symbol === "MATCH") {
    const match = name(c);
    return { kind: "ReferenceAction", span: c.spanFrom(word), event: "MATCH", action: undefined, match };
  }
  const { symbol } = c.token;
  const event = symbol === "DELETE" || symbol === "UPDATE" || symbol === "INSERT" ? symbol : undefined;
  let action: ReferenceAction["action"];
  if (event === undefined) c.fail();
  else {
    c.advance();
    const act = c.token;
    if (act.symbol === "CASCADE" || act.symbol === "RESTRICT") {
      action = act.symbol;
      c.advance();
    } else if (c.accept("SET") !== undefined) {
      if (c.accept("DEFAULT") !== undefined) action = "SET DEFAULT";
      else if (c.expect("NULL") !== undefined) action = "SET NULL";
    } else if (c.accept("NO") !== undefined) {
      if (c.expect("ACTION") !== undefined) action = "NO ACTION";
    } else c.fail();
  }
  return { kind: "ReferenceAction", span: c.spanFrom(word), event: event ?? "DELETE", action, match: undefined };
}

/** On DEFERRABLE, or on NOT before it. */
function deferrableClause(c: Cursor): DeferrableClause {
  const first = c.token;
  const not = c.accept("NOT") !== undefined;
  c.expect("DEFERRABLE");
  let initially: DeferrableClause["initially"];
  if (c.accept("INITIALLY") !== undefined) {
    const { symbol } = c.token;
    if (symbol === "DEFERRED" || symbol === "IMMEDIATE") {
      initially = symbol;
      c.advance();
    } else c.fail();
  }
  return { kind: "DeferrableClause", span: c.spanFrom(first), not, initially };
}

function tableConstraint(c: Cursor): TableConstraint {
  const named = constraintName(c);
  const word = c.token;
  const first: Span = named?.span ?? word;
  switch (word.symbol) {
    case "PRIMARY": {
      c.advance();
      c.expect("KEY");
      const keySpan = c.spanFrom(word);
      c.expect("(");
      const terms = enclosed(c, orderingTerms);
      const autoincrement = c.accept("AUTOINCREMENT");
      c.expect(")");
      const onConflict = optionalOnConflict(c);
      return {
        kind: "TablePrimaryKey", span: c.spanFrom(first), constraintName: named, keySpan, terms, autoincrementSpan: optionalSpan(c, autoincrement), onConflict,
      };
    }
    case "UNIQUE": {
      c.advance();
      c.expect("(");
      const terms = enclosed(c, orderingTerms);
      c.expect(")");
      const onConflict = optionalOnConflict(c);
      return { kind: "TableUnique", span: c.spanFrom(first), constraintName: named, terms, onConflict };
    }
    case "CHECK": return checkConstraint(c, first, named, true);
    case "FOREIGN": {
      c.advance();
      c.expect("KEY");
      if (!c.is("(")) return { ...c.fail(), span: c.spanFrom(first) };
      const columns = columnNameList(c);
      const references = c.is("REFERENCES") ? referencesClause(c, true) : c.fail();
      return { kind: "TableForeignKey", span: c.spanFrom(first), constraintName: named, columns, references };
    }
    default: return named === undefined ? c.fail() : { kind: "EmptyConstraint", span: named.span, constraintName: named };
  }
}

function tableOptions(c: Cursor): readonly (TableOption | Hole)[] {
  const holes = holesHere(c);
  if (holes.length > 0) return holes;
  // The grammar's list may be empty before its first comma: `CREATE TABLE t(a), STRICT`.
  if (!c.is(",") && !isName(c.token)) return none;
  c.accept(",");
  const options: (TableOption | Hole)[] = [];
  do {
    const word = c.token;
    if (word.kind === "hole") {
      options.push(c.hole());
      continue;
    }
    if (!isName(word)) {
      c.fail();
      break;
    }
    c.advance();
    const without = word.symbol === "WITHOUT";
    const given = without ? c.token : word;
    if (without) {
      if (!isName(given)) {
        c.fail();
        break;
      }
      c.advance();
    }
    const text = c.source.slice(given.start, given.end);
    const known = text.toUpperCase() === (without ? "ROWID" : "STRICT");
    if (!known) c.complain(c.spanOf(given), `unknown table option: ${text}`);
    options.push({ kind: "TableOption", span: c.spanFrom(word), option: known ? (without ? "WITHOUT ROWID" : "STRICT") : undefined });
  } while (c.accept(",") !== undefined);
  return options;
}
