import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";

const root = new URL("../../../", import.meta.url);

interface Rule {
  readonly begin?: string;
  readonly end?: string;
  readonly match?: string;
  readonly include?: string;
  readonly contentName?: string;
  readonly patterns?: readonly Rule[];
}
interface Grammar {
  readonly scopeName: string;
  readonly injectionSelector?: string;
  readonly patterns: readonly Rule[];
  readonly repository?: Readonly<Record<string, Rule>>;
}
interface Contribution {
  readonly scopeName: string;
  readonly path: string;
  readonly injectTo?: readonly string[];
  readonly tokenTypes?: Readonly<Record<string, string>>;
}

const read = (path: string): unknown => JSON.parse(readFileSync(new URL(path, root), "utf8"));
const { contributes } = read("package.json") as { readonly contributes: { readonly grammars: readonly Contribution[] } };
const grammars = contributes.grammars.map((contribution) => ({ contribution, grammar: read(contribution.path) as Grammar }));
const injected = grammars.filter(({ contribution }) => contribution.injectTo !== undefined);
const words = grammars.find(({ contribution }) => contribution.injectTo === undefined)?.grammar;
const content = "meta.embedded.inline.sql";

function* rulesOf(rules: readonly Rule[]): Generator<Rule> {
  for (const rule of rules) {
    yield rule;
    yield* rulesOf(rule.patterns ?? []);
  }
}

/** The rule whose beginning matches right behind the given opening; the engine of editors knows no more of these patterns than JavaScript does. */
function begins(name: string, opened: string, text: string): boolean {
  const grammar = grammars.find(({ contribution }) => contribution.scopeName === `cutover.sql.${name}`)?.grammar;
  assert.ok(grammar, name);
  return grammar.patterns.some(({ begin }) => {
    const pattern = new RegExp(begin ?? "(?!)", "y");
    pattern.lastIndex = opened.length;
    return pattern.test(opened + text);
  });
}

describe("the colours of SQL in strings", () => {
  it("are contributed for every host language, each grammar under its own name", () => {
    assert.deepEqual(grammars.map(({ contribution, grammar }) => [contribution.scopeName, grammar.scopeName]).filter(([a, b]) => a !== b), []);
    const hosts = injected.flatMap(({ contribution }) => contribution.injectTo ?? []);
    for (const host of ["source.python", "source.ts", "source.tsx", "source.js", "source.js.jsx", "source.go", "source.java", "source.cs", "text.html.php", "source.ruby", "source.rust"]) assert.ok(hosts.includes(host), host);
  });

  it("are looked for inside of strings only, and not inside of SQL once more", () => {
    for (const { grammar } of injected) {
      for (const selector of grammar.injectionSelector?.split(", ") ?? [""]) assert.match(selector, /^L:(?:string\.[\w.]+|meta\.fstring\.python)(?: -meta\.fstring)? -meta\.embedded\.inline\.sql -comment$/);
    }
  });

  it("leave the end of a string to its host, and its text a string for the editor", () => {
    for (const { contribution, grammar } of injected) {
      assert.deepEqual(contribution.tokenTypes, { [content]: "string" });
      for (const { begin, end, contentName } of grammar.patterns) {
        assert.ok(begin !== undefined && end !== undefined && contentName === content);
        assert.match(begin, /^(?:\(\?<=|\^\(\?=)/, "nothing is taken at the beginning");
        assert.match(end, /^\(\?=.*\)$/, "nothing is taken at the end");
      }
    }
  });

  it("come from rules within a line, in a grammar that includes only what is there", () => {
    assert.ok(words?.repository);
    for (const rule of rulesOf(Object.values(words.repository))) {
      assert.equal(rule.begin, undefined);
      if (rule.match !== undefined) assert.doesNotThrow(() => new RegExp(rule.match?.replace("(?i)", "") ?? "", "u"), rule.match);
    }
    const included = injected.flatMap(({ grammar }) => [...rulesOf(grammar.patterns)].flatMap(({ include }) => (include?.startsWith("cutover.sql.words#") === true ? [include.slice("cutover.sql.words#".length)] : [])));
    assert.deepEqual(included.filter((name) => words.repository?.[name] === undefined), []);
  });

  const cases: readonly [string, string, string, boolean][] = [
    ["python", '"', 'SELECT a FROM t"', true],
    ["python", '"', "SELECT a FROM t", false],
    ["python", '"', 'select it"', false],
    ["python", '"', 'SELECTED"', false],
    ["python", '"', '--sql\\nselect 1"', true],
    ["python", "'", "INSERT OR IGNORE INTO t VALUES (1)'", true],
    ["python", '"""', "UPDATE t SET a = 1", true],
    ["python", "", "    DELETE FROM t", true],
    ["python-f", '"', 'SELECT {x} FROM t"', true],
    ["ts", "sql`", "select 1", true],
    ["ts", "/* sql */ `", "select 1", true],
    ["ts", "`", "select 1", false],
    ["ts", "`", "WITH a AS (SELECT 1) SELECT * FROM a", true],
    ["go", "`", "CREATE TABLE t (a)", true],
    ["csharp", '@"', "SELECT a", true],
    ["rust", '"', "PRAGMA foreign_keys", true],
  ];
  for (const [name, opened, text, expected] of cases) {
    it(`${expected ? "begin" : "do not begin"} in ${name} with ${opened}${text}`, () => {
      assert.equal(begins(name, opened, text), expected);
    });
  }
});
