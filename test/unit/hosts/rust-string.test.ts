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

const skip = spawnSync("rustc", ["--version"]).status === 0 ? false : "there is no Rust compiler on this machine";

/** What Rust gives each expression; all must compile. */
function evaluate(expressions: readonly string[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), "rust-string-"));
  try {
    const list = expressions.map((e) => `    out.push(String::from(${e}));`).join("\n");
    const main = `#![allow(warnings)]\nfn main() {\n    let mut out: Vec<String> = Vec::new();\n${list}\n    for s in out { for b in s.bytes() { print!("{:02x}", b); } println!(); }\n}\n`;
    writeFileSync(join(folder, "main.rs"), main);
    execFileSync("rustc", ["-A", "warnings", "-C", "debuginfo=0", "-o", join(folder, "main"), join(folder, "main.rs")], { stdio: ["ignore", "ignore", "pipe"] });
    const lines = execFileSync(join(folder, "main"), { encoding: "utf8", maxBuffer: 1 << 28 }).split("\n");
    lines.pop();
    assert.equal(lines.length, expressions.length);
    return lines.map((line) => Buffer.from(line, "hex").toString("utf8"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const plain = fc.constantFrom("a", "7", "0", " ", "?", "%", "é", "😀", "'", "''", "\t", "#", "//", "\n", "\r\n");
const escapes = fc.constantFrom("\\n", "\\\\", "\\'", '\\"', "\\t", "\\0", "\\r", "\\x41", "\\u{e9}", "\\u{1F600}", "\\\n", "\\\n    ", "\\\r\n  ");
const head = "SELECT a FROM t WHERE b = 1 ";
const strings = fc.array(fc.oneof(plain, plain, escapes, fc.constantFrom("{", "}")), { maxLength: 12 }).map((parts) => `"${head}${parts.join("")}"`);
const raws = fc.array(fc.oneof(plain, fc.constantFrom('"', "\\", '"a')), { maxLength: 8 }).map((parts) => `r##"${head}${parts.join("")}"##`);
const templates = fc.array(fc.oneof(plain, plain, escapes, fc.constantFrom("{{", "}}")), { maxLength: 10 }).map((parts) => `format!("${head}${parts.join("")}")`);
const expressions = fc.oneof(strings, strings, raws, templates);

const fileOf = (expression: string): string => `fn f() {\n    let v = ${expression};\n}\n`;

async function siteOf(expression: string): Promise<Site> {
  const [site] = (await readHostFile("rust", fileOf(expression))).sites;
  assert.ok(site !== undefined, `no site in ${JSON.stringify(expression)}`);
  return site;
}

describe("Rust literals", { skip }, () => {
  it("read as Rust reads them", async () => {
    const samples = fc.sample(expressions, { numRuns: 800, seed: 17 });
    const wanted = evaluate(samples);
    for (const [i, expression] of samples.entries()) {
      const site = await siteOf(expression);
      assert.equal(site.text, wanted[i], JSON.stringify(expression));
      assertMapHolds(fileOf(expression), site);
    }
  });

  it("read as meant after an edit through the map, or are left alone", async () => {
    const newTexts = fc.array(fc.oneof(plain, fc.constantFrom("\n", "\r", "\0", "\\", '"', '"#', "\u0085", "\n\n", "{", "}", "{}")), { maxLength: 5 }).map((p) => p.join(""));
    const edited: string[] = [];
    const wanted: string[] = [];
    let refused = 0;
    for (const [expression, newText, from, length] of fc.sample(fc.tuple(expressions, newTexts, fc.nat(), fc.nat({ max: 6 })), { numRuns: 1000, seed: 19 })) {
      const site = await siteOf(expression);
      const start = from % (site.text.length + 1);
      const end = Math.min(site.text.length, start + length);
      const edits = site.map.mapEdit({ span: { start, end }, newText });
      if (edits === undefined) {
        refused++;
        continue;
      }
      edited.push(/ v = ([^]*);\n\}\n$/.exec(applyEdits(fileOf(expression), edits))?.[1] ?? "");
      wanted.push(site.text.slice(0, start) + newText + site.text.slice(end));
    }
    const values = evaluate(edited);
    for (const [i, value] of values.entries()) assert.equal(value, wanted[i], JSON.stringify(edited[i]));
    assert.ok(edited.length > 700, `${edited.length} edits, ${refused} refused`);
  });
});
