import { partsOf } from "./syntax-node.ts";
import type { SyntaxNode } from "./syntax-node.ts";

/** What stands between two operands: the operator, without comments and parentheses. */
export function operatorBetween(source: string, left: SyntaxNode, right: SyntaxNode): string {
  return source.slice(left.end, right.start).replace(/\/\/[^\n]*|\/\*[^]*?\*\/|#[^\n]*\n|[\s()\\]/g, "");
}

/** The two operands of a binary expression and its operator. */
export function binaryOf(source: string, node: SyntaxNode): { readonly left: SyntaxNode; readonly right: SyntaxNode; readonly operator: string } | undefined {
  const [left, right, more] = partsOf(node);
  return left === undefined || right === undefined || more !== undefined ? undefined : { left, right, operator: operatorBetween(source, left, right) };
}

/** The operands of `a + b + c`, from left to right. Not by recursion: a sum may be very long. */
export function sumOf(source: string, node: SyntaxNode, operator: string): SyntaxNode[] {
  const operands: SyntaxNode[] = [];
  let at = node;
  for (;;) {
    const binary = at.type === node.type ? binaryOf(source, at) : undefined;
    if (binary?.operator !== operator) break;
    operands.push(binary.right);
    at = binary.left;
  }
  operands.push(at);
  return operands.reverse();
}

const comparing = /^(?:[!=]==?|<>|[<>]=?|=~|!~|<=>|instanceof)$/;

/** Whether an operator compares. */
export function compares(operator: string): boolean {
  return comparing.test(operator);
}

/** The line behind an offset: where an import that follows what ends there would go. */
export function lineBehind(source: string, offset: number): number {
  if (offset <= 0) return source.startsWith("\uFEFF") ? 1 : 0;
  const newline = source.indexOf("\n", offset);
  return newline < 0 ? source.length : newline + 1;
}

/** Names without type arguments and blanks. */
export function plainName(text: string): string {
  return text.replace(/(?:::)?<[^]*>/g, "").replace(/\s/g, "");
}
