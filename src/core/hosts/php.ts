import type { CallShape, HostGrammar, Shape, TextCall } from "./host-grammar.ts";
import { binaryOf, compares, lineBehind, sumOf } from "./operands.ts";
import { decodePhpHeredoc, decodePhpString } from "./php-string.ts";
import type { DatabaseCall, HostFile, Library } from "./site.ts";
import { childOf, partsOf } from "./syntax-node.ts";
import type { SyntaxNode } from "./syntax-node.ts";
import { walkHost } from "./walk-host.ts";

/** Methods that take SQL as their first argument: PDO's, SQLite3's, Doctrine's and Laravel's. */
const methods: Readonly<Record<string, { readonly sure: boolean; readonly parameters: "never" | "prepared" | "rest"; readonly part?: true }>> = {
  query: { sure: false, parameters: "never" },
  prepare: { sure: true, parameters: "prepared" },
  exec: { sure: false, parameters: "never" },
  querySingle: { sure: true, parameters: "never" },
  executeQuery: { sure: true, parameters: "rest" },
  executeStatement: { sure: true, parameters: "rest" },
  fetchAssociative: { sure: true, parameters: "rest" },
  fetchAllAssociative: { sure: true, parameters: "rest" },
  fetchOne: { sure: false, parameters: "rest" },
  select: { sure: false, parameters: "rest" },
  selectOne: { sure: false, parameters: "rest" },
  insert: { sure: false, parameters: "rest" },
  update: { sure: false, parameters: "rest" },
  delete: { sure: false, parameters: "rest" },
  statement: { sure: false, parameters: "rest" },
  unprepared: { sure: false, parameters: "never" },
  ...Object.fromEntries(
    // Laravel's raw parts, and RedBean's.
    ["raw", "whereRaw", "orWhereRaw", "selectRaw", "orderByRaw", "havingRaw", "groupByRaw", "fromRaw", "find", "findOne", "findAll", "count"].map((name) => [name, { sure: false, parameters: "rest", part: true }] as const),
  ),
};

const speaking = /^(?:printf|error_log|trigger_error|print_r|var_dump|die|exit|log|debug|info|notice|warning|error|critical|assert\w*|str_contains|str_starts_with|str_ends_with|strpos|stripos|preg_match|preg_match_all|strcmp|in_array|define|__|trans)$/;

const caught = /\b(?:PDOException|SQLite3Exception)\b/;

/** Finds the SQL of a PHP file, and what else ties it to SQLite. */
export function findInPhp(source: string, root: SyntaxNode): HostFile {
  const text = (node: SyntaxNode): string => source.slice(node.start, node.end);
  const library: Library = /\bSQLite3\b/.test(source) ? (/\bnew\s+\\?PDO\b/.test(source) ? "unknown" : "php-sqlite3") : /\bPDO\b/.test(source) ? "pdo" : "unknown";
  /** How statements held in variables are run, by the variable. */
  const runs = new Map<string, Set<DatabaseCall["parameters"]>>();
  collectRuns(root);

  const grammar: HostGrammar = {
    language: "php",
    style: { open: "{", close: "}" },
    speaking,
    importAt: importPlace(),
    shapeOf,
    literalOf: (node, format) => {
      const body = node.type === "encapsed_string" ? node : childOf(node, "value");
      const found = node.type === "string" || node.type === "nowdoc" || body === undefined ? [] : interpolationsOf(body);
      const spans = found.map(({ file, expression }) => ({ file, expression: { start: expression.start, end: expression.end } }));
      const literal = node.type === "heredoc" || node.type === "nowdoc" ? heredoc(node, spans, format) : decodePhpString(source, node, spans, format);
      return literal === undefined ? undefined : { literal, holes: found.map(({ expression }) => expression) };
    },
    textCall,
    grows: () => undefined,
    databaseCall: (call, node) => {
      const method = methods[call.method];
      const [first, ...others] = call.arguments;
      // R::find('book', 'title = ?', […]): the table's name comes first.
      const behind = /^(?:find|findOne|findAll|count)$/.test(call.method);
      if (behind && (call.receiver === undefined || !/^\\?R$/.test(text(call.receiver)))) return undefined;
      const [sql, ...rest] = behind ? others : [first, ...others];
      if (method === undefined || sql === undefined || call.receiver === undefined) return undefined;
      const parameters = method.parameters === "never" ? "none" : method.parameters === "rest" ? (rest.length === 0 ? "none" : "passed") : preparedBy(node);
      return { library: /^(?:query|prepare|exec|querySingle)$/.test(call.method) ? library : "unknown", sql, parameters, certainty: method.sure ? "sure" : "maybe", part: method.part === true };
    },
    opens: (call) => {
      if (!call.constructs) return undefined;
      if (call.method === "SQLite3") return "SQLite3";
      const [dsn] = call.arguments;
      return call.method === "PDO" && dsn !== undefined && (/^["']sqlite:/.test(text(dsn)) || /^\$(\w+)$/.test(text(dsn)) && new RegExp(`\\${text(dsn)}\\s*=\\s*["']sqlite:`).test(source)) ? "PDO" : undefined;
    },
    useOf: (node) => {
      if (node.type === "member_call_expression") {
        const name = childOf(node, "name");
        return name !== undefined && /^lastInsert(?:Id|RowID)$/i.test(text(name)) ? { kind: "lastrowid", name: text(name), at: name } : undefined;
      }
      if (node.type === "catch_clause") {
        const type = childOf(node, "type");
        const at = type === undefined ? undefined : (type.type === "type_list" ? partsOf(type) : [type]).find((each) => caught.test(text(each)));
        return at === undefined ? undefined : { kind: "error-class", name: caught.exec(text(at))?.[0] ?? "", at };
      }
      return undefined;
    },
    importOf: (node) => {
      if (node.type !== "namespace_use_clause") return undefined;
      const alias = childOf(node, "alias");
      const module = text(node.children[0] ?? node);
      return { module, name: "*", local: alias === undefined ? (module.split("\\").at(-1) ?? module) : text(alias) };
    },
  };
  return walkHost(source, root, grammar);

  /** The interpolations of a body, with the braces that the grammar leaves out of `{$x}`. */
  function interpolationsOf(body: SyntaxNode): { file: { start: number; end: number }; expression: SyntaxNode }[] {
    return body.children
      .filter((c) => !/^(?:string_content|escape_sequence|string_value|comment)$/.test(c.type))
      .map((expression) => {
        const braced = source.charAt(expression.start - 1) === "{" && source.charAt(expression.end) === "}" && !source.startsWith("${", expression.start);
        return { file: braced ? { start: expression.start - 1, end: expression.end + 1 } : { start: expression.start, end: expression.end }, expression };
      });
  }

  function heredoc(node: SyntaxNode, interpolations: Parameters<typeof decodePhpHeredoc>[5], format: Parameters<typeof decodePhpHeredoc>[6]): ReturnType<typeof decodePhpHeredoc> {
    const end = childOf(node, "end_tag");
    const opening = /^<<<[^\n]*\n/.exec(text(node))?.[0];
    if (end === undefined || opening === undefined) return undefined;
    const start = node.start + opening.length;
    const line = source.lastIndexOf("\n", end.start - 1);
    const last = source.charAt(line - 1) === "\r" ? line - 1 : line;
    if (last < start) return undefined;
    return decodePhpHeredoc(source, { start: node.start, end: node.end }, { start, end: last }, source.slice(line + 1, end.start), node.type === "nowdoc", interpolations, format);
  }

  function shapeOf(node: SyntaxNode): Shape | undefined {
    switch (node.type) {
      case "namespace_use_declaration":
      case "namespace_definition":
      case "comment":
      case "text":
        return { kind: "skip" };
      case "throw_expression":
      case "throw_statement":
      case "echo_statement":
      case "print_intrinsic":
      case "exit_statement":
      case "attribute_list":
        return { kind: "quiet" };
      case "string":
      case "encapsed_string":
      case "heredoc":
      case "nowdoc":
        return { kind: "literal" };
      case "argument": {
        const inner = partsOf(node).at(-1);
        return inner === undefined ? undefined : { kind: "inner", inner };
      }
      case "parenthesized_expression": {
        const [inner] = partsOf(node);
        return inner === undefined ? undefined : { kind: "inner", inner };
      }
      case "binary_expression": {
        const binary = binaryOf(source, node);
        if (binary === undefined) return undefined;
        if (binary.operator === ".") return { kind: "sum", parts: sumOf(source, node, ".") };
        if (binary.operator === "??") return { kind: "choice", options: [binary.left, binary.right] };
        return compares(binary.operator) ? { kind: "quiet" } : undefined;
      }
      case "conditional_expression": {
        const yes = childOf(node, "body") ?? childOf(node, "condition");
        const no = childOf(node, "alternative");
        return yes === undefined || no === undefined ? undefined : { kind: "choice", options: [yes, no] };
      }
      case "array_creation_expression":
        return { kind: "list", items: partsOf(node).map((item) => partsOf(item).at(-1) ?? item) };
      case "variable_name":
        return { kind: "name", name: text(node) };
      case "member_access_expression":
      case "nullsafe_member_access_expression":
      case "scoped_property_access_expression": {
        const name = childOf(node, "name");
        return name === undefined ? undefined : { kind: "name", name: `.${text(name).replace(/^\$/, "")}` };
      }
      case "class_constant_access_expression": {
        const name = partsOf(node).at(-1);
        return name === undefined ? undefined : { kind: "name", name: `.${text(name)}` };
      }
      case "name":
        return { kind: "name", name: `.${text(node)}` };
      case "member_call_expression":
      case "nullsafe_member_call_expression":
      case "scoped_call_expression": {
        const name = childOf(node, "name");
        const given = childOf(node, "arguments");
        // Doctrine's createQuery takes DQL.
        if (name !== undefined && text(name) === "createQuery") return { kind: "quiet" };
        return name === undefined || given === undefined ? undefined : { kind: "call", receiver: childOf(node, "object") ?? childOf(node, "scope"), method: text(name), constructs: false, arguments: partsOf(given) };
      }
      case "function_call_expression": {
        const name = childOf(node, "function");
        const given = childOf(node, "arguments");
        return name === undefined || given === undefined ? undefined : { kind: "call", receiver: undefined, method: text(name).replace(/^\\/, ""), constructs: false, arguments: partsOf(given) };
      }
      case "object_creation_expression": {
        const [type] = partsOf(node);
        const given = node.children.find((c) => c.type === "arguments");
        if (type === undefined) return undefined;
        const method = text(type).split("\\").at(-1) ?? "";
        if (/(?:Exception|Error)$/.test(method)) return { kind: "quiet" };
        return { kind: "call", receiver: undefined, method, constructs: true, arguments: given === undefined ? [] : partsOf(given) };
      }
      case "const_element": {
        const [left, right] = partsOf(node);
        return left === undefined ? undefined : { kind: "assign", how: "assign", pairs: [{ left, right }] };
      }
      case "property_element": {
        const name = childOf(node, "name");
        const right = childOf(node, "default_value");
        const [left] = name === undefined ? [] : partsOf(name);
        // A property is read as `$this->q`: its name without the dollar is an attribute's.
        return left === undefined ? undefined : { kind: "assign", how: "assign", pairs: [{ left, right }] };
      }
      case "assignment_expression":
      case "augmented_assignment_expression": {
        const left = childOf(node, "left");
        const right = childOf(node, "right");
        if (left === undefined || right === undefined) return undefined;
        const operator = source.slice(left.end, right.start).replace(/[\s(]/g, "");
        if (left.type === "subscript_expression") {
          const [list, key] = partsOf(left);
          return list === undefined || key !== undefined ? undefined : { kind: "assign", how: "add", pairs: [{ left: list, right }] };
        }
        return { kind: "assign", how: operator === ".=" ? "extend" : "assign", pairs: [{ left, right }] };
      }
      case "function_definition":
      case "method_declaration":
        return { kind: "function", name: childOf(node, "name"), parameters: childOf(node, "parameters"), body: childOf(node, "body") };
      case "anonymous_function":
      case "arrow_function":
        return { kind: "function", name: undefined, parameters: childOf(node, "parameters"), body: childOf(node, "body") };
      case "return_statement":
        return { kind: "return", values: partsOf(node) };
      default:
        return undefined;
    }
  }

  function textCall(call: CallShape): TextCall | undefined {
    if (call.receiver !== undefined || call.constructs) return undefined;
    const [first, second, third] = call.arguments;
    if (first === undefined) return undefined;
    switch (call.method) {
      case "sprintf":
        return { kind: "format", template: first, values: call.arguments.slice(1), format: "percent" };
      case "implode":
      case "join":
        return second === undefined ? { kind: "join", separator: undefined, items: first } : { kind: "join", separator: first, items: second };
      case "str_repeat":
        return { kind: "repeat", item: first };
      case "array_fill":
        return third === undefined ? undefined : { kind: "repeat", item: third };
      case "array_map":
        return { kind: "repeatBy", by: first };
      case "trim":
      case "rtrim":
      case "ltrim":
      case "substr":
        return { kind: "same", inner: first };
      case "str_replace":
        return third === undefined ? undefined : { kind: "same", inner: third };
      default:
        return undefined;
    }
  }

  /** Learns with what statements are run. */
  function collectRuns(node: SyntaxNode): void {
    if (node.type === "member_call_expression") {
      const object = childOf(node, "object");
      const name = childOf(node, "name");
      const given = childOf(node, "arguments");
      if (object !== undefined && name !== undefined && given !== undefined && /^(?:execute|bindValue|bindParam)$/.test(text(name))) {
        const known = runs.get(text(object)) ?? new Set();
        if (/^bind/.test(text(name)) || partsOf(given).length > 0) known.add("passed");
        else if (!known.has("passed")) known.add("none");
        runs.set(text(object), known);
      }
    }
    for (const child of node.children) collectRuns(child);
  }

  function preparedBy(node: SyntaxNode): DatabaseCall["parameters"] {
    const holder = node.parent;
    if (holder?.type === "member_call_expression") {
      const name = childOf(holder, "name");
      const given = childOf(holder, "arguments");
      return name !== undefined && given !== undefined && text(name) === "execute" ? (partsOf(given).length > 0 ? "passed" : "none") : "unknown";
    }
    const left = holder?.type === "assignment_expression" ? childOf(holder, "left") : undefined;
    const known = left === undefined ? undefined : runs.get(text(left));
    return known === undefined ? "unknown" : known.has("passed") ? "passed" : "none";
  }

  function importPlace(): number {
    const top = root.children.flatMap((c) => (c.type === "namespace_definition" && childOf(c, "body") !== undefined ? [] : [c]));
    const last = top.findLast((c) => c.type === "namespace_use_declaration") ?? top.findLast((c) => c.type === "namespace_definition" || c.type === "declare_statement") ?? top.find((c) => c.type === "php_tag");
    return lineBehind(source, last?.end ?? 0);
  }
}
