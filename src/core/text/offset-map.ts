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
   * `verbatim`: character for character the same; `escape`: one indivisible host escape (`\n`, `''`, `{{`) for its text;
   * `hole`: an interpolation, its text being the host's source of it, indivisible and never rewritten.
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
  readonly encode: Encode;
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
  const at = (offset: number, end: boolean): number => {
    const piece = end
      ? pieces.findLast((p) => p.text.start < offset && offset <= p.text.end)
      : pieces.find((p) => p.text.start <= offset && offset < p.text.end);
    if (piece === undefined) return (end ? pieces[0]?.file.start : pieces.at(-1)?.file.end) ?? literals[0]?.contents.start ?? 0;
    if (piece.kind === "verbatim") return piece.file.start + (offset - piece.text.start);
    return end ? piece.file.end : piece.file.start;
  };
  const insertionPoint = (offset: number): { file: number; literal: number } | undefined => {
    // An insertion belongs behind what it follows, so that text added at a seam stays in the literal it extends.
    const before = pieces.findLast((p) => p.text.start < offset && offset <= p.text.end && p.kind !== "hole");
    const after = pieces.find((p) => p.text.start <= offset && offset < p.text.end && p.kind !== "hole");
    for (const piece of [before, after]) {
      if (piece === undefined || piece.literal < 0) continue;
      if (piece.kind === "verbatim") return { file: piece.file.start + (offset - piece.text.start), literal: piece.literal };
      if (offset === piece.text.start) return { file: piece.file.start, literal: piece.literal };
      if (offset === piece.text.end) return { file: piece.file.end, literal: piece.literal };
    }
    const only = literals[0];
    if (pieces.length === 0 && only !== undefined) return { file: only.contents.start, literal: 0 };
    // Between two holes, or a hole and an edge: right behind the hole, if that still is inside a literal.
    const hole = pieces.findLast((p) => p.kind === "hole" && p.text.end === offset);
    const literal = hole === undefined ? -1 : hole.literal;
    const part = literals[literal];
    if (hole !== undefined && part !== undefined && part.contents.start <= hole.file.end && hole.file.end <= part.contents.end) {
      return { file: hole.file.end, literal };
    }
    return undefined;
  };
  return {
    pieces,
    literals,
    toFile({ start, end }) {
      const from = at(start, false);
      return { start: from, end: end === start ? from : Math.max(from, at(end, true)) };
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
      return { start: into(first, file.start, false), end: into(last, file.end, true) };
    },
    mapEdit({ span, newText }) {
      if (span.start === span.end) {
        const point = insertionPoint(span.start);
        const encoded = point === undefined ? undefined : literals[point.literal]?.encode(newText);
        return point === undefined || encoded === undefined ? undefined : [{ span: { start: point.file, end: point.file }, newText: encoded }];
      }
      const edits: Edit[] = [];
      let pending: string | undefined = newText;
      for (const piece of pieces) {
        const start = Math.max(span.start, piece.text.start);
        const end = Math.min(span.end, piece.text.end);
        if (start >= end) continue;
        if (piece.kind === "hole") return undefined;
        const whole = start === piece.text.start && end === piece.text.end;
        if (piece.kind === "escape" && !whole) return undefined;
        const file: Span =
          piece.kind === "escape" ? piece.file : { start: piece.file.start + (start - piece.text.start), end: piece.file.start + (end - piece.text.start) };
        const encoded = pending === undefined ? "" : literals[piece.literal]?.encode(pending);
        if (encoded === undefined) return undefined;
        pending = undefined;
        const last = edits.at(-1);
        if (last !== undefined && last.span.end === file.start) edits[edits.length - 1] = { span: { start: last.span.start, end: file.end }, newText: last.newText + encoded };
        else edits.push({ span: file, newText: encoded });
      }
      return pending === undefined ? edits : undefined;
    },
  };
}
