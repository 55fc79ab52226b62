import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { laidOut } from "#core/schema/laid-out.ts";

describe("DDL laid out for people", () => {
  it("breaks a view's query into lines", () => {
    assert.equal(
      laidOut("CREATE VIEW public.v AS SELECT a.x, count(*) AS n FROM public.a LEFT JOIN b ON (a.id = b.id) WHERE a.s = 'it''s' GROUP BY a.x"),
      "CREATE VIEW public.v AS\nSELECT\n    a.x,\n    count(*) AS n\nFROM\n    public.a\n    LEFT JOIN b ON (a.id = b.id)\nWHERE\n    a.s = 'it''s'\nGROUP BY\n    a.x",
    );
  });

  for (const sql of ["SELECT 'two  blanks and a; semicolon' AS \"odd  name\"", "SELECT E'a\\'b' || 'c'", "SELECT 1 -- a comment", "this is (not SQL"]) {
    it(`changes blanks only: ${sql}`, () => {
      const without = (text: string): string => text.replace(/\s+/g, "");
      assert.equal(without(laidOut(sql)), without(sql));
      for (const literal of sql.match(/'[^']*'|"[^"]*"/g) ?? []) assert.ok(laidOut(sql).includes(literal));
    });
  }
});
