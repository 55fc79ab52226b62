import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { redact, redactSecrets } from "#engine/postgres/redact.ts";

describe("redact", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["postgres://me:secret@db:5432/app", "postgres://me:***@db:5432/app"],
    ["cannot open postgresql://me:se%40cret@db/app now", "cannot open postgresql://me:***@db/app now"],
    ["postgres://me:p@ss:word@db/app", "postgres://me:***@db/app"],
    ["postgres://me@db/app", "postgres://me@db/app"],
    ["postgres:///app?host=/run&password=geheim&user=me", "postgres:///app?host=/run&password=***&user=me"],
    ["host=db password='it\\'s a secret' user=me", "host=db password=*** user=me"],
    ["PGPASSWORD=geheim psql", "PGPASSWORD=*** psql"],
    ["embedded:data", "embedded:data"],
    ["no password here", "no password here"],
  ];
  for (const [text, expected] of cases) it(text.replace(/secret|geheim/g, "…"), () => { assert.equal(redact(text), expected); });

  it("takes the given secrets out wherever they stand", () => {
    assert.equal(redactSecrets("refused for p@ss (p%40ss)", ["p@ss", undefined, ""]), "refused for *** (***)");
  });
});
