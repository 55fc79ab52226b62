import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseScript } from "#core/sql/parse.ts";
import { styled, withNumbers, type ParameterStyle } from "#engine/proof/placeholders.ts";

function convert(sql: string, style: ParameterStyle): { readonly sql: string; readonly rebinding: string | undefined } {
  const [statement] = parseScript(sql).statements;
  assert.ok(statement);
  const numbered = withNumbers(sql, statement);
  const { sql: text, rebinding } = styled(numbered.sql, numbered.names, style);
  return { sql: text, rebinding };
}

describe("parameters of a target (TRAPS 43, 53, 69)", () => {
  it("keeps SQLite's numbers: a repeated name or ?NNN is one $n", () => {
    assert.deepEqual(convert("SELECT ?, ?, ?", "numeric"), { sql: "SELECT $1, $2, $3", rebinding: undefined });
    assert.deepEqual(convert("SELECT :a, :b, :a", "numeric"), { sql: "SELECT $1, $2, $1", rebinding: undefined });
    assert.deepEqual(convert("SELECT ?2, ?1, ?", "numeric"), { sql: "SELECT $2, $1, $3", rebinding: undefined });
    assert.deepEqual(convert("SELECT :a, ?1, @b, $c", "numeric"), { sql: "SELECT $1, $1, $2, $3", rebinding: undefined });
  });

  it("says when a number is left out, which PostgreSQL refuses", () => {
    assert.match(convert("SELECT ?3", "numeric").rebinding ?? "", /up to \$3/);
  });

  it("leaves strings, comments and quoted names alone", () => {
    assert.equal(convert("SELECT '?', \"?\", /* ? */ ? -- ?", "numeric").sql, "SELECT '?', \"?\", /* ? */ $1 -- ?");
  });

  it("psycopg: %s in order, names otherwise, and % doubled exactly when values are passed", () => {
    assert.deepEqual(convert("SELECT ? WHERE a LIKE '10%' AND b = ?", "psycopg"), { sql: "SELECT %s WHERE a LIKE '10%%' AND b = %s", rebinding: undefined });
    assert.equal(convert("SELECT 5 % 2", "psycopg").sql, "SELECT 5 % 2");
    assert.deepEqual(convert("SELECT :a, :b, :a", "psycopg"), { sql: "SELECT %(a)s, %(b)s, %(a)s", rebinding: undefined });
    assert.match(convert("SELECT ?2, ?1", "psycopg").rebinding ?? "", /p1.*p2|p2.*p1/);
  });

  it("named and qmark", () => {
    assert.equal(convert("SELECT :a, @a, ?", "named").sql, "SELECT :a, :p2, :p3");
    assert.equal(convert("SELECT ?, ?", "qmark").rebinding, undefined);
    assert.equal(convert("SELECT :a, :b, :a", "qmark").rebinding, "the values are bound in the order a, b, a");
  });

  it("carries places of the result back", () => {
    const sql = "SELECT ?1, nope, ?12 FROM t";
    const { sql: text, toGiven } = styled(sql, new Map(), "psycopg");
    assert.equal(toGiven(text.indexOf("nope")), sql.indexOf("nope"));
    assert.equal(toGiven(text.indexOf("FROM")), sql.indexOf("FROM"));
  });
});
