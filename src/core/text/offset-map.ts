import type { Edit } from "./edit.ts";
import type { Span } from "./span.ts";

/**
 * How one literal of the host file writes text: turns plain text into what must stand between its delimiters so that the
 * host reads exactly that text, or undefined where this literal cannot say it (a raw string cannot hold its own quote).
 */
export type Encode = (text: string) => string | undefined;

/** One stretch of a site's text and the file characters it comes from. Pieces are in order and cover the text without gaps. */
export interface Piece {
  /**
   * `verbatim`: character for character the same; `escape`: one indivisible host escape (`\n`, `''`, `{{`) for its text,
   * which may be empty (a line continuation); `hole`: an interpolation, its text being the host's source of it,
   * indivisible and never rewritten.
   */
  readonly kind: "verbatim" | "escape" | "hole";
  readonly text: Span;
  readonly file: Span;
  /** Which of the map's literals it lies in; for a hole outside every literal (`"a" + x`) the literal before it, or -1. */
  readonly literal: number;
}

/** The host literals a site's text is made of: each one's contents in the file (without delimiters) and its way of writing. */
export interface LiteralPart {
  readonly contents: Span;
  /** The whole literal, prefix and delimiters included, where it has any. */
  readonly span?: Span;
  readonly encode: Encode;
  /**
   * Like `encode` for one edit at a known place: `at` is the file range that the result replaces. It sees the neighbours, so
   * it can escape less, and refuses what would read as something else beside them (`"` before `""`, `$` before `{`).
   */
  readonly write?: (at: Span, newText: string) => string | undefined;
}

/** Carries positions and edits between a site's text and its file. */
export interface OffsetMap {
  readonly pieces: readonly Piece[];
  readonly literals: readonly LiteralPart[];
  /** The file range that a text range comes from, widened to whole escapes and holes. Never undefined: every text has a place. */
  toFile(text: Span): Span;
  /** The text range that a file range falls on, or undefined where it lies outside every piece. */
  toText(file: Span): Span | undefined;
  /**
   * The file edits that make one edit of the text, each escaped for its literal; undefined when that cannot be done
   * safely: a hole or a part of an escape would be lost, or a literal cannot hold the new text.
   */
  mapEdit(edit: Edit): Edit[] | undefined;
}

/** Makes the map of a site from its pieces and literals. */
export function offsetMap(pieces: readonly Piece[], literals: readonly LiteralPart[]): OffsetMap {
  /** The index of the first piece that `reached` holds for; it must hold for every later piece as well. */
  const firstWhere = (reached: (piece: Piece) => boolean): number => {
    let low = 0;
    let high = pieces.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const piece = pieces[middle];
      if (piece !== undefined && reached(piece)) high = middle;
      else low = middle + 1;
    }
    return low;
  };
  /** The piece whose text holds the character at an offset; never one with an empty text. */
  const pieceFrom = (offset: number): Piece | undefined => {
    const piece = pieces[firstWhere((p) => p.text.end > offset)];
    return piece !== undefined && piece.text.start <= offset ? piece : undefined;
  };
  /** The piece whose text holds the character before an offset; never one with an empty text. */
  const pieceBefore = (offset: number): Piece | undefined => (offset > 0 ? pieceFrom(offset - 1) : undefined);
  const fileStart = (): number => pieces[0]?.file.start ?? literals[0]?.contents.start ?? 0;
  const fileEnd = (): number => pieces.at(-1)?.file.end ?? literals[0]?.contents.start ?? 0;

  const startInFile = (offset: number): number => {
    const piece = pieceFrom(offset);
    if (piece === undefined) return fileEnd();
    return piece.kind === "verbatim" ? piece.file.start + (offset - piece.text.start) : piece.file.start;
  };
  const endInFile = (offset: number): number => {
    const piece = pieceBefore(offset);
    if (piece === undefined) return fileStart();
    return piece.kind === "verbatim" ? piece.file.start + (offset - piece.text.start) : piece.file.end;
  };

  const insertionPoint = (offset: number): { file: number; literal: number } | undefined => {
    // An insertion belongs behind what it follows, so that text added at a seam stays in the literal it extends.
    for (const piece of [pieceBefore(offset), pieceFrom(offset)]) {
      if (piece === undefined || piece.kind === "hole" || piece.literal < 0) continue;
      if (piece.kind === "verbatim") return { file: piece.file.start + (offset - piece.text.start), literal: piece.literal };
      if (offset === piece.text.start) return { file: piece.file.start, literal: piece.literal };
      if (offset === piece.text.end) return { file: piece.file.end, literal: piece.literal };
    }
    const only = literals[0];
    if (pieces.length === 0 && only !== undefined) return { file: only.contents.start, literal: 0 };
    // Between two holes, or a hole and an edge: beside the hole, if that still is inside a literal.
    const inside = (file: number, literal: number): boolean => {
      const part = literals[literal];
      return part !== undefined && part.contents.start <= file && file <= part.contents.end;
    };
    const before = pieceBefore(offset);
    if (before?.kind === "hole" && offset === before.text.end && inside(before.file.end, before.literal)) {
      return { file: before.file.end, literal: before.literal };
    }
    const after = pieceFrom(offset);
    if (after?.kind === "hole" && offset === after.text.start && inside(after.file.start, after.literal)) {
      return { file: after.file.start, literal: after.literal };
    }
    return undefined;
  };

  const written = (literal: number, at: Span, text: string): Edit | undefined => {
    const part = literals[literal];
    const source = part === undefined ? undefined : part.write === undefined ? part.encode(text) : part.write(at, text);
    return source === undefined ? undefined : { span: at, newText: source };
  };

  return {
    pieces,
    literals,
    toFile({ start, end }) {
      const from = startInFile(start);
      return { start: from, end: end <= start ? from : Math.max(from, endInFile(end)) };
    },
    toText(file) {
      const first = pieces.find((p) => p.file.end > file.start || (p.file.start === file.start && file.start === file.end));
      const last = pieces.findLast((p) => p.file.start < file.end || (p.file.start === file.start && file.start === file.end));
      if (first === undefined || last === undefined || first.text.start > last.text.end) return undefined;
      const into = (p: Piece, offset: number, end: boolean): number => {
        if (offset <= p.file.start) return p.text.start;
        if (offset >= p.file.end) return p.text.end;
        if (p.kind === "verbatim") return p.text.start + (offset - p.file.start);
        return end ? p.text.end : p.text.start;
      };
      const start = into(first, file.start, false);
      return { start, end: Math.max(start, into(last, file.end, true)) };
    },
    mapEdit({ span, newText }) {
      if (span.start === span.end) {
        if (newText === "") return [];
        const point = insertionPoint(span.start);
        if (point === undefined) return undefined;
        const edit = written(point.literal, { start: point.file, end: point.file }, newText);
        return edit === undefined ? undefined : [edit];
      }
      // The file ranges to replace, one for each literal touched: the pieces of one literal touch each other in the file.
      const ranges: { literal: number; start: number; end: number }[] = [];
      for (let i = firstWhere((p) => p.text.end > span.start); i < pieces.length; i++) {
        const piece = pieces[i];
        if (piece === undefined || piece.text.start >= span.end) break;
        const start = Math.max(span.start, piece.text.start);
        const end = Math.min(span.end, piece.text.end);
        if (piece.kind === "hole") return undefined;
        const whole = start === piece.text.start && end === piece.text.end;
        if (piece.kind === "escape" && !whole) return undefined;
        const file: Span =
          piece.kind === "escape" ? piece.file : { start: piece.file.start + (start - piece.text.start), end: piece.file.start + (end - piece.text.start) };
        const last = ranges.at(-1);
        if (last !== undefined && last.literal === piece.literal && last.end === file.start) last.end = file.end;
        else ranges.push({ literal: piece.literal, start: file.start, end: file.end });
      }
      const edits: Edit[] = [];
      for (const [i, { literal, start, end }] of ranges.entries()) {
        const edit = written(literal, { start, end }, i === 0 ? newText : "");
        if (edit === undefined) return undefined;
        edits.push(edit);
      }
      return edits.length > 0 ? edits : undefined;
    },
  };
}
