import assert from "node:assert/strict";
import type { Site } from "#core/hosts/site.ts";

/** Checks what every site's map must hold: no gaps, verbatim means verbatim, every character finds its way back. */
export function assertMapHolds(source: string, site: Site): void {
  const { pieces, literals } = site.map;
  let at = 0;
  for (const piece of pieces) {
    assert.equal(piece.text.start, at, "the pieces cover the text without gaps");
    at = piece.text.end;
    const text = site.text.slice(piece.text.start, piece.text.end);
    const file = source.slice(piece.file.start, piece.file.end);
    if (piece.kind === "verbatim") assert.equal(text, file);
    else assert.notEqual(file, "");
    const literal = literals[piece.literal];
    if (piece.kind !== "hole") assert.ok(literal !== undefined && literal.contents.start <= piece.file.start && piece.file.end <= literal.contents.end);
  }
  assert.equal(at, site.text.length);
  for (let i = 0; i < site.text.length; i++) {
    const file = site.map.toFile({ start: i, end: i + 1 });
    const back = site.map.toText(file);
    assert.ok(back !== undefined && back.start <= i && i < back.end, `character ${i} finds its way back`);
    const piece = pieces.find((p) => p.text.start <= i && i < p.text.end);
    if (piece?.kind === "verbatim") assert.equal(source.slice(file.start, file.end), site.text.charAt(i));
  }
  for (const hole of site.holes) assert.ok(pieces.some((p) => p.kind === "hole" && p.text.start === hole.span.start && p.text.end === hole.span.end));
}

/** Whether an edit has no reason to be refused: it replaces plain characters of literals that know escapes. */
export function easy(source: string, site: Site, start: number, end: number): boolean {
  const file = site.map.toFile({ start, end });
  const halves = [file.start, file.end].some((at) => at > 0 && (source.codePointAt(at - 1) ?? 0) > 0xffff);
  const raw = site.map.literals.some(({ span, contents }) => span !== undefined && (/^\w?r/i.test(source.slice(span.start, contents.start)) || source.slice(0, span.start).endsWith("String.raw")));
  const touched = site.map.pieces.filter((p) => p.text.start <= end && start <= p.text.end);
  return start < end && !halves && !raw && touched.every((p) => p.kind === "verbatim");
}
