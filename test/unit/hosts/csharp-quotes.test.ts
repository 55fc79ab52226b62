// Doubled quotes behind a hole: the grammar's weak spot, and what may look like one.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { withoutDoubledQuotes } from "#core/hosts/csharp-quotes.ts";
import { readHostFile } from "#engine/workspace/read-host-file.ts";

const same: readonly string[] = [
  'var a = """raw "x" text"""; var b = $@"{n}";',
  'var a = @"SELECT ""a"" FROM """; // $@"',
  "var a = '\"'; /* $@\"\"\" */ var b = \"\"\"x\"\"\";",
  'var a = $"{n}"; var b = "";',
  'var a = $@"never closed ""{n}',
];

describe("C# strings with doubled quotes", () => {
  it("give the parser as many characters, the pairs without quotes", () => {
    assert.equal(withoutDoubledQuotes('Run($@"DROP TABLE ""{name}"""); Run("x");'), 'Run($@"DROP TABLE   {name}  "); Run("x");');
    assert.equal(withoutDoubledQuotes('var a = $@"""{(n == "" ? "a" : $@"""{n}""")}""";'), 'var a = $@"  {(n == "" ? "a" : $@"  {n}  ")}  ";');
    assert.equal(withoutDoubledQuotes('var a = @$"{{""}} {n}""";'), 'var a = @$"{{  }} {n}  ";');
  });

  for (const source of same) it(`leave alone what is none: ${source}`, () => {
    assert.equal(withoutDoubledQuotes(source).length, source.length);
  });

  it("are read with their quotes, and so is what stands behind them", async () => {
    const { sites } = await readHostFile("csharp", 'class A {\n  void F(string name) {\n    cmd.CommandText = $@"DROP TABLE ""{name}""";\n    cmd.ExecuteNonQuery();\n    cmd.CommandText = "DELETE FROM t";\n  }\n}\n');
    assert.deepEqual(sites.map(({ text }) => text), ['DROP TABLE "{name}"', "DELETE FROM t"]);
  });
});
