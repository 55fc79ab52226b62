/**
 * A node of a host file's syntax tree, as plain data: only named nodes, and only as deep as anything of interest goes.
 * The types and fields are those of the tree-sitter grammars. Offsets are UTF-16 code units of the file's text.
 */
export interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  /** The field of the parent that this node fills. */
  readonly field: string | undefined;
  readonly parent: SyntaxNode | undefined;
  readonly children: readonly SyntaxNode[];
}

/** The child that fills a field. */
export function childOf(node: SyntaxNode, field: string): SyntaxNode | undefined {
  return node.children.find((c) => c.field === field);
}

/** The children, comments left out. */
export function partsOf(node: SyntaxNode): readonly SyntaxNode[] {
  return node.children.some(isComment) ? node.children.filter((c) => !isComment(c)) : node.children;
}

/** Some grammars tell `line_comment` from `block_comment`. */
function isComment({ type }: SyntaxNode): boolean {
  return type.endsWith("comment");
}
