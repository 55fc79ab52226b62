import type { Expression } from "#core/sql/nodes.ts";
import { nodesOfKind } from "#core/sql/walk.ts";
import type { Edit } from "#core/text/edit.ts";
import type { ValueKind } from "../kinds/value-kind.ts";
import { enclose, replace } from "../rewrite.ts";
import { canBeNull } from "../select/can-be-null.ts";
import { manual, suppliedUnless, type Answer, type Translator } from "./answer.ts";
import { asText, textEdits } from "./as-text.ts";
import type { Call } from "./call.ts";
import { append, around, commaSpan, renamed, withBlanks, withoutNext } from "./edits.ts";
import { countsAlike, integerOf, isCount, isPlaceOf32Bits, leastOf } from "./places.ts";

const unknownText: ValueKind = { kind: "text", binary: true, ordered: false };

/** The edits that make texts of the arguments; `differs` says when one may be another text. */
function texts(call: Call): { readonly edits: readonly Edit[]; readonly differs: string | undefined; readonly none: boolean } {
  const edits: Edit[] = [];
  let differs: string | undefined;
  let none = false;
  for (const [i] of call.args.entries()) {
    const text = asText(call.kinds[i] ?? { kind: "unknown" });
    if (text === undefined) none = true;
    else {
      edits.push(...textEdits(call, i, text));
      differs ??= text.differs;
    }
  }
  return { edits, differs, none };
}

/** What is not known by type, PostgreSQL refuses where it is no text. */
function refusesOthers(kind: ValueKind): boolean {
  return kind.kind === "unknown" || kind.kind === "text" || kind.kind === "parameter" || kind.kind === "rewritten";
}

function isBytes(kind: ValueKind | undefined): boolean {
  return kind?.kind === "other" && kind.type === "bytea";
}

/** A function that both have, and that takes texts alone on PostgreSQL. */
const ofTexts = (kind: (call: Call) => ValueKind): Translator => (call) => {
  if (call.kinds.every(refusesOthers)) return undefined;
  if (call.name === "length" || call.name === "octet_length") if (isBytes(call.kinds[0])) return undefined;
  const { edits, differs, none } = texts(call);
  if (call.context.mode === "both") return call.name === "length" ? suppliedUnless(differs, integer()) : undefined;
  if (none) return manual(`PostgreSQL's ${call.name}() takes texts, and there are no texts of these bytes.`);
  if (edits.length === 0) return undefined;
  return {
    form: "rewrite",
    title: "Cast to TEXT",
    message: differs === undefined ? `PostgreSQL's ${call.name}() takes texts only; SQLite makes a text of every value.` : `PostgreSQL's ${call.name}() takes texts only. Look at it: ${differs}.`,
    edits,
    exact: differs === undefined ? kind(call) : undefined,
  };
};

/** Letters outside ASCII keep their case in SQLite. */
const folding: Translator = (call) => {
  const [kind] = call.kinds;
  const [argument] = call.args;
  if (kind?.kind === "text" && argument !== undefined && call.context.mode === "postgres") {
    if (kind.ordered || (kind.literal !== undefined && !/[\u0080-\uffff]/.test(kind.literal))) return undefined;
    const simple = argument.kind === "ColumnReference" || argument.kind === "StringLiteral" || argument.kind === "FunctionCall" || argument.kind === "ParenthesizedExpression";
    return {
      form: "rewrite",
      title: 'Fold by the collation "C"',
      message: `SQLite's ${call.name}() folds the letters of ASCII only; by a collation other than "C", PostgreSQL's folds all letters.`,
      edits: simple ? around(call, 0, "", ' COLLATE "C"') : around(call, 0, "(", ') COLLATE "C"'),
      exact: { kind: "text", binary: true, ordered: true },
      severity: "warning",
    };
  }
  return ofTexts(() => unknownText)(call);
};

const instr: Translator = (call) => {
  const [text, part] = call.kinds;
  if (call.context.mode === "both") {
    const both = isBytes(text) && isBytes(part);
    const [first, second] = [text, part].map((kind) => (kind === undefined ? undefined : asText(kind)));
    if (!both && second !== undefined && second.before !== "") {
      return { form: "rewrite", title: "Cast to TEXT", message: "PostgreSQL has no instr(); the adapter's looks for a text.", edits: textEdits(call, 1, second), exact: undefined };
    }
    return suppliedUnless(both ? undefined : first === undefined || second === undefined ? "it looks for texts in texts, and for bytes in bytes" : (first.differs ?? second.differs), { kind: "integer", small: true });
  }
  if (isBytes(text) && isBytes(part)) {
    return manual("PostgreSQL has no such instr(). For bytes, position(part IN value) is the same there.");
  }
  const { edits, differs, none } = texts(call);
  if (none) return manual("PostgreSQL has no such instr(). Use strpos() for texts, position(part IN value) for bytes.");
  // strpos() takes texts alone: what turns out to be of another type is refused.
  const known = call.kinds.every((kind) => refusesOthers(kind)) ? undefined : differs;
  return known === undefined
    ? { form: "rewrite", title: "Use strpos()", message: "PostgreSQL has no instr(); strpos() is the same for texts.", edits: [renamed(call, "strpos"), ...edits], exact: { kind: "integer", small: true } }
    : { form: "rewrite", title: "Use strpos()", message: `PostgreSQL has no instr(); strpos() is the same for texts. Look at it: ${known}.`, edits: [renamed(call, "strpos"), ...edits], exact: undefined };
};

/** The adapter has it by one of its names. */
function suppliedAs(call: Call, name: string, differs: string | undefined): Answer {
  if (call.name === name) return suppliedUnless(differs, unknownText);
  return { form: "rewrite", title: `Use ${name}()`, message: `PostgreSQL's ${call.name}() means something else here; the generated adapter supplies ${name}(), which is the same in SQLite.`, edits: [renamed(call, name)], exact: unknownText, severity: "warning" };
}

// --- substr ----------------------------------------------------------------------------------------------------------

/** Within the day, or within the time, a timestamp's text is the same whatever stands between them and behind. */
function withinTimestamp(start: bigint, size: bigint | undefined): boolean {
  if (size === undefined || start < 1n || size < 0n) return false;
  const end = start + size - 1n;
  return end <= 10n || (start >= 12n && end <= 19n);
}

/** https://www.sqlite.org/lang_corefunc.html#substr */
const substr: Translator = (call) => {
  const { args, kinds, context } = call;
  const [subject, from, size] = args;
  const [kind = { kind: "unknown" as const }] = kinds;
  if (subject === undefined || from === undefined || args.length > 3) return undefined;
  const start = integerOf(from);
  const length = integerOf(size);
  const counts = countsAlike(from, size);
  // Of no bytes SQLite cuts NULL.
  const empty = isBytes(kind) && !(subject.kind === "FunctionCall" && subject.name.kind === "Identifier" && subject.name.value.toLowerCase() === "nullif");
  const text = isBytes(kind) ? { before: empty ? "NULLIF(" : "", after: empty ? ", '')" : "", differs: undefined } : asText(kind);
  const needsText = text !== undefined && text.before !== "";
  if (counts && !needsText) return undefined;
  if (context.mode === "both") return isBytes(kind) ? manual("The adapter's substr() takes texts: PostgreSQL counts otherwise from 0, from the end and backwards.", "warning") : suppliedAs(call, "substr", text?.differs ?? (call.kinds.slice(1).every((each) => each.kind === "integer") ? undefined : "the types of the places are not known here"));
  if (text === undefined) return undefined;
  const edits: Edit[] = textEdits(call, 0, text);
  const differs = kind.kind === "time" && kind.type === "timestamp" && start !== undefined && withinTimestamp(start, length) ? undefined : needsText ? text.differs : undefined;
  const exact: ValueKind = isBytes(kind) ? kind : { kind: "text", binary: true, ordered: kind.kind === "text" && kind.ordered };
  const answer = (title: string, message: string, more: readonly Edit[]): Answer =>
    differs === undefined
      ? { form: "rewrite", title, message, edits: [...edits, ...more], exact, severity: needsText && !empty ? "error" : "warning" }
      : { form: "rewrite", title, message: `${message} Look at it: ${differs}.`, edits: [...edits, ...more], exact: undefined };
  if (counts && empty) return answer("Leave out the empty value", "Of an empty blob, SQLite's substr() is NULL, PostgreSQL's is empty.", []);
  if (counts) return answer("Cast to TEXT", `PostgreSQL's ${call.name}() takes texts only; SQLite makes a text of every value.`, []);
  const otherwise = `PostgreSQL's ${call.name}() counts otherwise from the end and backwards`;
  const sizeSpan = size?.span;
  if (start !== undefined && (size === undefined || length !== undefined)) {
    if (start >= 0n) {
      // Backwards: what stands before the start.
      if (length === undefined || length >= 0n || sizeSpan === undefined) return undefined;
      const first = start + length;
      const [place, count] = first >= 1n ? [first, -length] : [1n, start > 1n ? start - 1n : 0n];
      return answer("Count from the front", `${otherwise}: a negative length is an error there.`, [replace(from.span, String(place)), replace(sizeSpan, String(count))]);
    }
    if (isBytes(kind)) return manual(`${otherwise}, and has no right() of bytes: count from the front, by length().`, "warning");
    const n = -start;
    if (length === undefined || length >= n) {
      const rest: Edit[] = size === undefined || sizeSpan === undefined ? [] : withoutNext(call, 1);
      return answer("Use right()", `${otherwise}; right() takes as many from the end.`, [renamed(call, "right"), replace(from.span, String(n)), ...rest]);
    }
    if (sizeSpan === undefined) return undefined;
    const [drop, take] = length >= 0n ? [n - length, length] : [n, -length];
    // right(left(text, -drop), take): without the last `drop`, the last `take` of what is left.
    return answer("Use right() and left()", `${otherwise}; left() with a negative number leaves out as many at the end.`, [
      renamed(call, "right(left"),
      replace(from.span, String(-drop)),
      replace(commaSpan(call, 1), "),"),
      replace(sizeSpan, String(take)),
    ]);
  }
  if (start === 1n && size !== undefined && leastOf(size) === -1n && isPlaceOf32Bits(size) && leastOnlyNullBy(size, subject, call)) {
    return answer("Use GREATEST(…, 0)", "A length of -1 is an error on PostgreSQL, and nothing in SQLite.", around(call, 2, "GREATEST(", ", 0)"));
  }
  if (from.kind === "BindParameter" || size?.kind === "BindParameter") {
    return manual(`${otherwise}: a start below 1 or a negative length that is bound here gives something else, or an error. Where that cannot be, it is the same.`, "warning");
  }
  return answerReview(call, edits, `${otherwise}. Look at it: where the start is negative, or the length is, it gives something else, or an error.`);
};

function answerReview(call: Call, edits: readonly Edit[], message: string): Answer {
  return edits.length === 0 ? manual(message, "warning") : { form: "rewrite", title: `Keep ${call.name}()`, message, edits, exact: undefined, severity: "warning" };
}

/** Whether a length such as `instr(x, ',') - 1` is NULL only where `x` itself is, which is what is cut. */
function leastOnlyNullBy(size: Expression, subject: Expression, { sql, context }: Call): boolean {
  const written = ({ span }: Expression): string => sql.slice(span.start, span.end);
  const all = nodesOfKind(size, "ColumnReference").filter((column) => canBeNull(column, context.resolution));
  return subject.kind === "ColumnReference" && all.every((column) => written(column) === written(subject)) && nodesOfKind(size, "BindParameter").length === 0 && nodesOfKind(size, "NullLiteral").length === 0 && nodesOfKind(size, "FunctionCall").every((call) => isCount(call));
}

// --- bytes and code points -----------------------------------------------------------------------------------------

/** SQLite's hex(NULL) is the empty text. */
const hex: Translator = (call) => {
  const { node, args, kinds, context } = call;
  const [argument] = args;
  const [kind] = kinds;
  if (argument === undefined || kind === undefined) return undefined;
  const bytes = isBytes(kind);
  const text = bytes ? undefined : asText(kind);
  if (context.mode === "both") return suppliedUnless(text?.differs, unknownText);
  if (!bytes && (text === undefined || kind.kind === "unknown" || kind.kind === "parameter")) {
    return manual("PostgreSQL has no such hex(). Use upper(encode(value, 'hex')) for bytes, upper(encode(convert_to(value, 'UTF8'), 'hex')) for a text; SQLite's hex(NULL) is the empty text.");
  }
  const random = argument.kind === "FunctionCall" && argument.name.kind === "Identifier" && /^(?:randomblob|zeroblob)$/i.test(argument.name.value);
  const nullable = !random && canBeNull(argument, context.resolution);
  const edits: Edit[] = [
    ...enclose(node.span, nullable ? "COALESCE(upper(" : "upper(", nullable ? "), '')" : ")"),
    renamed(call, bytes ? "encode" : "encode(convert_to"),
    append(call, bytes ? ", 'hex'" : ", 'UTF8'), 'hex'"),
    ...(text === undefined ? [] : textEdits(call, 0, text)),
  ];
  const message = "PostgreSQL has no hex(); upper(encode(…, 'hex')) gives the digits.";
  return text?.differs === undefined
    ? { form: "rewrite", title: "Use encode()", message, edits, exact: unknownText }
    : { form: "rewrite", title: "Use encode()", message: `${message} Look at it: ${text.differs}.`, edits, exact: undefined };
};

const unhex: Translator = (call) => {
  const [argument] = call.args;
  if (argument?.kind === "StringLiteral" && call.args.length === 1 && argument.holes.length === 0 && /^(?:[0-9a-f]{2})*$/i.test(argument.value) && call.context.mode === "postgres") {
    return { form: "rewrite", title: "Use decode()", message: "PostgreSQL has no unhex(); decode(…, 'hex') gives the bytes.", edits: [renamed(call, "decode"), append(call, ", 'hex'")], exact: { kind: "other", type: "bytea" } };
  }
  if (call.args.length !== 1 || call.context.mode === "both") return manual("PostgreSQL has no unhex(). Its decode(value, 'hex') is an error where unhex() gives NULL; on both engines, bind the bytes.");
  return {
    form: "rewrite",
    title: "Use decode()",
    message: "PostgreSQL has no unhex(). Look at it: decode(…, 'hex') is an error where unhex() gives NULL, for a text that holds something else than pairs of digits, and it passes over blanks.",
    edits: [renamed(call, "decode"), append(call, ", 'hex'")],
    exact: undefined,
  };
};

const quote: Translator = (call) => {
  const [argument] = call.args;
  const [kind] = call.kinds;
  const advice = "Bind the value instead of writing it into SQL";
  if (argument === undefined || call.context.mode === "both" || kind === undefined) return manual(`PostgreSQL has no quote(). ${advice}; PostgreSQL alone has quote_nullable().`);
  if (kind.kind === "integer" || kind.kind === "boolean") {
    const text = asText(kind);
    if (text === undefined) return undefined;
    return { form: "rewrite", title: "Cast to TEXT", message: "PostgreSQL has no quote(); an integer's is its digits, and NULL's is the word.", edits: [renamed(call, "COALESCE"), ...textEdits(call, 0, text), append(call, ", 'NULL'")], exact: unknownText };
  }
  if (kind.kind === "text") {
    return {
      form: "rewrite",
      title: "Double the quotes",
      message: "PostgreSQL has no quote(); its quote_nullable() writes a backslash in another way, replace() does not.",
      edits: [renamed(call, "COALESCE('''' || replace"), append(call, ", '''', ''''''"), ...enclose(call.node.argumentsSpan, "", " || '''', 'NULL')")],
      exact: unknownText,
    };
  }
  return manual(`PostgreSQL has no quote(). ${advice}; its quote_nullable() puts numbers in quotes, too, and knows no blob literals.`);
};

const char: Translator = (call) => {
  const points = call.args.map((argument) => integerOf(argument));
  const known = points.every((point) => point !== undefined && point > 0n && point < 0x110000n && !(point >= 0xd800n && point < 0xe000n));
  if (call.args.length === 0 || !known) return manual("PostgreSQL has no such char(): its chr() takes one code point, and none that is 0 or no character. On both engines, bind the text.");
  if (call.context.mode === "both") {
    const text = String.fromCodePoint(...points.map(Number));
    return { form: "rewrite", title: "Write the text", message: "PostgreSQL has no such char(); a literal is the same on both.", edits: [replace(call.node.span, `'${text.replaceAll("'", "''")}'`)], exact: { kind: "text", binary: true, ordered: false, literal: text } };
  }
  const several = call.args.length > 1;
  return {
    form: "rewrite",
    title: "Use chr()",
    message: "PostgreSQL has no such char(); chr() gives one character.",
    edits: [renamed(call, several ? "(chr" : "chr"), ...call.args.slice(1).map((_, i) => replace(withBlanks(call.sql, commaSpan(call, i)), ") || chr(")), ...(several ? enclose(call.node.argumentsSpan, "", ")") : [])],
    exact: unknownText,
  };
};

const unicode: Translator = (call) => {
  if (call.context.mode === "both") return suppliedUnless(call.kinds[0]?.kind === "text" ? undefined : "it takes a text", { kind: "integer", small: true });
  const [argument] = call.args;
  const [kind] = call.kinds;
  const text = kind === undefined ? undefined : asText(kind);
  if (argument === undefined || kind === undefined || text === undefined) return manual("PostgreSQL has no such unicode(). Use ascii(), which gives 0 for the empty text.");
  const differs = refusesOthers(kind) ? undefined : text.differs;
  const message = "PostgreSQL has no unicode(); its ascii() is the same, but 0 for the empty text.";
  return { form: "rewrite", title: "Use ascii()", message: differs === undefined ? message : `${message} Look at it: ${differs}.`, edits: [...enclose(call.node.span, "NULLIF(", ", 0)"), renamed(call, "ascii"), ...textEdits(call, 0, text)], exact: differs === undefined ? { kind: "integer", small: true } : undefined };
};

/** What SQLite calls the values that a kind stands for. */
function storageClass(kind: ValueKind, argument: Expression, { context }: Call): string | undefined {
  switch (kind.kind) {
    case "integer":
    case "boolean":
    case "condition":
      return "integer";
    case "text":
    case "time":
      return "text";
    case "double": {
      // Only a column of REAL affinity holds no integers.
      const view = argument.kind === "ColumnReference" ? context.resolution(argument) : undefined;
      return view?.column.affinity === "REAL" ? "real" : undefined;
    }
    case "other":
      return kind.type === "bytea" ? "blob" : kind.type === "uuid" || kind.type === "jsonb" ? "text" : undefined;
    default:
      return undefined;
  }
}

const typeOf: Translator = (call) => {
  const [argument] = call.args;
  const [kind] = call.kinds;
  const name = argument === undefined || kind === undefined ? undefined : storageClass(kind, argument, call);
  if (call.context.mode === "both") return suppliedUnless(name === undefined ? "a column has one type on PostgreSQL, and SQLite tells the type of each value" : undefined, unknownText);
  if (name === undefined) return manual("PostgreSQL has no such typeof(). A column has one type there: pg_typeof() names it in PostgreSQL's words.");
  return {
    form: "rewrite",
    title: "Ask for NULL alone",
    message: `PostgreSQL has no typeof(); all values of this one are '${name}' or 'null'.`,
    edits: [renamed(call, "CASE WHEN"), ...enclose(call.node.argumentsSpan, " ", ` IS NULL THEN 'null' ELSE '${name}' END`)],
    exact: unknownText,
  };
};

const zeroblob: Translator = (call) => {
  const size = integerOf(call.args[0]);
  if (call.context.mode === "both") return suppliedUnless(size === undefined ? "of NULL it is NULL, where SQLite's is empty" : undefined, { kind: "other", type: "bytea" });
  if (size === undefined) return manual("PostgreSQL has no zeroblob(). Use decode(repeat('00', n), 'hex'); SQLite's zeroblob(NULL) is empty.");
  return { form: "rewrite", title: "Use decode()", message: "PostgreSQL has no zeroblob(); decode(repeat('00', n), 'hex') gives the bytes.", edits: [renamed(call, "decode(repeat('00',"), replace({ start: call.node.argumentsSpan.start, end: call.node.argumentsSpan.start + 1 }, " "), append(call, "), 'hex'")], exact: { kind: "other", type: "bytea" } };
};

/** SHA-256 of two random UUIDs, which hold 244 random bits. */
const randomblob: Translator = (call) => {
  const size = integerOf(call.args[0]);
  if (call.context.mode === "both" || size === undefined || size < 1n || size > 32n) return manual("PostgreSQL has no randomblob(); the extension pgcrypto has gen_random_bytes(). Bind random bytes.");
  return {
    form: "rewrite",
    title: "Use random UUIDs",
    message: "PostgreSQL has no randomblob(); gen_random_uuid() draws on the same source.",
    edits: [replace(call.node.span, `substring(sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())) FROM 1 FOR ${size})`)],
    exact: { kind: "other", type: "bytea" },
  };
};

/** Flags are t and f in PostgreSQL's texts. */
const concat: Translator = (call) => {
  const edits: Edit[] = [];
  let differs: string | undefined;
  for (const [i, kind] of call.kinds.entries()) {
    if (kind.kind === "boolean" || kind.kind === "condition") edits.push(...around(call, i, "CAST(", " AS INTEGER)"));
    else if (kind.kind !== "unknown" && kind.kind !== "parameter") differs ??= asText(kind)?.differs;
  }
  const base = "Both put texts together in the same way";
  if (edits.length === 0) {
    return differs === undefined ? undefined : manual(`${base}, but for a value that is no text: ${differs}.`, "warning");
  }
  return { form: "rewrite", title: "Cast the flag to INTEGER", message: `PostgreSQL writes a flag as t or f, where SQLite writes 1 or 0.${differs === undefined ? "" : ` Look at it: ${differs}.`}`, edits, exact: differs === undefined ? unknownText : undefined, severity: "warning" };
};

const like: Translator = (call) => {
  if (call.context.mode === "both") return undefined;
  return manual(`PostgreSQL has a ${call.name}() of its own with the arguments the other way round: write value ILIKE pattern ESCAPE ''.`);
};

const glob: Translator = (call) => (call.context.mode === "both" ? suppliedUnless(call.kinds.every((kind) => kind.kind === "text" || kind.kind === "integer") ? undefined : "the value is no text, or not known to be one", "unsettled") : manual("PostgreSQL has no glob(). Use LIKE where the pattern has only * and ?, a regular expression by the operator ~ otherwise."));

const text = (call: Call): ValueKind => ({ kind: "text", binary: true, ordered: call.kinds[0]?.kind === "text" && call.kinds[0].ordered });
const integer = (): ValueKind => ({ kind: "integer", small: true });

/** Calls about texts and bytes. */
export const textCalls: Readonly<Record<string, Translator>> = {
  instr,
  substr,
  substring: substr,
  length: ofTexts(integer),
  octet_length: ofTexts(integer),
  lower: folding,
  upper: folding,
  trim: ofTexts(text),
  ltrim: ofTexts(text),
  rtrim: ofTexts(text),
  replace: ofTexts(text),
  hex,
  unhex,
  quote,
  char,
  unicode,
  typeof: typeOf,
  zeroblob,
  randomblob,
  concat,
  concat_ws: concat,
  like,
  glob,
};

