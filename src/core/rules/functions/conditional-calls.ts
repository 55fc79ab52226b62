import { nodesOfKind } from "#core/sql/walk.ts";
import type { Edit } from "#core/text/edit.ts";
import type { ValueKind } from "../kinds/value-kind.ts";
import { enclose, replace } from "../rewrite.ts";
import { canBeNull } from "../select/can-be-null.ts";
import { agreement } from "./agreement.ts";
import { manual, supplied, suppliedUnless, type Translator } from "./answer.ts";
import { asText, textEdits } from "./as-text.ts";
import type { Call } from "./call.ts";
import { closeParenthesis, commaSpan, openParenthesis, renamed, withBlanks, withoutNext, word } from "./edits.ts";

const looks = "brings its arguments to one type there, so that a text that looks like a number, a date or a flag may become one";

/** Numbers and texts side by side, with the numbers written as texts; undefined where that is not it. */
function asTexts(call: Call, isResult: (i: number) => boolean = () => true): Edit[] | undefined {
  const kinds = call.kinds.filter((_, i) => isResult(i));
  if (!kinds.some((kind) => kind.kind === "text") || !kinds.some((kind) => kind.kind === "integer" || kind.kind === "boolean" || kind.kind === "time")) return undefined;
  const edits: Edit[] = [];
  for (const [i, kind] of call.kinds.entries()) {
    const text = asText(kind);
    if (!isResult(i) || kind.kind === "null") continue;
    if (kind.kind !== "text" && kind.kind !== "integer" && kind.kind !== "boolean" && kind.kind !== "time") return undefined;
    if (text !== undefined) edits.push(...textEdits(call, i, text));
  }
  return edits;
}

const ifnull: Translator = (call) => {
  const agreed = agreement(call.args, call.kinds);
  const title = "Use COALESCE()";
  const edits = [renamed(call, "COALESCE")];
  const texts = agreed.result === "same" ? undefined : asTexts(call);
  if (agreed.result === "changed" && texts === undefined) return { form: "rewrite", title, message: `PostgreSQL has no ifnull(). Look at it: COALESCE() ${looks}.`, edits, exact: undefined };
  if (texts !== undefined) {
    return { form: "rewrite", title: "Use COALESCE() of texts", message: "PostgreSQL has no ifnull(), and its COALESCE() wants values of one type. Look at it: as texts, a number comes as its digits.", edits: [...edits, ...texts], exact: undefined };
  }
  return { form: "rewrite", title, message: "PostgreSQL has no ifnull(); COALESCE() is the same on both.", edits, exact: agreed.result === "same" ? agreed.kind : "unsettled" };
};

const coalesce: Translator = (call) => {
  if (call.args.length < 2) return undefined;
  const agreed = agreement(call.args, call.kinds);
  if (agreed.result === "same") return undefined;
  const texts = asTexts(call);
  if (texts === undefined) return undefined;
  return {
    form: "rewrite",
    title: "Write the numbers as texts",
    message: `COALESCE() ${agreed.result === "changed" ? looks : "wants values of one type on PostgreSQL"}. Look at it: as texts, a number comes as its digits.`,
    edits: texts,
    exact: undefined,
    severity: agreed.result === "changed" ? "warning" : "error",
  };
};

/** Why it is not known to be a condition; a number is made one by a rule of its own. */
function conditionDoubt(kind: ValueKind): string | undefined {
  switch (kind.kind) {
    case "condition":
    case "boolean":
    case "integer":
    case "double":
    case "numeric":
      return undefined;
    case "parameter":
      return "bind true or false for the condition";
    default:
      return "PostgreSQL takes a boolean as condition only, and it is not known here that this is one (--schema tells a column's type)";
  }
}

const iif: Translator = (call) => {
  const { args, kinds, sql, context } = call;
  if (args.length < 2) return undefined;
  const pairs = Math.floor(args.length / 2);
  const isCondition = (i: number): boolean => i % 2 === 0 && i < pairs * 2;
  const results = args.filter((_, i) => !isCondition(i));
  const resultKinds = kinds.filter((_, i) => !isCondition(i));
  const agreed = agreement(results, resultKinds);
  const doubt = kinds.filter((_, i) => isCondition(i)).map(conditionDoubt).find((each) => each !== undefined);
  if (context.mode === "both" && call.name === "iif" && args.length === 3 && doubt === undefined) {
    if (agreed.result === "same") return supplied(agreed.kind);
    if (resultKinds.some((kind) => kind.kind === "unknown" || kind.kind === "parameter")) return suppliedUnless("its results are of one type on PostgreSQL, which may not be known here (--schema tells a column's)", "unsettled");
  }
  const open = openParenthesis(call);
  const edits: Edit[] = [renamed(call, "CASE WHEN"), replace(open, /\s/.test(sql.charAt(open.end)) ? "" : " ")];
  for (let i = 0; i + 1 < args.length; i++) edits.push(word(sql, commaSpan(call, i), isCondition(i) ? "THEN" : isCondition(i + 1) ? "WHEN" : "ELSE"));
  edits.push(replace(closeParenthesis(call), " END"));
  const base = `PostgreSQL has no ${call.name}(); CASE is the same on both.`;
  if (doubt !== undefined) return { form: "rewrite", title: "Use CASE", message: `${base} Look at it: ${doubt}.`, edits, exact: undefined };
  if (agreed.result === "same") return { form: "rewrite", title: "Use CASE", message: base, edits, exact: agreed.kind };
  const texts = asTexts(call, (i) => !isCondition(i));
  if (agreed.result === "changed" && texts === undefined) return { form: "rewrite", title: "Use CASE", message: `${base} Look at it: PostgreSQL ${looks}.`, edits, exact: undefined };
  if (texts !== undefined) return { form: "rewrite", title: "Use CASE with texts", message: `${base} Its results are of one type on PostgreSQL. Look at it: as texts, a number comes as its digits.`, edits: [...edits, ...texts], exact: undefined };
  return { form: "rewrite", title: "Use CASE", message: base, edits, exact: "unsettled" };
};

/** A number never equals a text in SQLite; PostgreSQL reads a literal as a number first. */
const nullif: Translator = (call) => {
  const [value, other] = call.kinds;
  const [, literal] = call.args;
  if (value === undefined || other === undefined || literal?.kind !== "StringLiteral") return undefined;
  const isNumber = value.kind === "integer" || value.kind === "double" || value.kind === "numeric" || value.kind === "boolean";
  if (!isNumber) return undefined;
  return manual(`In SQLite a number never equals the text '${literal.value}', so that nullif() gives the first value; PostgreSQL reads the text as a number or refuses it. Write the first value alone, or compare with a number.`, "warning");
};

const hint: Translator = (call) => {
  const [value] = call.args;
  const [kind] = call.kinds;
  if (value === undefined || kind === undefined || call.args.length !== (call.name === "likelihood" ? 2 : 1)) return undefined;
  const edits: Edit[] = [renamed(call, "")];
  if (call.args.length > 1) edits.push(...withoutNext(call, 0));
  return { form: "rewrite", title: "Write its argument alone", message: `PostgreSQL has no ${call.name}(), which only advises SQLite's planner.`, edits, exact: kind };
};

const mostArguments = 4;

/** With several arguments these are no aggregates, and give NULL as soon as one argument is NULL. */
const extreme: Translator = (call) => {
  const { args, kinds, context, node } = call;
  if (args.length < 2) return undefined;
  const own = call.name === "min" ? "LEAST" : "GREATEST";
  if (context.mode === "both" && args.length > mostArguments) {
    return manual(`PostgreSQL has no ${call.name}() of several values; the adapter has it for up to ${mostArguments}: nest the calls. PostgreSQL's own ${own}() leaves NULLs out.`);
  }
  const nullable = args.filter((arg) => canBeNull(arg, context.resolution));
  const known = kinds.filter((kind) => kind.kind !== "null");
  const numbers = known.every((kind) => kind.kind === "integer" || kind.kind === "double" || kind.kind === "numeric");
  const texts = known.every((kind) => kind.kind === "text" && (kind.ordered || kind.literal !== undefined)) && known.some((kind) => kind.kind === "text" && kind.ordered);
  const agreed = agreement(args, kinds);
  const exact = agreed.result === "same" && (numbers || texts) ? agreed.kind : undefined;
  if (context.mode === "both") return suppliedUnless(exact === undefined ? "values of several or unknown types, and texts that do not sort by bytes, may come in another order or be refused" : undefined, exact ?? "unsettled");
  const message = `PostgreSQL has no ${call.name}() of several values; its ${own}() leaves NULLs out, where SQLite gives NULL.`;
  const doubt = exact === undefined ? " Look at it: values of several or unknown types, and texts that do not sort by bytes, may come in another order." : "";
  if (nullable.length === 0) return { form: "rewrite", title: `Use ${own}()`, message: `PostgreSQL has no ${call.name}() of several values; ${own}() is the same where none is NULL.${doubt}`, edits: [renamed(call, own)], exact };
  if (nullable.every((arg) => arg.kind === "ColumnReference")) {
    const tests = nullable.map((arg) => `${call.sql.slice(arg.span.start, arg.span.end)} IS NOT NULL`).join(" AND ");
    return { form: "rewrite", title: `Use ${own}() where none is NULL`, message: message + doubt, edits: [...enclose(node.span, `CASE WHEN ${tests} THEN `, " END"), renamed(call, own)], exact };
  }
  if (nodesOfKind(node, "FunctionCall").some((inner) => inner !== node && mayAggregate(inner)) || nodesOfKind(node, "BindParameter").length > 0) {
    return manual(`${message} Where one of them can be NULL, write CASE WHEN … IS NOT NULL THEN ${own}(…) END.`);
  }
  const aggregate = call.name;
  return {
    form: "rewrite",
    title: `Use ${aggregate}() over the values`,
    message: message + doubt,
    edits: [
      renamed(call, `(SELECT CASE WHEN count(*) = count(v) THEN ${aggregate}(v) END FROM (VALUES `),
      ...enclose(node.argumentsSpan, "", ") AS q(v))"),
      ...args.slice(1).map((_, i) => replace(withBlanks(call.sql, commaSpan(call, i)), "), (")),
    ],
    exact,
  };
};

function mayAggregate(inner: Call["node"]): boolean {
  const name = inner.name.kind === "Identifier" ? inner.name.value.toLowerCase() : "";
  if (name === "min" || name === "max") return inner.arguments.length < 2;
  return !/^(?:coalesce|ifnull|nullif|length|lower|upper|abs|round|trim|ltrim|rtrim|replace|substr|substring|instr|iif|strftime|date|datetime|julianday|unixepoch|json_extract)$/.test(name);
}

/** Calls that choose among their arguments. */
export const conditionalCalls: Readonly<Record<string, Translator>> = {
  ifnull,
  coalesce,
  nullif,
  iif,
  if: iif,
  likely: hint,
  unlikely: hint,
  likelihood: hint,
  min: extreme,
  max: extreme,
};

