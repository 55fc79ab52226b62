import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { applyEdits } from "#core/text/edit.ts";
import type { Site } from "#core/hosts/site.ts";
import { readHostFile } from "#engine/workspace/read-host-file.ts";
import { assertMapHolds, easy } from "./map-holds.ts";

const values: Readonly<Record<string, string>> = { x: "«X»", "d['k']": "«D»", "`${x}`": "«X»", table: "«T»" };

/** What V8 gives `v` in a file; undefined where it refuses it. */
function evaluate(source: string): string | undefined {
  try {
    const value: unknown = runInNewContext(`${source.replace(/^\uFEFF/, "")}\n;v`, { x: "«X»", table: "«T»", d: { k: "«D»" } });
    return typeof value === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}

function filled(text: string, site: Site, source: string, edit = { start: 0, end: 0, grown: 0 }): string {
  let out = "";
  let at = 0;
  for (const hole of site.holes) {
    const value = values[source.slice(hole.file.start, hole.file.end)];
    assert.ok(value !== undefined, JSON.stringify([source, hole]));
    out += text.slice(at, hole.span.start + (hole.span.start >= edit.end ? edit.grown : 0)) + value;
    at = hole.span.end + (hole.span.end > edit.start ? edit.grown : 0);
  }
  return out + text.slice(at);
}

const plain = fc.constantFrom("a", "7", "0", " ", "?", "$", "{", "}", "é", "😀", "x'y", 'x"y', "''", "\t", "\u2028", "#", "//");
const escapes = fc.constantFrom("\\n", "\\\\", "\\'", '\\"', "\\`", "\\$", "\\{", "\\x41", "\\u00e9", "\\u{1F600}", "\\0", "\\7", "\\12", "\\400", "\\8", "\\d", "\\é", "\\😀", "\\\n", "\\\r\n", "\\\u2028", "\\ud83d");
const interpolations = fc.constantFrom("${x}", "${d['k']}", "${ table }", "${`${x}`}", "${x}${table}");

function literal(head: string): fc.Arbitrary<string> {
  return fc.constantFrom("'", '"', "`", "`", "raw").chain((quote) => {
    const template = quote === "`" || quote === "raw";
    const parts = fc.array(fc.oneof(plain, plain, escapes, ...(template ? [fc.constantFrom("\n", "\r\n"), interpolations] : [])), { maxLength: 12 });
    return parts.map((p) => (quote === "raw" ? `String.raw\`${head}${p.join("")}\`` : quote + head + p.join("") + quote));
  });
}

const expressions = fc.oneof(
  literal("SELECT a FROM t WHERE b = 1 "),
  fc.tuple(literal("SELECT a FROM t WHERE b = 1 "), literal(""), fc.constantFrom(" + ", "\r\n + ", " /* and */ +\n  ")).map(([a, b, between]) => `(${a}${between}${b})`),
  fc.tuple(literal("SELECT a FROM t WHERE b = 1 "), literal("")).map(([a, b]) => `${a} + x + (${b})`),
);

async function siteOf(source: string, language: "typescript" | "javascript"): Promise<Site | undefined> {
  const { sites } = await readHostFile(language, source);
  return sites[0];
}

describe("JavaScript literals", () => {
  it("read as JavaScript reads them", async () => {
    const prefixes = ["", "\uFEFF", "// 😀 é\r\n"];
    let compared = 0;
    for (const [i, expression] of fc.sample(expressions, { numRuns: 2000, seed: 3 }).entries()) {
      const source = `${prefixes[i % 3] ?? ""}var v = ${expression};\n`;
      const value = evaluate(source);
      if (value === undefined) continue;
      const site = await siteOf(source, i % 2 === 0 ? "typescript" : "javascript");
      assert.ok(site !== undefined, `no site in ${JSON.stringify(source)}`);
      assert.equal(filled(site.text, site, source), value, JSON.stringify(source));
      assertMapHolds(source, site);
      compared++;
    }
    assert.ok(compared > 900, `only ${compared} were JavaScript`);
  });

  it("read as meant after an edit through the map, or are left alone", async () => {
    const newTexts = fc.array(fc.oneof(plain, fc.constantFrom("\n", "\r", "\0", "\\", "'", '"', "`", "${", "${x}", "\ud800")), { maxLength: 5 }).map((p) => p.join(""));
    let done = 0;
    let refused = 0;
    for (const [expression, newText, from, length, nearEnd] of fc.sample(fc.tuple(expressions, newTexts, fc.nat(), fc.nat({ max: 6 }), fc.boolean()), { numRuns: 3000, seed: 5 })) {
      const source = `var v = ${expression};\n`;
      if (evaluate(source) === undefined) continue;
      const site = await siteOf(source, "typescript");
      assert.ok(site !== undefined, source);
      const range = nearEnd ? Math.max(1, site.text.length - 20) : 0;
      const start = Math.min(site.text.length, range + (from % Math.max(1, site.text.length - range + 1)));
      const end = Math.min(site.text.length, start + length);
      if (site.holes.some((h) => start < h.span.end && h.span.start < end)) continue;
      const edits = site.map.mapEdit({ span: { start, end }, newText });
      if (edits === undefined) {
        assert.ok(!easy(source, site, start, end), `refused ${JSON.stringify(source)} ${start}..${end} -> ${JSON.stringify(newText)}`);
        refused++;
        continue;
      }
      const grown = newText.length - (end - start);
      const text = site.text.slice(0, start) + newText + site.text.slice(end);
      const wanted = filled(text, site, source, { start, end, grown });
      const result = applyEdits(source, edits);
      assert.equal(evaluate(result), wanted, `${JSON.stringify(source)} ${start}..${end} -> ${JSON.stringify(newText)} gave ${JSON.stringify(result)}`);
      done++;
    }
    assert.ok(done > 1200 && refused < done / 2, `${done} edits, ${refused} refused`);
  });
});
