import type { Expression } from "#core/sql/nodes.ts";
import { postgresString } from "#core/sql/postgres-literal.ts";
import type { Edit } from "#core/text/edit.ts";
import { replace } from "../rewrite.ts";
import { canBeNull } from "../select/can-be-null.ts";
import { manual, type Translator } from "./answer.ts";
import { asText } from "./as-text.ts";
import type { Call } from "./call.ts";
import { around, commaSpan, renamed, withBlanks } from "./edits.ts";

/** One part of a format: text as it stands, or a conversion. */
type Part = { readonly text: string } | { readonly flags: string; readonly width: number | undefined; readonly precision: number | undefined; readonly letter: string };

/** The parts of a literal format; undefined when it has a conversion with `*`. */
function parse(format: string): readonly Part[] | undefined {
  const parts: Part[] = [];
  let at = 0;
  const pattern = /%([-+ 0#,!]*)(\*|\d+)?(?:\.(\*|\d+))?(?:l{1,2})?([a-zA-Z%])/y;
  while (at < format.length) {
    const next = format.indexOf("%", at);
    const end = next < 0 ? format.length : next;
    if (end > at) parts.push({ text: format.slice(at, end) });
    if (next < 0) break;
    pattern.lastIndex = next;
    const match = pattern.exec(format);
    if (match === null || match[2] === "*" || match[3] === "*") return undefined;
    const [whole, flags = "", width, precision, letter = ""] = match;
    if (letter === "%") parts.push({ text: "%" });
    else parts.push({ flags, width: width === undefined ? undefined : Number(width), precision: precision === undefined ? undefined : Number(precision), letter });
    at = next + whole.length;
  }
  return parts;
}

interface Written {
  readonly edits: readonly Edit[];
  readonly differs: string | undefined;
}

/** How an argument of concat() stands for a conversion; undefined where there is no such form. */
function conversion(part: Exclude<Part, { readonly text: string }>, argument: Expression, i: number, call: Call): Written | undefined {
  const { context, sql } = call;
  const kind = call.kinds[i] ?? { kind: "unknown" as const };
  const { flags, width, precision, letter } = part;
  const nullable = canBeNull(argument, context.resolution);
  const source = sql.slice(argument.span.start, argument.span.end);
  const integer = kind.kind === "integer";
  switch (letter) {
    case "s":
    case "z": {
      if (flags !== "" || width !== undefined || precision !== undefined) return undefined;
      const text = kind.kind === "boolean" || kind.kind === "condition" ? { before: "CAST(", after: " AS INTEGER)", differs: undefined } : asText(kind);
      if (text === undefined) return undefined;
      // concat() takes integers, and NULL for nothing, as %s does.
      return integer ? { edits: [], differs: undefined } : { edits: around(call, i, text.before, text.after), differs: text.differs };
    }
    case "d":
    case "i":
    case "u": {
      if (!integer || precision !== undefined || letter === "u") return undefined;
      if (flags === "" && width === undefined) return { edits: nullable ? around(call, i, "COALESCE(", ", 0)") : [], differs: undefined };
      if (context.mode === "both" || flags !== "0" || width === undefined || width < 2 || width > 18) return undefined;
      const nines = "9".repeat(width);
      const zeros = "0".repeat(width);
      if (argument.kind !== "ColumnReference") return { edits: around(call, i, "lpad(CAST(", ` AS TEXT), ${width}, '0')`), differs: `a negative number, one of more than ${width} digits, or NULL is written otherwise` };
      const digits = `CASE WHEN ${source} BETWEEN 0 AND ${nines} THEN to_char(${source}, 'FM${zeros}') WHEN ${source} BETWEEN -${nines.slice(1)} AND -1 THEN to_char(${source}, 'FM${zeros.slice(1)}') ELSE ${nullable ? `COALESCE(CAST(${source} AS TEXT), '${zeros}')` : `CAST(${source} AS TEXT)`} END`;
      return { edits: [replace(argument.span, digits)], differs: undefined };
    }
    case "x":
    case "X": {
      if (!integer || flags !== "" || width !== undefined || precision !== undefined || context.mode === "both") return undefined;
      const inner = nullable ? ["COALESCE(", ", 0)"] : ["", ""];
      const [before, after] = letter === "x" ? ["", ""] : ["upper(", ")"];
      return { edits: around(call, i, `${before}to_hex(CAST(${inner[0] ?? ""}`, `${inner[1] ?? ""} AS BIGINT))${after}`), differs: undefined };
    }
    case "f": {
      const isNumber = integer || kind.kind === "double" || kind.kind === "numeric";
      if (!isNumber || flags !== "" || width !== undefined || context.mode === "both" || (precision ?? 6) > 15) return undefined;
      const inner = nullable ? ["COALESCE(", ", 0)"] : ["", ""];
      const places = precision ?? 6;
      return {
        edits: around(call, i, `to_char(CAST(${inner[0] ?? ""}`, `${inner[1] ?? ""} AS NUMERIC), 'FM${"9".repeat(17)}0${places === 0 ? "" : `.${"0".repeat(places)}`}')`),
        differs: "where the digits behind the last one are 5, it may be rounded the other way, and a small negative number keeps its sign in SQLite alone",
      };
    }
    default:
      return undefined;
  }
}

/** https://www.sqlite.org/printf.html */
const printf: Translator = (call) => {
  const { args, context, name } = call;
  const own = name === "format" ? "Its own format() knows %s, %I and %L only" : "PostgreSQL has no printf()";
  const byHand = manual(`${own}: format in code, or put the text together with ||, round() and substr().`);
  const [format, ...values] = args;
  if (format?.kind !== "StringLiteral" || format.holes.length > 0) return byHand;
  const parts = parse(format.value);
  if (parts === undefined || parts.filter((part) => "letter" in part).length !== values.length) return byHand;
  if (values.length === 0) {
    const text = parts.map((part) => ("text" in part ? part.text : "")).join("");
    return { form: "rewrite", title: "Write the text", message: `${own}; this format is a plain text.`, edits: [replace(call.node.span, postgresString(text))], exact: { kind: "text", binary: true, ordered: false, literal: text } };
  }
  const edits: Edit[] = [renamed(call, "concat")];
  let differs: string | undefined = context.mode === "both" ? "SQLite knows concat() from 3.44 on" : undefined;
  let before = "";
  let value = 0;
  /** What stands between the value before and the next one. */
  const flush = (): void => {
    const literal = before === "" ? undefined : postgresString(before);
    if (value === 0) {
      // The format's own place, and its comma.
      const comma = withBlanks(call.sql, commaSpan(call, 0));
      const isApart = call.sql.slice(format.span.end, comma.start).trim() !== "";
      if (literal !== undefined) edits.push(replace(format.span, literal));
      else if (isApart) edits.push(replace(format.span, ""), replace(comma, ""));
      else edits.push(replace({ start: format.span.start, end: comma.end }, ""));
    } else if (value < values.length) {
      if (literal !== undefined) edits.push(replace(commaSpan(call, value), `, ${literal},`));
    } else if (literal !== undefined) {
      const last = values.at(-1);
      if (last !== undefined) edits.push({ span: { start: last.span.end, end: last.span.end }, newText: `, ${literal}`, around: { start: call.node.span.start, end: last.span.end } });
    }
    before = "";
  };
  for (const part of parts) {
    if ("text" in part) {
      before += part.text;
      continue;
    }
    flush();
    const argument = values[value];
    const written = argument === undefined ? undefined : conversion(part, argument, value + 1, call);
    if (written === undefined) return byHand;
    edits.push(...written.edits);
    differs ??= written.differs;
    value++;
  }
  flush();
  const message = `${own}; concat() puts texts together, and takes NULL for nothing, as %s does.`;
  return differs === undefined
    ? { form: "rewrite", title: "Use concat()", message, edits, exact: { kind: "text", binary: true, ordered: false } }
    : { form: "rewrite", title: "Use concat()", message: `${message} Look at it: ${differs}.`, edits, exact: undefined };
};

/** Calls that format. */
export const formatCalls: Readonly<Record<string, Translator>> = { printf, format: printf };
