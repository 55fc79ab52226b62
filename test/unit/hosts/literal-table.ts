import assert from "node:assert/strict";
import { applyEdits } from "#core/text/edit.ts";
import type { Language } from "#core/hosts/site.ts";
import { readHostFile } from "#engine/workspace/read-host-file.ts";
import { assertMapHolds } from "./map-holds.ts";

/** A file of one literal and what the host reads there; `undefined` where it is no site. */
export type ReadExample = readonly [source: string, text: string | undefined];

/** Replacing the first `from` of the literal's text by `to` gives this file; `undefined` where it must be refused. */
export type EditExample = readonly [source: string, from: string, to: string, result: string | undefined];

/** Checks what each literal reads as. */
export async function assertReads(language: Language, examples: readonly ReadExample[]): Promise<void> {
  for (const [source, text] of examples) {
    const [site] = (await readHostFile(language, source)).sites;
    assert.equal(site?.text, text, source);
    if (site !== undefined) assertMapHolds(source, site);
  }
}

/** Checks how edits of the text are written in each literal, and that the result reads as meant. */
export async function assertEdits(language: Language, examples: readonly EditExample[]): Promise<void> {
  for (const [source, from, to, result] of examples) {
    const [site] = (await readHostFile(language, source)).sites;
    assert.ok(site !== undefined, source);
    const start = site.text.indexOf(from);
    assert.ok(start >= 0, `${JSON.stringify(site.text)} holds no ${JSON.stringify(from)}`);
    const edits = site.map.mapEdit({ span: { start, end: start + from.length }, newText: to });
    assert.equal(edits === undefined ? undefined : applyEdits(source, edits), result, `${source} ${from} -> ${to}`);
    if (edits === undefined) continue;
    const [again] = (await readHostFile(language, applyEdits(source, edits))).sites;
    assert.equal(again?.text, site.text.slice(0, start) + to + site.text.slice(start + from.length), result);
  }
}
