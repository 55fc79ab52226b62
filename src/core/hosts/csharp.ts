import { decodeCsharpString } from "./csharp-string.ts";
import type { CallShape, HostGrammar, Shape, TextCall } from "./host-grammar.ts";
import { binaryOf, compares, lineBehind, plainName, sumOf } from "./operands.ts";
import type { DatabaseCall, HostFile, Library } from "./site.ts";
import { childOf, partsOf } from "./syntax-node.ts";
import type { SyntaxNode } from "./syntax-node.ts";
import { walkHost } from "./walk-host.ts";

/** Methods that take SQL as their first argument: Dapper's, and Entity Framework's. Each may end in `Async`. */
const methods: Readonly<Record<string, { readonly sure: boolean; readonly library: Library }>> = {
  Query: { sure: false, library: "dapper" },
  QueryFirst: { sure: true, library: "dapper" },
  QueryFirstOrDefault: { sure: true, library: "dapper" },
  QuerySingle: { sure: true, library: "dapper" },
  QuerySingleOrDefault: { sure: true, library: "dapper" },
  QueryMultiple: { sure: true, library: "dapper" },
  QueryUnbuffered: { sure: true, library: "dapper" },
  Execute: { sure: false, library: "dapper" },
  ExecuteScalar: { sure: true, library: "dapper" },
  ExecuteReader: { sure: true, library: "dapper" },
  ExecuteSqlRaw: { sure: true, library: "query-builder" },
  FromSqlRaw: { sure: true, library: "query-builder" },
  SqlQueryRaw: { sure: true, library: "query-builder" },
  ExecuteSql: { sure: true, library: "query-builder" },
  ExecuteSqlInterpolated: { sure: true, library: "query-builder" },
  FromSql: { sure: true, library: "query-builder" },
  FromSqlInterpolated: { sure: true, library: "query-builder" },
  Sql: { sure: false, library: "unknown" },
};

const command = /^(?:Sqlite|SQLite)(?:Command|DataAdapter)$/;
const speaking = /^(?:Write|WriteLine|Log\w*|Debug|Info|Information|Warn|Warning|Error|Fatal|Trace|Fail|Assert\w*|Equal|Equals|StartsWith|EndsWith|Contains|IndexOf|IsMatch|ThrowIf\w*|nameof)$/;

/** Finds the SQL of a C# file, and what else ties it to SQLite. */
export function findInCsharp(source: string, root: SyntaxNode): HostFile {
  const text = (node: SyntaxNode): string => source.slice(node.start, node.end);
  const dapper = /^\s*(?:global\s+)?using\s+(?:static\s+)?Dapper\b/m.test(source);

  const grammar: HostGrammar = {
    language: "csharp",
    style: { open: "{", close: "}" },
    speaking,
    importAt: importPlace(),
    shapeOf,
    literalOf: (node, format) => {
      const interpolations: { file: SyntaxNode; expression: SyntaxNode }[] = [];
      for (const child of node.children) {
        if (child.type !== "interpolation") continue;
        const expression = child.children.find((c) => c.type !== "interpolation_brace" && c.type !== "comment");
        interpolations.push({ file: child, expression: expression ?? child });
      }
      const literal = decodeCsharpString(source, node, interpolations.map(({ file, expression }) => ({ file: spanOf(file), expression: spanOf(expression) })), format);
      return literal === undefined ? undefined : { literal, holes: interpolations.map(({ file, expression }) => (file === expression ? undefined : expression)) };
    },
    textCall,
    grows: (call) => {
      if (call.receiver === undefined) return undefined;
      const [value] = call.arguments;
      if (value === undefined) return undefined;
      if (/^Append(?:Line)?$/.test(call.method)) {
        const target = appendedTo(call.receiver);
        return target === undefined ? undefined : { target, values: [value], how: "extend" };
      }
      return call.method === "Add" && call.arguments.length === 1 ? { target: call.receiver, values: [value], how: "add" } : undefined;
    },
    databaseCall: (call) => {
      const [sql, ...rest] = call.arguments;
      if (sql === undefined) return undefined;
      if (call.constructs) return command.test(call.method) ? { library: "microsoft-data-sqlite", sql, parameters: "unknown", certainty: "sure" } : undefined;
      const name = call.method.replace(/Async$/, "");
      const method = methods[name];
      if (method === undefined || call.receiver === undefined) return undefined;
      const values = rest.filter((a) => !/^(?:transaction|tx|cancellationToken|ct|commandType|commandTimeout)\b/.test(text(a)));
      const interpolated = /^(?:ExecuteSql|FromSql)(?:Interpolated)?$/.test(name) && sql.type === "argument";
      const parameters: DatabaseCall["parameters"] = interpolated ? "unknown" : values.length === 0 ? "none" : "passed";
      const filled = /Raw$/.test(name);
      return { library: method.library === "dapper" && !dapper ? "unknown" : method.library, sql, parameters, certainty: method.sure ? "sure" : "maybe", format: filled ? "braces" : undefined };
    },
    holdsSql: (left) => (/(?:^|\.)CommandText$/.test(text(left)) ? "microsoft-data-sqlite" : undefined),
    opens: (call) => (call.constructs && /^(?:Sqlite|SQLite)(?:Connection|Async\w*)$/.test(call.method) ? call.method : /^UseSqlite$/.test(call.method) ? "UseSqlite" : undefined),
    useOf: (node) => {
      if (node.type === "using_directive") {
        const name = importedName(node);
        return /^(?:Microsoft\.Data\.Sqlite|System\.Data\.SQLite|SQLite)\b/.test(name) ? { kind: "driver-import", name } : undefined;
      }
      if (node.type === "catch_declaration") {
        const type = childOf(node, "type");
        return type !== undefined && /(?:^|\.)S(?:QL|ql)iteException$/.test(text(type)) ? { kind: "error-class", name: text(type), at: type } : undefined;
      }
      if (node.type === "declaration_pattern" || node.type === "type_pattern") {
        const [type] = node.children;
        return type !== undefined && /^S(?:QL|ql)iteException$/.test(text(type)) ? { kind: "error-class", name: text(type), at: type } : undefined;
      }
      if (node.type === "member_access_expression") {
        const name = childOf(node, "name");
        if (name === undefined) return undefined;
        if (text(name) === "LastInsertRowId") return { kind: "lastrowid", name: "LastInsertRowId", at: name };
        if (/^SqliteE(?:xtended)?ErrorCode$|^SqliteErrorCode$/.test(text(name))) return { kind: "error-class", name: text(name), at: name };
      }
      // There is no property for it in Microsoft.Data.Sqlite: the statement says it.
      return /(?:string_literal|verbatim_string_literal)$/.test(node.type) && /last_insert_rowid\s*\(/i.test(text(node)) ? { kind: "lastrowid", name: "last_insert_rowid" } : undefined;
    },
    importOf: (node) => {
      if (node.type !== "using_directive") return undefined;
      return { module: importedName(node), name: "*", local: /using\s+(\w+)\s*=/.exec(text(node))?.[1] ?? "*" };
    },
  };
  return walkHost(source, root, grammar);

  function importedName(node: SyntaxNode): string {
    return /using\s+(?:static\s+)?(?:\w+\s*=\s*)?([\w.]+)/.exec(text(node))?.[1] ?? "";
  }

  function shapeOf(node: SyntaxNode): Shape | undefined {
    switch (node.type) {
      case "using_directive":
      case "comment":
      case "generic_name":
      case "predefined_type":
        return { kind: "skip" };
      case "attribute_list":
      case "throw_statement":
      case "throw_expression":
      case "constant_pattern":
      case "case_switch_label":
        return { kind: "quiet" };
      case "string_literal":
      case "verbatim_string_literal":
      case "raw_string_literal":
      case "interpolated_string_expression":
        return { kind: "literal" };
      case "argument": {
        // `sql: "…"` names its parameter.
        const inner = partsOf(node).at(-1);
        return inner === undefined ? undefined : { kind: "inner", inner };
      }
      case "arrow_expression_clause":
      case "parenthesized_expression":
      case "await_expression":
      case "postfix_unary_expression": {
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
        if (binary.operator === "??") return { kind: "choice", options: [binary.left, binary.right] };
        return compares(binary.operator) ? { kind: "quiet" } : undefined;
      }
      case "conditional_expression": {
        const yes = childOf(node, "consequence");
        const no = childOf(node, "alternative");
        return yes === undefined || no === undefined ? undefined : { kind: "choice", options: [yes, no] };
      }
      case "implicit_array_creation_expression":
      case "array_creation_expression": {
        const items = node.children.find((c) => c.type === "initializer_expression");
        return items === undefined ? undefined : { kind: "list", items: partsOf(items) };
      }
      case "collection_expression":
      case "element_binding_expression":
        return { kind: "list", items: partsOf(node) };
      case "identifier":
        return { kind: "name", name: text(node) };
      case "member_access_expression": {
        const name = childOf(node, "name");
        return name === undefined ? undefined : { kind: "name", name: text(name) };
      }
      case "invocation_expression": {
        const target = childOf(node, "function");
        const given = childOf(node, "arguments");
        if (target === undefined || given === undefined) return undefined;
        const bound = target.type === "conditional_access_expression" ? target.children.find((c) => c.type === "member_binding_expression") : undefined;
        const name = bound !== undefined ? childOf(bound, "name") : target.type === "member_access_expression" ? childOf(target, "name") : target;
        const receiver = childOf(target, "expression") ?? childOf(target, "condition");
        return name === undefined ? undefined : { kind: "call", receiver, method: plainName(text(name)), constructs: false, arguments: partsOf(given) };
      }
      case "object_creation_expression": {
        const type = childOf(node, "type");
        const method = type === undefined ? "" : (plainName(text(type)).split(".").at(-1) ?? "");
        if (/Exception$/.test(method)) return { kind: "quiet" };
        const given = childOf(node, "arguments");
        const items = childOf(node, "initializer");
        if (/^(?:List|HashSet)$/.test(method) && items !== undefined) return { kind: "list", items: partsOf(items) };
        return { kind: "call", receiver: undefined, method, constructs: true, arguments: given === undefined ? [] : partsOf(given) };
      }
      case "implicit_object_creation_expression": {
        // `SqliteCommand c = new("…")`: the declaration says which.
        const given = node.children.find((c) => c.type === "argument_list");
        const type = node.parent?.parent?.type === "variable_declaration" ? childOf(node.parent.parent, "type") : undefined;
        return given === undefined || type === undefined ? undefined : { kind: "call", receiver: undefined, method: plainName(text(type)), constructs: true, arguments: partsOf(given) };
      }
      case "variable_declarator": {
        const left = childOf(node, "name");
        const right = partsOf(node).find((c) => c !== left && c.field !== "name");
        return left === undefined ? undefined : { kind: "assign", how: "assign", pairs: [{ left, right }] };
      }
      case "property_declaration": {
        const left = childOf(node, "name");
        const right = childOf(node, "value");
        return left === undefined || right === undefined ? undefined : { kind: "assign", how: "assign", pairs: [{ left, right }] };
      }
      case "assignment_expression": {
        const left = childOf(node, "left");
        const right = childOf(node, "right");
        if (left === undefined || right === undefined) return undefined;
        return { kind: "assign", how: source.slice(left.end, right.start).includes("+=") ? "extend" : "assign", pairs: [{ left, right }] };
      }
      case "method_declaration":
      case "constructor_declaration":
      case "local_function_statement":
        return { kind: "function", name: childOf(node, "name"), parameters: childOf(node, "parameters"), body: childOf(node, "body") ?? node.children.find((c) => c.type === "arrow_expression_clause") };
      case "lambda_expression":
      case "anonymous_method_expression":
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
    if (call.constructs) return method === "StringBuilder" && first !== undefined ? { kind: "same", inner: first } : undefined;
    if (receiver === undefined) return undefined;
    const on = text(receiver);
    const ofString = /^(?:string|String)$/.test(on);
    switch (method) {
      case "Format":
        if (!ofString || first === undefined) return undefined;
        // The culture may come first.
        if (second !== undefined && /Culture|formatProvider/i.test(text(first)) && shapeOf(first)?.kind !== "literal") return { kind: "format", template: second, values: given.slice(2), format: "braces" };
        return { kind: "format", template: first, values: given.slice(1), format: "braces" };
      case "Join":
        return ofString && first !== undefined && second !== undefined ? { kind: "join", separator: first, items: second } : undefined;
      case "Concat":
        return ofString && given.length > 1 ? { kind: "sum", parts: given } : undefined;
      case "Repeat":
        return on.endsWith("Enumerable") && first !== undefined ? { kind: "repeat", item: first } : undefined;
      case "Select":
        return first === undefined ? undefined : { kind: "repeatBy", by: first };
      case "Append":
      case "AppendLine":
        return first === undefined || appendedTo(receiver) !== undefined ? undefined : { kind: "sum", parts: [receiver, first] };
      case "ToString":
      case "Trim":
      case "TrimEnd":
      case "TrimStart":
      case "Replace":
      case "Substring":
      case "ToArray":
      case "ToList":
        return { kind: "same", inner: receiver };
      default:
        return undefined;
    }
  }

  /** The variable that a chain of `Append` begins with. */
  function appendedTo(receiver: SyntaxNode): SyntaxNode | undefined {
    let at: SyntaxNode | undefined = receiver;
    while (at !== undefined) {
      const shape = shapeOf(at);
      if (shape?.kind === "name") return at;
      at = shape?.kind === "call" && /^Append/.test(shape.method) ? shape.receiver : undefined;
    }
    return undefined;
  }

  function importPlace(): number {
    const last = root.children.findLast((c) => c.type === "using_directive");
    return last === undefined ? lineBehind(source, 0) : lineBehind(source, last.end);
  }
}

function spanOf({ start, end }: SyntaxNode): { start: number; end: number } {
  return { start, end };
}
