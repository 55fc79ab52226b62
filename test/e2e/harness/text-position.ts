/**
 * Where a text stands in a file, as VS Code counts: line and column from 1.
 *
 * @throws when it does not stand there exactly once
 */
export function positionOf(text: string, sought: string): { readonly line: number; readonly column: number } {
  const at = text.indexOf(sought);
  if (at < 0 || text.indexOf(sought, at + 1) >= 0) throw new Error(`"${sought}" does not stand exactly once in the text`);
  const before = text.slice(0, at).split("\n");
  return { line: before.length, column: (before.at(-1) ?? "").length + 1 };
}
