import type { Span } from "#core/text/span.ts";
import { inMemory } from "./in-memory.ts";
import { libraryUses } from "./library-uses.ts";
import { engineRegions } from "./engine-regions.ts";
import { findSites } from "./find-sites.ts";
import { decodeJsString } from "./js-string.ts";
import type { DatabaseCall, HostCall, HostFile, HostImport, HostUse, Language, Library } from "./site.ts";
import { childOf, partsOf } from "./syntax-node.ts";
import type { SyntaxNode } from "./syntax-node.ts";
import type { Binding, CallFact, Value } from "./value.ts";

/** The modules of SQLite drivers, and the library each one is. */
const drivers: Readonly<Record<string, Library>> = {
  "node:sqlite": "node:sqlite",
  "better-sqlite3": "better-sqlite3",
  sqlite3: "sqlite3",
  sqlite: "sqlite",
  "bun:sqlite": "unknown",
  "@libsql/client": "unknown",
};

/** Methods that take SQL as their first argument. `prepared`: values come with the statement's own methods. */
const methods: Readonly<Record<string, { readonly certainty: CallFact["certainty"]; readonly parameters: "rest" | "prepared" | "never" }>> = {
  prepare: { certainty: "sure", parameters: "prepared" },
  exec: { certainty: "maybe", parameters: "never" },
  execute: { certainty: "sure", parameters: "rest" },
  executeSql: { certainty: "sure", parameters: "rest" },
  all: { certainty: "maybe", parameters: "rest" },
  get: { certainty: "maybe", parameters: "rest" },
  run: { certainty: "maybe", parameters: "rest" },
  each: { certainty: "maybe", parameters: "rest" },
  iterate: { certainty: "maybe", parameters: "rest" },
  query: { certainty: "maybe", parameters: "rest" },
  unsafe: { certainty: "maybe", parameters: "rest" },
  pragma: { certainty: "maybe", parameters: "never" },
  getAll: { certainty: "maybe", parameters: "rest" },
  getRow: { certainty: "maybe", parameters: "rest" },
  getCell: { certainty: "maybe", parameters: "rest" },
  getCol: { certainty: "maybe", parameters: "rest" },
  $queryRawUnsafe: { certainty: "sure", parameters: "rest" },
  $executeRawUnsafe: { certainty: "sure", parameters: "rest" },
};

/** Methods of builders and ORMs that take a part of a statement: knex's raw ones, TypeORM's; the last ones behind a table's name. */
const parts = /^(?:raw|literal|(?:or|and)?[wW]here(?:Raw)?|(?:select|orderBy|having|join|groupBy|from)Raw|andHaving|having|find|findOne|findAll|count)$/;
const behindTable = /^(?:find|findOne|findAll|count)$/;

/** The methods of each library that take SQL: a method of another name is some other object's. */
const libraryMethods: Partial<Record<Library, RegExp>> = {
  "node:sqlite": /^(?:prepare|exec)$/,
  "better-sqlite3": /^(?:prepare|exec)$/,
  sqlite3: /^(?:prepare|exec|run|get|all|each)$/,
  sqlite: /^(?:prepare|exec|run|get|all|each)$/,
};

/** Methods by which a prepared statement is run with values. */
const running = /^(?:all|get|run|iterate|values|each|bind)$/;
/** Tags whose template is SQL; what they interpolate becomes parameters. */
const sqlTags = /^(?:sql|SQL|db\.sql|\$queryRaw|\$executeRaw|.*\.\$queryRaw|.*\.\$executeRaw|.*\.sql)$/;
const speaking = /^(?:log|info|warn|error|debug|trace|fatal|verbose|assert|fail|describe|it|test|suite|l10n\.t|t|showErrorMessage|showInformationMessage|showWarningMessage|rejects|throws|includes|startsWith|endsWith|indexOf|match|equal|strictEqual|deepEqual)$/;
const errorName = /(?:Error|Exception)$/;
const passing = /^(?:trim|trimStart|trimEnd|dedent|toString|String|slice|substring|replace|replaceAll|raw|text|stripIndent|outdent)$/;
const functions = /^(?:function_declaration|function_expression|arrow_function|method_definition|generator_function|generator_function_declaration)$/;

/**
 * Finds the SQL of a TypeScript, TSX or JavaScript file, and what else ties it to SQLite.
 * @param source the file's text
 * @param root its syntax tree, with at least the parts that hold anything of interest
 */
export function findInTypeScript(source: string, root: SyntaxNode, language: Extract<Language, "typescript" | "tsx" | "javascript">): HostFile {
  const text = (node: Span): string => source.slice(node.start, node.end);
  const scopes: number[] = [-1];
  const bindings: Binding[] = [];
  const calls: CallFact[] = [];
  const loose: { value: Value; scope: number }[] = [];
  const uses: HostUse[] = [];
  const imports: HostImport[] = [];
  const hostCalls: HostCall[] = [];
  const localCalls: HostCall[] = [];
  const values = new Map<SyntaxNode, Value>();

  interface FunctionFrame {
    readonly name: string;
    readonly nameSpan: Span;
    readonly parameters: ReadonlySet<string>;
    readonly opened: Set<string>;
    helper: boolean;
  }
  const frames: FunctionFrame[] = [];
  const helperNames = new Set<string>();
  /** How prepared statements held in variables are run, by the variable: for `const s = db.prepare(…); s.run(x)`. */
  const statementRuns = new Map<string, Set<"passed" | "none" | "unknown">>();

  readImports(root);
  /** Names that open a database when constructed or called, with their library. */
  const openers = new Map<string, Library>();
  const driverNamespaces = new Map<string, Library>();
  const errorNames = new Set<string>();
  for (const { module, name, local } of imports) {
    const library = drivers[module];
    if (library === undefined) continue;
    if (/Error$/.test(name)) errorNames.add(local);
    else if (name === "*" || (name === "default" && library === "sqlite3")) driverNamespaces.set(local, library);
    else openers.set(local, library);
    if (name === "default" || name === "*") {
      openers.set(local, library);
      driverNamespaces.set(local, library);
    }
  }
  const libraries = new Set(imports.flatMap(({ module }) => drivers[module] ?? []));
  const [onlyLibrary] = libraries;
  const library: Library = libraries.size === 1 && onlyLibrary !== undefined ? onlyLibrary : "unknown";
  const importedNames = new Set(imports.map(({ local }) => local));

  collectRuns(root);
  walkAll(root.children, 0);
  for (const call of localCalls) {
    const name = call.callee.replace(/^this\./, "");
    if (helperNames.has(name)) uses.push({ kind: "helper-call", name, span: call.span });
  }
  uses.push(...libraryUses(language, source, root, libraries.size > 0 || uses.some(({ kind }) => kind === "connect")));
  uses.sort((a, b) => a.span.start - b.span.start);
  return {
    language,
    sites: findSites(source, language, { open: "${", close: "}" }, { scopes, bindings, calls, loose }),
    uses,
    imports,
    calls: hostCalls,
    regions: engineRegions(source, root),
    importAt: importPlace(source, root),
  };

  function addImport(module: string, name: string, local: string, node: SyntaxNode): void {
    imports.push({ module, name, local, span: span(node) });
  }

  function readImports(node: SyntaxNode): void {
    for (const child of node.children) {
      if (child.type === "import_statement") {
        const from = childOf(child, "source");
        if (from === undefined) continue;
        const module = text(from).slice(1, -1);
        if (drivers[module] !== undefined) uses.push({ kind: "driver-import", name: module, span: span(child) });
        for (const clause of child.children) {
          if (clause.type !== "import_clause") continue;
          for (const item of clause.children) {
            if (item.type === "identifier") addImport(module, "default", text(item), child);
            else if (item.type === "namespace_import") addImport(module, "*", text(item.children[0] ?? item), child);
            else if (item.type === "named_imports") {
              for (const specifier of item.children) {
                const name = childOf(specifier, "name");
                if (name !== undefined) addImport(module, text(name), text(childOf(specifier, "alias") ?? name), child);
              }
            }
          }
        }
      } else if (child.type === "export_statement") {
        const from = childOf(child, "source");
        if (from !== undefined) {
          const module = text(from).slice(1, -1);
          const clause = child.children.find((c) => c.type === "export_clause");
          if (clause === undefined) addImport(module, "*", "*", child);
          for (const specifier of clause?.children ?? []) {
            const name = childOf(specifier, "name");
            if (name !== undefined) addImport(module, text(name), text(childOf(specifier, "alias") ?? name), child);
          }
        } else readImports(child);
      } else if (child.type === "variable_declarator") {
        const name = childOf(child, "name");
        const value = childOf(child, "value");
        const module = value === undefined ? undefined : requiredModule(value);
        if (name !== undefined && module !== undefined) {
          if (drivers[module] !== undefined) uses.push({ kind: "driver-import", name: module, span: span(child) });
          if (name.type === "identifier") {
            addImport(module, "default", text(name), child);
            addImport(module, "*", text(name), child);
          }
          for (const item of name.type === "object_pattern" ? name.children : []) {
            if (item.type === "shorthand_property_identifier_pattern") addImport(module, text(item), text(item), child);
            const key = childOf(item, "key");
            const local = childOf(item, "value");
            if (key !== undefined && local !== undefined) addImport(module, text(key), text(local), child);
          }
        } else readImports(child);
      } else readImports(child);
    }
  }

  /** The module of `require("m")`, also through `.verbose()` or a property. */
  function requiredModule(node: SyntaxNode): string | undefined {
    if (node.type === "member_expression") {
      const object = childOf(node, "object");
      return object === undefined ? undefined : requiredModule(object);
    }
    if (node.type === "await_expression") {
      const [inner] = partsOf(node);
      return inner === undefined ? undefined : requiredModule(inner);
    }
    if (node.type !== "call_expression") return undefined;
    const target = childOf(node, "function");
    if (target === undefined) return undefined;
    if (text(target) === "require" || text(target) === "import") {
      const [module] = childOf(node, "arguments")?.children ?? [];
      return module?.type === "string" ? text(module).slice(1, -1) : undefined;
    }
    return target.type === "member_expression" ? requiredModule(target) : undefined;
  }

  /** Learns how statements held in variables are run, before their `prepare` is looked at. */
  function collectRuns(node: SyntaxNode): void {
    if (node.type === "call_expression") {
      const target = calledBy(node);
      const given = childOf(node, "arguments");
      const object = target?.type === "member_expression" ? childOf(target, "object") : undefined;
      const method = target?.type === "member_expression" ? childOf(target, "property") : undefined;
      if (object !== undefined && method !== undefined && given !== undefined && running.test(text(method))) {
        const name = nameOf(object);
        if (name !== undefined) {
          const known = statementRuns.get(name) ?? new Set();
          known.add(restOf(partsOf(given)));
          statementRuns.set(name, known);
        }
      }
    }
    for (const child of node.children) collectRuns(child);
  }

  function walkAll(nodes: readonly SyntaxNode[], scope: number): void {
    for (const node of nodes) walk(node, scope);
  }

  function walk(node: SyntaxNode, scope: number): void {
    if (functions.test(node.type)) {
      walkFunction(node, scope, undefined);
      return;
    }
    switch (node.type) {
      case "comment":
      case "import_statement":
      case "interface_declaration":
      case "type_alias_declaration":
      case "type_annotation":
        return;
      case "expression_statement": {
        const [only] = partsOf(node);
        // A directive ("use strict") or a string that does nothing.
        if (only?.type === "string") return;
        walkAll(node.children, scope);
        return;
      }
      case "variable_declarator":
        assign(childOf(node, "name"), childOf(node, "value"), scope);
        return;
      case "public_field_definition":
      case "field_definition": {
        const name = childOf(node, "name") ?? childOf(node, "property");
        const value = childOf(node, "value");
        if (name === undefined || value === undefined) return;
        if (functions.test(value.type)) walkFunction(value, scope, name);
        else {
          bindings.push({ name: `.${text(name)}`, scope: 0, how: "assign", value: valueOf(value) });
          walkValue(value, scope);
        }
        return;
      }
      case "pair": {
        const key = childOf(node, "key");
        const value = childOf(node, "value");
        if (key === undefined || value === undefined) return;
        if (functions.test(value.type)) walkFunction(value, scope, key);
        else if (key.type === "property_identifier" && buildsText(value)) {
          bindings.push({ name: `.${text(key)}`, scope: 0, how: "assign", value: valueOf(value) });
          walkParts(value, scope);
        } else walk(value, scope);
        return;
      }
      case "assignment_expression":
        assign(childOf(node, "left"), childOf(node, "right"), scope);
        return;
      case "augmented_assignment_expression": {
        const left = childOf(node, "left");
        const right = childOf(node, "right");
        if (left === undefined || right === undefined) return;
        const name = nameOf(left);
        if (name !== undefined && source.slice(left.end, right.start).trim() === "+=") {
          bindings.push({ name, scope, how: "extend", value: valueOf(right) });
          walkValue(right, scope);
        } else walk(right, scope);
        return;
      }
      case "call_expression":
        walkCall(node, scope);
        return;
      case "new_expression":
        walkNew(node, scope);
        return;
      case "string":
      case "template_string":
      case "binary_expression":
        if (buildsText(node)) {
          loose.push({ value: valueOf(node), scope });
          walkParts(node, scope);
        } else if (isComparison(node)) walkQuietly(node, scope);
        else walkAll(node.children, scope);
        return;
      case "return_statement": {
        const frame = frames.at(-1);
        if (frame !== undefined && partsOf(node).some((part) => handsOut(part, frame))) markHelper(frame);
        walkAll(node.children, scope);
        return;
      }
      case "throw_statement":
        walkQuietly(node, scope);
        return;
      case "member_expression": {
        const property = childOf(node, "property");
        if (property !== undefined && /^(?:lastInsertRowid|lastID)$/.test(text(property))) uses.push({ kind: "lastrowid", name: text(property), span: span(property) });
        const object = childOf(node, "object");
        if (object !== undefined) walk(object, scope);
        return;
      }
      case "shorthand_property_identifier_pattern":
        if (text(node) === "lastInsertRowid") uses.push({ kind: "lastrowid", name: "lastInsertRowid", span: span(node) });
        return;
      case "pair_pattern": {
        const key = childOf(node, "key");
        if (key !== undefined && text(key) === "lastInsertRowid") uses.push({ kind: "lastrowid", name: "lastInsertRowid", span: span(key) });
        return;
      }
      default:
        walkAll(node.children, scope);
    }
  }

  function walkFunction(node: SyntaxNode, scope: number, given: SyntaxNode | undefined): void {
    const inner = scopes.push(scope) - 1;
    const name = childOf(node, "name") ?? given;
    const names = new Set<string>();
    const list = childOf(node, "parameters") ?? childOf(node, "parameter");
    const addParameter = (part: SyntaxNode): void => {
      if (part.type === "identifier" || part.type === "shorthand_property_identifier_pattern") {
        names.add(text(part));
        bindings.push({ name: text(part), scope: inner, how: "assign", value: { kind: "other", span: span(part) } });
      } else if (part.type !== "type_annotation") {
        for (const child of part.children) if (child.field !== "value" && child.field !== "right") addParameter(child);
      }
    };
    if (list !== undefined) {
      addParameter(list);
      for (const parameter of list.children) {
        const value = childOf(parameter, "value");
        if (value !== undefined) walk(value, scope);
      }
    }
    const body = childOf(node, "body");
    if (body === undefined) return;
    const frame: FunctionFrame = { name: name === undefined ? "" : text(name), nameSpan: span(name ?? node), parameters: names, opened: new Set(), helper: false };
    // An arrow function within a helper works with the helper's connection and is no helper by itself.
    const own = frame.name !== "" || frames.length === 0;
    if (own) frames.push(frame);
    if (body.type === "statement_block") walkAll(body.children, inner);
    else {
      if (own && handsOut(body, frame)) markHelper(frame);
      walk(body, inner);
    }
    if (own) frames.pop();
  }

  function assign(left: SyntaxNode | undefined, right: SyntaxNode | undefined, scope: number): void {
    if (left === undefined) return;
    const name = nameOf(left);
    if (name === undefined) {
      shadow(left, scope);
      walk(left, scope);
    } else if (left.type === "member_expression") walk(childOf(left, "object") ?? left, scope);
    if (right === undefined) {
      // `let sql;` holds nothing yet.
      return;
    }
    const frame = frames.at(-1);
    if (name !== undefined && frame !== undefined && (opens(right) || wraps(right, frame))) frame.opened.add(name);
    if (functions.test(right.type)) {
      walkFunction(right, scope, left);
      return;
    }
    if (name !== undefined) bindings.push({ name, scope, how: "assign", value: valueOf(right) });
    walkValue(right, scope);
  }

  /** Walks what a binding has taken up already. */
  function walkValue(node: SyntaxNode, scope: number): void {
    if (buildsText(node)) walkParts(node, scope);
    else walk(node, scope);
  }

  function walkNew(node: SyntaxNode, scope: number): void {
    const constructed = childOf(node, "constructor");
    if (opens(node) && constructed !== undefined) uses.push({ kind: "connect", name: text(constructed), span: span(node), ...inMemory(text(node)) });
    const given = childOf(node, "arguments");
    if (given === undefined) return;
    if (constructed !== undefined && errorName.test(text(constructed))) walkQuietly(given, scope);
    else walkAll(given.children, scope);
  }

  function walkCall(node: SyntaxNode, scope: number): void {
    const target = calledBy(node);
    const given = childOf(node, "arguments");
    if (target === undefined || given === undefined) return;
    const callee = text(target).replace(/\s/g, "");
    if (given.type === "template_string") {
      walkTagged(node, target, given, callee, scope);
      return;
    }
    const method = target.type === "member_expression" ? childOf(target, "property") : target;
    const methodName = method === undefined ? "" : text(method);
    const frame = frames.at(-1);
    const list = partsOf(given);

    if (opens(node)) uses.push({ kind: "connect", name: callee, span: span(node), ...inMemory(text(node)) });
    if (frame !== undefined && target.type === "identifier" && frame.parameters.has(methodName) && list.some((a) => handsOut(a, frame))) markHelper(frame);
    if (/^[\p{L}_$][\p{L}\p{N}_$.]*$/u.test(callee)) {
      if (importedNames.has(callee.split(".")[0] ?? "")) hostCalls.push({ callee, span: span(node) });
      localCalls.push({ callee, span: span(node) });
    }

    if (target.type === "member_expression") {
      const object = childOf(target, "object");
      const name = object === undefined ? undefined : nameOf(object);
      if (name !== undefined && /^(?:push|unshift)$/.test(methodName)) {
        for (const added of list) {
          bindings.push({ name, scope, how: "add", value: valueOf(added) });
          walkValue(added, scope);
        }
        return;
      }
    }
    if (buildsText(node)) {
      loose.push({ value: valueOf(node), scope });
      walkParts(node, scope);
      return;
    }
    const known = methods[methodName];
    const [sql] = list;
    // R is RedBean's, as its manual writes it.
    const receiver = target.type === "member_expression" ? childOf(target, "object") : undefined;
    if (parts.test(methodName) && receiver !== undefined && (!behindTable.test(methodName) || /^R$/.test(text(receiver)))) {
      const part = behindTable.test(methodName) ? list[1] : sql;
      if (part !== undefined) {
        const at = list.indexOf(part);
        const call: DatabaseCall = { library: "query-builder", method: methodName, span: span(node), parameters: restOf(list.slice(at + 1)) };
        calls.push({ call, sql: valueOf(part), scope, certainty: "maybe", part: true });
        walk(target, scope);
        for (const argument of list) {
          if (argument === part) walkValue(argument, scope);
          else walk(argument, scope);
        }
        return;
      }
    }
    if (known !== undefined && sql !== undefined && target.type === "member_expression") {
      const parameters = known.parameters === "never" ? "none" : known.parameters === "rest" ? restOf(list.slice(1)) : preparedParameters(node);
      const certainty = methodName === "exec" && library !== "unknown" ? "sure" : known.certainty;
      const builder = /(?:^|\.)(?:sequelize|knex|R)$/i.test(text(childOf(target, "object") ?? target));
      const call: DatabaseCall = { library: builder ? "query-builder" : libraryMethods[library]?.test(methodName) === true ? library : "unknown", method: methodName, span: span(node), parameters };
      // The other common `exec` is a regular expression's.
      const isPattern = /(?:^|\.)(?:\w*(?:[rR]egex|[pP]attern|RE)\w*|re)\.exec$/.test(callee) || childOf(target, "object")?.type === "regex";
      if (methodName !== "pragma" && !isPattern) calls.push({ call, sql: valueOf(sql), scope, certainty });
      walk(target, scope);
      for (const argument of list) {
        if (argument === sql) walkValue(argument, scope);
        else walk(argument, scope);
      }
      return;
    }
    walk(target, scope);
    if (speaking.test(methodName)) walkQuietly(given, scope);
    else walkAll(given.children, scope);
  }

  /** What is called. The grammar reads `await f<T>(x)` as a call of `await f`. */
  function calledBy(node: SyntaxNode): SyntaxNode | undefined {
    let target = childOf(node, "function");
    while (target !== undefined && (target.type === "await_expression" || target.type === "non_null_expression")) target = partsOf(target)[0];
    return target;
  }

  function walkTagged(node: SyntaxNode, target: SyntaxNode, template: SyntaxNode, callee: string, scope: number): void {
    if (buildsText(node)) {
      loose.push({ value: valueOf(node), scope });
      walkParts(node, scope);
      return;
    }
    if (sqlTags.test(callee)) {
      const value = valueOf(template);
      const holds = value.kind === "literal" && value.holes.length > 0;
      const call: DatabaseCall = { library: "unknown", method: callee, span: span(node), parameters: holds ? "passed" : "none" };
      calls.push({ call, sql: value, scope, certainty: "maybe" });
    }
    walk(target, scope);
    walkParts(template, scope);
  }

  /** How the values of a `prepare` come: by the methods chained to it, or those of the variable that holds the statement. */
  function preparedParameters(node: SyntaxNode): DatabaseCall["parameters"] {
    let at = node;
    for (;;) {
      const parent = at.parent;
      if (parent === undefined) return "unknown";
      if (parent.type === "member_expression" && parent.parent?.type === "call_expression") {
        const property = childOf(parent, "property");
        const given = childOf(parent.parent, "arguments");
        if (property !== undefined && given !== undefined && running.test(text(property))) return restOf(partsOf(given));
        at = parent.parent;
        continue;
      }
      if (/^(?:await_expression|parenthesized_expression|as_expression|satisfies_expression|non_null_expression)$/.test(parent.type)) {
        at = parent;
        continue;
      }
      const left = parent.type === "variable_declarator" || /^(?:public_)?field_definition$/.test(parent.type) ? (childOf(parent, "name") ?? childOf(parent, "property")) : parent.type === "pair" ? childOf(parent, "key") : parent.type === "assignment_expression" ? childOf(parent, "left") : undefined;
      if (left === undefined) return "unknown";
      const name = left.type === "property_identifier" ? `.${text(left)}` : nameOf(left);
      const runs = name === undefined ? undefined : statementRuns.get(name);
      const [only] = runs ?? [];
      return runs?.size === 1 && only !== undefined ? only : "unknown";
    }
  }

  /** What arguments behind the SQL say: a callback is no value. */
  function restOf(rest: readonly SyntaxNode[]): DatabaseCall["parameters"] {
    const given = rest.filter((a) => !functions.test(a.type));
    return given.length === 0 ? "none" : "passed";
  }

  /** Walks what holds text for people; functions in it, and what other calls within it are given, are code again. */
  function walkQuietly(node: SyntaxNode, scope: number): void {
    for (const child of node.children) {
      if (functions.test(child.type)) walkFunction(child, scope, undefined);
      else if (child.type === "call_expression" && !buildsText(child)) walkCall(child, scope);
      else if (child.type === "member_expression") walk(child, scope);
      else walkQuietly(child, scope);
    }
  }

  /** Walks the expressions inside one that builds text. */
  function walkParts(node: SyntaxNode, scope: number): void {
    for (const child of node.children) {
      if (child.type === "string_fragment" || child.type === "escape_sequence") continue;
      if (child.type === "template_substitution") {
        for (const expression of partsOf(child)) walkValue(expression, scope);
      } else if (buildsText(child) || child.type === "arguments" || child.type === "member_expression") walkParts(child, scope);
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
    switch (node.type) {
      case "string":
      case "template_string":
        return literal(node, node, false);
      case "parenthesized_expression":
      case "as_expression":
      case "satisfies_expression":
      case "non_null_expression":
      case "await_expression": {
        const [inner] = partsOf(node);
        return inner === undefined ? other : valueOf(inner);
      }
      case "binary_expression": {
        const left = childOf(node, "left");
        const right = childOf(node, "right");
        if (left === undefined || right === undefined) return other;
        const operator = operatorOf(left, right);
        if (operator === "+") {
          const flat = sumOf(node).map(valueOf).flatMap((part) => (part.kind === "concat" ? part.parts : [part]));
          if (!flat.some((part) => part.kind === "literal" || part.kind === "join")) return other;
          const whole: Value = { kind: "concat", span: span(node), parts: flat };
          // The sums that it begins with are part of it, and have no value of their own.
          for (let at = childOf(node, "left"); at?.type === "binary_expression" && !values.has(at); at = childOf(at, "left")) values.set(at, whole);
          return whole;
        }
        if (operator === "||" || operator === "??" || operator === "&&") {
          const options = (operator === "&&" ? [right] : [left, right]).map(valueOf);
          return options.some((o) => o.kind === "literal" || o.kind === "concat") ? { kind: "choice", span: span(node), options } : other;
        }
        return other;
      }
      case "ternary_expression": {
        const yes = childOf(node, "consequence");
        const no = childOf(node, "alternative");
        return yes === undefined || no === undefined ? other : { kind: "choice", span: span(node), options: [valueOf(yes), valueOf(no)] };
      }
      case "array":
        return { kind: "list", span: span(node), items: partsOf(node).map((item) => (item.type === "spread_element" ? valueOf(partsOf(item)[0] ?? item) : valueOf(item))) };
      case "identifier":
      case "shorthand_property_identifier":
        return { kind: "name", span: span(node), name: text(node) };
      case "member_expression": {
        const property = childOf(node, "property");
        return property === undefined ? other : { kind: "name", span: span(node), name: `.${text(property)}` };
      }
      case "call_expression":
        return readCall(node);
      default:
        return other;
    }
  }

  function operatorOf(left: SyntaxNode, right: SyntaxNode): string {
    return source.slice(left.end, right.start).replace(/\/\/[^\n]*|\/\*[^]*?\*\/|[\s()]/g, "");
  }

  /** The operands of `a + b + c`, from left to right. Not by recursion: a sum may be very long. */
  function sumOf(node: SyntaxNode): SyntaxNode[] {
    const operands: SyntaxNode[] = [];
    let at = node;
    for (;;) {
      const left = childOf(at, "left");
      const right = childOf(at, "right");
      if (at.type !== "binary_expression" || left === undefined || right === undefined || operatorOf(left, right) !== "+") break;
      operands.push(right);
      at = left;
    }
    operands.push(at);
    return operands.reverse();
  }

  function literal(node: SyntaxNode, template: SyntaxNode, raw: boolean): Value {
    const substitutions: { file: Span; expression: Span }[] = [];
    const holes: (Value | undefined)[] = [];
    for (const child of template.children) {
      if (child.type !== "template_substitution") continue;
      const [expression] = partsOf(child);
      substitutions.push({ file: span(child), expression: span(expression ?? child) });
      holes.push(expression === undefined ? undefined : valueOf(expression));
    }
    const decoded = decodeJsString(source, span(template), substitutions, raw);
    return decoded === undefined ? { kind: "other", span: span(node) } : { kind: "literal", span: span(node), literal: decoded, holes };
  }

  function readCall(node: SyntaxNode): Value {
    const other: Value = { kind: "other", span: span(node) };
    const target = childOf(node, "function");
    const given = childOf(node, "arguments");
    if (target === undefined || given === undefined) return other;
    if (given.type === "template_string") {
      if (text(target) === "String.raw") return literal(node, given, true);
      return passing.test(text(target)) ? wrapped(node, literal(given, given, false)) : other;
    }
    const list = partsOf(given);
    const [first, second] = list;
    if (target.type !== "member_expression") return first !== undefined && passing.test(text(target)) ? wrapped(node, valueOf(first)) : other;
    const object = childOf(target, "object");
    const method = childOf(target, "property");
    if (object === undefined || method === undefined) return other;
    const name = text(method);
    switch (name) {
      case "join": {
        const separator = first === undefined ? undefined : valueOf(first);
        if (separator !== undefined && separator.kind !== "literal") return other;
        return { kind: "join", span: span(node), separator, items: valueOf(object) };
      }
      case "repeat": {
        const item = valueOf(object);
        return item.kind === "literal" ? { kind: "repeat", span: span(node), item } : other;
      }
      case "fill":
        return first === undefined ? other : repeated(node, first);
      case "map":
      case "flatMap":
        return first === undefined ? other : repeatedBy(node, first);
      case "from":
        return text(object) === "Array" && second !== undefined ? repeatedBy(node, second) : other;
      case "filter":
      case "concat": {
        const items = valueOf(object);
        return items.kind === "list" ? { kind: "list", span: span(node), items: [...items.items, ...(name === "concat" ? list.map(valueOf) : [])] } : items.kind === "name" ? items : other;
      }
      default: {
        if (!passing.test(name)) return other;
        const receiver = valueOf(object);
        return receiver.kind === "other" || receiver.kind === "name" || receiver.kind === "list" ? other : wrapped(node, receiver);
      }
    }
  }

  function repeated(node: SyntaxNode, item: SyntaxNode): Value {
    const value = valueOf(item);
    return value.kind === "literal" || value.kind === "concat" ? { kind: "repeat", span: span(node), item: value } : { kind: "other", span: span(node) };
  }

  /** `map(() => "?")`: the text that the function gives back. */
  function repeatedBy(node: SyntaxNode, by: SyntaxNode): Value {
    const body = by.type === "arrow_function" ? childOf(by, "body") : undefined;
    if (body === undefined) return { kind: "other", span: span(node) };
    if (body.type !== "statement_block") return repeated(node, body);
    const [only, more] = partsOf(body);
    const [result] = only?.type === "return_statement" && more === undefined ? partsOf(only) : [];
    return result === undefined ? { kind: "other", span: span(node) } : repeated(node, result);
  }

  function wrapped(node: SyntaxNode, inner: Value): Value {
    return inner.kind === "other" || inner.kind === "name" ? { kind: "other", span: span(node) } : { kind: "wrapped", span: span(node), inner };
  }

  function opens(node: SyntaxNode): boolean {
    if (node.type === "await_expression" || node.type === "parenthesized_expression" || node.type === "as_expression") {
      const [inner] = partsOf(node);
      return inner !== undefined && opens(inner);
    }
    const constructed = node.type === "new_expression" ? childOf(node, "constructor") : undefined;
    if (constructed !== undefined) {
      if (constructed.type === "identifier") return openers.has(text(constructed));
      const object = childOf(constructed, "object");
      return object !== undefined && driverNamespaces.has(text(object)) && /^(?:Database|DatabaseSync|default)$/.test(text(childOf(constructed, "property") ?? constructed));
    }
    if (node.type !== "call_expression") return false;
    const target = childOf(node, "function");
    if (target?.type === "identifier") {
      const opener = openers.get(text(target));
      // `open` of the package sqlite; better-sqlite3 may be called without `new`.
      return opener === "sqlite" || opener === "better-sqlite3";
    }
    const object = target?.type === "member_expression" ? childOf(target, "object") : undefined;
    return object !== undefined && driverNamespaces.get(text(object)) === "sqlite" && target !== undefined && text(target).endsWith(".open");
  }

  /** An object of the project's own around an opened database. */
  function wraps(node: SyntaxNode, frame: FunctionFrame): boolean {
    if (node.type === "object") return mentions(node, frame.opened);
    const given = node.type === "new_expression" || (node.type === "call_expression" && childOf(node, "function")?.type === "identifier") ? childOf(node, "arguments") : undefined;
    return given?.children.some((a) => a.type === "identifier" && frame.opened.has(text(a))) === true;
  }

  function mentions(node: SyntaxNode, names: ReadonlySet<string>): boolean {
    return names.size > 0 && ((node.type === "identifier" && names.has(text(node))) || node.children.some((c) => mentions(c, names)));
  }

  function handsOut(node: SyntaxNode, frame: FunctionFrame): boolean {
    if (node.type === "identifier") return frame.opened.has(text(node));
    if (node.type === "await_expression" || node.type === "as_expression" || node.type === "parenthesized_expression") return partsOf(node).some((p) => handsOut(p, frame));
    return opens(node) || (frame.opened.size > 0 && wraps(node, frame) && node.type !== "call_expression");
  }

  function markHelper(frame: FunctionFrame): void {
    if (frame.helper || frame.name === "") return;
    frame.helper = true;
    helperNames.add(frame.name);
    uses.push({ kind: "helper-definition", name: frame.name, span: frame.nameSpan });
  }

  function nameOf(node: SyntaxNode): string | undefined {
    if (node.type === "identifier") return text(node);
    const property = node.type === "member_expression" ? childOf(node, "property") : undefined;
    return property === undefined ? undefined : `.${text(property)}`;
  }

  function shadow(target: SyntaxNode, scope: number): void {
    if (target.type === "identifier" || target.type === "shorthand_property_identifier_pattern") {
      bindings.push({ name: text(target), scope, how: "assign", value: { kind: "other", span: span(target) } });
    } else for (const child of target.children) if (child.field !== "key" && child.field !== "right") shadow(child, scope);
  }

  function isComparison(node: SyntaxNode): boolean {
    const left = childOf(node, "left");
    const right = childOf(node, "right");
    if (node.type !== "binary_expression" || left === undefined || right === undefined) return false;
    const operator = source.slice(left.end, right.start).trim();
    if (operator === "instanceof" && errorNames.has(text(right))) uses.push({ kind: "error-class", name: text(right), span: span(right) });
    else if (/^[!=]==?$/.test(operator)) {
      for (const side of [left, right]) {
        const code = side.type === "string" ? /^SQLITE_[A-Z_]+$/.exec(text(side).slice(1, -1)) : null;
        if (code !== null) uses.push({ kind: "error-class", name: code[0], span: span(side) });
      }
    }
    return /^(?:[!=]==?|in|instanceof|[<>]=?)$/.test(operator);
  }
}

function span(node: Span): Span {
  return { start: node.start, end: node.end };
}

/** The line behind the last import at the top; else the start, behind a `#!` line, opening comments and directives. */
function importPlace(source: string, root: SyntaxNode): number {
  let last = -1;
  let place = source.startsWith("\uFEFF") ? 1 : 0;
  for (const node of root.children) {
    if (node.type === "import_statement") last = node.end;
    else if (node.type === "comment") continue;
    else if (last < 0 && node.type === "hash_bang_line") place = node.end;
    else if (last < 0 && node.type === "expression_statement" && /^["']use /.test(source.slice(node.start, node.start + 5))) place = node.end;
    else if (/^(?:lexical_declaration|variable_declaration)$/.test(node.type) && /=\s*require\(/.test(source.slice(node.start, node.end))) last = node.end;
    else break;
  }
  const after = Math.max(last, place);
  if (after <= 1) return after;
  const newline = source.indexOf("\n", after);
  return newline < 0 ? source.length : newline + 1;
}
