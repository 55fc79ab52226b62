import type { Settled } from "#core/rules/finding.ts";
import { fold, type SchemaView } from "#core/rules/schema-view.ts";
import { groupedOtherwise } from "#core/rules/operators/grouping.ts";
import { meaningsOf, nameOf, resolutionOf } from "#core/rules/scope.ts";
import type { Expression, Node, Statement } from "#core/sql/nodes.ts";
import { tokenize } from "#core/sql/tokenize.ts";
import { walk } from "#core/sql/walk.ts";
import type { Span } from "#core/text/span.ts";
import { changeDifferences } from "./changes.ts";
import type { Checking } from "./checking.ts";
import { expressionDifferences } from "./expressions.ts";
import { definitionDifferences } from "./definitions.ts";
import { lookedAt } from "./looked-at.ts";
import { queryDifferences } from "./queries.ts";
import { kindOf, type KindContext, type ValueKind } from "#core/rules/kinds/value-kind.ts";

/** A construct that is not on the list of those that mean the same on both engines. */
export interface NotLookedAt {
  /** What it is, for people. */
  readonly what: string;
  readonly span: Span;
  /** Where it differs, PostgreSQL reports an error: rows are never others. */
  readonly loud?: true;
}

/** What is known besides the statement itself. */
export interface Surroundings {
  readonly schema: SchemaView | undefined;
  /** What safe fixes replace: looked at by their rules. An empty span is a place where something is inserted. */
  readonly rewritten: readonly Span[];
  /** Nodes that safe fixes and the adapter settle: their parts are looked at, they themselves are not. */
  readonly settles: readonly Settled[];
}

/**
 * The constructs of a statement of which nobody has shown that PostgreSQL gives what SQLite gives. An empty list is the only
 * way to an outcome better than `review`: what is not listed as the same counts as different.
 */
export function notLookedAt(statement: Statement, sql: string, { schema, rewritten, settles }: Surroundings): NotLookedAt[] {
  const covers = rewritten.filter((span) => span.end > span.start);
  const isReplaced = (range: Span): boolean => covers.some((cover) => cover.start <= range.start && range.end <= cover.end);
  const isRewritten = ({ span }: Node): boolean => isReplaced(span);
  const settling = ({ span }: Node, enclosed: boolean): Settled | undefined => settles.find((each) => each.span.start === span.start && each.span.end === span.end && (each.enclosed === true) === enclosed);
  const settled = (node: Node): ValueKind | undefined => {
    const found = settling(node, true) ?? settling(node, false);
    if (found?.kind !== undefined) return found.kind;
    return found !== undefined || isRewritten(node) ? { kind: "rewritten" } : undefined;
  };
  const found: NotLookedAt[] = [];
  const meanings = meaningsOf(statement, schema);
  const context: KindContext = { resolution: resolutionOf(meanings), settled };
  const known = new Map<Expression, ReturnType<typeof kindOf>>();
  const checking: Checking = {
    ...context,
    statement,
    sql,
    schema,
    meanings,
    kind: (node) => {
      let kind = known.get(node);
      if (kind === undefined) known.set(node, (kind = kindOf(node, context)));
      return kind;
    },
    isReplaced,
    insertedAt: (offset) => rewritten.some((span) => span.start === offset && span.end === offset),
    report: (node, what, loud) => {
      if (!found.some((each) => each.span.start === node.span.start && each.what === what)) found.push({ what, span: node.span, ...(loud === undefined ? {} : { loud: true }) });
    },
  };
  walk(statement, {
    enter(node, ancestors) {
      if (isRewritten(node)) return "skip";
      // An ordering term and a result share the range of the expression in them, and say more than it does.
      if (node.kind !== "OrderingTerm" && node.kind !== "ResultColumn" && settling(node, false) !== undefined) return undefined;
      const listed = node.kind === "CreateTableStatement" && node.select === undefined ? "CREATE TABLE" : lookedAt[node.kind];
      if (listed !== true) {
        checking.report(node, listed);
        return "skip";
      }
      check(node, ancestors, checking);
      return undefined;
    },
  });
  for (const operand of groupedOtherwise(statement)) {
    if (!rewritten.some((span) => span.start === operand.span.start && span.end === span.start) && !isRewritten(operand)) checking.report(operand, "an operand that PostgreSQL gives to another operator");
  }
  // PostgreSQL's comments nest, so that one may end later there.
  for (const token of tokenize(sql)) if (token.kind === "comment" && sql.startsWith("/*", token.start) && sql.slice(token.start + 2, token.end).includes("/*")) found.push({ what: "a comment within a comment", span: token });
  return found;
}

function check(node: Node, ancestors: readonly Node[], checking: Checking): void {
  expressionDifferences(node, ancestors, checking);
  queryDifferences(node, ancestors, checking);
  changeDifferences(node, checking);
  definitionDifferences(node, checking);
  names(node, ancestors.at(-1), checking);
}

/** Names that mean something else, or nothing, on PostgreSQL. */
function names(node: Node, parent: Node | undefined, { report, meanings, isReplaced, schema }: Checking): void {
  switch (node.kind) {
    case "QualifiedName": {
      if (node.schema !== undefined && !isReplaced(node.schema.span)) report(node, "a schema's name");
      const name = nameOf(node.name);
      if (name !== undefined && /^(sqlite_|pragma_)/i.test(name)) report(node, "one of SQLite's own tables");
      if (node.name.kind === "Identifier" && node.name.quote === "none" && isPostgresValue(node.name.value) && !isReplaced(node.name.span)) report(node, "a name that is a value of PostgreSQL's own unless it is quoted");
      return;
    }
    case "Identifier":
      if (node.quote === "bracket" || node.quote === "backtick" || node.quote === "single") report(node, "a name in SQLite's quotes");
      else if (node.holes.length > 0) report(node, "an interpolation");
      // PostgreSQL folds it: whoever reads a result by name asks for one that is not there.
      else if (node.quote === "none" && /[A-Z]/.test(node.value) && parent?.kind === "Alias") report(node, "a name in capitals without quotes, which PostgreSQL folds to lower case");
      return;
    case "ColumnReference": {
      const name = nameOf(node.column);
      if (node.schema !== undefined && !isReplaced(node.schema.span)) report(node, "a schema's name");
      if (name === undefined || isReplaced(node.column.span)) return;
      if (node.table === undefined && node.column.kind === "Identifier" && node.column.quote === "none" && isPostgresValue(node.column.value)) report(node, "a name that is a value of PostgreSQL's own unless it is quoted");
      if (meanings.of(node) !== undefined) return;
      if (node.column.kind === "Identifier" && node.column.quote === "double") report(node, schema === undefined ? "a word in double quotes, which SQLite takes for a text where no column has the name (--schema tells)" : "a word in double quotes that is no column: SQLite takes it for a text");
      if (/^(rowid|oid|_rowid_|ctid|xmin|xmax|cmin|cmax|tableoid)$/.test(fold(name))) report(node, "the rowid, or a name that PostgreSQL has for itself");
      return;
    }
    default:
      return;
  }
}

/** `SELECT user` and even `SELECT count(*) FROM user` run on PostgreSQL, and mean the session's user. */
function isPostgresValue(name: string): boolean {
  return /^(user|current_user|session_user|system_user|current_role|current_catalog|current_schema|localtime|localtimestamp)$/.test(fold(name));
}
