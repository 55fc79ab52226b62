import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { describe, it } from "node:test";
import fc from "fast-check";
import { applyEdits } from "#core/text/edit.ts";
import type { Site } from "#core/hosts/site.ts";
import { readHostFile } from "#engine/workspace/read-host-file.ts";
import { assertMapHolds, easy } from "./map-holds.ts";

const python = spawnSync("python3", ["--version"]).status === 0;
const skip = python ? false : "needs python3, against whose own evaluation the literals are checked";

/** What the interpolations of the generated literals stand for. */
const values: Readonly<Record<string, string>> = { x: "«X»", "d['k']": "«D»", 'd["k"]': "«D»", table: "«T»" };
const evaluator = `
import json, sys
out = []
for source in json.load(sys.stdin):
    scope = {"x": "«X»", "table": "«T»", "d": {"k": "«D»"}, "f": lambda s, *rest: s}
    try:
        exec(compile(source.encode("utf-8", "surrogatepass"), "x", "exec"), scope)
        out.append(scope["v"])
    except (SyntaxError, ValueError) as e:
        out.append(None)
json.dump(out, sys.stdout)
`;

/** What Python gives `v` in each file; null where Python refuses it. */
function evaluate(sources: readonly string[]): (string | null)[] {
  const out: unknown = JSON.parse(execFileSync("python3", ["-W", "ignore", "-c", evaluator], { input: JSON.stringify(sources), encoding: "utf8", maxBuffer: 1 << 28 }));
  assert.ok(Array.isArray(out) && out.length === sources.length);
  return out.map((v: unknown) => {
    assert.ok(typeof v === "string" || v === null);
    return v;
  });
}

/** The site's text with its holes filled in. */
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

const plain = fc.constantFrom("a", "B", "7", "0", " ", "?", "%", "=", "é", "😀", "x'y", 'x"y', "''", '""', "N", "\t", "#", "$", ":", ";");
const escapes = fc.constantFrom("\\n", "\\t", "\\\\", "\\'", '\\"', "\\x41", "\\u00e9", "\\U0001F600", "\\101", "\\0", "\\07", "\\d", "\\ ", "\\é", "\\\n", "\\\r\n", "\\ud83d", "\\a");
const newlines = fc.constantFrom("\n", "\r\n");
const braces = fc.constantFrom("{{", "}}", "{{}}");
const interpolations = fc.constantFrom("{x}", "{x!s}", "{x:}", "{d['k']}", '{d["k"]}', "{ table }", "{x}{table}");

/** One literal that starts with `head`. Some are no Python, which Python decides. */
function literal(head: string): fc.Arbitrary<string> {
  return fc
    .record({ prefix: fc.constantFrom("", "", "r", "u", "f", "F", "rf", "fR", "R"), quote: fc.constantFrom("'", '"', "'''", '"""') })
    .chain(({ prefix, quote }) => {
      const f = /f/i.test(prefix);
      const parts = fc.array(fc.oneof(plain, plain, escapes, ...(quote.length === 3 ? [newlines] : []), ...(f ? [braces, interpolations] : [fc.constantFrom("{", "}", "{x}")])), { maxLength: 12 });
      return parts.map((p) => prefix + quote + head + p.join("") + quote);
    });
}

const expressions = fc.oneof(
  literal("SELECT a FROM t WHERE b = 1 "),
  fc.tuple(literal("SELECT a FROM t WHERE b = 1 "), literal(""), fc.constantFrom(" ", "\n    ", " + ", "\r\n + ", "  # and\n  ")).map(([a, b, between]) => `(${a}${between}${b})`),
  fc.tuple(literal("SELECT a FROM t WHERE b = 1 "), literal("")).map(([a, b]) => `(${a} + x + ${b})`),
);

/** A file, with its only site, that Python accepts. */
async function siteOf(source: string): Promise<Site | undefined> {
  const { sites } = await readHostFile("python", source);
  return sites[0];
}

/** A hole written by `+` is filled like any other; one that we leave to Python (\\N) has no value here. */
describe("Python literals", { skip }, () => {
  it("read as Python reads them", async () => {
    const prefixes = ["", "\uFEFF", "# 😀 é\r\n"];
    const sources = fc.sample(expressions, { numRuns: 1500, seed: 7 }).map((e, i) => `${prefixes[i % 3] ?? ""}v = ${e}\n`);
    const wanted = evaluate(sources);
    let compared = 0;
    for (const [i, source] of sources.entries()) {
      const value = wanted[i];
      if (value === null || value === undefined) continue;
      const site = await siteOf(source);
      assert.ok(site !== undefined, `no site in ${JSON.stringify(source)}`);
      assert.equal(filled(site.text, site, source), value, JSON.stringify(source));
      assertMapHolds(source, site);
      compared++;
    }
    assert.ok(compared > 700, `only ${compared} of ${sources.length} were Python`);
  });

  it("read as meant after an edit through the map, or are left alone", async () => {
    const newTexts = fc.array(fc.oneof(plain, fc.constantFrom("\n", "\r", "\0", "\\", "'", '"', "{", "}", "%", "'''", '"""', "\u2028", "\ud800", "{x}")), { maxLength: 5 }).map((p) => p.join(""));
    const cases = fc.sample(fc.tuple(expressions, newTexts, fc.nat(), fc.nat({ max: 6 }), fc.boolean()), { numRuns: 2000, seed: 11 });
    const originals = evaluate(cases.map(([e]) => `v = ${e}\n`));
    const edited: { source: string; wanted: string; why: string }[] = [];
    let refused = 0;
    for (const [i, [expression, newText, from, length, nearEnd]] of cases.entries()) {
      if (originals[i] === null) continue;
      const source = `v = ${expression}\n`;
      const site = await siteOf(source);
      assert.ok(site !== undefined);
      // Mostly behind the head, where the escapes are.
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
      edited.push({ source: applyEdits(source, edits), wanted, why: `${JSON.stringify(source)} ${start}..${end} -> ${JSON.stringify(newText)}` });
    }
    const results = evaluate(edited.map((e) => e.source));
    for (const [i, { source, wanted, why }] of edited.entries()) assert.equal(results[i], wanted, `${why} gave ${JSON.stringify(source)}`);
    assert.ok(edited.length > 700 && refused < edited.length / 2, `${edited.length} edits, ${refused} refused`);
  });
});
