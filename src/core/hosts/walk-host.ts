import type { Span } from "#core/text/span.ts";
import { engineRegions } from "./engine-regions.ts";
import { findSites } from "./find-sites.ts";
import type { CallShape, HostGrammar, Shape } from "./host-grammar.ts";
import { libraryUses } from "./library-uses.ts";
import { inMemory } from "./in-memory.ts";
import type { TextFormat } from "./host-string.ts";
import type { HostCall, HostFile, HostImport, HostUse } from "./site.ts";
import type { SyntaxNode } from "./syntax-node.ts";
import type { Binding, CallFact, Value } from "./value.ts";

/**
 * Finds the SQL of a file and what else ties it to SQLite, through its language's grammar: the walk is written once, what
 * its nodes mean is the language's.
 * @param source the file's text
 * @param root its syntax tree, with at least the parts that hold anything of interest
 */
export function walkHost(source: string, root: SyntaxNode, grammar: HostGrammar): HostFile {
  const text = (node: Span): string => source.slice(node.start, node.end);
  const scopes: number[] = [-1];
  const bindings: Binding[] = [];
  const calls: CallFact[] = [];
  const loose: { value: Value; scope: number }[] = [];
  const uses: HostUse[] = [];
  const imports: HostImport[] = [];
  const values = new Map<SyntaxNode, Value>();
  const shapes = new Map<SyntaxNode, Shape | undefined>();

  interface FunctionFrame {
    readonly name: string;
    readonly nameSpan: Span;
    readonly opened: Set<string>;
    helper: boolean;
  }
  const frames: FunctionFrame[] = [];
  const helperNames = new Set<string>();
  const plainCalls: HostCall[] = [];

  /** How the templates that are held in names are filled in, by the name. */
  const templates = new Map<string, { readonly format: Exclude<TextFormat, "none">; readonly values: readonly SyntaxNode[] }>();

  look(root);
  collectTemplates(root);
  for (const child of root.children) walk(child, 0);
  for (const { callee, span: where } of plainCalls) if (helperNames.has(callee)) uses.push({ kind: "helper-call", name: callee, span: where });
  if (grammar.language !== "sql") uses.push(...libraryUses(grammar.language, source, root, uses.some(({ kind }) => kind === "driver-import" || kind === "connect")));
  uses.sort((a, b) => a.span.start - b.span.start);
  return {
    language: grammar.language,
    sites: findSites(source, grammar.language, grammar.style, { scopes, bindings, calls, loose }),
    uses,
    imports,
    calls: [],
    regions: engineRegions(source, root),
    importAt: grammar.importAt,
  };

  function look(node: SyntaxNode): void {
    const use = grammar.useOf(node);
    if (use !== undefined) uses.push({ kind: use.kind, name: use.name, span: span(use.at ?? node) });
    const brought = grammar.importOf?.(node);
    if (brought !== undefined) imports.push({ ...brought, span: span(node) });
    for (const child of node.children) look(child);
  }

  /** Learns which names are handed to a formatter: what they hold is read as a template. */
  function collectTemplates(node: SyntaxNode): void {
    const shape = shapeOf(node);
    const format = shape?.kind === "format" ? shape : shape?.kind === "call" ? grammar.textCall(shape, node) : undefined;
    if (format?.kind === "format") {
      let template = shapeOf(format.template);
      while (template?.kind === "inner") template = shapeOf(template.inner);
      // With what one of several uses fills it is not known of the others.
      if (template?.kind === "name") templates.set(template.name, { format: format.format, values: templates.has(template.name) ? [] : format.values });
    }
    for (const child of node.children) collectTemplates(child);
  }

  /** The value that a name is given: a template where the name is one. */
  function boundValue(name: string, node: SyntaxNode): Value {
    const template = templates.get(name);
    return template === undefined ? valueOf(node) : literal(node, node, template.format, template.values);
  }

  function shapeOf(node: SyntaxNode): Shape | undefined {
    if (!shapes.has(node)) shapes.set(node, grammar.shapeOf(node));
    return shapes.get(node);
  }

  function walkAll(nodes: readonly SyntaxNode[], scope: number): void {
    for (const node of nodes) walk(node, scope);
  }

  function walk(node: SyntaxNode, scope: number): void {
    const shape = shapeOf(node);
    switch (shape?.kind) {
      case undefined:
      case "name":
        walkAll(node.children, scope);
        return;
      case "skip":
        return;
      case "quiet":
        walkQuietly(node, scope);
        return;
      case "function":
        walkFunction(shape, node, scope);
        return;
      case "return": {
        const frame = frames.at(-1);
        if (frame !== undefined && shape.values.some((value) => handsOut(value, frame))) markHelper(frame);
        walkAll(node.children, scope);
        return;
      }
      case "assign":
        for (const { left, right } of shape.pairs) assign(node, left, right, shape.how, scope);
        return;
      case "call":
        walkCall(node, shape, scope);
        return;
      case "literal":
      case "sum":
      case "choice":
      case "inner":
      case "list":
      case "repeat":
      case "format":
        if (buildsText(node)) {
          loose.push({ value: valueOf(node), scope });
          walkParts(node, scope);
        } else walkAll(node.children, scope);
    }
  }

  function walkFunction(shape: Extract<Shape, { kind: "function" }>, node: SyntaxNode, scope: number): void {
    const inner = scopes.push(scope) - 1;
    const shadow = (part: SyntaxNode): void => {
      const name = nameOf(part);
      if (name === undefined) for (const child of part.children) shadow(child);
      else if (!name.startsWith(".")) bindings.push({ name, scope: inner, how: "assign", value: { kind: "other", span: span(part) } });
    };
    if (shape.parameters !== undefined) shadow(shape.parameters);
    const { body, name } = shape;
    // Annotations may hold queries.
    for (const child of node.children) if (child !== body && child !== name && child !== shape.parameters) walk(child, scope);
    if (body === undefined) return;
    // A function without a name works with the connection of the one around it.
    if (name !== undefined) frames.push({ name: text(name), nameSpan: span(name), opened: new Set(), helper: false });
    const frame = frames.at(-1);
    walk(body, inner);
    // What a function gives back by its last expression is known only once its body is.
    if (name !== undefined && frame !== undefined && handsOut(lastOf(body), frame)) markHelper(frame);
    if (name !== undefined) frames.pop();
  }

  /** The expression that a body ends with: in some languages that is what the function gives back. */
  function lastOf(body: SyntaxNode): SyntaxNode {
    const last = body.children.at(-1);
    if (last === undefined || shapeOf(body) !== undefined) return body;
    return grammar.givesLast === true ? last : body;
  }

  function assign(node: SyntaxNode, left: SyntaxNode, right: SyntaxNode | undefined, how: Binding["how"], scope: number): void {
    if (right === undefined) return;
    const name = nameOf(left);
    const library = grammar.holdsSql?.(left);
    if (library !== undefined) {
      const call = { library, method: (name ?? "").replace(/^\./, ""), span: span(node), parameters: "unknown" as const };
      if (how === "assign") calls.push({ call, sql: valueOf(right), scope, certainty: "sure" });
      walkValue(right, scope);
      return;
    }
    const frame = frames.at(-1);
    if (name !== undefined && frame !== undefined && handsOut(right, frame)) frame.opened.add(name);
    if (name !== undefined) bindings.push({ name, scope: name.startsWith(".") ? 0 : scope, how, value: boundValue(name, right) });
    if (shapeOf(left)?.kind !== "name") walk(left, scope);
    // What goes into an element of a list or map is followed no further.
    if (name === undefined && buildsText(right)) {
      loose.push({ value: valueOf(right), scope });
      // marks[i] = "?"
      const list = /^(?:index_expression|array_access|element_access_expression|element_reference|subscript_expression)$/.test(left.type) ? left.children[0] : undefined;
      const listName = list === undefined ? undefined : nameOf(list);
      if (listName !== undefined && /^["'`]\s*,?\s*\?\s*,?\s*["'`]$/.test(text(right))) bindings.push({ name: listName, scope, how: "add", value: valueOf(right) });
    }
    walkValue(right, scope);
  }

  /** Walks what a binding or a call has taken up already. */
  function walkValue(node: SyntaxNode, scope: number): void {
    if (buildsText(node)) walkParts(node, scope);
    else walk(node, scope);
  }

  function walkCall(node: SyntaxNode, shape: CallShape, scope: number): void {
    const opened = grammar.opens(shape, node);
    if (opened !== undefined) uses.push({ kind: "connect", name: opened, span: span(node), ...inMemory(text(node)) });
    else if (!shape.constructs && (shape.receiver === undefined || /^(?:this|self|\$this|Self|static)$/.test(text(shape.receiver)))) plainCalls.push({ callee: shape.method, span: span(node) });
    const grown = grammar.grows(shape);
    const name = grown === undefined ? undefined : nameOf(grown.target);
    if (grown !== undefined && name !== undefined) {
      if (shape.receiver !== undefined && shape.receiver !== grown.target) walk(shape.receiver, scope);
      for (const value of grown.values) {
        bindings.push({ name, scope, how: grown.how, value: valueOf(value) });
        walkValue(value, scope);
      }
      return;
    }
    if (buildsText(node)) {
      loose.push({ value: valueOf(node), scope });
      walkParts(node, scope);
      return;
    }
    const database = opened === undefined ? grammar.databaseCall(shape, node) : undefined;
    if (database !== undefined) {
      const { library, parameters, certainty, sql, part, format } = database;
      calls.push({ call: { library, method: shape.method, span: span(node), parameters }, sql: format === undefined ? valueOf(sql) : literal(sql, sql, format, []), scope, certainty, ...(part === true ? { part } : {}) });
      for (const child of node.children) walkAround(child, sql, scope);
      return;
    }
    if (grammar.speaking.test(shape.method)) walkQuietly(node, scope);
    else walkAll(node.children, scope);
  }

  /** Walks a call's parts, of which one is known to be SQL. */
  function walkAround(node: SyntaxNode, sql: SyntaxNode, scope: number): void {
    if (node === sql) walkValue(node, scope);
    else if (node.start <= sql.start && sql.end <= node.end) for (const child of node.children) walkAround(child, sql, scope);
    else walk(node, scope);
  }

  /** Walks what holds text for people; functions in it, and what other calls within it are given, are code again. */
  function walkQuietly(node: SyntaxNode, scope: number): void {
    for (const child of node.children) {
      const kind = shapeOf(child)?.kind;
      if (kind === "function" || (kind === "call" && !buildsText(child))) walk(child, scope);
      else walkQuietly(child, scope);
    }
  }

  /** Walks the expressions inside one that builds text. */
  function walkParts(node: SyntaxNode, scope: number): void {
    const shape = shapeOf(node);
    if (shape?.kind === "literal") {
      for (const hole of grammar.literalOf(node, "none")?.holes ?? []) if (hole !== undefined) walkValue(hole, scope);
      return;
    }
    for (const child of node.children) {
      if (buildsText(child) || shapeOf(child) === undefined) walkParts(child, scope);
      else walk(child, scope);
    }
  }

  function buildsText(node: SyntaxNode): boolean {
    const { kind } = valueOf(node);
    return kind === "literal" || kind === "concat" || kind === "choice" || kind === "join" || kind === "repeat" || kind === "wrapped";
  }

  function valueOf(node: SyntaxNode): Value {
    const known = values.get(node);
    if (known !== undefined) return known;
    const value = readValue(node);
    values.set(node, value);
    return value;
  }

  function readValue(node: SyntaxNode): Value {
    const other: Value = { kind: "other", span: span(node) };
    const shape = shapeOf(node);
    switch (shape?.kind) {
      case "literal":
        return literal(node, node, "none", []);
      case "sum":
        return sum(node, shape.parts);
      case "choice": {
        const options = shape.options.map(valueOf);
        return options.some((o) => o.kind === "literal" || o.kind === "concat") ? { kind: "choice", span: span(node), options } : other;
      }
      case "inner":
        return valueOf(shape.inner);
      case "list":
        return { kind: "list", span: span(node), items: shape.items.map(valueOf) };
      case "repeat":
        return repeated(node, shape.item);
      case "name":
        return { kind: "name", span: span(node), name: shape.name };
      case "format":
        return literal(node, shape.template, shape.format, shape.values);
      case "call": {
        const built = grammar.textCall(shape, node);
        switch (built?.kind) {
          case undefined:
            return other;
          case "format":
            return literal(node, built.template, built.format, built.values);
          case "join": {
            const separator = built.separator === undefined ? undefined : valueOf(built.separator);
            return separator !== undefined && separator.kind !== "literal" ? other : { kind: "join", span: span(node), separator, items: valueOf(built.items) };
          }
          case "repeat":
            return repeated(node, built.item);
          case "repeatBy":
            return repeatedBy(node, built.by);
          case "list":
            return { kind: "list", span: span(node), items: built.items.map(valueOf) };
          case "sum":
            return sum(node, built.parts);
          case "same": {
            const inner = valueOf(built.inner);
            return inner.kind === "other" || inner.kind === "name" || inner.kind === "list" ? inner : { kind: "wrapped", span: span(node), inner };
          }
        }
        return other;
      }
      case undefined:
      case "assign":
      case "function":
      case "return":
      case "quiet":
      case "skip":
        return other;
    }
  }

  function sum(node: SyntaxNode, parts: readonly SyntaxNode[]): Value {
    const flat = parts.map(valueOf).flatMap((part) => (part.kind === "concat" ? part.parts : [part]));
    if (!flat.some((part) => part.kind === "literal" || part.kind === "join" || part.kind === "repeat")) return { kind: "other", span: span(node) };
    const whole: Value = { kind: "concat", span: span(node), parts: flat };
    // The sums that it begins with are part of it, and have no value of their own.
    const [first] = parts;
    for (let at = node.children.find((c) => c.start === first?.start); at !== undefined && at !== first; at = at.children.find((c) => c.start === first?.start)) {
      if (!values.has(at)) values.set(at, whole);
    }
    return whole;
  }

  function literal(node: SyntaxNode, template: SyntaxNode, format: TextFormat, given: readonly SyntaxNode[]): Value {
    const shape = shapeOf(template);
    if (shape?.kind === "inner") return literal(node, shape.inner, format, given);
    if (node === template && format !== "none" && shape?.kind !== "literal" && shape?.kind !== "sum") return valueOf(node);
    if (format !== "none" && shape?.kind === "sum") {
      // The values are spread over the parts by their number only: which goes where is not followed.
      const parts = shape.parts.map((part): Value => (shapeOf(part)?.kind === "literal" ? literal(part, part, format, []) : valueOf(part)));
      return parts.some((part) => part.kind === "literal") ? { kind: "concat", span: span(node), parts } : { kind: "other", span: span(node) };
    }
    if (shape?.kind !== "literal") return format === "none" ? { kind: "other", span: span(node) } : templateName(node, template);
    const read = grammar.literalOf(template, format);
    if (read === undefined) return { kind: "other", span: span(node) };
    const formatted = read.literal.segments.filter((s) => s.kind === "hole" && s.interpolated !== true);
    return {
      kind: "literal",
      span: span(node),
      literal: read.literal,
      holes: read.holes.map((hole) => (hole === undefined ? undefined : valueOf(hole))),
      filled: formatted.map(({ text: hole, file }, i) => filledBy(hole, file, i, given)),
    };
  }

  /** A template held in a variable: what it holds is SQL as it stands there. */
  function templateName(node: SyntaxNode, template: SyntaxNode): Value {
    const inner = valueOf(template);
    return inner.kind === "name" ? inner : { kind: "other", span: span(node) };
  }

  /** What goes into a formatter's hole: by its name, its number, or its place. */
  function filledBy(hole: string, file: Span, place: number, given: readonly SyntaxNode[]): Value | undefined {
    const named = /^\{([\p{L}_][\p{L}\p{N}_]*)(?:[:}])/u.exec(hole)?.[1];
    if (named !== undefined) return { kind: "name", span: file, name: named };
    const number = /^\{(\d+)/.exec(hole)?.[1];
    const position = /^%(\d+)\$/.exec(hole)?.[1];
    const value = given[number !== undefined ? Number(number) : position !== undefined ? Number(position) - 1 : place];
    return value === undefined ? undefined : valueOf(value);
  }

  function repeated(node: SyntaxNode, item: SyntaxNode): Value {
    const value = valueOf(item);
    return value.kind === "literal" || value.kind === "concat" || value.kind === "list" ? { kind: "repeat", span: span(node), item: value } : { kind: "other", span: span(node) };
  }

  /** `map(i -> "?")`: the text that the function gives back. */
  function repeatedBy(node: SyntaxNode, by: SyntaxNode): Value {
    const given = shapeOf(by);
    const shape = given?.kind === "inner" ? shapeOf(given.inner) : given;
    let at = shape?.kind === "function" ? shape.body : undefined;
    while (at !== undefined) {
      const inner = shapeOf(at);
      if (inner?.kind === "return") at = inner.values.length === 1 ? inner.values[0] : undefined;
      else if (inner === undefined && at.children.length === 1) [at] = at.children;
      else break;
    }
    return at === undefined ? { kind: "other", span: span(node) } : repeated(node, at);
  }

  function handsOut(node: SyntaxNode, frame: FunctionFrame): boolean {
    const shape = shapeOf(node);
    if (shape?.kind === "name") return frame.opened.has(shape.name);
    if (shape?.kind === "inner") return handsOut(shape.inner, frame);
    if (shape?.kind === "call") return grammar.opens(shape, node) !== undefined;
    return shape === undefined && node.children.length === 1 && node.children.every((child) => handsOut(child, frame));
  }

  function markHelper(frame: FunctionFrame): void {
    if (frame.helper) return;
    frame.helper = true;
    helperNames.add(frame.name);
    uses.push({ kind: "helper-definition", name: frame.name, span: frame.nameSpan });
  }

  function nameOf(node: SyntaxNode): string | undefined {
    const shape = shapeOf(node);
    return shape?.kind === "name" ? shape.name : undefined;
  }
}

function span(node: Span): Span {
  return { start: node.start, end: node.end };
}
