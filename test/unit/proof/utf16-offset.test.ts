import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { utf16Offset } from "#engine/proof/utf16-offset.ts";

describe("PostgreSQL's positions", () => {
  it("count code points from 1; offsets count UTF-16 units from 0", () => {
    assert.equal(utf16Offset("SELECT x", 8), 7);
    assert.equal(utf16Offset("é😀x", 3), 3);
    assert.equal(utf16Offset("😀😀x", 3), 4);
    assert.equal(utf16Offset("ab", 99), 2);
  });
});
