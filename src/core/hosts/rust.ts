import type { CallShape, HostGrammar, Shape, TextCall } from "./host-grammar.ts";
import { binaryOf, compares, lineBehind, plainName, sumOf } from "./operands.ts";
import { decodeRustString } from "./rust-string.ts";
import type { DatabaseCall, HostFile, Library } from "./site.ts";
import { childOf, partsOf } from "./syntax-node.ts";
import type { SyntaxNode } from "./syntax-node.ts";
import { walkHost } from "./walk-host.ts";

/** rusqlite's methods that take SQL as their first argument. */
const methods: Readonly<Record<string, { readonly sure: boolean; readonly parameters: "never" | "prepared" | "second" }>> = {
  execute: { sure: true, parameters: "second" },
  execute_batch: { sure: true, parameters: "never" },
  query_row: { sure: true, parameters: "second" },
  query_row_and_then: { sure: true, parameters: "second" },
  query_one: { sure: true, parameters: "second" },
  prepare: { sure: true, parameters: "prepared" },
  prepare_cached: { sure: true, parameters: "prepared" },
  fetch_one: { sure: false, parameters: "never" },
  fetch_all: { sure: false, parameters: "never" },
  fetch_optional: { sure: false, parameters: "never" },
};

/** sqlx's functions and macros; values come by `bind`, or behind the text of a macro. */
const sqlxFunctions = /^(?:query|query_as|query_scalar|query_with|query_as_with|query_scalar_with|raw_sql)$/;
const speaking = /^(?:println|print|eprintln|eprint|panic|todo|unimplemented|unreachable|assert|assert_eq|assert_ne|debug_assert|expect|context|with_context|bail|anyhow|ensure|trace|debug|info|warn|error|log|contains|starts_with|ends_with|find|write|writeln|matches)$/;

/** Finds the SQL of a Rust file, and what else ties it to SQLite. */
export function findInRust(source: string, root: SyntaxNode): HostFile {
  const text = (node: SyntaxNode): string => source.slice(node.start, node.end);
  const library: Library = /\brusqlite\b/.test(source) ? "rusqlite" : "unknown";
  const usesSqlx = /\bsqlx\b/.test(source);

  const grammar: HostGrammar = {
    language: "rust",
    style: { open: "{", close: "}" },
    speaking,
    givesLast: true,
    importAt: importPlace(),
    shapeOf,
    literalOf: (node, format) => {
      const literal = decodeRustString(source, node, format);
      return literal === undefined ? undefined : { literal, holes: [] };
    },
    textCall,
    grows: (call) => {
      const [value] = call.arguments;
      if (call.receiver === undefined || value === undefined) return undefined;
      if (call.method === "push_str") return { target: call.receiver, values: [value], how: "extend" };
      return call.method === "push" ? { target: call.receiver, values: [value], how: value.type === "char_literal" ? "extend" : "add" } : undefined;
    },
    databaseCall: (call, node) => {
      const path = pathOf(node);
      if (call.method === "query" && call.receiver === undefined && call.arguments[0] !== undefined && bindsByName(node)) return { library: "query-builder", sql: call.arguments[0], parameters: "passed", certainty: "maybe" };
      if (sqlxFunctions.test(call.method) && (path.startsWith("sqlx::") || usesSqlx) && call.receiver === undefined) {
        const macro = node.type === "macro_invocation";
        const at = macro && call.method === "query_as" ? call.arguments.findIndex((a) => shapeOf(a)?.kind === "literal") : 0;
        const sql = call.arguments[at];
        if (sql === undefined) return undefined;
        const parameters = macro ? (source.slice(sql.end, node.end).replace(/[\s,)\]}]/g, "") === "" ? "none" : "passed") : boundBy(node);
        return { library: "sqlx", sql, parameters, certainty: "sure" };
      }
      const method = methods[call.method];
      const [sql, given] = call.arguments;
      if (method === undefined || sql === undefined || call.receiver === undefined) return undefined;
      const parameters = method.parameters === "never" ? "none" : method.parameters === "prepared" ? "unknown" : passedIn(given);
      return { library, sql, parameters, certainty: method.sure ? "sure" : "maybe" };
    },
    opens: (_call, node) => {
      const path = pathOf(node);
      if (/^(?:rusqlite::)?Connection::open(?:_in_memory|_with_flags|_in_memory_with_flags)?$/.test(path)) return path;
      return /(?:^|::)Sqlite(?:Pool|Connection)(?:Options)?::(?:connect|connect_with|connect_lazy|new)$/.test(path) ? path : undefined;
    },
    useOf: (node) => {
      if (node.type === "use_declaration") {
        const name = /^(?:pub\s+)?use\s+(?:::)?(\w+)/.exec(text(node))?.[1] ?? "";
        return name === "rusqlite" || (name === "sqlx" && /sqlite/i.test(text(node))) ? { kind: "driver-import", name } : undefined;
      }
      if (node.type === "field_identifier" && /^last_insert_rowid$/.test(text(node))) return { kind: "lastrowid", name: "last_insert_rowid" };
      if (node.type === "scoped_identifier" && /(?:^|::)(?:Error::SqliteFailure|ErrorCode::\w+|SqliteError)$/.test(text(node)) && library === "rusqlite") return { kind: "error-class", name: text(node) };
      return undefined;
    },
    importOf: (node) => {
      if (node.type !== "use_declaration") return undefined;
      const module = /^(?:pub\s+)?use\s+([\w:]+)/.exec(text(node))?.[1] ?? "";
      return { module: module.replace(/::$/, ""), name: "*", local: module.split("::").at(-1) ?? module };
    },
  };
  return walkHost(source, root, grammar);

  /** The path of what a call or macro names: `sqlx::query`. */
  function pathOf(node: SyntaxNode): string {
    const target = childOf(node, "function") ?? childOf(node, "macro");
    return target === undefined ? "" : plainName(text(target));
  }

  function passedIn(given: SyntaxNode | undefined): DatabaseCall["parameters"] {
    if (given === undefined) return "none";
    if (given.type === "unit_expression" || /^(?:&?\[\s*\]|\(\s*\)|(?:rusqlite::)?(?:params!\s*[[({]\s*[\])}]|NO_PARAMS))$/.test(text(given))) return "none";
    return given.type === "closure_expression" ? "none" : "passed";
  }

  /** Whether values are bound to the query that a call makes by their names, which a project's own layer puts in place. */
  function bindsByName(node: SyntaxNode): boolean {
    for (let at: SyntaxNode | undefined = node.parent; at !== undefined; at = at.parent) {
      if (at.type === "call_expression" && /^bind(?:_\w+)?$/.test(lastMethod(at))) {
        const given = partsOf(childOf(at, "arguments") ?? at);
        return given.length === 2 && given[0]?.type === "string_literal";
      }
      if (at.type !== "try_expression" && at.type !== "field_expression" && at.type !== "call_expression" && at.type !== "await_expression") return false;
    }
    return false;
  }

  /** Whether the query that a call makes is given values by the calls chained to it. */
  function boundBy(node: SyntaxNode): DatabaseCall["parameters"] {
    let at = node;
    for (;;) {
      const field = at.parent;
      const call = field?.parent;
      if (field?.type !== "field_expression" || call?.type !== "call_expression") return at === node ? "unknown" : /^fetch|^execute/.test(lastMethod(at)) ? "none" : "unknown";
      const name = childOf(field, "field");
      if (name !== undefined && /^bind(?:_all)?$/.test(text(name))) return "passed";
      at = call;
    }
  }

  function lastMethod(call: SyntaxNode): string {
    const target = childOf(call, "function");
    const field = target === undefined ? undefined : childOf(target, "field");
    return field === undefined ? "" : text(field);
  }

  function shapeOf(node: SyntaxNode): Shape | undefined {
    switch (node.type) {
      case "use_declaration":
      case "line_comment":
      case "block_comment":
      case "type_arguments":
      case "match_pattern":
        return { kind: "skip" };
      case "attribute_item":
      case "inner_attribute_item":
        return { kind: "quiet" };
      case "string_literal":
      case "raw_string_literal":
        return { kind: "literal" };
      case "parenthesized_expression":
      case "reference_expression":
      case "try_expression":
      case "await_expression": {
        const inner = childOf(node, "value") ?? partsOf(node).at(-1);
        return inner === undefined ? undefined : { kind: "inner", inner };
      }
      case "block": {
        const parts = partsOf(node);
        const [only] = parts;
        return parts.length === 1 && only !== undefined && (node.parent?.type === "if_expression" || node.parent?.type === "else_clause") && /(?:literal|macro_invocation)$/.test(only.type) ? { kind: "inner", inner: only } : undefined;
      }
      case "else_clause": {
        const [inner] = partsOf(node);
        return inner === undefined || shapeOf(inner)?.kind !== "inner" ? undefined : { kind: "inner", inner };
      }
      case "if_expression": {
        const yes = childOf(node, "consequence");
        const no = childOf(node, "alternative");
        return yes === undefined || no === undefined || shapeOf(yes)?.kind !== "inner" || shapeOf(no)?.kind !== "inner" ? undefined : { kind: "choice", options: [yes, no] };
      }
      case "binary_expression": {
        const binary = binaryOf(source, node);
        if (binary === undefined) return undefined;
        if (binary.operator.replace("&", "") === "+") return { kind: "sum", parts: sumOf(source, node, "+") };
        return compares(binary.operator) ? { kind: "quiet" } : undefined;
      }
      case "array_expression": {
        const length = childOf(node, "length");
        const [first] = partsOf(node);
        if (length !== undefined && first !== undefined) return { kind: "repeat", item: first };
        return { kind: "list", items: partsOf(node) };
      }
      case "identifier":
        return { kind: "name", name: text(node) };
      case "field_expression": {
        const field = childOf(node, "field");
        return field === undefined ? undefined : { kind: "name", name: `.${text(field)}` };
      }
      case "scoped_identifier": {
        const name = childOf(node, "name");
        return name === undefined ? undefined : { kind: "name", name: text(name) };
      }
      case "call_expression": {
        let target = childOf(node, "function");
        const given = childOf(node, "arguments");
        if (target?.type === "generic_function") target = childOf(target, "function");
        if (target === undefined || given === undefined) return undefined;
        const [only, more] = partsOf(given);
        if (only !== undefined && more === undefined && /^(?:Ok|Some)$/.test(text(target))) return { kind: "inner", inner: only };
        const field = target.type === "field_expression" ? childOf(target, "field") : childOf(target, "name");
        return { kind: "call", receiver: target.type === "field_expression" ? childOf(target, "value") : undefined, method: text(field ?? target), constructs: false, arguments: partsOf(given) };
      }
      case "macro_invocation": {
        const macro = childOf(node, "macro");
        const tokens = node.children.find((c) => c.type === "token_tree");
        if (macro === undefined || tokens === undefined) return undefined;
        return { kind: "call", receiver: undefined, method: text(macro).split("::").at(-1) ?? "", constructs: false, arguments: partsOf(tokens) };
      }
      case "token_tree": {
        // A macro's tokens are not parsed: `assert!(db.execute("…", []).is_ok())`.
        const tokens = node.parent?.type === "token_tree" ? partsOf(node.parent) : [];
        const at = tokens.indexOf(node);
        const name = tokens[at - 1];
        if (name?.type !== "identifier" || !Object.hasOwn(methods, text(name)) || source.charAt(name.start - 1) !== "." || source.charAt(node.start) !== "(" || name.end !== node.start) return undefined;
        return { kind: "call", receiver: tokens[at - 2] ?? name, method: text(name), constructs: false, arguments: partsOf(node) };
      }
      case "const_item":
      case "static_item": {
        const left = childOf(node, "name");
        return left === undefined ? undefined : { kind: "assign", how: "assign", pairs: [{ left, right: childOf(node, "value") }] };
      }
      case "let_declaration": {
        const left = childOf(node, "pattern");
        return left === undefined ? undefined : { kind: "assign", how: "assign", pairs: [{ left, right: childOf(node, "value") }] };
      }
      case "assignment_expression":
      case "compound_assignment_expr": {
        const left = childOf(node, "left");
        const right = childOf(node, "right");
        return left === undefined || right === undefined ? undefined : { kind: "assign", how: node.type === "compound_assignment_expr" ? "extend" : "assign", pairs: [{ left, right }] };
      }
      case "function_item":
        return { kind: "function", name: childOf(node, "name"), parameters: childOf(node, "parameters"), body: childOf(node, "body") };
      case "closure_expression":
        return { kind: "function", name: undefined, parameters: childOf(node, "parameters"), body: childOf(node, "body") };
      case "return_expression":
        return { kind: "return", values: partsOf(node) };
      default:
        return undefined;
    }
  }

  function textCall(call: CallShape, node: SyntaxNode): TextCall | undefined {
    const { receiver, method, arguments: given } = call;
    const [first, ...rest] = given;
    if (node.type === "macro_invocation") {
      if (first === undefined) return undefined;
      switch (method) {
        case "format":
          // Only plain names between the commas are one value each.
          return { kind: "format", template: first, values: plainList(first, node) ? rest : [], format: "braces" };
        case "concat":
          return given.every((part) => /literal$/.test(part.type)) ? { kind: "sum", parts: given } : undefined;
        case "vec":
          return source.slice(first.end, first.end + 1) === ";" ? { kind: "repeat", item: first } : { kind: "list", items: given };
        default:
          return undefined;
      }
    }
    if (receiver === undefined) {
      if (/^(?:String|std::string::String)::from$/.test(pathOf(node)) && first !== undefined) return { kind: "same", inner: first };
      return /(?:^|::)(?:repeat|repeat_n)$/.test(pathOf(node)) && first !== undefined ? { kind: "repeat", item: first } : undefined;
    }
    switch (method) {
      case "join":
        return { kind: "join", separator: first, items: receiver };
      case "repeat":
        return { kind: "repeat", item: receiver };
      case "map":
        return first === undefined ? undefined : { kind: "repeatBy", by: first };
      case "collect":
      case "take":
      case "to_string":
      case "to_owned":
      case "into":
      case "as_str":
      case "as_ref":
      case "clone":
      case "trim":
      case "trim_end":
      case "trim_end_matches":
        return { kind: "same", inner: receiver };
      default:
        return undefined;
    }
  }

  function plainList(first: SyntaxNode, node: SyntaxNode): boolean {
    return /^\s*(?:,\s*[A-Za-z_]\w*\s*)*,?\s*[)\]}]$/.test(source.slice(first.end, node.end));
  }

  function importPlace(): number {
    const last = root.children.findLast((c) => c.type === "use_declaration") ?? root.children.findLast((c) => c.type === "inner_attribute_item");
    return last === undefined ? lineBehind(source, 0) : lineBehind(source, last.end);
  }
}
