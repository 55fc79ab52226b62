import type * as TreeSitter from "web-tree-sitter";
import type { Interest } from "#core/hosts/interest.ts";
import type { SyntaxNode } from "#core/hosts/syntax-node.ts";
import type { Span } from "#core/text/span.ts";

/** What of a tree was copied. */
export interface CopiedTree {
  readonly root: SyntaxNode;
  /** What was looked for: another copy is like this one where this is the same. */
  readonly pattern: string;
}

/** The one range in which two texts of a document differ: `[start, oldEnd)` became `[start, newEnd)`. */
export interface TextChange {
  readonly start: number;
  readonly oldEnd: number;
  readonly newEnd: number;
}

/** What a tree is copied with. */
export interface CopyOptions {
  /** By node type: its name, or undefined for punctuation and keywords. */
  readonly types: readonly (string | undefined)[];
  readonly fields: readonly (string | undefined)[];
  readonly text: string;
  readonly interest: Interest;
  /** The copy of the document before a change, and what the parser read anew: the rest is taken over, which is much cheaper than asking the tree. */
  readonly earlier: { readonly copied: CopiedTree; readonly change: TextChange; readonly reparsed: readonly Span[] } | undefined;
}

interface MutableNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly field: string | undefined;
  parent: MutableNode | undefined;
  readonly children: MutableNode[];
}

/** Statements and definitions stand in these; one that holds nothing of interest is copied without its inside. */
const bodies: ReadonlySet<string> = new Set(["module", "program", "source_file", "compilation_unit", "block", "class_body", "statement_block", "ERROR"]);
/** Definitions inside which statements are read whole. */
const functions: ReadonlySet<string> = new Set([
  "function_definition",
  "method_definition",
  "function_declaration",
  "arrow_function",
  "method_declaration",
  "constructor_declaration",
  "func_literal",
  "function_item",
  "method",
  "singleton_method",
]);
/** Nodes whose inside is not needed, or that have none: asking for it costs a call into WASM. */
const leaves: ReadonlySet<string> = new Set([
  "identifier",
  "property_identifier",
  "type_identifier",
  "shorthand_property_identifier",
  "integer",
  "float",
  "number",
  "comment",
  "string_start",
  "string_content",
  "string_end",
  "string_fragment",
  "true",
  "false",
  "none",
  "null",
  "this",
  "dotted_name",
  "type",
  "type_annotation",
  "type_arguments",
  "type_parameters",
  "interface_declaration",
  "type_alias_declaration",
  "jsx_text",
  "regex",
]);
const alwaysWhole: ReadonlySet<string> = new Set(["import_statement", "import_from_statement", "future_import_statement", "export_statement", "import_declaration", "using_directive", "namespace_use_declaration", "use_declaration"]);
/** What is nested deeper than this is not read: those who walk the tree do so by recursion. */
const deepest = 400;
/** A sum of many strings is as deep as it is long, so its levels count for less. */
const sumLevel = 0.5;
/** Inside a function of interest everything is copied, but for statements of at least this length that hold nothing. */
const longStatement = 2000;

/** So near to a change nothing is taken over: whether a place is of interest may depend on as many characters around it. */
const margin = 1000;

/**
 * Copies what is of interest of a tree into plain data. With an earlier copy of the same document, what has not changed since is
 * taken over from it.
 */
export function copyTree(cursor: TreeSitter.TreeCursor, { types, fields, text, interest, earlier }: CopyOptions): CopiedTree {
  // The strings of JavaScript's family hold nothing of use; those of others have interpolations.
  const jsStrings = types.includes("template_string");
  const root: MutableNode = { type: types[cursor.nodeTypeId] ?? "module", start: cursor.startIndex, end: Math.min(cursor.endIndex, text.length), field: undefined, parent: undefined, children: [] };
  const copied: CopiedTree = { root, pattern: interest.pattern };
  const takeOver = earlier?.copied.pattern === interest.pattern ? takingOver(earlier) : undefined;
  // Depth is the file's: an explicit stack keeps deep nesting from overflowing ours.
  const path: { readonly node: MutableNode; readonly depth: number; readonly inFunction: boolean; readonly before: Before | undefined }[] = [
    { node: root, depth: 0, inFunction: false, before: takeOver === undefined || earlier?.copied.root.type !== root.type ? undefined : { children: earlier.copied.root.children, next: 0 } },
  ];
  if (!cursor.gotoFirstChild()) return copied;
  for (;;) {
    const top = path.at(-1);
    if (top === undefined) return copied;
    const type = types[cursor.nodeTypeId];
    let descend = false;
    if (type !== undefined) {
      const fieldId = cursor.currentFieldId;
      const field = fieldId === 0 ? undefined : fields[fieldId];
      const [start, end] = [cursor.startIndex, cursor.endIndex];
      const known = top.before === undefined ? undefined : takeOver?.unchanged(top.before, type, field, start, end);
      if (known !== undefined) {
        known.parent = top.node;
        top.node.children.push(known);
      } else {
        const node: MutableNode = { type, start, end, field, parent: top.node, children: [] };
        top.node.children.push(node);
        descend = top.depth < deepest && !leaves.has(type) && !(jsStrings && type === "string") && end > start;
        if (descend && bodies.has(top.node.type) && !alwaysWhole.has(type) && (!top.inFunction || end - start >= longStatement || isDefinition(type))) {
          descend = interest.holds(start, end);
        }
        if (descend && cursor.gotoFirstChild()) {
          const before = top.before === undefined ? undefined : takeOver?.around(top.before, type, start);
          path.push({ node, depth: top.depth + (type === "binary_operator" || type === "binary_expression" ? sumLevel : 1), inFunction: top.inFunction || functions.has(type), before });
          continue;
        }
      }
    }
    while (!cursor.gotoNextSibling()) {
      path.pop();
      if (path.length === 0 || !cursor.gotoParent()) return copied;
    }
  }
}

/** The children of a node in the earlier copy, and the first one that has not been passed. */
interface Before {
  readonly children: readonly SyntaxNode[];
  next: number;
}

interface TakingOver {
  /** The earlier copy of a node that is as it was, at its new place; undefined when it may have changed. */
  unchanged(before: Before, type: string, field: string | undefined, start: number, end: number): MutableNode | undefined;
  /** The children of the earlier copy of a node that holds the change. */
  around(before: Before, type: string, start: number): Before | undefined;
}

function takingOver({ change, reparsed }: NonNullable<CopyOptions["earlier"]>): TakingOver {
  const moved = change.newEnd - change.oldEnd;
  const isRead = (start: number, end: number): boolean => reparsed.some((range) => range.start <= end && start <= range.end);
  const at = (before: Before, start: number): SyntaxNode | undefined => {
    for (;;) {
      const child = before.children[before.next];
      if (child === undefined || child.start >= start) return child?.start === start ? child : undefined;
      before.next++;
    }
  };
  return {
    unchanged(before, type, field, start, end) {
      const by = end + margin < change.start ? 0 : start > change.newEnd + margin ? moved : undefined;
      if (by === undefined || isRead(start, end)) return undefined;
      const old = at(before, start - by);
      return old !== undefined && old.type === type && old.field === field && old.end === end - by ? shifted(old, by) : undefined;
    },
    around(before, type, start) {
      const old = start <= change.start ? at(before, start) : undefined;
      return old?.type === type ? { children: old.children, next: 0 } : undefined;
    },
  };
}

/** A node of an earlier copy at its new place, with all below it. */
function shifted(old: SyntaxNode, by: number): MutableNode {
  const root = moved(old, by, undefined);
  const open: [SyntaxNode, MutableNode][] = [[old, root]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [from, to] = next;
    for (const child of from.children) {
      const copy = moved(child, by, to);
      to.children.push(copy);
      if (child.children.length > 0) open.push([child, copy]);
    }
  }
  return root;
}

function moved({ type, start, end, field }: SyntaxNode, by: number, parent: MutableNode | undefined): MutableNode {
  return { type, start: start + by, end: end + by, field, parent, children: [] };
}

function isDefinition(type: string): boolean {
  return type === "function_definition" || type === "decorated_definition" || type === "class_definition" || type === "function_declaration" || type === "method_definition" || type === "class_declaration";
}
