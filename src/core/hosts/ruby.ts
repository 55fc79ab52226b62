import type { CallShape, HostGrammar, ReadLiteral, Shape, TextCall } from "./host-grammar.ts";
import type { TextFormat } from "./host-string.ts";
import { binaryOf, compares, lineBehind, sumOf } from "./operands.ts";
import { decodeRubyHeredoc, decodeRubyString } from "./ruby-string.ts";
import type { HostFile, Library } from "./site.ts";
import { childOf, partsOf } from "./syntax-node.ts";
import type { SyntaxNode } from "./syntax-node.ts";
import { walkHost } from "./walk-host.ts";

/** Methods that take SQL as their first argument: the gem sqlite3's, and ActiveRecord's. */
const methods: Readonly<Record<string, { readonly sure: boolean; readonly parameters: "never" | "prepared" | "rest"; readonly record?: true; readonly part?: true; readonly builder?: true }>> = {
  execute: { sure: true, parameters: "rest" },
  execute2: { sure: true, parameters: "rest" },
  execute_batch: { sure: true, parameters: "rest" },
  execute_batch2: { sure: true, parameters: "never" },
  query: { sure: false, parameters: "rest" },
  prepare: { sure: true, parameters: "prepared" },
  get_first_row: { sure: true, parameters: "rest" },
  get_first_value: { sure: true, parameters: "rest" },
  find_by_sql: { sure: true, parameters: "rest", record: true },
  count_by_sql: { sure: true, parameters: "rest", record: true },
  exec_query: { sure: true, parameters: "rest", record: true },
  exec_update: { sure: true, parameters: "rest", record: true },
  exec_delete: { sure: true, parameters: "rest", record: true },
  select_all: { sure: true, parameters: "rest", record: true },
  select_one: { sure: true, parameters: "rest", record: true },
  select_rows: { sure: true, parameters: "rest", record: true },
  select_value: { sure: true, parameters: "rest", record: true },
  select_values: { sure: true, parameters: "rest", record: true },
  sanitize_sql_array: { sure: true, parameters: "rest", record: true },
  where: { sure: false, parameters: "rest", record: true, part: true },
  rewhere: { sure: false, parameters: "rest", record: true, part: true },
  having: { sure: false, parameters: "rest", record: true, part: true },
  joins: { sure: false, parameters: "rest", record: true, part: true },
  left_joins: { sure: false, parameters: "rest", record: true, part: true },
  order: { sure: false, parameters: "rest", record: true, part: true },
  reorder: { sure: false, parameters: "rest", record: true, part: true },
  pluck: { sure: false, parameters: "rest", record: true, part: true },
  find_by: { sure: false, parameters: "rest", record: true, part: true },
  update_all: { sure: false, parameters: "rest", record: true, part: true },
  sql: { sure: false, parameters: "rest", record: true, part: true },
  lit: { sure: false, parameters: "rest", part: true, builder: true },
  with_sql: { sure: false, parameters: "rest", builder: true },
};

const speaking = /^(?:puts|print|p|pp|warn|raise|fail|abort|debug|info|error|fatal|log|require|require_relative|include\?|start_with\?|end_with\?|match\?|index|desc|describe|it|context|t)$/;

/** Finds the SQL of a Ruby file, and what else ties it to SQLite. */
export function findInRuby(source: string, root: SyntaxNode): HostFile {
  const text = (node: SyntaxNode): string => source.slice(node.start, node.end);
  const usesSqlite = /\bSQLite3\b|["']sqlite3["']/.test(source);
  const bodies = heredocBodies();

  const grammar: HostGrammar = {
    language: "ruby",
    style: { open: "#{", close: "}" },
    speaking,
    givesLast: true,
    importAt: importPlace(),
    shapeOf,
    literalOf,
    textCall,
    grows: (call) => {
      const [value] = call.arguments;
      if (call.receiver === undefined || value === undefined) return undefined;
      return call.method === "concat" ? { target: call.receiver, values: [value], how: "extend" } : call.method === "push" ? { target: call.receiver, values: [value], how: "add" } : undefined;
    },
    databaseCall: (call) => {
      const method = methods[call.method];
      const [first, ...rest] = call.arguments;
      if (method === undefined || first === undefined || (call.receiver === undefined && method.record !== true && call.method !== "execute")) return undefined;
      // ["… WHERE a = ?", a]: the values stand beside the SQL.
      const listed = first.type === "array" ? partsOf(first) : undefined;
      const sql = listed?.[0] ?? first;
      const record = method.record === true || (call.receiver !== undefined && /(?:^|\.)connection$|ActiveRecord/.test(text(call.receiver))) || (call.receiver === undefined && call.method === "execute");
      const library: Library = method.builder === true ? "query-builder" : record ? "active-record" : usesSqlite ? "sqlite3" : "unknown";
      const parameters = method.parameters === "prepared" ? "unknown" : method.parameters === "rest" && rest.length + (listed?.slice(1).length ?? 0) > 0 ? "passed" : "none";
      return { library, sql, parameters, certainty: method.sure ? "sure" : "maybe", part: method.part === true };
    },
    opens: (call) => (/^(?:new|open)$/.test(call.method) && call.receiver !== undefined && /^(?:::)?SQLite3::Database$/.test(text(call.receiver)) ? `SQLite3::Database.${call.method}` : undefined),
    useOf: (node) => {
      if (node.type === "call") {
        const method = childOf(node, "method");
        const [name] = childOf(node, "arguments")?.children ?? [];
        if (method !== undefined && text(method) === "require" && name !== undefined && /^["']sqlite3["']$/.test(text(name))) return { kind: "driver-import", name: "sqlite3" };
        if (method !== undefined && text(method) === "last_insert_row_id") return { kind: "lastrowid", name: "last_insert_row_id", at: method };
        if (method !== undefined && text(method) === "results_as_hash") return { kind: "row-factory", name: "results_as_hash", at: method };
      }
      if (node.type === "scope_resolution" && /^SQLite3::\w*Exception$/.test(text(node))) return { kind: "error-class", name: text(node) };
      return undefined;
    },
    importOf: (node) => {
      if (node.type !== "call" || node.parent !== root) return undefined;
      const module = /^require(?:_relative)?\s*\(?\s*["']([^"']+)["']/.exec(text(node))?.[1];
      return module === undefined ? undefined : { module, name: "*", local: "*" };
    },
  };
  return walkHost(source, root, grammar);

  /** The body of each heredoc, by its opening: they stand in the same order. */
  function heredocBodies(): Map<SyntaxNode, SyntaxNode> {
    const openings: SyntaxNode[] = [];
    const found: SyntaxNode[] = [];
    const collect = (node: SyntaxNode): void => {
      if (node.type === "heredoc_beginning") openings.push(node);
      else if (node.type === "heredoc_body") found.push(node);
      for (const child of node.children) collect(child);
    };
    collect(root);
    found.sort((a, b) => a.start - b.start);
    const map = new Map<SyntaxNode, SyntaxNode>();
    // One within another's interpolation would break the order: then none is read.
    if (openings.length === found.length) for (const [i, opening] of openings.entries()) if (found[i] !== undefined) map.set(opening, found[i]);
    return map;
  }

  function literalOf(node: SyntaxNode, format: TextFormat): ReadLiteral | undefined {
    const body = node.type === "heredoc_beginning" ? bodies.get(node) : node;
    if (body === undefined) return undefined;
    const holes = body.children.filter((c) => c.type === "interpolation").map((file) => ({ file: { start: file.start, end: file.end }, inner: partsOf(file)[0] }));
    const interpolations = holes.map(({ file, inner }) => ({ file, expression: inner === undefined ? file : { start: inner.start, end: inner.end } }));
    // `#@x` has no braces, and what follows it may become part of it.
    if (holes.some(({ file }) => !source.startsWith("#{", file.start))) return undefined;
    const end = node.type === "heredoc_beginning" ? body.children.find((c) => c.type === "heredoc_end") : undefined;
    let literal;
    if (node.type === "heredoc_beginning") {
      const start = source.indexOf("\n", body.start) + 1;
      if (end === undefined || start <= 0) return undefined;
      const last = source.lastIndexOf("\n", end.start - 1) + 1;
      literal = last < start ? undefined : decodeRubyHeredoc(source, { start: node.start, end: node.end }, { start, end: last }, interpolations, format);
    } else literal = decodeRubyString(source, node, interpolations, format);
    return literal === undefined ? undefined : { literal, holes: holes.map(({ inner }) => inner) };
  }

  function shapeOf(node: SyntaxNode): Shape | undefined {
    switch (node.type) {
      case "comment":
      case "heredoc_body":
      case "hash_key_symbol":
        return { kind: "skip" };
      case "string":
      case "heredoc_beginning":
        return { kind: "literal" };
      case "chained_string":
        return { kind: "sum", parts: partsOf(node) };
      case "parenthesized_statements": {
        const [inner, more] = partsOf(node);
        return inner === undefined || more !== undefined ? undefined : { kind: "inner", inner };
      }
      case "unary": {
        // +"…" is a text that may grow.
        const [inner] = partsOf(node);
        return inner !== undefined && /^[+-]/.test(text(node)) ? { kind: "inner", inner } : undefined;
      }
      case "binary": {
        const binary = binaryOf(source, node);
        if (binary === undefined) return undefined;
        const { left, right, operator } = binary;
        switch (operator) {
          case "+":
            return { kind: "sum", parts: sumOf(source, node, "+") };
          case "*":
            return { kind: "repeat", item: left };
          case "%":
            return shapeOf(left)?.kind === "literal" ? { kind: "format", template: left, values: right.type === "array" ? partsOf(right) : [right], format: "percent" } : undefined;
          case "<<": {
            // What is added to a text or to a list is the same operator: an array elsewhere in the file tells.
            const list = shapeOf(left)?.kind === "name" && new RegExp(`${text(left).replace(/[^\w]/g, "\\$&")}\\s*=\\s*\\[`).test(source);
            return { kind: "assign", how: list ? "add" : "extend", pairs: [{ left, right }] };
          }
          case "||":
            return { kind: "choice", options: [left, right] };
          default:
            return compares(operator) || operator === "===" ? { kind: "quiet" } : undefined;
        }
      }
      case "conditional": {
        const yes = childOf(node, "consequence");
        const no = childOf(node, "alternative");
        return yes === undefined || no === undefined ? undefined : { kind: "choice", options: [yes, no] };
      }
      case "array":
        return { kind: "list", items: partsOf(node) };
      case "identifier":
      case "constant":
        return { kind: "name", name: text(node) };
      case "instance_variable":
      case "class_variable":
      case "global_variable":
        return { kind: "name", name: `.${text(node)}` };
      case "scope_resolution": {
        const name = childOf(node, "name");
        return name === undefined ? undefined : { kind: "name", name: text(name) };
      }
      case "call": {
        const method = childOf(node, "method");
        const given = childOf(node, "arguments");
        if (method === undefined) return undefined;
        const block = childOf(node, "block");
        const list = given === undefined ? [] : partsOf(given);
        return { kind: "call", receiver: childOf(node, "receiver"), method: text(method), constructs: false, arguments: given === undefined && block !== undefined && /^(?:map|collect|new)$/.test(text(method)) ? [block] : list };
      }
      case "assignment":
      case "operator_assignment": {
        const left = childOf(node, "left");
        const right = childOf(node, "right");
        if (left === undefined || right === undefined) return undefined;
        const operator = source.slice(left.end, right.start).trim();
        return { kind: "assign", how: operator.startsWith("+=") || operator.startsWith("<<=") ? "extend" : "assign", pairs: [{ left, right }] };
      }
      case "method":
      case "singleton_method":
        return { kind: "function", name: childOf(node, "name"), parameters: childOf(node, "parameters"), body: childOf(node, "body") };
      case "lambda":
      case "block":
      case "do_block":
        return { kind: "function", name: undefined, parameters: childOf(node, "parameters"), body: childOf(node, "body") };
      case "return":
        return { kind: "return", values: partsOf(node).flatMap((list) => (list.type === "argument_list" ? partsOf(list) : [list])) };
      default:
        return undefined;
    }
  }

  function textCall(call: CallShape): TextCall | undefined {
    const { receiver, method, arguments: given } = call;
    const [first, ...rest] = given;
    if (receiver === undefined) return /^(?:format|sprintf)$/.test(method) && first !== undefined ? { kind: "format", template: first, values: rest, format: "percent" } : undefined;
    switch (method) {
      case "join":
        return { kind: "join", separator: first, items: receiver };
      case "map":
      case "collect":
        return first === undefined ? undefined : { kind: "repeatBy", by: first };
      case "new": {
        const [item] = rest;
        return text(receiver) === "Array" && item !== undefined ? { kind: "repeat", item } : undefined;
      }
      case "freeze":
      case "strip":
      case "chomp":
      case "squish":
      case "dup":
      case "to_s":
      case "gsub":
      case "strip_heredoc":
        return { kind: "same", inner: receiver };
      default:
        return undefined;
    }
  }

  function importPlace(): number {
    const last = root.children.findLast((c) => c.type === "call" && /^require(?:_relative)?\b/.test(text(c)));
    if (last !== undefined) return lineBehind(source, last.end);
    // Behind the magic comments and a `#!` line.
    const comments = /^(?:\uFEFF)?(?:#(?:!|.*(?:frozen_string_literal|coding)).*\n)*/.exec(source)?.[0] ?? "";
    return comments.length;
  }
}
