import { decodeGoString } from "./go-string.ts";
import type { CallShape, HostGrammar, Shape } from "./host-grammar.ts";
import { binaryOf, compares, lineBehind, sumOf } from "./operands.ts";
import type { DatabaseCall, HostFile, Library } from "./site.ts";
import { childOf, partsOf } from "./syntax-node.ts";
import type { SyntaxNode } from "./syntax-node.ts";
import { walkHost } from "./walk-host.ts";

/** Packages that are SQLite drivers; the name each registers with database/sql. */
const driverPackages = /^(?:github\.com\/mattn\/go-sqlite3|modernc\.org\/sqlite|github\.com\/glebarez\/(?:go-)?sqlite|github\.com\/ncruces\/go-sqlite3(?:\/driver)?|zombiezen\.com\/go\/sqlite(?:\/.*)?|crawshaw\.io\/sqlite(?:\/.*)?|gorm\.io\/driver\/sqlite)$/;

/** The methods of database/sql and sqlx that take SQL. `at`: its place among the arguments, the context counted. */
const methods: Readonly<Record<string, { readonly at: number; readonly sure: boolean; readonly parameters: "rest" | "prepared"; readonly library?: Library; readonly part?: true }>> = {
  Query: { at: 0, sure: false, parameters: "rest" },
  QueryRow: { at: 0, sure: true, parameters: "rest" },
  Exec: { at: 0, sure: false, parameters: "rest" },
  Prepare: { at: 0, sure: true, parameters: "prepared" },
  QueryContext: { at: 1, sure: true, parameters: "rest" },
  QueryRowContext: { at: 1, sure: true, parameters: "rest" },
  ExecContext: { at: 1, sure: true, parameters: "rest" },
  PrepareContext: { at: 1, sure: true, parameters: "prepared" },
  Queryx: { at: 0, sure: true, parameters: "rest", library: "sqlx" },
  QueryRowx: { at: 0, sure: true, parameters: "rest", library: "sqlx" },
  QueryxContext: { at: 1, sure: true, parameters: "rest", library: "sqlx" },
  QueryRowxContext: { at: 1, sure: true, parameters: "rest", library: "sqlx" },
  MustExec: { at: 0, sure: true, parameters: "rest", library: "sqlx" },
  MustExecContext: { at: 1, sure: true, parameters: "rest", library: "sqlx" },
  Preparex: { at: 0, sure: true, parameters: "prepared", library: "sqlx" },
  PreparexContext: { at: 1, sure: true, parameters: "prepared", library: "sqlx" },
  NamedExec: { at: 0, sure: true, parameters: "rest", library: "sqlx" },
  NamedQuery: { at: 0, sure: true, parameters: "rest", library: "sqlx" },
  NamedExecContext: { at: 1, sure: true, parameters: "rest", library: "sqlx" },
  PrepareNamed: { at: 0, sure: true, parameters: "prepared", library: "sqlx" },
  Get: { at: 1, sure: false, parameters: "rest", library: "sqlx" },
  Select: { at: 1, sure: false, parameters: "rest", library: "sqlx" },
  GetContext: { at: 2, sure: false, parameters: "rest", library: "sqlx" },
  SelectContext: { at: 2, sure: false, parameters: "rest", library: "sqlx" },
  BindNamed: { at: 0, sure: true, parameters: "rest", library: "sqlx" },
  In: { at: 0, sure: false, parameters: "rest", library: "sqlx" },
  Rebind: { at: 0, sure: false, parameters: "prepared", library: "sqlx" },
  Raw: { at: 0, sure: false, parameters: "rest", library: "query-builder" },
  ...Object.fromEntries(
    // What GORM, squirrel and bun take as parts.
    ["Where", "Or", "Not", "WhereOr", "Having", "Order", "OrderBy", "OrderExpr", "ColumnExpr", "Joins", "Join", "LeftJoin", "InnerJoin", "Expr", "Suffix"].map(
      (name) => [name, { at: 0, sure: false, parameters: "rest", library: "query-builder", part: true }] as const,
    ),
  ),
};

const speaking = /^(?:Print|Println|Printf|Fatal|Fatalf|Fatalln|Panic|Panicf|Log|Logf|Error|Errorf|Warn|Warnf|Info|Infof|Debug|Debugf|New|Wrap|Wrapf|Skip|Skipf|Run|panic|Contains|HasPrefix|HasSuffix|Index|EqualFold)$/;

/** Finds the SQL of a Go file, and what else ties it to SQLite. */
export function findInGo(source: string, root: SyntaxNode): HostFile {
  const text = (node: SyntaxNode): string => source.slice(node.start, node.end);
  const imported = [...source.matchAll(/^\s*(?:import\s+)?(?:[\w.]+\s+)?"([\w./-]+)"\s*(?:\/\/.*)?$/gm)].map(([, path = ""]) => path);
  const usesSqlx = imported.includes("github.com/jmoiron/sqlx");
  const usesDatabase = imported.includes("database/sql");
  const prepared = new Map<string, Set<DatabaseCall["parameters"]>>();
  collectRuns(root);

  const grammar: HostGrammar = {
    language: "go",
    style: { open: "{", close: "}" },
    speaking,
    importAt: importPlace(),
    shapeOf,
    literalOf: (node, format) => {
      const literal = decodeGoString(source, node, format);
      return literal === undefined ? undefined : { literal, holes: [] };
    },
    textCall: (call) => {
      const [first, second] = call.arguments;
      const callee = calleeOf(call);
      if (first === undefined) return callee.endsWith(".String") && call.receiver !== undefined ? { kind: "same", inner: call.receiver } : undefined;
      switch (callee) {
        case "fmt.Sprintf":
          return { kind: "format", template: first, values: call.arguments.slice(1), format: "percent" };
        case "strings.Join":
          return { kind: "join", separator: second, items: first };
        case "strings.Repeat":
          return { kind: "repeat", item: first };
        case "append":
          return { kind: "same", inner: first };
        case "make":
          return { kind: "list", items: [] };
        default:
          if (call.method === "Rebind") return undefined;
          return /^(?:strings\.(?:Trim\w*|Replace|ReplaceAll)|string)$/.test(callee) ? { kind: "same", inner: first } : undefined;
      }
    },
    grows: (call) => {
      if (/^Write(?:String)?$/.test(call.method) && call.receiver !== undefined) return { target: call.receiver, values: call.arguments, how: "extend" };
      const [to, template] = call.arguments;
      // fmt.Fprintf(&sb, …) writes a template, which only the formatter's own shape can read.
      if (calleeOf(call) === "fmt.Fprint" && to !== undefined && template !== undefined) return { target: to, values: call.arguments.slice(1), how: "extend" };
      return undefined;
    },
    databaseCall: (call, node) => {
      const method = methods[call.method];
      if (method === undefined || call.receiver === undefined) return undefined;
      const sql = call.arguments[method.at];
      if (sql === undefined) return undefined;
      const rest = call.arguments.slice(method.at + 1);
      const parameters = method.parameters === "prepared" ? preparedBy(node) : rest.length === 0 ? "none" : rest.some((a) => a.type === "variadic_argument") ? "unknown" : "passed";
      const library = method.library === "sqlx" ? (usesSqlx ? "sqlx" : "unknown") : (method.library ?? (usesSqlx ? "sqlx" : usesDatabase ? "database/sql" : "unknown"));
      return { library, sql, parameters, certainty: method.sure ? "sure" : "maybe", part: method.part === true };
    },
    opens: (call) => {
      const callee = calleeOf(call);
      const [driver] = call.arguments;
      if (/^(?:sql|sqlx)\.(?:Open|Connect|MustConnect|MustOpen|ConnectContext)$/.test(callee)) {
        return call.arguments.slice(0, 2).some((a) => /^["`]sqlite3?["`]$/.test(text(a))) ? callee : undefined;
      }
      return callee === "sqlite.Open" && driver !== undefined && imported.includes("gorm.io/driver/sqlite") ? callee : undefined;
    },
    useOf: (node) => {
      if (node.type === "import_spec") {
        const path = pathOf(node);
        return driverPackages.test(path) ? { kind: "driver-import", name: path } : undefined;
      }
      if (node.type === "selector_expression") {
        const field = childOf(node, "field");
        const operand = childOf(node, "operand");
        if (field === undefined || operand === undefined) return undefined;
        if (text(field) === "LastInsertId" && node.field === "function") return { kind: "lastrowid", name: "LastInsertId", at: field };
        if (/^sqlite3?$/.test(text(operand)) && /^(?:Err[A-Z]\w*|SQLITE_[A-Z_]+)$/.test(text(field))) return { kind: "error-class", name: `${text(operand)}.${text(field)}` };
      }
      if (node.type === "qualified_type" && /^sqlite3?\.Error$/.test(text(node))) return { kind: "error-class", name: text(node) };
      return undefined;
    },
    importOf: (node) => {
      if (node.type !== "import_spec") return undefined;
      const path = pathOf(node);
      const name = childOf(node, "name");
      return { module: path, name: "*", local: name === undefined ? (path.split("/").at(-1) ?? path) : text(name) };
    },
  };
  return walkHost(source, root, grammar);

  function pathOf(node: SyntaxNode): string {
    const path = childOf(node, "path");
    return path === undefined ? "" : text(path).slice(1, -1);
  }

  function calleeOf(call: CallShape): string {
    return call.receiver === undefined ? call.method : `${text(call.receiver)}.${call.method}`;
  }

  function shapeOf(node: SyntaxNode): Shape | undefined {
    switch (node.type) {
      case "import_declaration":
      case "package_clause":
      case "comment":
      case "type_declaration":
        return { kind: "skip" };
      case "interpreted_string_literal":
      case "raw_string_literal":
        return { kind: "literal" };
      case "parenthesized_expression":
      case "literal_element":
      case "unary_expression": {
        const [inner] = partsOf(node);
        return inner === undefined ? undefined : { kind: "inner", inner };
      }
      case "expression_list": {
        const [inner, more] = partsOf(node);
        return inner === undefined || more !== undefined ? undefined : { kind: "inner", inner };
      }
      case "binary_expression": {
        const binary = binaryOf(source, node);
        if (binary === undefined) return undefined;
        if (binary.operator === "+") return { kind: "sum", parts: sumOf(source, node, "+") };
        return compares(binary.operator) ? { kind: "quiet" } : undefined;
      }
      case "composite_literal": {
        const body = childOf(node, "body");
        const type = childOf(node, "type");
        if (body === undefined || (type?.type !== "slice_type" && type?.type !== "array_type" && type?.type !== "implicit_length_array_type")) return undefined;
        return { kind: "list", items: partsOf(body) };
      }
      case "identifier":
      case "field_identifier":
        return { kind: "name", name: text(node) };
      case "selector_expression": {
        const field = childOf(node, "field");
        return field === undefined ? undefined : { kind: "name", name: `.${text(field)}` };
      }
      case "call_expression": {
        let target = childOf(node, "function");
        const given = childOf(node, "arguments");
        if (target?.type === "index_expression" || target?.type === "type_instantiation_expression") [target] = partsOf(target);
        if (target === undefined || given === undefined) return undefined;
        const field = target.type === "selector_expression" ? childOf(target, "field") : undefined;
        return { kind: "call", receiver: field === undefined ? undefined : childOf(target, "operand"), method: text(field ?? target), constructs: false, arguments: partsOf(given) };
      }
      case "const_spec":
      case "var_spec":
      case "short_var_declaration":
      case "assignment_statement":
        return assignment(node);
      case "keyed_element": {
        const [key, value] = partsOf(node);
        const [name] = key?.type === "literal_element" ? partsOf(key) : [];
        if (name?.type !== "identifier" || value === undefined) return undefined;
        // A field of a struct: its name is an attribute's.
        return { kind: "assign", how: "assign", pairs: [{ left: { ...name, type: "selector_expression", children: [{ ...name, field: "field" }] }, right: value }] };
      }
      case "function_declaration":
      case "method_declaration":
        return { kind: "function", name: childOf(node, "name"), parameters: childOf(node, "parameters"), body: childOf(node, "body") };
      case "func_literal":
        return { kind: "function", name: undefined, parameters: childOf(node, "parameters"), body: childOf(node, "body") };
      case "return_statement":
        return { kind: "return", values: partsOf(node).flatMap((list) => (list.type === "expression_list" ? partsOf(list) : [list])) };
      default:
        return undefined;
    }
  }

  function assignment(node: SyntaxNode): Shape | undefined {
    const names = node.children.filter((c) => c.field === "name");
    const left = names.length > 0 ? names : partsOf(childOf(node, "left") ?? node);
    const right = childOf(node, names.length > 0 ? "value" : "right");
    if (right === undefined) return undefined;
    const given = partsOf(right);
    const [target] = left;
    const [value, more] = given;
    const operator = target === undefined ? "" : source.slice(left.at(-1)?.end ?? target.end, right.start).trim();
    if (target !== undefined && value !== undefined && more === undefined) {
      if (operator.endsWith("+=")) return { kind: "assign", how: "extend", pairs: [{ left: target, right: value }] };
      // conds = append(conds, "a = ?")
      const call = value.type === "call_expression" ? shapeOf(value) : undefined;
      if (call?.kind === "call" && call.receiver === undefined && call.method === "append") {
        const [list, ...added] = call.arguments;
        if (list !== undefined && text(list) === text(target)) return { kind: "assign", how: "add", pairs: added.map((item) => ({ left: target, right: item })) };
      }
      // db, err := sql.Open(…): the first name takes what matters.
      return { kind: "assign", how: "assign", pairs: [{ left: target, right: value }] };
    }
    return { kind: "assign", how: "assign", pairs: left.flatMap((name, i) => (given[i] === undefined ? [] : [{ left: name, right: given[i] }])) };
  }

  /** Learns with what the statements held in variables are run. */
  function collectRuns(node: SyntaxNode): void {
    if (node.type === "call_expression") {
      const shape = shapeOf(node);
      if (shape?.kind === "call" && shape.receiver !== undefined && /^(?:Query|QueryRow|Exec|Queryx|QueryRowx|MustExec)(?:Context)?$/.test(shape.method)) {
        const given = shape.method.endsWith("Context") ? shape.arguments.slice(1) : shape.arguments;
        const name = text(shape.receiver);
        const known = prepared.get(name) ?? new Set();
        known.add(given.length === 0 ? "none" : given.some((a) => a.type === "variadic_argument") ? "unknown" : "passed");
        prepared.set(name, known);
      }
    }
    for (const child of node.children) collectRuns(child);
  }

  function preparedBy(node: SyntaxNode): DatabaseCall["parameters"] {
    const holder = node.parent?.type === "expression_list" ? node.parent.parent : node.parent;
    const left = holder === undefined ? undefined : childOf(holder, "left");
    const [name] = left === undefined ? [] : partsOf(left);
    const runs = name === undefined ? undefined : prepared.get(text(name));
    const [only] = runs ?? [];
    return runs?.size === 1 && only !== undefined ? only : "unknown";
  }

  function importPlace(): number {
    const last = root.children.findLast((c) => c.type === "import_declaration") ?? root.children.find((c) => c.type === "package_clause");
    return lineBehind(source, last?.end ?? 0);
  }
}
