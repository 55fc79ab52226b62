/** A position as editors count it: zero-based line, and character in UTF-16 code units. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

/** Converts between offsets and line/character positions of one text. Lines end at `\n`, `\r\n` or a lone `\r`. */
export interface LineIndex {
  /** The position of an offset; offsets beyond the text are clamped to its end. */
  positionAt(offset: number): Position;
  /** The offset of a position; a character beyond its line is clamped to the line's end. */
  offsetAt(position: Position): number;
  readonly lineCount: number;
}

/** Builds the index in one pass over the text. */
export function lineIndex(text: string): LineIndex {
  const starts = [0];
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 13 && text.charCodeAt(i + 1) === 10) continue;
    if (c === 10 || c === 13) starts.push(i + 1);
  }
  const startOf = (line: number): number => starts[line] ?? text.length;
  return {
    lineCount: starts.length,
    positionAt(offset) {
      const at = Math.max(0, Math.min(offset, text.length));
      let low = 0;
      let high = starts.length - 1;
      while (low < high) {
        const mid = (low + high + 1) >> 1;
        if (startOf(mid) <= at) low = mid;
        else high = mid - 1;
      }
      return { line: low, character: at - startOf(low) };
    },
    offsetAt({ line, character }) {
      if (line >= starts.length) return text.length;
      return Math.min(startOf(line) + character, startOf(line + 1));
    },
  };
}
