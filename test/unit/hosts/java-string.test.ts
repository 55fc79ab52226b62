import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import fc from "fast-check";
import { applyEdits } from "#core/text/edit.ts";
import type { Site } from "#core/hosts/site.ts";
import { readHostFile } from "#engine/workspace/read-host-file.ts";
import { assertMapHolds } from "./map-holds.ts";

const skip = spawnSync("javac", ["-version"]).status === 0 ? false : "there is no Java compiler on this machine";

/** What Java gives each expression; all must compile. */
function evaluate(expressions: readonly string[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), "java-string-"));
  try {
    const size = 200;
    const parts = Array.from({ length: Math.ceil(expressions.length / size) }, (_, i) => expressions.slice(i * size, (i + 1) * size));
    for (const [i, part] of parts.entries()) {
      const body = part.map((e) => `    out.add(hex(${e}));`).join("\n");
      writeFileSync(join(folder, `P${i}.java`), `class P${i} {\n  static String hex(String s) { return Main.hex(s); }\n  static void run(java.util.List<String> out) {\n${body}\n  }\n}\n`);
    }
    writeFileSync(
      join(folder, "Main.java"),
      `class Main {\n  static String hex(String s) { StringBuilder b = new StringBuilder(); for (char c : s.toCharArray()) b.append(String.format("%04x", (int) c)); return b.toString(); }\n` +
        `  public static void main(String[] a) { java.util.List<String> out = new java.util.ArrayList<>();\n${parts.map((_, i) => `P${i}.run(out);`).join("\n")}\n for (String s : out) System.out.println(s); }\n}\n`,
    );
    execFileSync("javac", ["-encoding", "UTF-8", "-d", folder, ...parts.map((_, i) => join(folder, `P${i}.java`)), join(folder, "Main.java")], { stdio: ["ignore", "ignore", "pipe"] });
    const lines = execFileSync("java", ["-cp", folder, "Main"], { encoding: "utf8", maxBuffer: 1 << 28 }).split("\n");
    lines.pop();
    assert.equal(lines.length, expressions.length);
    return lines.map((line) => String.fromCharCode(...(line.match(/.{4}/g) ?? []).map((h) => Number.parseInt(h, 16))));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const plain = fc.constantFrom("a", "7", "0", " ", "  ", "?", "%", "é", "😀", "'", "''", "\t", "#", "//", "{x}");
const escapes = fc.constantFrom("\\n", "\\\\", "\\'", '\\"', "\\t", "\\s", "\\0", "\\7", "\\12", "\\141", "\\u0041", "\\u00e9", "\\b");
const strings = fc.array(fc.oneof(plain, plain, escapes), { maxLength: 12 }).map((parts) => `"SELECT a FROM t WHERE b = 1 ${parts.join("")}"`);
const blocks = fc
  .record({
    lines: fc.array(fc.record({ indent: fc.constantFrom("", " ", "   "), parts: fc.array(fc.oneof(plain, escapes, fc.constantFrom('"', '""')), { maxLength: 6 }), end: fc.constantFrom("", "", " ", "\t ", "\\") }), { minLength: 1, maxLength: 5 }),
    closing: fc.constantFrom("", "\n      ", "\n    ", "\n        "),
    eol: fc.constantFrom("\n", "\n", "\r\n"),
    opening: fc.constantFrom("", "  "),
  })
  .map(({ lines, closing, eol, opening }) => {
    const written = lines.map(({ indent, parts, end }, i) => `      ${indent}${i === 0 ? "SELECT a FROM t WHERE b = 1 " : ""}${parts.join("").replace(/\t/g, " ")}${i === lines.length - 1 ? "" : end}`);
    const text = written.join("\n").replace(/"(?="")/g, '".') + closing;
    return `"""${opening}\n${/["\\]$/.test(text) ? `${text} .` : text}"""`.replaceAll("\n", eol);
  });
const expressions = fc.oneof(strings, blocks, blocks, fc.tuple(strings, strings, fc.constantFrom(" + ", "\n  + ", " /* + */ + ")).map(([a, b, between]) => a + between + b));

function fileOf(expression: string): string {
  return `class A {\n  String v = ${expression};\n}\n`;
}

async function siteOf(expression: string): Promise<Site | undefined> {
  const [site] = (await readHostFile("java", fileOf(expression))).sites;
  // FIXME: the grammar does not read some text blocks with quotes or octal escapes; such a site is not found.
  if (site === undefined) assert.match(expression, /^"""[^]*\\[^]*"""$/);
  return site;
}

describe("Java literals", { skip }, () => {
  it("read as Java reads them", async () => {
    const samples = fc.sample(expressions, { numRuns: 1200, seed: 11 });
    const wanted = evaluate(samples);
    let compared = 0;
    for (const [i, expression] of samples.entries()) {
      const site = await siteOf(expression);
      if (site === undefined) continue;
      assert.equal(site.text, wanted[i], JSON.stringify(expression));
      assertMapHolds(fileOf(expression), site);
      compared++;
    }
    assert.ok(compared > 1100, `${compared} compared`);
  });

  it("read as meant after an edit through the map, or are left alone", async () => {
    const newTexts = fc.array(fc.oneof(plain, fc.constantFrom("\n", "\r", "\0", "\\", '"', '"""', "\ud800", "\u0085", "\n\n", "{")), { maxLength: 5 }).map((p) => p.join(""));
    const edited: string[] = [];
    const wanted: string[] = [];
    const origins: string[] = [];
    let refused = 0;
    for (const [expression, newText, from, length] of fc.sample(fc.tuple(expressions, newTexts, fc.nat(), fc.nat({ max: 6 })), { numRuns: 1500, seed: 13 })) {
      const site = await siteOf(expression);
      if (site === undefined) continue;
      const start = from % (site.text.length + 1);
      const end = Math.min(site.text.length, start + length);
      const edits = site.map.mapEdit({ span: { start, end }, newText });
      if (edits === undefined) {
        refused++;
        continue;
      }
      edited.push(/ v = ([^]*);\n\}\n$/.exec(applyEdits(fileOf(expression), edits))?.[1] ?? "");
      origins.push(expression);
      wanted.push(site.text.slice(0, start) + newText + site.text.slice(end));
    }
    const values = evaluate(edited);
    for (const [i, value] of values.entries()) assert.equal(value, wanted[i], JSON.stringify([edited[i], origins[i]]));
    assert.ok(edited.length > 1000, `${edited.length} edits, ${refused} refused`);
  });
});
