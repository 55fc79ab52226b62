/** A half-open range `[start, end)` of UTF-16 code units in some text (a file's, or a site's SQL). */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Makes a span; `end` defaults to an empty one at `start`. */
export function span(start: number, end: number = start): Span {
  return { start, end };
}

/** Whether `outer` holds every position of `inner` (equal spans contain each other). */
export function contains(outer: Span, inner: Span): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

/** Whether two spans share at least one position; an empty span touches only what it lies strictly inside of. */
export function overlaps(a: Span, b: Span): boolean {
  return a.start < b.end && b.start < a.end;
}
