import type { Encode, LiteralPart } from "#core/text/offset-map.ts";
import type { Span } from "#core/text/span.ts";

/** One stretch of a literal's contents: what the host reads there, and the file characters that say so. */
export interface Segment {
  readonly kind: "verbatim" | "escape" | "hole";
  /** What the host reads; for a hole its source, delimiters included (`{x}`, `${x}`, `%s`). */
  readonly text: string;
  readonly file: Span;
  /** Of a hole: the expression without its delimiters; where there is none (`%s`), the whole hole. */
  readonly expression?: Span;
  /** Whether the hole is an interpolation of the literal itself, not one that a formatter fills. */
  readonly interpolated?: true;
}

/** A string literal of the host, decoded: its segments cover its contents without gaps. */
export interface DecodedLiteral extends LiteralPart {
  /** The whole literal, prefix and delimiters included. */
  readonly span: Span;
  readonly segments: readonly Segment[];
}

/** What a scanner says of a stretch of source: its segments, or undefined where it cannot stand there (a quote that would end the literal). */
export type Scan = (source: string, from: number, to: number) => Segment[] | undefined;

/** How one kind of literal is read and written. */
export interface LiteralKind {
  readonly scan: Scan;
  /** What closes the literal. */
  readonly close: string;
  /** Ways to write text, the plainest first; each is tried until one reads back as meant beside its neighbours. */
  readonly encodes: readonly Encode[];
  /** The way that holds wherever the text comes to stand. */
  readonly encode: Encode;
}

/** Far enough to see whatever joins with a neighbour: a triple quote, `${`, an octal escape. */
const neighbourhood = 4;

/**
 * Decodes the contents of a literal.
 * @param source the file's text
 * @param span the literal with its delimiters
 * @param contents what lies between them
 * @param interpolations the holes that the host's grammar has found in it: whole (with delimiters) and expression
 * @returns undefined where the contents do not read as a literal of this kind (half-typed code)
 */
export function decodeLiteral(
  source: string,
  span: Span,
  contents: Span,
  interpolations: readonly { readonly file: Span; readonly expression: Span }[],
  kind: LiteralKind,
): DecodedLiteral | undefined {
  const segments: Segment[] = [];
  let at = contents.start;
  for (const { file, expression } of interpolations) {
    const between = kind.scan(source, at, file.start);
    if (between === undefined) return undefined;
    for (const segment of between) segments.push(segment);
    segments.push({ kind: "hole", text: source.slice(file.start, file.end), file, expression, interpolated: true });
    at = file.end;
  }
  const rest = kind.scan(source, at, contents.end);
  if (rest === undefined) return undefined;
  for (const segment of rest) segments.push(segment);

  const write = (where: Span, newText: string): string | undefined => {
    if (splitsCharacter(source, where.start) || splitsCharacter(source, where.end)) return undefined;
    const { before, after } = surroundings(segments, contents, where);
    const head = source.slice(before, where.start);
    const tail = source.slice(where.end, after);
    const close = after === contents.end ? kind.close : "";
    const headText = plainText(kind.scan(head, 0, head.length));
    const tailText = plainText(kind.scan(tail + close, 0, tail.length));
    if (headText === undefined || tailText === undefined) return undefined;
    const wanted = headText + newText + tailText;
    for (const encode of kind.encodes) {
      const encoded = encode(newText);
      if (encoded === undefined) continue;
      const whole = head + encoded + tail;
      if (plainText(kind.scan(whole + close, 0, whole.length)) === wanted) return encoded;
    }
    return undefined;
  };
  return { span, contents, segments, encode: kind.encode, write };
}

/** Whether an offset lies between the two halves of one character. */
function splitsCharacter(source: string, offset: number): boolean {
  return (source.codePointAt(offset - 1) ?? 0) > 0xffff && offset > 0;
}

/** Adds the verbatim segment of a range, if there is anything in it. */
export function pushVerbatim(segments: Segment[], source: string, start: number, end: number): void {
  if (end > start) segments.push({ kind: "verbatim", text: source.slice(start, end), file: { start, end } });
}

/** What segments read as, or undefined when a hole is among them. */
function plainText(segments: readonly Segment[] | undefined): string | undefined {
  if (segments === undefined) return undefined;
  let text = "";
  for (const segment of segments) {
    if (segment.kind === "hole") return undefined;
    text += segment.text;
  }
  return text;
}

/** The part of the contents around a range that an edit there can change the reading of: whole escapes, no holes. */
function surroundings(segments: readonly Segment[], contents: Span, where: Span): { before: number; after: number } {
  let before = contents.start;
  let after = contents.end;
  let low = 0;
  let high = segments.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((segments[middle]?.file.end ?? 0) > where.start - neighbourhood) high = middle;
    else low = middle + 1;
  }
  const first = segments[low];
  if (first !== undefined) before = first.kind === "verbatim" ? Math.max(first.file.start, where.start - neighbourhood) : first.file.start;
  for (let i = low; i < segments.length; i++) {
    const segment = segments[i];
    if (segment === undefined) break;
    if (segment.kind === "hole") {
      if (segment.file.end <= where.start) before = Math.max(before, segment.file.end);
      if (segment.file.start >= where.end) {
        after = Math.min(after, segment.file.start);
        break;
      }
    }
    if (segment.file.end >= where.end + neighbourhood) {
      after = segment.kind === "verbatim" ? Math.max(where.end, Math.min(segment.file.end, where.end + neighbourhood)) : segment.file.end;
      break;
    }
  }
  return { before: Math.min(before, where.start), after };
}
