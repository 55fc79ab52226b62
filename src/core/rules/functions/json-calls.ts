import type { Expression } from "#core/sql/nodes.ts";
import type { Edit } from "#core/text/edit.ts";
import type { ValueKind } from "../kinds/value-kind.ts";
import { enclose, replace } from "../rewrite.ts";
import { nameOf } from "../scope.ts";
import { canBeNull } from "../select/can-be-null.ts";
import { manual, supplied, suppliedUnless, type Answer, type Translator } from "./answer.ts";
import type { Call } from "./call.ts";
import { append, around, commaSpan, renamed } from "./edits.ts";
import { jsonUse } from "./json-context.ts";
import { asJsonPath, asOperators, asTextArray, jsonSteps, type JsonStep } from "./json-path.ts";

const unordered: ValueKind = { kind: "text", binary: true, ordered: false };

export function isJsonb(kind: ValueKind | undefined): boolean {
  return kind?.kind === "other" && kind.type === "jsonb";
}

function isCastToJsonb(node: Expression): boolean {
  return node.kind === "ParenthesizedExpression" ? isCastToJsonb(node.expression) : node.kind === "CastExpression" && node.type?.words.length === 1 && /^jsonb$/i.test(nameOf(node.type.words[0]) ?? "");
}

/** The argument as jsonb, and why it may be another value than SQLite's JSON text. */
export function asJsonb(argument: Expression, kind: ValueKind | undefined): { readonly edits: readonly Edit[]; readonly differs: string | undefined } {
  if (isJsonb(kind) || isCastToJsonb(argument)) return { edits: [], differs: undefined };
  return { edits: enclose(argument.span, "CAST(", " AS JSONB)"), differs: "a text as jsonb keeps the last of equal keys, and is an error where it is no JSON" };
}

/** What a value taken out of JSON is, said for every use but the plain one. */
export const typed = "here every value is a text: a number must be cast before it is computed with or compared, and true and false, which SQLite gives as 1 and 0, are words";

function literal(node: Expression | undefined): string | undefined {
  return node?.kind === "StringLiteral" && node.holes.length === 0 ? node.value : undefined;
}

/** Writes operators in the place of the comma behind argument `i` and of the path that follows. */
function behind(call: Call, i: number, operators: string): Edit[] {
  const comma = commaSpan(call, i);
  const path = call.args[i + 1]?.span;
  if (path === undefined) return [];
  if (call.sql.slice(comma.end, path.start).trim() === "") return [replace({ start: comma.start, end: path.end }, ` ${operators}`)];
  return [replace(comma, ""), replace(path, operators)];
}

const extract: Translator = (call) => {
  const { args, kinds, context, node } = call;
  const [subject, path] = args;
  if (context.mode === "both" && args.length === 2) return suppliedUnless(jsonUse(node, call.around) === "plain" && isJsonb(kinds[0]) ? undefined : "it gives every value as text", unordered);
  const steps = jsonSteps(literal(path) ?? "");
  if (subject === undefined || path === undefined || args.length !== 2 || steps === undefined || steps.length === 0) {
    return manual("PostgreSQL has no json_extract(). Use the operators -> and ->>, or #>> with a path that is an array of texts, or jsonb_path_query_first().");
  }
  const source = asJsonb(subject, kinds[0]);
  const operators = asOperators(steps, "->>");
  const use = jsonUse(node, call.around);
  const edits: Edit[] = [...source.edits];
  if (operators.exact) edits.push(renamed(call, ""), ...behind(call, 0, operators.sql));
  else edits.push(renamed(call, "(jsonb_path_query_first"), replace(path.span, asJsonPath(steps)), append(call, ", '{}', true"), ...enclose(node.argumentsSpan, "", " #>> '{}')"));
  if (use === "number") edits.push(...enclose(node.span, "CAST(", " AS NUMERIC)"));
  else if (use === "other" && operators.exact) edits.push(...enclose(node.span, "CAST(", " AS TEXT)"));
  const base = `PostgreSQL has no json_extract(); ${operators.exact ? "->> gives the value as text" : "jsonb_path_query_first() finds the value"}.`;
  const answer = { form: "rewrite", title: operators.exact ? "Use ->>" : "Use jsonb_path_query_first()", edits } as const;
  const differs = source.differs ?? (use === "plain" ? undefined : use === "number" ? "a text of digits counts as a number here, and flags and other texts are errors" : typed);
  return differs === undefined ? { ...answer, message: base, exact: unordered } : { ...answer, message: `${base} Look at it: ${differs}.`, exact: undefined };
};

/** The source text of a plain column with the steps behind it: it may be written several times. */
function plainSource(call: Call): { readonly sql: string; readonly exact: boolean; readonly differs: string | undefined } | undefined {
  const { args, kinds } = call;
  const [subject, path] = args;
  if (subject?.kind !== "ColumnReference" || args.length > 2) return undefined;
  const column = call.sql.slice(subject.span.start, subject.span.end);
  const base = isJsonb(kinds[0]) ? column : `CAST(${column} AS JSONB)`;
  const differs = asJsonb(subject, kinds[0]).differs;
  if (path === undefined) return { sql: base, exact: true, differs };
  const steps: readonly JsonStep[] | undefined = jsonSteps(literal(path) ?? "");
  if (steps === undefined) return undefined;
  if (steps.length === 0) return { sql: base, exact: true, differs };
  const operators = asOperators(steps, "->");
  return operators.exact ? { sql: `${base} ${operators.sql}`, exact: true, differs } : { sql: `jsonb_path_query_first(${base}, ${asJsonPath(steps)}, '{}', true)`, exact: true, differs };
}

const arrayLength: Translator = (call) => {
  if (call.context.mode === "both") return supplied({ kind: "integer", small: true });
  const source = plainSource(call);
  if (source === undefined) return manual("PostgreSQL has no such json_array_length(). Use jsonb_array_length(), which is an error for what is no array, where SQLite gives 0.");
  const { sql, differs } = source;
  const message = "PostgreSQL's jsonb_array_length() is an error for what is no array, where SQLite's json_array_length() gives 0.";
  const edits = [replace(call.node.span, `CASE WHEN jsonb_typeof(${sql}) = 'array' THEN jsonb_array_length(${sql}) WHEN jsonb_typeof(${sql}) IS NOT NULL THEN 0 END`)];
  const answer = { form: "rewrite", title: "Use jsonb_array_length() of arrays", edits } as const;
  return differs === undefined ? { ...answer, message, exact: { kind: "integer", small: true } } : { ...answer, message: `${message} Look at it: ${differs}.`, exact: undefined };
};

const type: Translator = (call) => {
  if (call.context.mode === "both") return suppliedUnless(isJsonb(call.kinds[0]) ? "jsonb writes a number such as 1e5 as an integer" : undefined, unordered);
  const source = plainSource(call);
  if (source === undefined) return manual("PostgreSQL has no json_type(). Use jsonb_typeof(), which says string, number and boolean.");
  const { sql, differs } = source;
  const edits = [
    replace(
      call.node.span,
      `CASE jsonb_typeof(${sql}) WHEN 'string' THEN 'text' WHEN 'boolean' THEN CAST(${sql} AS TEXT) WHEN 'number' THEN CASE WHEN strpos(CAST(${sql} AS TEXT), '.') > 0 THEN 'real' ELSE 'integer' END ELSE jsonb_typeof(${sql}) END`,
    ),
  ];
  const more = "a number with an exponent such as 1e5 is a real in SQLite, and an integer in jsonb, which writes it out";
  return { form: "rewrite", title: "Use jsonb_typeof()", message: `PostgreSQL has no json_type(); jsonb_typeof() has other words. Look at it: ${differs ?? more}.`, edits, exact: undefined };
};

const valid: Translator = (call) => {
  if (call.context.mode === "both") return supplied("unsettled");
  const [argument] = call.args;
  if (argument === undefined || call.args.length !== 1 || !isJsonb(call.kinds[0])) return manual("PostgreSQL has no json_valid(). From 16 on, value IS JSON is the same for a text; a column of type jsonb holds nothing else.");
  return {
    form: "rewrite",
    title: "Ask for NULL",
    message: "PostgreSQL has no json_valid(); a column of type jsonb holds nothing but JSON.",
    edits: [renamed(call, "CASE WHEN"), ...enclose(call.node.argumentsSpan, " ", " IS NOT NULL THEN 1 END")],
    exact: { kind: "integer", small: true },
  };
};

const asPassed = "drivers hand over PostgreSQL's json as an object, not as a text, and as a text it has other blanks";

/** json_object() and json_array(): values of which PostgreSQL's functions make the same JSON. */
const build = (name: string): Translator => (call) => {
  const { args, kinds, context } = call;
  if (context.mode === "both") return manual(`PostgreSQL has no ${call.name}() of this kind. Build the JSON in code and bind it.`);
  const keys = call.name === "json_object";
  if (keys && args.length % 2 > 0) return undefined;
  if (kinds.some((kind) => kind.kind === "other" && kind.type === "bytea")) return manual("JSON cannot hold bytes.");
  const edits: Edit[] = [renamed(call, name)];
  let differs: string | undefined;
  for (const [i, argument] of args.entries()) {
    const kind = kinds[i];
    if (keys && i % 2 === 0 && kind?.kind !== "text") differs ??= "the keys must be texts that are not NULL";
    if (kind?.kind === "boolean" || kind?.kind === "condition") edits.push(...around(call, i, "CAST(", " AS INTEGER)"));
    else if (isJsonb(kind)) {
      // SQLite quotes the text of a column, JSON or not.
      differs ??= "a column of JSON goes in as a text in SQLite and as JSON here; json(column) is what gives JSON on both";
    } else if (kind?.kind === "time") differs ??= "a timestamp is written with a T in JSON: cast it to TEXT first";
    else if (argument.kind === "BindParameter") differs ??= "the type of a parameter is not known here: cast it";
  }
  return { form: "rewrite", title: `Use ${name}()`, message: `PostgreSQL has no ${call.name}(); ${name}() builds the same JSON. Look at it: ${differs ?? asPassed}.`, edits, exact: undefined };
};

const collect = (name: string, empty: string): Translator => (call) => {
  if (call.context.mode === "both") return manual(`PostgreSQL alone has ${name}(): choose by by_engine(), or collect the rows in code.`);
  const edits: Edit[] = [...enclose(call.node.span, "COALESCE(", `, '${empty}')`), renamed(call, name)];
  for (const [i, kind] of call.kinds.entries()) if (kind.kind === "boolean" || kind.kind === "condition") edits.push(...around(call, i, "CAST(", " AS INTEGER)"));
  const order = call.node.orderBy === undefined && call.name === "json_group_array" ? "without ORDER BY the order of the elements is not defined, and " : "";
  return { form: "rewrite", title: `Use ${name}()`, message: `PostgreSQL has no ${call.name}(); ${name}() is the same, but NULL for no rows. Look at it: ${order}${asPassed}.`, edits, exact: undefined };
};

const parsed: Translator = (call) => {
  const [argument] = call.args;
  if (call.context.mode === "both") return manual("PostgreSQL's json() is a cast, which keeps the text as it is. Bind the JSON as it is to be stored.");
  if (argument === undefined) return undefined;
  const { edits, differs } = asJsonb(argument, call.kinds[0]);
  return { form: "rewrite", title: "Cast to JSONB", message: `PostgreSQL's json() keeps the text; a cast to JSONB checks and normalises it. Look at it: ${differs ?? asPassed}.`, edits: [renamed(call, ""), ...edits], exact: undefined };
};

const quoted: Translator = (call) => {
  const [argument] = call.args;
  const [kind] = call.kinds;
  if (call.context.mode === "both" || argument === undefined || kind === undefined) return manual("PostgreSQL has no json_quote(). Build the JSON in code and bind it.");
  const cast = kind.kind === "null" || (kind.kind === "text" && kind.literal !== undefined) ? around(call, 0, "CAST(", " AS TEXT)") : kind.kind === "boolean" || kind.kind === "condition" ? around(call, 0, "CAST(", " AS INTEGER)") : [];
  const nullable = canBeNull(argument, call.context.resolution);
  return { form: "rewrite", title: "Use to_json()", message: `PostgreSQL has no json_quote(); to_json() gives the same JSON. Look at it: ${asPassed}.`, edits: [renamed(call, "to_json"), ...cast, ...(nullable ? enclose(call.node.span, "COALESCE(", ", 'null')") : [])], exact: undefined };
};

const byHand = "Change the JSON in code; PostgreSQL alone has jsonb_set() and the operators - and ||.";

/** json_set() and json_replace() of one member. */
const set: Translator = (call) => {
  const { args, kinds, context, name } = call;
  const [subject, path, value] = args;
  const steps = jsonSteps(literal(path) ?? "");
  if (context.mode === "both" || subject === undefined || path === undefined || value === undefined || args.length !== 3 || steps === undefined || steps.length === 0) return manual(`PostgreSQL has no ${name}(). ${byHand}`);
  const kind = kinds[2] ?? { kind: "unknown" as const };
  const [inner, differs] = element(kind, value);
  if (inner === undefined) return manual(`PostgreSQL has no ${name}(). ${byHand}`);
  const nullable = canBeNull(value, context.resolution);
  const edits: Edit[] = [
    renamed(call, "jsonb_set"),
    ...asJsonb(subject, kinds[0]).edits,
    replace(path.span, asTextArray(steps)),
    ...around(call, 2, `${nullable ? "COALESCE(" : ""}to_jsonb(${inner[0]}`, `${inner[1]})${nullable ? ", 'null')" : ""}${name === "json_replace" ? ", false" : ""}`),
  ];
  const where = steps.length > 1 && name === "json_set" ? "jsonb_set() does not make the objects on the way" : "jsonb_set() is an error for a value that is neither object nor array";
  return { form: "rewrite", title: "Use jsonb_set()", message: `PostgreSQL has no ${name}(). Look at it: ${differs ?? asJsonb(subject, kinds[0]).differs ?? where}; ${asPassed}.`, edits, exact: undefined };
};

/** What to_jsonb() is given for a value, and what to look at. */
function element(kind: ValueKind, value: Expression): readonly [readonly [string, string] | undefined, string | undefined] {
  switch (kind.kind) {
    case "text":
    case "null":
      return [["CAST(", " AS TEXT)"], undefined];
    case "boolean":
    case "condition":
      return [["CAST(", " AS INTEGER)"], undefined];
    case "integer":
    case "double":
    case "numeric":
      return [["", ""], undefined];
    case "parameter":
      return [["CAST(", " AS TEXT)"], "the parameter goes in as a text: cast it to the type that it is bound as"];
    default:
      return value.kind === "FunctionCall" && value.name.kind === "Identifier" && /^(?:json|json_array|json_object)$/i.test(value.name.value) ? [["", ""], undefined] : [undefined, undefined];
  }
}

const remove: Translator = (call) => {
  const { args, kinds, context } = call;
  const [subject, ...paths] = args;
  const steps = paths.map((path) => jsonSteps(literal(path) ?? ""));
  if (context.mode === "both" || subject === undefined || paths.length === 0 || steps.some((each) => each === undefined || each.length === 0)) return manual(`PostgreSQL has no json_remove(). ${byHand}`);
  const source = asJsonb(subject, kinds[0]);
  const edits: Edit[] = [renamed(call, ""), ...source.edits];
  for (const [i] of paths.entries()) {
    edits.push(...behind(call, i, `#- ${asTextArray(steps[i] ?? [])}`));
  }
  return { form: "rewrite", title: "Use #-", message: `PostgreSQL has no json_remove(); the operator #- leaves out what a path leads to. Look at it: ${source.differs ?? "it is an error for a value that is neither object nor array"}; ${asPassed}.`, edits, exact: undefined };
};

const change = (call: Call): Answer => manual(`PostgreSQL has no ${call.name}(). ${byHand}`);

/** Calls about JSON. */
export const jsonCalls: Readonly<Record<string, Translator>> = {
  json_extract: extract,
  json_array_length: arrayLength,
  json_type: type,
  json_valid: valid,
  json_object: build("json_build_object"),
  json_array: build("json_build_array"),
  json_group_array: collect("json_agg", "[]"),
  json_group_object: collect("json_object_agg", "{}"),
  json: parsed,
  json_quote: quoted,
  json_set: set,
  json_replace: set,
  json_insert: change,
  json_remove: remove,
  json_patch: change,
  jsonb: parsed,
};
