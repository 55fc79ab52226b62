import { offsetMap } from "#core/text/offset-map.ts";
import type { LiteralPart, Piece } from "#core/text/offset-map.ts";
import type { Span } from "#core/text/span.ts";
import { isExpected } from "./is-expected.ts";
import { isBareStatement, looksLikeFragment, looksLikeGiven, looksLikePart, looksLikeSql, startsLikeSql } from "./looks-like-sql.ts";
import type { DatabaseCall, Hole, Language, ListedPlaceholder, Site } from "./site.ts";
import type { Binding, InterpolationStyle, TextFacts, Value } from "./value.ts";

/** The text that an expression builds, before it is known to be SQL. */
interface Draft {
  readonly text: string;
  readonly pieces: readonly Piece[];
  readonly literals: readonly LiteralPart[];
  readonly holes: readonly Hole[];
  readonly holeValues: readonly (Value | undefined)[];
}

/**
 * Finds the sites among what a language's file has gathered: text handed to database calls, directly or through names,
 * the parts it is put together from, and text that looks like SQL wherever it stands.
 * @param source the file's text
 */
export function findSites(source: string, language: Language, style: InterpolationStyle, facts: TextFacts): Site[] {
  const byName = new Map<string, Binding[]>();
  for (const binding of facts.bindings) {
    const known = byName.get(binding.name);
    if (known === undefined) byName.set(binding.name, [binding]);
    else known.push(binding);
  }
  const found = new Map<string, Site>();
  // What flows into one text, for each place where one is built: parts learn from the others which tables they speak of.
  const flows: Set<string>[] = [];
  let flow = new Set<string>();

  /** What a name holds where it is used: the bindings of the nearest scope that has any. */
  const lookUp = (name: string, scope: number): readonly Binding[] => {
    const bindings = byName.get(name) ?? [];
    if (name.startsWith(".")) return bindings;
    for (let at = scope; at >= 0; at = facts.scopes[at] ?? -1) {
      const here = bindings.filter((b) => b.scope === at);
      if (here.length > 0) return here;
    }
    return [];
  };

  // Names refer to each other in circles (`sql = sql + …`) and in bushes: each value is judged once.
  const placeholders = new Map<Value, ListedPlaceholder | undefined>();
  const drafts = new Map<Value, Draft>();
  const judged = new Map<Value, boolean>();

  /** The file range of the `?` when a value is nothing but a list of placeholders. */
  const placeholderOf = (value: Value | undefined, scope: number): ListedPlaceholder | undefined => {
    if (value === undefined) return undefined;
    if (!placeholders.has(value)) {
      placeholders.set(value, undefined);
      placeholders.set(value, readPlaceholder(value, scope));
    }
    return placeholders.get(value);
  };

  const readPlaceholder = (value: Value, scope: number): ListedPlaceholder | undefined => {
    switch (value.kind) {
      case "join":
        return value.separator === undefined || isComma(value.separator) ? placeholderOf(value.items, scope) : undefined;
      case "repeat":
        if (value.text === true) {
          const mark = questionMark(value.item);
          return mark === undefined ? undefined : { ...mark, character: true };
        }
        return questionMark(value.item) ?? (value.item.kind === "list" && value.item.items.length === 1 ? questionMark(value.item.items[0]) : undefined);
      case "wrapped":
        return placeholderOf(value.inner, scope);
      case "name": {
        const marks: (ListedPlaceholder | undefined)[] = [];
        for (const { how, value: bound, scope: inner } of lookUp(value.name, scope)) {
          if (how === "assign" && isEmpty(bound)) continue;
          marks.push(bound.kind === "literal" ? questionMark(bound) : placeholderOf(bound, inner));
        }
        return together(marks);
      }
      case "concat":
        return together(value.parts.map((part) => (part.kind === "literal" ? questionMark(part) : placeholderOf(part, scope))));
      case "literal":
      case "choice":
      case "list":
      case "other":
        return undefined;
    }
  };

  /** The words of SQL that a constant called like them holds: where it is not this file's own, its name tells. */
  const constantWord = (name: string, scope: number): string | undefined => {
    const own = name.replace(/^\./, "");
    if (!constantWords.test(own)) return undefined;
    const word = ` ${own.replaceAll("_", " ")} `;
    const said = lookUp(name, scope);
    return said.every(({ how, value }) => how === "assign" && value.kind === "literal" && readText(value).trim().toUpperCase() === word.trim()) ? word : undefined;
  };

  const compose = (value: Extract<Value, { kind: "literal" | "concat" }>, scope: number): Draft => {
    const known = drafts.get(value);
    if (known !== undefined) return known;
    const pieces: Piece[] = [];
    const literals: LiteralPart[] = [];
    const holes: Hole[] = [];
    const holeValues: (Value | undefined)[] = [];
    let text = "";
    const addHole = (shown: string, file: Span, expression: Span, form: Hole["form"], inner: Value | undefined): void => {
      // What brings text of its own behind a `?` is no number of it.
      const gap = form === "joined" && text.endsWith("?") && /["'`]/.test(source.slice(file.start, file.end)) ? " " : "";
      const span = { start: text.length + gap.length, end: text.length + gap.length + shown.length };
      pieces.push({ kind: "hole", text: { start: text.length, end: span.end }, file, literal: literals.length - 1 });
      const placeholder = placeholderOf(inner, scope);
      holes.push({ span, file: expression, what: placeholder === undefined ? "expression" : "placeholders", placeholder, form });
      holeValues.push(inner);
      text += gap + shown;
    };
    /** Text as it stands in the file; the marks of a project's own templates in it are holes. */
    const addVerbatim = (read: string, file: Span): void => {
      let at = 0;
      const plain = (end: number): void => {
        if (end > at) pieces.push({ kind: "verbatim", text: { start: text.length, end: text.length + end - at }, file: { start: file.start + at, end: file.start + end }, literal: literals.length - 1 });
        text += read.slice(at, end);
        at = end;
      };
      for (const { 0: mark, index } of read.matchAll(templateMark)) {
        plain(index);
        if (quotes(text) || !(mark.startsWith("/") || beforeMark.test(text))) continue;
        const span = { start: file.start + index, end: file.start + index + mark.length };
        addHole(mark, span, span, "formatted", undefined);
        at = index + mark.length;
      }
      plain(read.length);
    };
    const add = (part: Value): void => {
      if (part.kind === "concat") {
        for (const inner of part.parts) add(inner);
      } else if (part.kind === "literal") {
        literals.push(part.literal);
        let hole = 0;
        let filled = 0;
        for (const { kind, text: read, file, expression, interpolated } of part.literal.segments) {
          if (kind === "hole") {
            if (expression === undefined || interpolated !== true) addHole(read, file, file, "formatted", part.filled?.[filled++]);
            else addHole(read, file, expression, "interpolated", part.holes[hole++]);
          } else if (kind === "verbatim") addVerbatim(read, file);
          else {
            pieces.push({ kind, text: { start: text.length, end: text.length + read.length }, file, literal: literals.length - 1 });
            text += read;
          }
        }
      } else {
        const word = part.kind === "name" && language === "java" ? constantWord(part.name, scope) : undefined;
        if (word === undefined) addHole(style.open + source.slice(part.span.start, part.span.end) + style.close, part.span, part.span, "joined", part);
        else {
          // Read as the words that it holds, and never edited.
          pieces.push({ kind: "hole", text: { start: text.length, end: text.length + word.length }, file: part.span, literal: literals.length - 1 });
          text += word;
        }
      }
    };
    add(value);
    const draft = { text, pieces, literals, holes, holeValues };
    drafts.set(value, draft);
    return draft;
  };

  const emit = (value: Value, draft: Draft, kind: Site["kind"], call: DatabaseCall | undefined): void => {
    const key = `${value.span.start}:${value.span.end}`;
    flow.add(key);
    const known = found.get(key);
    if (known === undefined) {
      const { text, holes, pieces, literals } = draft;
      found.set(key, { language, span: value.span, text, holes, map: offsetMap(pieces, literals), call, kind });
    } else if (call !== undefined) {
      // Several calls share the text: what they do not agree on is unknown.
      const parameters = known.call === undefined || known.call.parameters === call.parameters ? call.parameters : "unknown";
      found.set(key, { ...known, call: { ...(known.call ?? call), parameters }, kind: known.kind === kind ? kind : known.kind === "fragment" ? known.kind : kind });
    }
  };

  /** Whether a value is SQL by its look; so is what continues such a value. */
  const looks = (value: Value | undefined, scope: number): boolean => {
    if (value === undefined) return false;
    const known = judged.get(value);
    if (known !== undefined) return known;
    judged.set(value, false);
    const verdict = judge(value, scope);
    judged.set(value, verdict);
    return verdict;
  };

  const judge = (value: Value, scope: number): boolean => {
    switch (value.kind) {
      case "literal":
      case "concat": {
        const { text, holes, holeValues } = compose(value, scope);
        const spans = holes.map((h) => h.span);
        return looksLikeSql(text, spans) || (holes[0]?.span.start === 0 && looks(holeValues[0], scope));
      }
      case "choice":
        return value.options.some((o) => looks(o, scope));
      case "wrapped":
        return looks(value.inner, scope);
      case "name":
        return lookUp(value.name, scope).some((b) => b.how === "assign" && looks(b.value, b.scope));
      case "join":
      case "repeat":
      case "list":
      case "other":
        return false;
    }
  };

  /** Follows everything that can flow into a text known to be SQL. `seen` are the names' bindings followed so far. */
  const follow = (
    value: Value | undefined,
    scope: number,
    call: DatabaseCall | undefined,
    kind: Site["kind"],
    accept: (text: string, holes: readonly Span[]) => boolean,
    seen = new Set<Binding>(),
  ): void => {
    if (value === undefined) return;
    const part = (inner: Value | undefined): void => {
      follow(inner, scope, call, "fragment", looksLikeFragment, seen);
    };
    switch (value.kind) {
      case "literal":
      case "concat": {
        const draft = compose(value, scope);
        const continued = draft.holes[0]?.span.start === 0;
        const spans = draft.holes.map((h) => h.span);
        if (!accept(draft.text, spans) && !(continued && looks(draft.holeValues[0], scope))) return;
        // A sum of names alone has no text of its own.
        if (draft.literals.length > 0) emit(value, draft, continued || /^\s*\(/.test(draft.text) ? "fragment" : kind, call);
        for (const [i, inner] of draft.holeValues.entries()) if (draft.holes[i]?.what === "expression") part(inner);
        return;
      }
      case "choice":
        for (const option of value.options) follow(option, scope, call, kind, accept, seen);
        return;
      case "wrapped":
        follow(value.inner, scope, call, kind, accept, seen);
        return;
      // Parts speak for themselves too little: they count only where the whole is known to be SQL.
      case "list":
        if (!byLook(accept)) for (const item of value.items) part(item);
        return;
      case "join":
        if (!byLook(accept)) part(value.items);
        return;
      case "repeat":
        if (!byLook(accept)) part(value.item);
        return;
      case "name": {
        const bindings = lookUp(value.name, scope);
        const grows = bindings.some((b) => b.how !== "assign");
        for (const binding of bindings) {
          if (seen.has(binding)) continue;
          seen.add(binding);
          if (binding.how === "assign") follow(binding.value, binding.scope, call, grows ? "fragment" : kind, accept, seen);
          else follow(binding.value, binding.scope, call, "fragment", looksLikeFragment, seen);
        }
        return;
      }
      case "other":
        return;
    }
  };

  const nextFlow = (): void => {
    if (flow.size > 1) flows.push(flow);
    flow = new Set();
  };

  for (const { call, sql, scope, certainty, part } of facts.calls) {
    nextFlow();
    if (part === true) {
      follow(sql, scope, call, "fragment", looksLikeGiven);
      continue;
    }
    const kind = /^(?:executescript|exec|execute_batch)$/.test(call.method) ? "script" : "statement";
    // An attribute is found by its name alone, in whatever class: its text must then speak for itself.
    const accept = certainty === "maybe" || (sql.kind === "name" && sql.name.startsWith(".")) ? looksLikeSql : startsLikeSql;
    const runs = /exec|query|run|prepare|sql|statement|batch/i.test(call.method);
    follow(sql, scope, call, kind, accept === looksLikeSql && runs ? looksLikeCalled : accept);
  }
  // A name that holds SQL by its look: all that flows into the name belongs to it, also what is added to it later.
  for (const { how, name, value, scope } of facts.bindings) {
    nextFlow();
    if (!looks(value, scope)) continue;
    // A statement that is added to a list stands in it for itself, or is a part of what the list is joined to.
    if (how === "add") follow({ kind: "name", name, span: value.span }, scope, undefined, "fragment", (text, holes) => looksLikeSql(text, holes) || looksLikeFragment(text, holes));
    else follow({ kind: "name", name, span: value.span }, scope, undefined, "statement", looksLikeSql);
  }
  for (const { value, scope } of facts.loose) {
    nextFlow();
    follow(value, scope, undefined, "statement", looksLikeSql);
  }
  nextFlow();
  // Where a file has SQL, so are the parts that its functions hand to others.
  if (found.size > 0) {
    for (const { value, scope } of [...facts.loose, ...facts.bindings]) follow(value, scope, undefined, "fragment", looksLikePart);
  }

  // What no call runs may be what a test expects of code that writes SQL.
  const run = [...found.values()].filter((site) => site.call !== undefined || !isExpected(source, site.span));
  const beside = besides(flows, found);
  const told = run.map((site) => {
    const texts = site.kind === "fragment" ? beside.get(site) : undefined;
    return texts === undefined ? site : { ...site, beside: texts };
  });
  return told.sort((a, b) => a.span.start - b.span.start || b.span.end - a.span.end);
}

/** How many texts beside a part are looked at. */
const mostBeside = 8;

/** For each part, the other texts of its flows that name tables. */
function besides(flows: readonly ReadonlySet<string>[], found: ReadonlyMap<string, Site>): ReadonlyMap<Site, NonNullable<Site["beside"]>> {
  const beside = new Map<Site, Map<string, { readonly text: string; readonly holes: readonly Span[] }>>();
  for (const flow of flows) {
    const sites = [...flow].flatMap((key) => found.get(key) ?? []);
    const naming = sites.filter(({ text }) => /\b(?:from|update)\b/i.test(text));
    if (naming.length === 0 || naming.length > mostBeside) continue;
    for (const site of sites) {
      if (site.kind !== "fragment") continue;
      const texts = beside.get(site) ?? new Map<string, { readonly text: string; readonly holes: readonly Span[] }>();
      for (const other of naming) if (other !== site) texts.set(other.text, { text: other.text, holes: other.holes.map(({ span }) => span) });
      if (texts.size > 0) beside.set(site, texts);
    }
  }
  return new Map([...beside].map(([site, texts]) => [site, [...texts.values()]]));
}

/** Whether a text counts only by its own look. */
function byLook(accept: (text: string, holes: readonly Span[]) => boolean): boolean {
  return accept === looksLikeSql || accept === looksLikeCalled || accept === looksLikePart;
}

/** Names of constants that stand for words of SQL: `SELECT + "*" + FROM + table`. */
const constantWords = /^(?:SELECT|SELECT_DISTINCT|DISTINCT|FROM|DELETE_FROM|INSERT_INTO|UPDATE|SET|VALUES|WHERE|AND|OR|NOT|IN|IS_NULL|IS_NOT_NULL|LIKE|BETWEEN|(?:(?:INNER|LEFT|LEFT_OUTER|CROSS)_)?JOIN|ON|AS|UNION|UNION_ALL|GROUP_BY|ORDER_BY|HAVING|LIMIT|OFFSET|ASC|DESC)$/;

/** Marks of templates that no language knows: `{prefix}`, `%prefix%`, and Dapper's comments with two stars. */
const templateMark = /\/\*\*\w+\*\*\/|%[a-z_]\w*%|\{[a-z_]\w*\}/gi;

/** Where a table's or a column's name may begin. */
const beforeMark = /(?:\b(?:FROM|INTO|UPDATE|TABLE|EXISTS|JOIN|ON|VIEW|INDEX|TRIGGER|SET|SELECT|WHERE|AND|OR|from|into|update|table|exists|join)\s+|[.(,]\s*)$/;

/** Whether the end of a text stands within a string or a quoted name. */
function quotes(text: string): boolean {
  if (!/['"`]/.test(text)) return false;
  return text.replace(/'[^']*'|"[^"]*"|`[^`]*`/g, "").search(/['"`]/) >= 0;
}

/** What a call that runs SQL may be given beside the texts that are SQL by their look. */
function looksLikeCalled(text: string, holes: readonly Span[]): boolean {
  return looksLikeSql(text, holes) || isBareStatement(text);
}

/** An empty list, or an empty text that is added to. */
function isEmpty(value: Value): boolean {
  return (value.kind === "list" && value.items.length === 0) || (value.kind === "literal" && readText(value) === "");
}

/** Placeholders that are written in several places count as one that no edit of one place can change. */
function together(marks: readonly (ListedPlaceholder | undefined)[]): ListedPlaceholder | undefined {
  const [first] = marks;
  if (first === undefined || marks.includes(undefined)) return undefined;
  return marks.every((mark) => mark?.start === first.start) ? first : { ...first, several: true };
}

function isComma(value: Value): boolean {
  return value.kind === "literal" && /^\s*,\s*$/.test(readText(value));
}

/** The range of the `?` in a literal that is just one, perhaps with a comma. */
function questionMark(value: Value | undefined): Span | undefined {
  if (value === undefined || value.kind !== "literal" || !/^\s*,?\s*\?\s*,?\s*$/.test(readText(value))) return undefined;
  for (const { kind, text, file } of value.literal.segments) {
    const at = text.indexOf("?");
    if (at >= 0) return kind === "verbatim" ? { start: file.start + at, end: file.start + at + 1 } : file;
  }
  return undefined;
}

function readText(value: Extract<Value, { kind: "literal" }>): string {
  return value.literal.segments.map((s) => s.text).join("");
}
