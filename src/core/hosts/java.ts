import type { CallShape, HostGrammar, Shape, TextCall } from "./host-grammar.ts";
import { decodeJavaString } from "./java-string.ts";
import { binaryOf, compares, lineBehind, plainName, sumOf } from "./operands.ts";
import type { DatabaseCall, HostFile, Library } from "./site.ts";
import { childOf, partsOf } from "./syntax-node.ts";
import type { SyntaxNode } from "./syntax-node.ts";
import { walkHost } from "./walk-host.ts";

/** Methods that take SQL as their first argument; JDBC's, and those of Spring's JdbcTemplate and JdbcClient. */
const methods: Readonly<Record<string, { readonly sure: boolean; readonly parameters: "never" | "prepared" | "rest"; readonly library: Library }>> = {
  prepareStatement: { sure: true, parameters: "prepared", library: "jdbc" },
  prepareCall: { sure: true, parameters: "prepared", library: "jdbc" },
  executeQuery: { sure: true, parameters: "never", library: "jdbc" },
  executeUpdate: { sure: true, parameters: "never", library: "jdbc" },
  executeLargeUpdate: { sure: true, parameters: "never", library: "jdbc" },
  addBatch: { sure: true, parameters: "never", library: "jdbc" },
  execute: { sure: false, parameters: "never", library: "jdbc" },
  nativeSQL: { sure: true, parameters: "never", library: "jdbc" },
  query: { sure: false, parameters: "rest", library: "spring-jdbc" },
  queryForObject: { sure: true, parameters: "rest", library: "spring-jdbc" },
  queryForList: { sure: true, parameters: "rest", library: "spring-jdbc" },
  queryForMap: { sure: true, parameters: "rest", library: "spring-jdbc" },
  queryForRowSet: { sure: true, parameters: "rest", library: "spring-jdbc" },
  queryForStream: { sure: true, parameters: "rest", library: "spring-jdbc" },
  update: { sure: false, parameters: "rest", library: "spring-jdbc" },
  batchUpdate: { sure: false, parameters: "rest", library: "spring-jdbc" },
  sql: { sure: false, parameters: "prepared", library: "spring-jdbc" },
  createNativeQuery: { sure: true, parameters: "prepared", library: "query-builder" },
  createUpdate: { sure: false, parameters: "prepared", library: "query-builder" },
  rawQuery: { sure: true, parameters: "rest", library: "unknown" },
  execSQL: { sure: true, parameters: "rest", library: "unknown" },
};

const speaking = /^(?:print|println|printf|log|trace|debug|info|warn|error|fatal|severe|fine|warning|fail|assert\w*|requireNonNull|equals|equalsIgnoreCase|startsWith|endsWith|contains|indexOf|matches|compareTo|getLogger)$/;
const builders = /^(?:StringBuilder|StringBuffer|StringJoiner)$/;

/** Finds the SQL of a Java file, and what else ties it to SQLite. */
export function findInJava(source: string, root: SyntaxNode): HostFile {
  const text = (node: SyntaxNode): string => source.slice(node.start, node.end);
  /** JPA's and Spring Data's queries are in a language of their own unless they say that they are native. */
  const persistence = /\bimport\s+(?:jakarta|javax)\.persistence\b|\bimport\s+org\.(?:hibernate|springframework\.data\.jpa)\b/.test(source);
  /** Whether the statements held in variables are given values, by the variable. */
  const bound = new Set<string>();
  const run = new Set<string>();
  collectRuns(root);

  const grammar: HostGrammar = {
    language: "java",
    style: { open: "{", close: "}" },
    speaking,
    importAt: importPlace(),
    shapeOf,
    literalOf: (node, format) => {
      const literal = decodeJavaString(source, node, format);
      return literal === undefined ? undefined : { literal, holes: [] };
    },
    textCall,
    grows: (call) => {
      if (call.receiver === undefined || call.arguments.length === 0) return undefined;
      if (call.method === "append") {
        const target = appendedTo(call.receiver);
        const [value] = call.arguments;
        return target === undefined || value === undefined ? undefined : { target, values: [value], how: "extend" };
      }
      const added = call.arguments.at(-1);
      return call.method === "add" && added !== undefined ? { target: call.receiver, values: [added], how: "add" } : undefined;
    },
    databaseCall: (call, node) => {
      const method = methods[call.method];
      const [sql, ...rest] = call.arguments;
      if (method === undefined || sql === undefined || call.receiver === undefined) return undefined;
      const values = rest.filter((a) => a.type !== "lambda_expression" && a.type !== "method_reference" && a.type !== "class_literal");
      const parameters = method.parameters === "never" ? "none" : method.parameters === "prepared" ? preparedBy(node) : values.length === 0 ? "none" : values.every(isMapper) ? "unknown" : "passed";
      return { library: method.library, sql, parameters, certainty: method.sure ? "sure" : "maybe" };
    },
    opens: (call) => {
      const [url] = call.arguments;
      if (call.method === "getConnection" && url !== undefined && call.receiver !== undefined && /(?:^|\.)DriverManager$/.test(text(call.receiver))) {
        return text(url).startsWith('"jdbc:sqlite:') || namesSqliteUrl(url) ? "DriverManager.getConnection" : undefined;
      }
      return call.constructs && /^SQLite(?:DataSource|ConnectionPoolDataSource)$/.test(call.method) ? call.method : undefined;
    },
    useOf: (node) => {
      if (node.type === "import_declaration") {
        const name = importedName(node);
        return /^org\.sqlite\b/.test(name) ? { kind: "driver-import", name } : undefined;
      }
      if (node.type === "method_invocation") {
        const name = childOf(node, "name");
        return name !== undefined && text(name) === "getGeneratedKeys" ? { kind: "lastrowid", name: "getGeneratedKeys", at: name } : undefined;
      }
      if (node.type === "catch_type") {
        const at = partsOf(node).find((type) => /(?:^|\.)SQLite(?:\w*)Exception$/.test(text(type)));
        return at === undefined ? undefined : { kind: "error-class", name: text(at), at };
      }
      if ((node.type === "field_access" || node.type === "scoped_identifier") && /^SQLiteErrorCode\.\w+$/.test(text(node))) return { kind: "error-class", name: text(node) };
      return undefined;
    },
    importOf: (node) => {
      if (node.type !== "import_declaration") return undefined;
      const module = importedName(node);
      return { module, name: "*", local: module.split(".").at(-1) ?? module };
    },
  };
  return walkHost(source, root, grammar);

  function importedName(node: SyntaxNode): string {
    return /^import\s+(?:static\s+)?([\w.]+)/.exec(text(node))?.[1] ?? "";
  }

  function namesSqliteUrl(url: SyntaxNode): boolean {
    if (url.type === "binary_expression") return /^"jdbc:sqlite:/.test(text(url));
    return url.type === "identifier" && new RegExp(`\\b${text(url)}\\s*=\\s*"jdbc:sqlite:`).test(source);
  }

  /** A row mapper, an extractor, a key holder: arguments behind the SQL that are no values. */
  function isMapper(node: SyntaxNode): boolean {
    return /mapper|extractor|keyholder|callback|handler|setter/i.test(text(node).slice(0, 80));
  }

  function shapeOf(node: SyntaxNode): Shape | undefined {
    switch (node.type) {
      case "import_declaration":
      case "package_declaration":
      case "line_comment":
      case "block_comment":
      case "type_identifier":
      case "generic_type":
        return { kind: "skip" };
      case "annotation": {
        const name = childOf(node, "name");
        // An annotation's text is for people, unless it is a query.
        if (name === undefined || !/(?:Query|Select|Insert|Update|Delete|Sql\w*|Statement)$/.test(text(name))) return { kind: "quiet" };
        return persistence && !/\bnativeQuery\s*=\s*true\b/.test(text(node)) && /^(?:Named)?Query$/.test(text(name)) ? { kind: "skip" } : undefined;
      }
      case "throw_statement":
      case "assert_statement":
        return { kind: "quiet" };
      case "string_literal":
        return { kind: "literal" };
      case "parenthesized_expression": {
        const [inner] = partsOf(node);
        return inner === undefined ? undefined : { kind: "inner", inner };
      }
      case "cast_expression": {
        const inner = childOf(node, "value");
        return inner === undefined ? undefined : { kind: "inner", inner };
      }
      case "binary_expression": {
        const binary = binaryOf(source, node);
        if (binary === undefined) return undefined;
        if (binary.operator === "+") return { kind: "sum", parts: sumOf(source, node, "+") };
        return compares(binary.operator) ? { kind: "quiet" } : undefined;
      }
      case "ternary_expression": {
        const yes = childOf(node, "consequence");
        const no = childOf(node, "alternative");
        return yes === undefined || no === undefined ? undefined : { kind: "choice", options: [yes, no] };
      }
      case "array_initializer":
        return { kind: "list", items: partsOf(node) };
      case "array_creation_expression": {
        const value = childOf(node, "value");
        return value === undefined ? undefined : { kind: "inner", inner: value };
      }
      case "identifier":
        return { kind: "name", name: text(node) };
      case "field_access": {
        const field = childOf(node, "field");
        return field === undefined ? undefined : { kind: "name", name: text(field) };
      }
      case "method_invocation": {
        const name = childOf(node, "name");
        const given = childOf(node, "arguments");
        if (name === undefined || given === undefined) return undefined;
        if (persistence && /^create(?:Query|NamedQuery)$/.test(text(name))) return { kind: "quiet" };
        return { kind: "call", receiver: childOf(node, "object"), method: text(name), constructs: false, arguments: partsOf(given) };
      }
      case "object_creation_expression": {
        const type = childOf(node, "type");
        const given = childOf(node, "arguments");
        if (type === undefined || given === undefined) return undefined;
        const method = plainName(text(type)).split(".").at(-1) ?? "";
        if (/(?:Exception|Error)$/.test(method)) return { kind: "quiet" };
        return { kind: "call", receiver: undefined, method, constructs: true, arguments: partsOf(given) };
      }
      case "variable_declarator":
      case "resource": {
        const left = childOf(node, "name");
        return left === undefined ? undefined : { kind: "assign", how: "assign", pairs: [{ left, right: childOf(node, "value") }] };
      }
      case "assignment_expression": {
        const left = childOf(node, "left");
        const right = childOf(node, "right");
        if (left === undefined || right === undefined) return undefined;
        return { kind: "assign", how: source.slice(left.end, right.start).includes("+=") ? "extend" : "assign", pairs: [{ left, right }] };
      }
      case "method_declaration":
      case "constructor_declaration":
        return { kind: "function", name: childOf(node, "name"), parameters: childOf(node, "parameters"), body: childOf(node, "body") };
      case "lambda_expression":
        return { kind: "function", name: undefined, parameters: childOf(node, "parameters"), body: childOf(node, "body") };
      case "return_statement":
        return { kind: "return", values: partsOf(node) };
      default:
        return undefined;
    }
  }

  function textCall(call: CallShape): TextCall | undefined {
    const { receiver, method, arguments: given } = call;
    const [first, second] = given;
    if (call.constructs) {
      if (method === "String" || builders.test(method)) return first === undefined ? undefined : { kind: "same", inner: first };
      return undefined;
    }
    if (receiver === undefined) return undefined;
    const on = text(receiver);
    switch (method) {
      case "format":
        if (on === "String" && first !== undefined) {
          // String.format(Locale.ROOT, "…", x)
          const locale = /^Locale\b/.test(text(first)) ? 1 : 0;
          const template = given[locale];
          return template === undefined ? undefined : { kind: "format", template, values: given.slice(locale + 1), format: "percent" };
        }
        return undefined;
      case "formatted":
        return { kind: "format", template: receiver, values: given, format: "percent" };
      case "join":
        return on === "String" && first !== undefined && second !== undefined ? { kind: "join", separator: first, items: second } : undefined;
      case "collect": {
        const joining = first === undefined ? undefined : shapeOf(first);
        return joining?.kind === "call" && joining.method === "joining" ? { kind: "join", separator: joining.arguments[0], items: receiver } : undefined;
      }
      case "nCopies":
        return second === undefined ? undefined : { kind: "repeat", item: second };
      case "repeat":
        return { kind: "repeat", item: receiver };
      case "map":
      case "mapToObj":
      case "generate":
        return first === undefined ? undefined : { kind: "repeatBy", by: first };
      case "of":
      case "asList":
        return /^(?:List|Arrays|Set|Stream)$/.test(on) ? { kind: "list", items: given } : undefined;
      case "append":
        return first === undefined || appendedTo(receiver) !== undefined ? undefined : { kind: "sum", parts: [receiver, first] };
      case "limit":
      case "stream":
      case "toString":
      case "trim":
      case "strip":
      case "stripIndent":
      case "stripTrailing":
      case "substring":
      case "replace":
      case "replaceAll":
      case "toList":
        return { kind: "same", inner: receiver };
      default:
        return undefined;
    }
  }

  /** The variable that a chain of `append` begins with. */
  function appendedTo(receiver: SyntaxNode): SyntaxNode | undefined {
    let at: SyntaxNode | undefined = receiver;
    while (at !== undefined) {
      const shape = shapeOf(at);
      if (shape?.kind === "name") return at;
      at = shape?.kind === "call" && shape.method === "append" ? shape.receiver : undefined;
    }
    return undefined;
  }

  /** Learns which statements are given values: those on which a setter is called. */
  function collectRuns(node: SyntaxNode): void {
    if (node.type === "method_invocation") {
      const object = childOf(node, "object");
      const name = childOf(node, "name");
      if (object?.type === "identifier" && name !== undefined) {
        if (/^set(?:Int|Long|String|Double|Float|Boolean|Bytes|Object|Null|Timestamp|Date|Time|BigDecimal|Short|Byte|Blob|Clob|Array)$/.test(text(name))) bound.add(text(object));
        else if (/^execute(?:Query|Update|LargeUpdate|Batch)?$/.test(text(name)) && partsOf(childOf(node, "arguments") ?? node).length === 0) run.add(text(object));
      }
    }
    for (const child of node.children) collectRuns(child);
  }

  function preparedBy(node: SyntaxNode): DatabaseCall["parameters"] {
    const holder = node.parent;
    const left = holder === undefined ? undefined : (childOf(holder, "name") ?? childOf(holder, "left"));
    if (left === undefined || holder?.type === "method_invocation") return "unknown";
    const name = text(left);
    // A setter in a loop or in a method that is handed the statement is seen nowhere else.
    return bound.has(name) ? "passed" : run.has(name) && !new RegExp(`[(,]\\s*${name}\\s*[,)]`).test(source) ? "none" : "unknown";
  }

  function importPlace(): number {
    const last = root.children.findLast((c) => c.type === "import_declaration") ?? root.children.find((c) => c.type === "package_declaration");
    return lineBehind(source, last?.end ?? 0);
  }
}
