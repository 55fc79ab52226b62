import type { Span } from "#core/text/span.ts";
import { engineNamed, type Engine } from "./engine-name.ts";
import { childOf, partsOf } from "./syntax-node.ts";
import type { SyntaxNode } from "./syntax-node.ts";

/** A part of a file that runs for one engine only. */
export interface EngineRegion {
  readonly span: Span;
  readonly engine: Engine;
}

const classes: ReadonlySet<string> = new Set("class_definition class_declaration class impl_item struct_declaration record_declaration interface_declaration trait_item mod_item module enum_declaration class_specifier trait_declaration namespace_declaration".split(" "));
const functions: ReadonlySet<string> = new Set("function_definition function_declaration method_definition method_declaration function_item method singleton_method constructor_declaration local_function_statement".split(" "));
const branches: ReadonlySet<string> = new Set("if_statement if_expression if unless elsif elif_clause else_if_clause ternary_expression conditional_expression conditional".split(" "));
const cases: ReadonlySet<string> = new Set("expression_case switch_case switch_section switch_block_statement_group switch_rule case_statement match_arm when case_clause match_conditional_expression switch_expression_arm".split(" "));
const leaving: ReadonlySet<string> = new Set("return_statement return_expression return raise_statement raise throw_statement throw_expression continue_statement break_statement".split(" "));

/**
 * The parts of a file whose code says which engine they are for: classes and functions by their names, the branches of
 * `if dialect == "postgres"` and its like, the cases of `switch driver`, and what follows a branch that leaves.
 */
export function engineRegions(source: string, root: SyntaxNode): EngineRegion[] {
  const regions: EngineRegion[] = [];
  const text = (node: Span): string => source.slice(node.start, node.end);
  const add = (span: Span, engine: Engine | undefined): void => {
    if (engine !== undefined && span.end > span.start) regions.push({ span: { start: span.start, end: span.end }, engine });
  };

  const visit = (node: SyntaxNode): void => {
    if (classes.has(node.type)) {
      const name = childOf(node, "name") ?? childOf(node, "type");
      if (name !== undefined) add(node, engineNamed(text(name)) ?? engineNamed(text(childOf(node, "trait") ?? { start: 0, end: 0 })));
    } else if (functions.has(node.type)) {
      const name = childOf(node, "name");
      const receiver = childOf(node, "receiver");
      add(node, (name === undefined ? undefined : engineNamed(text(name))) ?? (receiver === undefined ? undefined : engineNamed(/\w+\)?$/.exec(text(receiver))?.[0] ?? "")));
    } else if (branches.has(node.type)) branch(node);
    else if (cases.has(node.type)) {
      const label = childOf(node, "pattern") ?? childOf(node, "conditional_expressions") ?? childOf(node, "value") ?? partsOf(node)[0];
      // What a long label says is not a name.
      if (label !== undefined && label.end - label.start < 120) add({ start: label.end, end: node.end }, caseEngine(text(label)));
    }
    for (const child of node.children) visit(child);
  };

  function branch(node: SyntaxNode): void {
    const parts = partsOf(node);
    // Python's `a if condition else b` has no names for its parts.
    const python = node.type === "conditional_expression" && childOf(node, "condition") === undefined;
    const condition = python ? parts[1] : childOf(node, "condition");
    if (condition === undefined) return;
    const test = testOf(text(condition));
    if (test === undefined) return;
    const inverse = node.type === "unless";
    const [yes, no] = test.negated === inverse ? [test.engine, test.pure ? notEngine(test.engine) : undefined] : [test.pure ? notEngine(test.engine) : undefined, test.engine];
    const consequence = python ? parts[0] : (childOf(node, "consequence") ?? childOf(node, "body"));
    if (consequence !== undefined) add(consequence, yes);
    const alternatives = python ? parts.slice(2) : node.children.filter((child) => child.field === "alternative");
    for (const alternative of alternatives) add(alternative, no);
    const { parent } = node;
    if (alternatives.length === 0 && consequence !== undefined && parent !== undefined && test.pure && leaves(consequence)) {
      const block = /^(?:expression_statement|statement)$/.test(parent.type) ? (parent.parent ?? parent) : parent;
      add({ start: node.end, end: block.end }, no);
    }
  }

  function leaves(node: SyntaxNode): boolean {
    const last = partsOf(node).at(-1);
    if (leaving.has(node.type)) return true;
    if (last === undefined) return /^\s*(?:return|throw|raise|continue|break)\b/.test(text(node).replace(/^[{:\s]+/, ""));
    return leaving.has(last.type) || (/^(?:expression_statement|statement_list|block|then|expression_list|statement_block|compound_statement)$/.test(last.type) && last.children.length > 0 && leaves(last)) || (last === node.children.at(-1) && /^panic!?\(/.test(text(last)));
  }

  visit(root);
  return regions;
}

/** What is run where an engine is not: code that is not SQLite's is some other engine's. */
function notEngine(engine: Engine): Engine | undefined {
  return engine === "sqlite" ? "other" : undefined;
}

const engineWord = "sqlite3?|postgres(?:ql)?|pgsql|psql|pgx?|mysql2?|mariadb|mssql|sqlserver|oracle|h2|duckdb|clickhouse|cockroach(?:db)?|libsql";
const quoted = new RegExp(`["'\`](?:pdo_)?(${engineWord})(?:\\+\\w+)?["'\`]`, "gi");
/** `DatabaseType.PostgreSQL`, `Dialect::Sqlite`, `PostgresEngine` as an operand of a comparison. */
const operand = new RegExp(
  `(?:[=!]==?|\\bis(?:\\s+not)?\\b|\\.equals\\(|isinstance\\([^,]+,|\\binstanceof\\b)\\s*[\\w.:\\\\$]*?(?:\\.|::|\\b|_)(${engineWord})(?:Engine|Dialect|Database|Driver|Connection|Platform|Grammar|Processor)?(?![\\w.])|(?:\\.|::|_)(${engineWord})\\s*[=!]==?`,
  "gi",
);
const flag = new RegExp(`\\b(?:is|use|uses|using|on)_?(${engineWord})(?:Database|Engine|_db|DB)?\\b(?!\\s*[.=])`, "gi");

/** What a condition asks of the engine: which one, whether the answer is no, and whether it asks nothing else. */
function testOf(condition: string): { readonly engine: Engine; readonly negated: boolean; readonly pure: boolean } | undefined {
  if (condition.length > 300 || /version|(?<![=-])>(?!=?\s*["'])|<(?!>)/i.test(condition.replace(/<[\w, ]+>/g, ""))) return undefined;
  const either = condition.split(/\|\||\bor\b/);
  const engines = new Set<Engine>();
  for (const part of either) {
    const found = [...[...part.matchAll(quoted)].map((m) => m[1]), ...[...part.matchAll(operand)].map((m) => m[1] ?? m[2]), ...[...part.matchAll(flag)].map((m) => m[1])];
    // `… == "postgres" or debug` may hold anywhere.
    if (found.length === 0) return undefined;
    for (const word of found) {
      const engine = word === undefined ? undefined : engineNamed(word);
      if (engine !== undefined) engines.add(engine);
    }
  }
  const [only, more] = engines;
  if (only === undefined || (more !== undefined && engines.has("sqlite"))) return undefined;
  const asked = /[=!]==?|\bin\b|\bis\b|\beq\b|equals|includes|instanceof|isinstance|\b(?:is|use|uses|using|on)_?[A-Za-z]|match|=~|case/i.test(condition);
  if (!asked) return undefined;
  const negated = /!==?|<>|\bis\s+not\b|\bnot\b|(?:^|[\s(])![\w$(]|\bne\b|NotEqual/.test(condition);
  return { engine: more === undefined ? only : "other", negated, pure: !/&&|\band\b/.test(condition) && either.length === 1 };
}

/** The engine that a case is for, or several that are all not SQLite. */
function caseEngine(label: string): Engine | undefined {
  const engines = new Set<Engine>();
  for (const [, word] of label.matchAll(new RegExp(`(?:^|[\\s"'\`.:_(,|\\\\]|\\b[A-Za-z]+(?=[A-Z]))(${engineWord})(?![a-z])`, "gi"))) {
    // A rating, a page, a chemical: short names must stand alone and be written as engines' names are.
    if (word === undefined || (word.length <= 3 && word !== word.toLowerCase())) continue;
    const engine = engineNamed(word);
    if (engine !== undefined) engines.add(engine);
  }
  const [only, more] = engines;
  if (more === undefined) return only;
  return engines.has("sqlite") ? undefined : "other";
}
