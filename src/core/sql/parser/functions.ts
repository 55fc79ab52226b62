/** Function calls, and the windows they run over (https://www.sqlite.org/windowfunctions.html). */
import type {
  ErrorNode, Expression, FilterClause, FrameBound, FunctionCall, Hole, Name, OverClause, WindowFrame, WindowSpecification, WithinGroup,
} from "../nodes.ts";
import { type Cursor, isName, none } from "./cursor.ts";
import { enclosed, expression } from "./expressions.ts";
import { holesHere, identifier, name } from "./names.ts";
import { optionalOrderBy, orderBy, whereClause } from "./select.ts";

/** On the name of a call; the parenthesis follows. */
export function functionCall(c: Cursor): Expression {
  const called = c.token.kind === "hole" ? c.hole() : identifier(c);
  const open = c.advance();
  if (!c.enter(3)) return { ...c.fail(), span: c.spanFrom(called.span) };
  let quantifier: FunctionCall["quantifier"];
  let quantifierSpan: FunctionCall["quantifierSpan"];
  let starSpan: FunctionCall["starSpan"];
  let order: FunctionCall["orderBy"];
  let args: readonly Expression[] = none;
  if (c.is("*")) starSpan = c.spanOf(c.advance());
  else {
    const { symbol } = c.token;
    if (symbol === "DISTINCT" || symbol === "ALL") {
      quantifier = symbol;
      quantifierSpan = c.spanOf(c.advance());
    }
    c.enclosed++;
    if (!c.is(")") && !c.is("ORDER")) {
      const items = [expression(c)];
      while (c.accept(",") !== undefined) items.push(expression(c));
      args = items;
    }
    if (c.is("ORDER")) order = orderBy(c);
    c.enclosed--;
  }
  c.expect(")");
  const argumentsSpan = c.spanFrom(open);
  const withinGroup = isWithinGroup(c) ? within(c) : undefined;
  const filter = c.is("FILTER") ? filterClause(c) : undefined;
  const over = c.is("OVER") ? overClause(c) : undefined;
  c.leave(3);
  return {
    kind: "FunctionCall",
    span: c.spanFrom(called.span),
    name: called,
    argumentsSpan,
    quantifier,
    quantifierSpan,
    arguments: args,
    starSpan,
    orderBy: order,
    withinGroup,
    filter,
    over,
  };
}

/** WITHIN is no keyword of a default build; `WITHIN GROUP (` could not go on any other way. */
function isWithinGroup(c: Cursor): boolean {
  return (
    c.token.kind === "name" && c.peek().symbol === "GROUP" && c.peek(2).symbol === "(" &&
    c.source.slice(c.token.start, c.token.end).toUpperCase() === "WITHIN"
  );
}

function within(c: Cursor): WithinGroup {
  const word = c.advance();
  c.advance();
  c.advance();
  c.expect("ORDER");
  c.expect("BY");
  const ordered = enclosed(c, expression);
  c.expect(")");
  return { kind: "WithinGroup", span: c.spanFrom(word), expression: ordered };
}

function filterClause(c: Cursor): FilterClause {
  const word = c.advance();
  c.expect("(");
  const where = enclosed(c, () => (c.is("WHERE") ? whereClause(c) : c.token.kind === "hole" ? c.hole() : c.fail()));
  c.expect(")");
  return { kind: "FilterClause", span: c.spanFrom(word), where };
}

function overClause(c: Cursor): OverClause {
  const word = c.advance();
  const window = c.is("(") ? windowSpecification(c) : name(c);
  return { kind: "OverClause", span: c.spanFrom(word), window };
}

/** parse.y's window in its parentheses, on the opening one. */
export function windowSpecification(c: Cursor): WindowSpecification | ErrorNode {
  const open = c.advance();
  if (!c.enter(3)) return { ...c.fail(), span: c.spanOf(open) };
  c.enclosed++;
  const holes: Hole[] = [];
  const { symbol } = c.token;
  const starts = symbol === "PARTITION" || symbol === "ORDER" || symbol === "RANGE" || symbol === "ROWS" || symbol === "GROUPS";
  const base: Name | undefined = !starts && isName(c.token) ? name(c) : undefined;
  holes.push(...holesHere(c));
  let partitionSpan: WindowSpecification["partitionSpan"];
  let partitionBy: Expression[] = [];
  if (c.is("PARTITION")) {
    const word = c.advance();
    c.expect("BY");
    partitionSpan = c.spanFrom(word);
    partitionBy = [expression(c)];
    while (c.accept(",") !== undefined) partitionBy.push(expression(c));
  }
  holes.push(...holesHere(c));
  const order = optionalOrderBy(c);
  holes.push(...holesHere(c));
  const frame = c.is("RANGE") || c.is("ROWS") || c.is("GROUPS") ? windowFrame(c) : undefined;
  holes.push(...holesHere(c));
  c.enclosed--;
  c.leave(3);
  c.expect(")");
  return { kind: "WindowSpecification", span: c.spanFrom(open), base, partitionSpan, partitionBy, orderBy: order, frame, holes };
}

function windowFrame(c: Cursor): WindowFrame {
  const word = c.advance();
  const unit = word.symbol as WindowFrame["unit"];
  let from: WindowFrame["from"];
  let to: WindowFrame["to"];
  if (c.accept("BETWEEN") !== undefined) {
    from = frameBound(c, "PRECEDING");
    to = c.expect("AND") === undefined ? c.fail() : frameBound(c, "FOLLOWING");
  } else from = frameBound(c, "PRECEDING");
  const exclude = c.accept("EXCLUDE");
  const excluded = exclude === undefined ? undefined : exclusion(c);
  return {
    kind: "WindowFrame",
    span: c.spanFrom(word),
    unit,
    unitSpan: c.spanOf(word),
    from,
    to,
    exclude: excluded,
    excludeSpan: exclude === undefined ? undefined : c.spanFrom(exclude),
  };
}

function frameBound(c: Cursor, unbounded: "PRECEDING" | "FOLLOWING"): FrameBound | ReturnType<Cursor["fail"]> {
  const first = c.token;
  if (c.accept("UNBOUNDED") !== undefined) {
    if (c.expect(unbounded) === undefined) return { ...c.fail(), span: c.spanOf(first) };
    return { kind: "FrameBound", span: c.spanFrom(first), form: `UNBOUNDED ${unbounded}`, offset: undefined };
  }
  if (c.accept("CURRENT") !== undefined) {
    c.expect("ROW");
    return { kind: "FrameBound", span: c.spanFrom(first), form: "CURRENT ROW", offset: undefined };
  }
  const offset = expression(c);
  const side = c.token.symbol;
  if (side !== "PRECEDING" && side !== "FOLLOWING") {
    const error = c.fail();
    return offset.kind === "Hole" ? { kind: "FrameBound", span: offset.span, form: "PRECEDING", offset } : { ...error, span: offset.span };
  }
  c.advance();
  return { kind: "FrameBound", span: c.spanFrom(first), form: side, offset };
}

function exclusion(c: Cursor): WindowFrame["exclude"] {
  if (c.accept("NO") !== undefined) {
    c.expect("OTHERS");
    return "NO OTHERS";
  }
  if (c.accept("CURRENT") !== undefined) {
    c.expect("ROW");
    return "CURRENT ROW";
  }
  const { symbol } = c.token;
  if (symbol === "GROUP" || symbol === "TIES") {
    c.advance();
    return symbol;
  }
  c.fail();
  return undefined;
}

