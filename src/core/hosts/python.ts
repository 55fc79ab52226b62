import type { Span } from "#core/text/span.ts";
import { inMemory } from "./in-memory.ts";
import { libraryUses } from "./library-uses.ts";
import { engineRegions } from "./engine-regions.ts";
import { findSites } from "./find-sites.ts";
import { decodePythonString } from "./python-string.ts";
import type { PythonFormat } from "./python-string.ts";
import type { DatabaseCall, HostCall, HostFile, HostImport, HostUse, Library } from "./site.ts";
import { childOf, partsOf } from "./syntax-node.ts";
import type { SyntaxNode } from "./syntax-node.ts";
import type { Binding, CallFact, Value } from "./value.ts";

/** The modules of SQLite drivers, and the library each one is. */
const drivers: Readonly<Record<string, Library>> = { sqlite3: "sqlite3", "sqlite3.dbapi2": "sqlite3", aiosqlite: "aiosqlite", pysqlite3: "sqlite3" };

/** Methods that take SQL as their first argument: how sure the name alone makes, and what their second argument means. */
const methods: Readonly<Record<string, { readonly certainty: CallFact["certainty"]; readonly parameters: "second" | "always" | "never" | "rest" }>> = {
  execute: { certainty: "sure", parameters: "second" },
  executemany: { certainty: "sure", parameters: "always" },
  executescript: { certainty: "sure", parameters: "never" },
  execute_fetchall: { certainty: "sure", parameters: "second" },
  execute_insert: { certainty: "sure", parameters: "second" },
  raw: { certainty: "maybe", parameters: "second" },
  text: { certainty: "maybe", parameters: "never" },
  read_sql: { certainty: "maybe", parameters: "second" },
  read_sql_query: { certainty: "maybe", parameters: "second" },
  exec_driver_sql: { certainty: "sure", parameters: "second" },
  fetch_all: { certainty: "maybe", parameters: "second" },
  fetch_one: { certainty: "maybe", parameters: "second" },
  fetchall: { certainty: "maybe", parameters: "second" },
  fetchone: { certainty: "maybe", parameters: "second" },
  query: { certainty: "maybe", parameters: "second" },
};

/** Calls whose text is for people: what they are given is never SQL to us. */
const speaking = /^(?:print|debug|info|warning|warn|error|exception|critical|fatal|log|echo|secho|add_argument|ArgumentParser|write_text|format_exception|fail|skip|skipTest|assertIn|assertNotIn|assertEqual|assertRaisesRegex|assertRegex)$/;
const speakingKeywords = /^(?:help|description|summary|title|detail|message|msg|label|reason|epilog|usage|doc|prompt)$/;
const errorName = /(?:Error|Exception|Warning|Exit|HTTPException)$/;

/** Methods that give their text back hardly changed. */
const passing = /^(?:strip|rstrip|lstrip|expandtabs|dedent|cleandoc|text|str|SQL|sub|rstrip)$/;

/**
 * Finds the SQL of a Python file, and what else ties it to SQLite.
 * @param source the file's text
 * @param root its syntax tree, with at least the parts that hold anything of interest
 */
export function findInPython(source: string, root: SyntaxNode): HostFile {
  const text = (node: Span): string => source.slice(node.start, node.end);
  const scopes: number[] = [-1];
  const bindings: Binding[] = [];
  const calls: CallFact[] = [];
  const loose: { value: Value; scope: number }[] = [];
  const uses: HostUse[] = [];
  const imports: HostImport[] = [];
  const hostCalls: HostCall[] = [];
  const localCalls: HostCall[] = [];

  readImports();
  const driverNames = new Map<string, Library>();
  const connectNames = new Map<string, Library>();
  const errorNames = new Set<string>();
  for (const { module, name, local } of imports) {
    const library = drivers[module];
    if (library === undefined) continue;
    if (name === "*") driverNames.set(local, library);
    else if (name === "connect") connectNames.set(local, library);
    else if (/Error$|Warning$/.test(name)) errorNames.add(local);
  }
  const libraries = new Set(imports.flatMap(({ module }) => drivers[module] ?? []));
  const [onlyLibrary] = libraries;
  const library: Library = libraries.size === 1 && onlyLibrary !== undefined ? onlyLibrary : "unknown";
  const importedNames = new Set(imports.map(({ local }) => local));
  const importsAll = importedNames.has("*");

  /** The functions around the node being walked, innermost last: what tells a connection helper from others. */
  interface FunctionFrame {
    readonly name: string;
    readonly nameSpan: Span;
    readonly parameters: ReadonlySet<string>;
    /** Names that hold a connection opened here. */
    readonly opened: Set<string>;
    helper: boolean;
  }
  const frames: FunctionFrame[] = [];
  /** SQLAlchemy and its kin write `:name` for the engine themselves, Django reads %s for every engine. */
  const alchemy = imports.some(({ module }) => /^(?:sqlalchemy|flask_sqlalchemy|sqlmodel|databases|alembic)(?:\.|$)/.test(module));
  const django = imports.some(({ module }) => /^django(?:\.|$)/.test(module));
  /** How the templates that are held in names are filled in, by the name. */
  const templates = new Map<string, PythonFormat>();
  const helperNames = new Set<string>();
  const values = new Map<SyntaxNode, Value>();

  collectTemplates(root);
  walkAll(root.children, 0, "module");
  for (const call of localCalls) {
    const name = call.callee.replace(/^(?:self|cls)\./, "");
    if (helperNames.has(name)) uses.push({ kind: "helper-call", name, span: call.span });
  }
  uses.push(...libraryUses("python", source, root, libraries.size > 0 || uses.some(({ kind }) => kind === "connect")));
  uses.sort((a, b) => a.span.start - b.span.start);
  return {
    language: "python",
    sites: findSites(source, "python", { open: "{", close: "}" }, { scopes, bindings, calls, loose }),
    uses,
    imports,
    calls: hostCalls,
    regions: engineRegions(source, root),
    importAt: importPlace(source, root),
  };

  function readImports(): void {
    const visit = (node: SyntaxNode): void => {
      if (node.type === "import_statement") {
        for (const item of node.children) {
          if (item.field !== "name") continue;
          const path = item.type === "aliased_import" ? childOf(item, "name") : item;
          const alias = item.type === "aliased_import" ? childOf(item, "alias") : undefined;
          if (path === undefined) continue;
          const module = text(path);
          imports.push({ module, name: "*", local: alias === undefined ? module : text(alias), span: span(node) });
          if (drivers[module] !== undefined) uses.push({ kind: "driver-import", name: module, span: span(node) });
        }
      } else if (node.type === "import_from_statement") {
        const from = childOf(node, "module_name");
        if (from === undefined) return;
        const module = text(from).replace(/\s/g, "");
        if (drivers[module] !== undefined) uses.push({ kind: "driver-import", name: module, span: span(node) });
        for (const item of node.children) {
          if (item.type === "wildcard_import") imports.push({ module, name: "*", local: "*", span: span(node) });
          if (item.field !== "name") continue;
          const name = item.type === "aliased_import" ? childOf(item, "name") : item;
          const alias = item.type === "aliased_import" ? childOf(item, "alias") : undefined;
          if (name !== undefined) imports.push({ module, name: text(name), local: text(alias ?? name), span: span(node) });
        }
      } else {
        for (const child of node.children) visit(child);
      }
    };
    visit(root);
  }

  /** Learns which names stand before `%` and `.format`: what they hold is read as a template. */
  function collectTemplates(node: SyntaxNode): void {
    if (node.type === "binary_operator") {
      const left = childOf(node, "left");
      const right = childOf(node, "right");
      const name = left === undefined ? undefined : nameOf(left);
      if (left !== undefined && right !== undefined && name !== undefined && operatorOf(left, right) === "%") templates.set(name, "percent");
    } else if (node.type === "call") {
      const target = childOf(node, "function");
      const method = target === undefined ? undefined : childOf(target, "attribute");
      const object = target === undefined ? undefined : childOf(target, "object");
      const name = object === undefined ? undefined : nameOf(object);
      if (method !== undefined && name !== undefined && text(method) === "format") templates.set(name, "braces");
    }
    for (const child of node.children) collectTemplates(child);
  }

  /** The value that a name is given: a template where the name is one and the text has places to fill in. */
  function boundValue(name: string, node: SyntaxNode): Value {
    const format = templates.get(name) ?? "none";
    if (format === "none" || !(format === "percent" ? /%[sdr(]/ : /\{\w*\}/).test(text(node))) return valueOf(node);
    const value = readValue(node, format);
    return isText(value) ? value : valueOf(node);
  }

  function walkAll(nodes: readonly SyntaxNode[], scope: number, place: "module" | "class" | "code"): void {
    for (const node of nodes) walk(node, scope, place);
  }

  function walk(node: SyntaxNode, scope: number, place: "module" | "class" | "code"): void {
    switch (node.type) {
      case "comment":
      case "import_statement":
      case "import_from_statement":
      case "future_import_statement":
        return;
      case "expression_statement": {
        const only = partsOf(node);
        const [first] = only;
        // A string that stands alone does nothing: a docstring, or a comment in disguise.
        if (only.length === 1 && first !== undefined && (first.type === "string" || first.type === "concatenated_string")) return;
        walkAll(only, scope, place);
        return;
      }
      case "function_definition":
        walkFunction(node, scope);
        return;
      case "lambda": {
        const inner = scopes.push(scope) - 1;
        walkAll(node.children, inner, "code");
        return;
      }
      case "class_definition": {
        for (const child of node.children) {
          if (child.field === "body") walkAll(child.children, scope, "class");
          else walk(child, scope, "code");
        }
        return;
      }
      case "assignment":
      case "named_expression":
        walkAssignment(node, scope, place);
        return;
      case "augmented_assignment": {
        const left = childOf(node, "left");
        const right = childOf(node, "right");
        if (left === undefined || right === undefined) return;
        const name = nameOf(left);
        if (name !== undefined && /^\s*\+=\s*$/.test(source.slice(left.end, right.start).replace(/\\\r?\n/g, ""))) {
          bindings.push({ name, scope, how: "extend", value: valueOf(right) });
          walkParts(right, scope);
        } else walk(right, scope, "code");
        return;
      }
      case "call":
        walkCall(node, scope);
        return;
      case "string":
      case "concatenated_string":
      case "binary_operator":
        loose.push({ value: valueOf(node), scope });
        walkParts(node, scope);
        return;
      case "with_item":
        walkWithItem(node, scope);
        return;
      case "for_statement":
      case "for_in_clause": {
        const left = childOf(node, "left");
        if (left !== undefined) shadow(left, scope);
        walkAll(node.children, scope, "code");
        return;
      }
      case "yield":
      case "return_statement": {
        const frame = frames.at(-1);
        if (frame !== undefined && partsOf(node).some((part) => handsOut(part, frame))) markHelper(frame);
        walkAll(node.children, scope, "code");
        return;
      }
      case "raise_statement":
      case "assert_statement":
        walkQuietly(node, scope);
        return;
      case "except_clause":
        walkExcept(node, scope);
        return;
      case "comparison_operator":
        // `"select" in sql` asks about text, it does not build any.
        walkQuietly(node, scope);
        return;
      case "attribute": {
        const name = childOf(node, "attribute");
        if (name !== undefined && text(name) === "lastrowid") uses.push({ kind: "lastrowid", name: "lastrowid", span: span(name) });
        walkAll(node.children, scope, "code");
        return;
      }
      default:
        walkAll(node.children, scope, place === "module" && isBlockOf(node) ? "module" : place === "class" && isBlockOf(node) ? "class" : "code");
    }
  }

  function walkFunction(node: SyntaxNode, scope: number): void {
    const inner = scopes.push(scope) - 1;
    const name = childOf(node, "name");
    const parameters = new Set<string>();
    for (const parameter of childOf(node, "parameters")?.children ?? []) {
      const target = parameter.type === "identifier" ? parameter : (childOf(parameter, "name") ?? parameter.children[0]);
      if (target?.type !== "identifier") continue;
      parameters.add(text(target));
      bindings.push({ name: text(target), scope: inner, how: "assign", value: { kind: "other", span: span(target) } });
    }
    const frame: FunctionFrame = { name: name === undefined ? "" : text(name), nameSpan: span(name ?? node), parameters, opened: new Set(), helper: false };
    for (const child of node.children) {
      if (child.field === "body") {
        frames.push(frame);
        walkAll(child.children, inner, "code");
        frames.pop();
      } else if (child.field === "parameters") {
        for (const parameter of child.children) {
          const value = childOf(parameter, "value");
          if (value !== undefined) walk(value, scope, "code");
        }
      }
    }
  }

  function walkAssignment(node: SyntaxNode, scope: number, place: "module" | "class" | "code"): void {
    const left = childOf(node, node.type === "assignment" ? "left" : "name");
    const right = childOf(node, node.type === "assignment" ? "right" : "value");
    if (left === undefined) return;
    if (left.type === "attribute") {
      const attribute = childOf(left, "attribute");
      if (attribute !== undefined && text(attribute) === "row_factory") uses.push({ kind: "row-factory", name: "row_factory", span: span(left) });
    }
    if (right === undefined) return;
    const name = nameOf(left);
    const frame = frames.at(-1);
    if (name !== undefined && frame !== undefined && opensConnection(right)) frame.opened.add(name);
    if (right.type === "assignment") {
      const last = innermostRight(right);
      if (name !== undefined) bindings.push({ name, scope, how: "assign", value: valueOf(last) });
      walk(right, scope, place);
      return;
    }
    if (name === undefined) {
      const targets = left.type === "pattern_list" || left.type === "tuple_pattern" ? partsOf(left) : [];
      const given = right.type === "expression_list" || right.type === "tuple" ? partsOf(right) : [];
      for (const [i, target] of targets.entries()) {
        const targetName = nameOf(target);
        const value = given.length === targets.length ? given[i] : undefined;
        if (targetName !== undefined) {
          bindings.push({ name: targetName, scope, how: "assign", value: value === undefined ? { kind: "other", span: span(target) } : valueOf(value) });
        }
      }
      walk(left, scope, "code");
      walk(right, scope, "code");
      return;
    }
    const value = boundValue(name, right);
    bindings.push({ name: place === "class" && !name.startsWith(".") ? `.${name}` : name, scope, how: "assign", value });
    if (buildsText(right)) walkParts(right, scope);
    else walk(right, scope, "code");
  }

  function walkWithItem(node: SyntaxNode, scope: number): void {
    const value = childOf(node, "value");
    if (value?.type === "as_pattern") {
      const [opened] = partsOf(value);
      const target = childOf(value, "alias");
      const name = target?.children[0];
      if (opened !== undefined && name?.type === "identifier" && opensConnection(opened)) frames.at(-1)?.opened.add(text(name));
      if (target !== undefined) shadow(target, scope);
    }
    walkAll(node.children, scope, "code");
  }

  function walkExcept(node: SyntaxNode, scope: number): void {
    const caught = childOf(node, "value");
    const visit = (part: SyntaxNode): void => {
      if (part.type === "attribute") {
        const object = childOf(part, "object");
        const name = childOf(part, "attribute");
        if (object !== undefined && name !== undefined && driverNames.has(text(object))) uses.push({ kind: "error-class", name: text(name), span: span(part) });
      } else if (part.type === "identifier") {
        if (errorNames.has(text(part))) uses.push({ kind: "error-class", name: text(part), span: span(part) });
      } else if (part.field !== "alias") {
        for (const child of part.children) visit(child);
      }
    };
    if (caught !== undefined) visit(caught);
    for (const child of node.children) if (child !== caught) walk(child, scope, "code");
  }

  function walkCall(node: SyntaxNode, scope: number): void {
    const target = childOf(node, "function");
    const given = childOf(node, "arguments");
    if (target === undefined || given === undefined) return;
    const method = target.type === "attribute" ? childOf(target, "attribute") : target;
    const methodName = method === undefined ? "" : text(method);
    const callee = text(target).replace(/\s/g, "");
    const frame = frames.at(-1);

    if (opensConnection(node)) uses.push({ kind: "connect", name: callee, span: span(node), ...inMemory(text(node)) });
    // An opened connection handed to a callback that the caller gave: the helper's other shape.
    if (frame !== undefined && target.type === "identifier" && frame.parameters.has(methodName) && partsOf(given).some((a) => handsOut(a, frame))) markHelper(frame);
    if (/^[\p{L}_][\p{L}\p{N}_.]*$/u.test(callee)) {
      const head = callee.slice(0, callee.includes(".") ? callee.lastIndexOf(".") : callee.length);
      const known = importedNames.has(head) || importedNames.has(callee.split(".")[0] ?? "") || (importsAll && target.type === "identifier");
      if (known && !driverNames.has(head)) hostCalls.push({ callee, span: span(node) });
      localCalls.push({ callee, span: span(node) });
    }

    if (target.type === "attribute") {
      const object = childOf(target, "object");
      // Growing lists of parts: `clauses.append("x = ?")`, `clauses.extend([…])`, `clauses.insert(0, …)`.
      const name = object === undefined ? undefined : nameOf(object);
      if (name !== undefined && /^(?:append|extend|insert|add)$/.test(methodName)) {
        const added = partsOf(given).at(-1);
        if (added !== undefined) {
          bindings.push({ name, scope, how: "add", value: valueOf(added) });
          if (buildsText(added)) walkParts(added, scope);
          else walk(added, scope, "code");
        }
        if (object !== undefined) walk(object, scope, "code");
        return;
      }
    }
    const [argument] = given.type === "argument_list" ? partsOf(given) : [];
    if (alchemy && methodName === "text" && argument !== undefined) {
      calls.push({ call: { library: "query-builder", method: methodName, span: span(node), parameters: "unknown" }, sql: valueOf(argument), scope, certainty: "maybe" });
      walkParts(node, scope);
      return;
    }
    if (buildsText(node)) {
      loose.push({ value: valueOf(node), scope });
      walkParts(node, scope);
      return;
    }
    const known = methods[methodName];
    const sql = known === undefined || given.type !== "argument_list" ? undefined : sqlArgument(given);
    if (known !== undefined && sql !== undefined) {
      const percent = django && libraries.size === 0;
      const builder = percent || (alchemy && libraries.size === 0 && methodName !== "exec_driver_sql");
      const call: DatabaseCall = { library: builder ? "query-builder" : library, method: methodName, span: span(node), parameters: parametersOf(known.parameters, given, sql) };
      calls.push({ call, sql: percent ? readValue(sql, "percent") : valueOf(sql), scope, certainty: target.type === "attribute" ? known.certainty : "maybe" });
      walk(target, scope, "code");
      for (const argument of partsOf(given)) {
        if (argument === sql || argument === sql.parent) {
          if (buildsText(sql)) walkParts(sql, scope);
          else walk(sql, scope, "code");
        } else walk(argument, scope, "code");
      }
      return;
    }
    walk(target, scope, "code");
    if (speaking.test(methodName) || errorName.test(methodName)) walkQuietly(given, scope);
    else {
      for (const argument of given.type === "argument_list" ? given.children : [given]) {
        const keyword = argument.type === "keyword_argument" ? childOf(argument, "name") : undefined;
        if (keyword !== undefined && speakingKeywords.test(text(keyword))) walkQuietly(argument, scope);
        else if (keyword !== undefined) {
          const value = childOf(argument, "value");
          if (value !== undefined) walk(value, scope, "code");
        } else walk(argument, scope, "code");
      }
    }
  }

  /** Walks what holds text for people; what other calls within it are given is theirs again. */
  function walkQuietly(node: SyntaxNode, scope: number): void {
    for (const child of node.children) {
      if (child.type === "call" && !buildsText(child)) walkCall(child, scope);
      else if (child.type === "attribute") walk(child, scope, "code");
      else walkQuietly(child, scope);
    }
  }

  /** Walks the expressions inside one that builds text; its literals are part of the whole already. */
  function walkParts(node: SyntaxNode, scope: number): void {
    for (const child of node.children) {
      if (child.type === "string_start" || child.type === "string_content" || child.type === "string_end") continue;
      if (child.type === "interpolation") {
        const expression = childOf(child, "expression");
        if (expression !== undefined) {
          if (buildsText(expression)) walkParts(expression, scope);
          else walk(expression, scope, "code");
        }
      } else if (buildsText(child)) walkParts(child, scope);
      else if (child.type === "attribute" || child.type === "argument_list" || child.type === "for_in_clause") walkParts(child, scope);
      else walk(child, scope, "code");
    }
  }

  /** Whether an expression is followed as a value of its own, so that its literals need no look of their own. */
  function buildsText(node: SyntaxNode): boolean {
    const value = valueOf(node);
    switch (value.kind) {
      case "literal":
      case "concat":
      case "choice":
      case "join":
      case "repeat":
      case "wrapped":
        return true;
      case "list":
      case "name":
      case "other":
        return false;
    }
  }

  function valueOf(node: SyntaxNode): Value {
    const known = values.get(node);
    if (known !== undefined) return known;
    const value = readValue(node, "none");
    values.set(node, value);
    return value;
  }

  /** The value of a part: read once, unless `%` or `.format` behind the whole gives its percent signs or braces a meaning. */
  function partOf(node: SyntaxNode, format: PythonFormat, fill: ((hole: string) => Value | undefined) | undefined): Value {
    return format === "none" ? valueOf(node) : readValue(node, format, fill);
  }

  function readValue(node: SyntaxNode, format: PythonFormat, fill?: (hole: string) => Value | undefined): Value {
    const other: Value = { kind: "other", span: span(node) };
    switch (node.type) {
      case "string": {
        const interpolations: { file: Span; expression: Span }[] = [];
        const holes: (Value | undefined)[] = [];
        for (const child of node.children) {
          if (child.type !== "interpolation") continue;
          const expression = childOf(child, "expression");
          interpolations.push({ file: span(child), expression: span(expression ?? child) });
          holes.push(expression === undefined ? undefined : valueOf(expression));
        }
        const literal = decodePythonString(source, span(node), interpolations, format);
        if (literal === undefined) return other;
        const filled = literal.segments.filter((s) => s.kind === "hole" && s.expression?.start === s.file.start).map((s) => fill?.(s.text));
        return { kind: "literal", span: span(node), literal, holes, filled };
      }
      case "concatenated_string":
        return concat(node, partsOf(node).map((part) => partOf(part, format, fill)));
      case "parenthesized_expression": {
        const [inner, more] = partsOf(node);
        return inner === undefined || more !== undefined ? other : partOf(inner, format, fill);
      }
      case "binary_operator": {
        const left = childOf(node, "left");
        const right = childOf(node, "right");
        if (left === undefined || right === undefined) return other;
        const operator = operatorOf(left, right);
        if (operator === "%") {
          const given = right.type === "tuple" ? partsOf(right) : right.type === "dictionary" ? [] : [right];
          let next = 0;
          const receiver = readValue(left, "percent", (hole) => {
            const value = hole.startsWith("%(") ? undefined : given[next++];
            return value === undefined ? undefined : valueOf(value);
          });
          // A template held in a name: what the name holds is SQL as it stands there.
          return isText(receiver) ? { ...receiver, span: span(node) } : receiver.kind === "name" ? receiver : other;
        }
        if (operator === "*") {
          for (const side of [left, right]) {
            const item = valueOf(side);
            if (item.kind === "literal") return { kind: "repeat", span: span(node), item, text: true };
            if (item.kind === "list") return { kind: "repeat", span: span(node), item };
          }
          return other;
        }
        if (operator !== "+") return other;
        const operands = sumOf(node);
        const flat = operands.map((side) => partOf(side, format, fill)).flatMap((part) => (part.kind === "concat" ? part.parts : [part]));
        if (flat.some((part) => part.kind === "literal")) return concatOf(node, flat);
        if (flat.every((part) => part.kind === "list")) return { kind: "list", span: span(node), items: flat };
        return flat.some((part) => part.kind === "name" || part.kind === "join") ? concatOf(node, flat) : other;
      }
      case "conditional_expression": {
        const [yes, , no] = partsOf(node);
        return yes === undefined || no === undefined ? other : { kind: "choice", span: span(node), options: [valueOf(yes), valueOf(no)] };
      }
      case "boolean_operator": {
        const options = partsOf(node).map(valueOf);
        return options.some((o) => o.kind === "literal" || o.kind === "concat") ? { kind: "choice", span: span(node), options } : other;
      }
      case "list":
      case "tuple":
      case "set":
        return { kind: "list", span: span(node), items: partsOf(node).map(valueOf) };
      case "list_comprehension":
      case "generator_expression":
      case "set_comprehension": {
        const body = childOf(node, "body");
        return body === undefined ? other : { kind: "repeat", span: span(node), item: valueOf(body) };
      }
      case "subscript": {
        const inner = childOf(node, "value");
        const index = childOf(node, "subscript");
        return inner === undefined || index?.type !== "slice" ? other : wrapped(node, valueOf(inner));
      }
      case "identifier":
        return { kind: "name", span: span(node), name: text(node) };
      case "attribute": {
        const name = childOf(node, "attribute");
        return name === undefined ? other : { kind: "name", span: span(node), name: `.${text(name)}` };
      }
      case "await": {
        const [inner] = partsOf(node);
        return inner === undefined ? other : valueOf(inner);
      }
      case "named_expression": {
        const inner = childOf(node, "value");
        return inner === undefined ? other : valueOf(inner);
      }
      case "call":
        return readCall(node);
      default:
        return other;
    }
  }

  function readCall(node: SyntaxNode): Value {
    const other: Value = { kind: "other", span: span(node) };
    const target = childOf(node, "function");
    const given = childOf(node, "arguments");
    if (target === undefined || given === undefined) return other;
    const [first] = given.type === "argument_list" ? partsOf(given) : [given];
    if (target.type !== "attribute") {
      return first !== undefined && passing.test(text(target)) ? wrapped(node, valueOf(first)) : other;
    }
    const object = childOf(target, "object");
    const method = childOf(target, "attribute");
    if (object === undefined || method === undefined) return other;
    const name = text(method);
    if (name === "join" && first !== undefined) {
      const separator = valueOf(object);
      return { kind: "join", span: span(node), separator: separator.kind === "literal" ? separator : undefined, items: valueOf(first) };
    }
    if (name === "format") {
      const positional = partsOf(given).filter((a) => a.type !== "keyword_argument");
      let next = 0;
      const receiver = readValue(object, "braces", (hole) => {
        const field = /^\{(\w*)/.exec(hole)?.[1] ?? "";
        const value = field === "" ? positional[next++] : /^\d+$/.test(field) ? positional[Number(field)] : partsOf(given).find((a) => a.type === "keyword_argument" && text(childOf(a, "name") ?? a) === field);
        const expression = value?.type === "keyword_argument" ? childOf(value, "value") : value;
        return expression === undefined ? undefined : valueOf(expression);
      });
      return isText(receiver) ? { ...receiver, span: span(node) } : receiver.kind === "name" ? receiver : other;
    }
    if (passing.test(name)) {
      const receiver = valueOf(object);
      if (isText(receiver) || receiver.kind === "join" || receiver.kind === "repeat" || receiver.kind === "wrapped") return wrapped(node, receiver);
      return first === undefined ? other : wrapped(node, valueOf(first));
    }
    return other;
  }

  function wrapped(node: SyntaxNode, inner: Value): Value {
    return inner.kind === "other" || inner.kind === "name" ? { kind: "other", span: span(node) } : { kind: "wrapped", span: span(node), inner };
  }

  /** The operands of `a + b + c`, from left to right. Not by recursion: a sum may be very long. */
  function sumOf(node: SyntaxNode): SyntaxNode[] {
    const operands: SyntaxNode[] = [];
    let at = node;
    for (;;) {
      const left = childOf(at, "left");
      const right = childOf(at, "right");
      if (at.type !== "binary_operator" || left === undefined || right === undefined || operatorOf(left, right) !== "+") break;
      operands.push(right);
      at = left;
    }
    operands.push(at);
    return operands.reverse();
  }

  function operatorOf(left: SyntaxNode, right: SyntaxNode): string {
    return source.slice(left.end, right.start).replace(/#[^\n]*|[\s()\\]/g, "");
  }

  /** A sum; the sums that it begins with are part of it, and have no value of their own. */
  function concatOf(node: SyntaxNode, parts: readonly Value[]): Value {
    const whole = concat(node, parts);
    for (let at = childOf(node, "left"); at?.type === "binary_operator" && !values.has(at); at = childOf(at, "left")) values.set(at, whole);
    return whole;
  }

  function concat(node: SyntaxNode, parts: readonly Value[]): Value {
    return { kind: "concat", span: span(node), parts };
  }

  function opensConnection(node: SyntaxNode): boolean {
    const call = node.type === "await" ? node.children[0] : node;
    if (call?.type !== "call") return false;
    const target = childOf(call, "function");
    if (target === undefined) return false;
    if (target.type === "identifier") return connectNames.has(text(target));
    const object = childOf(target, "object");
    const method = childOf(target, "attribute");
    return object !== undefined && method !== undefined && text(method) === "connect" && driverNames.has(text(object));
  }

  function handsOut(node: SyntaxNode, frame: FunctionFrame): boolean {
    if (node.type === "identifier") return frame.opened.has(text(node));
    return opensConnection(node);
  }

  function markHelper(frame: FunctionFrame): void {
    if (frame.helper || frame.name === "") return;
    frame.helper = true;
    helperNames.add(frame.name);
    uses.push({ kind: "helper-definition", name: frame.name, span: frame.nameSpan });
  }

  /** A plain name, or an attribute as `.name`. */
  function nameOf(node: SyntaxNode): string | undefined {
    if (node.type === "identifier") return text(node);
    const attribute = node.type === "attribute" ? childOf(node, "attribute") : undefined;
    return attribute === undefined ? undefined : `.${text(attribute)}`;
  }

  /** Names given values that we do not follow hide outer ones. */
  function shadow(target: SyntaxNode, scope: number): void {
    if (target.type === "identifier") bindings.push({ name: text(target), scope, how: "assign", value: { kind: "other", span: span(target) } });
    else if (target.type !== "attribute" && target.type !== "subscript") for (const child of target.children) shadow(child, scope);
  }

  function sqlArgument(given: SyntaxNode): SyntaxNode | undefined {
    const [first] = partsOf(given);
    if (first !== undefined && first.type !== "keyword_argument") return first.type === "list_splat" ? undefined : first;
    for (const argument of partsOf(given)) {
      const name = childOf(argument, "name");
      if (name !== undefined && /^(?:sql|query|statement|stmt|operation|sql_script)$/.test(text(name))) return childOf(argument, "value");
    }
    return undefined;
  }

  function parametersOf(rule: "second" | "always" | "never" | "rest", given: SyntaxNode, sql: SyntaxNode): DatabaseCall["parameters"] {
    if (rule === "always") return "passed";
    if (rule === "never") return "none";
    const rest = partsOf(given).filter((a) => a !== sql && a !== sql.parent);
    if (rest.length === 0) return "none";
    return rest.some((a) => a.type === "list_splat" || a.type === "dictionary_splat") ? "unknown" : "passed";
  }

  function isBlockOf(node: SyntaxNode): boolean {
    return /^(?:block|if_statement|else_clause|elif_clause|try_statement|finally_clause|with_statement|with_clause|decorated_definition)$/.test(node.type);
  }

  function innermostRight(node: SyntaxNode): SyntaxNode {
    const right = childOf(node, "right");
    return right === undefined ? node : right.type === "assignment" ? innermostRight(right) : right;
  }
}

function isText(value: Value): value is Extract<Value, { kind: "literal" | "concat" }> {
  return value.kind === "literal" || (value.kind === "concat" && value.parts.some((p) => isText(p)));
}

function span(node: Span): Span {
  return { start: node.start, end: node.end };
}

/** The line behind the last import at the top; else behind the docstring; else behind the comments that must come first. */
function importPlace(source: string, root: SyntaxNode): number {
  let last = -1;
  const first = root.children.findIndex((n) => n.type !== "comment");
  for (const [i, node] of root.children.entries()) {
    if (node.type === "import_statement" || node.type === "import_from_statement" || node.type === "future_import_statement") last = node.end;
    else if (node.type === "comment") continue;
    else if (i === first && node.type === "expression_statement" && /^[rRuU]?["']/.test(source.slice(node.start, node.start + 2))) last = node.end;
    else break;
  }
  if (last < 0) {
    const head = /^\uFEFF?(?:#![^\n]*(?:\n|$))?(?:#[^\n]*coding[:=][^\n]*(?:\n|$))?/.exec(source);
    return head === null ? 0 : head[0].length;
  }
  const newline = source.indexOf("\n", last);
  return newline < 0 ? source.length : newline + 1;
}
