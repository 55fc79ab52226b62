import type { Node, NodeKind, NodeOf } from "./nodes.ts";

type ChildField<N> = {
  [F in keyof N]: F extends "kind" | "span" | "problem" ? never
    : NonNullable<N[F]> extends Node | readonly Node[] ? F : never;
}[keyof N];

/** The fields of every kind that hold nodes, in the order of the text. */
type ChildFields = { readonly [K in NodeKind]: { readonly [F in ChildField<NodeOf<K>> & string]: 1 } };

const childFields: ChildFields = {
  Hole: {},
  ErrorNode: {},
  Identifier: { holes: 1 },
  QualifiedName: { schema: 1, name: 1 },
  Alias: { name: 1 },
  NameList: { names: 1 },
  TypeName: { words: 1, arguments: 1 },

  NumericLiteral: {},
  StringLiteral: { holes: 1 },
  BlobLiteral: { holes: 1 },
  NullLiteral: {},
  CurrentTimeLiteral: {},
  BindParameter: { holes: 1 },
  ColumnReference: { schema: 1, table: 1, column: 1 },
  UnaryExpression: { operand: 1 },
  BinaryExpression: { left: 1, right: 1 },
  IsExpression: { left: 1, right: 1 },
  NullTest: { operand: 1 },
  LikeExpression: { left: 1, right: 1, escape: 1 },
  BetweenExpression: { operand: 1, low: 1, high: 1 },
  InExpression: { operand: 1, source: 1 },
  ExpressionList: { items: 1 },
  InTable: { table: 1, arguments: 1 },
  Subquery: { select: 1 },
  ExistsExpression: { subquery: 1 },
  CaseExpression: { operand: 1, branches: 1, otherwise: 1 },
  CaseBranch: { condition: 1, result: 1 },
  CastExpression: { expression: 1, type: 1 },
  CollateExpression: { operand: 1, collation: 1 },
  FunctionCall: { name: 1, arguments: 1, orderBy: 1, withinGroup: 1, filter: 1, over: 1 },
  WithinGroup: { expression: 1 },
  FilterClause: { where: 1 },
  OverClause: { window: 1 },
  WindowSpecification: { base: 1, partitionBy: 1, orderBy: 1, frame: 1, holes: 1 },
  WindowFrame: { from: 1, to: 1 },
  FrameBound: { offset: 1 },
  RowValue: { items: 1 },
  ParenthesizedExpression: { expression: 1 },
  RaiseExpression: { message: 1 },
  HoleOperatorExpression: { left: 1, operator: 1, right: 1 },

  SelectStatement: { with: 1, terms: 1, operators: 1, orderBy: 1, limit: 1, holes: 1, rest: 1 },
  CompoundOperator: {},
  SelectCore: { columns: 1, from: 1, where: 1, groupBy: 1, having: 1, window: 1, holes: 1, misplaced: 1 },
  ValuesClause: { rows: 1 },
  ResultColumn: { expression: 1, alias: 1 },
  AllColumns: { table: 1 },
  FromClause: { terms: 1 },
  JoinTerm: { operator: 1, source: 1, constraint: 1 },
  JoinOperator: {},
  OnClause: { condition: 1 },
  UsingClause: { columns: 1 },
  TableReference: { table: 1, alias: 1, indexedBy: 1 },
  IndexedBy: { index: 1 },
  TableFunctionCall: { name: 1, arguments: 1, alias: 1 },
  SubquerySource: { subquery: 1, alias: 1 },
  ParenthesizedSource: { terms: 1, alias: 1 },
  WhereClause: { condition: 1 },
  GroupByClause: { expressions: 1 },
  HavingClause: { condition: 1 },
  WindowClause: { definitions: 1 },
  WindowDefinition: { name: 1, window: 1 },
  OrderByClause: { terms: 1 },
  OrderingTerm: { expression: 1, holes: 1 },
  LimitClause: { limit: 1, offset: 1 },
  WithClause: { tables: 1 },
  CommonTable: { name: 1, columns: 1, query: 1 },

  OrAction: { hole: 1 },
  InsertStatement: { with: 1, or: 1, table: 1, alias: 1, columns: 1, source: 1, upserts: 1, returning: 1, holes: 1, rest: 1 },
  DefaultValues: {},
  UpsertClause: { target: 1, set: 1, where: 1, holes: 1 },
  ConflictTarget: { terms: 1, where: 1 },
  ReturningClause: { columns: 1 },
  SetClause: { assignments: 1 },
  Assignment: { target: 1, value: 1 },
  UpdateStatement: {
    with: 1, or: 1, table: 1, alias: 1, indexedBy: 1, set: 1, from: 1, where: 1, returning: 1, orderBy: 1, limit: 1, holes: 1, rest: 1,
  },
  DeleteStatement: { with: 1, table: 1, alias: 1, indexedBy: 1, where: 1, returning: 1, orderBy: 1, limit: 1, holes: 1, rest: 1 },

  CreateTableStatement: { name: 1, columns: 1, constraints: 1, options: 1, select: 1, holes: 1, rest: 1 },
  TableOption: {},
  ColumnDefinition: { name: 1, type: 1, constraints: 1 },
  ConstraintName: { name: 1 },
  OnConflict: {},
  EmptyConstraint: { constraintName: 1 },
  ColumnPrimaryKey: { constraintName: 1, onConflict: 1 },
  NotNullConstraint: { constraintName: 1, onConflict: 1 },
  NullConstraint: { constraintName: 1, onConflict: 1 },
  ColumnUnique: { constraintName: 1, onConflict: 1 },
  CheckConstraint: { constraintName: 1, expression: 1, onConflict: 1 },
  DefaultConstraint: { constraintName: 1, value: 1 },
  CollateConstraint: { constraintName: 1, collation: 1 },
  ColumnForeignKey: { constraintName: 1, references: 1 },
  GeneratedConstraint: { constraintName: 1, expression: 1 },
  DeferrableConstraint: { constraintName: 1, deferrable: 1 },
  TablePrimaryKey: { constraintName: 1, terms: 1, onConflict: 1 },
  TableUnique: { constraintName: 1, terms: 1, onConflict: 1 },
  TableForeignKey: { constraintName: 1, columns: 1, references: 1 },
  ReferencesClause: { table: 1, columns: 1, actions: 1, deferrable: 1 },
  ReferenceAction: { match: 1 },
  DeferrableClause: {},
  CreateVirtualTableStatement: { name: 1, module: 1, arguments: 1, rest: 1 },
  ModuleArgument: { holes: 1 },
  AlterTableStatement: { table: 1, action: 1, rest: 1 },
  RenameTable: { newName: 1 },
  RenameColumn: { column: 1, newName: 1 },
  AddColumn: { column: 1 },
  DropColumn: { column: 1 },
  AddConstraint: { constraint: 1 },
  DropConstraint: { name: 1 },
  AlterColumnNotNull: { column: 1, onConflict: 1 },

  CreateIndexStatement: { name: 1, table: 1, terms: 1, where: 1, holes: 1, rest: 1 },
  CreateViewStatement: { name: 1, columns: 1, select: 1, rest: 1 },
  CreateTriggerStatement: { name: 1, event: 1, table: 1, when: 1, body: 1, rest: 1 },
  TriggerEvent: { columns: 1 },
  TriggerWhen: { condition: 1 },
  DropStatement: { name: 1, rest: 1 },
  PragmaStatement: { name: 1, value: 1, rest: 1 },
  AttachStatement: { file: 1, name: 1, key: 1, rest: 1 },
  DetachStatement: { name: 1, rest: 1 },
  BeginStatement: { name: 1, rest: 1 },
  CommitStatement: { name: 1, rest: 1 },
  RollbackStatement: { name: 1, savepoint: 1, rest: 1 },
  SavepointStatement: { name: 1, rest: 1 },
  ReleaseStatement: { name: 1, rest: 1 },
  VacuumStatement: { schema: 1, into: 1, rest: 1 },
  AnalyzeStatement: { name: 1, rest: 1 },
  ReindexStatement: { name: 1, rest: 1 },
  ExplainStatement: { statement: 1, rest: 1 },
  Fragment: { parts: 1, rest: 1 },
};

const fieldNames = Object.fromEntries(
  Object.entries(childFields).map(([kind, fields]) => [kind, Object.keys(fields)]),
) as unknown as Readonly<Record<NodeKind, readonly string[]>>;

/** The direct children of a node, in the order of the text. */
export function children(node: Node): Node[] {
  const found: Node[] = [];
  const record = node as unknown as Readonly<Record<string, Node | readonly Node[] | undefined>>;
  for (const field of fieldNames[node.kind]) {
    const value = record[field];
    if (value === undefined) continue;
    if ("kind" in value) found.push(value);
    else for (const child of value) found.push(child);
  }
  // LIMIT's comma form, compound operators between their terms, and holes between clauses.
  if (!inTextOrder(found)) found.sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
  return found;
}

function inTextOrder(nodes: readonly Node[]): boolean {
  let last = -1;
  for (const { span } of nodes) {
    if (span.start < last) return false;
    last = span.end;
  }
  return true;
}

/** What `walk` calls: `enter` before a node's children (returning "skip" leaves them out), `leave` after them. */
export interface Walker {
  readonly enter?: (node: Node, ancestors: readonly Node[]) => unknown;
  readonly leave?: (node: Node, ancestors: readonly Node[]) => unknown;
}

/**
 * Visits a tree, a node before its children, in the order of the text. `ancestors` runs from the root to the node's
 * parent and is valid during the call only. Needs no stack: trees may be thousands deep (`a OR b OR …`).
 */
export function walk(root: Node, { enter, leave }: Walker): void {
  const { all, ends } = flatten(root);
  const ancestors: Node[] = [];
  /** Where the subtree of each ancestor ends. */
  const open: number[] = [];
  let at = 0;
  while (at < all.length || open.length > 0) {
    if (open.length > 0 && (open.at(-1) ?? 0) <= at) {
      open.pop();
      const left = ancestors.pop();
      if (left !== undefined) leave?.(left, ancestors);
      continue;
    }
    const node = all[at];
    const end = ends[at];
    if (node === undefined || end === undefined) return;
    const skipped = enter?.(node, ancestors) === "skip";
    at = skipped ? end : at + 1;
    ancestors.push(node);
    open.push(end);
  }
}

/** A tree as a list: its nodes, parents first, and for each where its subtree ends in the list. */
interface FlatTree {
  readonly all: readonly Node[];
  readonly ends: readonly number[];
  readonly byKind: Map<NodeKind, readonly Node[]>;
}

/** Whole statements: trees do not change, and every rule asks. Parts of them are too many, and asked about too seldom. */
const flatTrees = new WeakMap<Node, FlatTree>();

function flatten(root: Node): FlatTree {
  const known = flatTrees.get(root);
  if (known !== undefined) return known;
  const all: Node[] = [root];
  const ends: number[] = [1];
  const levels: { readonly at: number; readonly children: readonly Node[]; next: number }[] = [{ at: 0, children: children(root), next: 0 }];
  for (let level = levels.at(-1); level !== undefined; level = levels.at(-1)) {
    const child = level.children[level.next++];
    if (child === undefined) {
      ends[level.at] = all.length;
      levels.pop();
      continue;
    }
    const below = children(child);
    all.push(child);
    ends.push(all.length);
    if (below.length > 0) levels.push({ at: all.length - 1, children: below, next: 0 });
  }
  const flat: FlatTree = { all, ends, byKind: new Map() };
  if (root.kind === "Fragment" || root.kind.endsWith("Statement")) flatTrees.set(root, flat);
  return flat;
}

/** Every node of a tree, in the order of the text, parents first. */
export function descendants(root: Node): Node[] {
  return [...flatten(root).all];
}

/** Every node of one kind in a tree, in the order of the text. */
export function nodesOfKind<K extends NodeKind>(root: Node, kind: K): readonly NodeOf<K>[] {
  const isOne = (node: Node): node is NodeOf<K> => node.kind === kind;
  const { all, byKind } = flatten(root);
  let found = byKind.get(kind);
  if (found === undefined) {
    found = all.filter(isOne);
    byKind.set(kind, found);
  }
  return found.length === 0 ? none : found.filter(isOne);
}

const none: readonly never[] = [];
