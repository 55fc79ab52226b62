import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isToSchemaPanel, parseFromSchemaPanel, parseSchemaPanelState } from "#protocol/schema-panel.ts";

describe("messages of the schema panel", () => {
  it("takes the panel's requests and nothing else", () => {
    assert.deepEqual(parseFromSchemaPanel({ type: "save", path: "/etc/passwd" }), { type: "save" });
    for (const odd of [undefined, null, "save", {}, { type: "delete" }, { type: "toString" }, { type: 1 }]) assert.equal(parseFromSchemaPanel(odd), undefined);
  });

  it("takes the extension's news and nothing else", () => {
    assert.ok(isToSchemaPanel({ type: "loading", source: "app.db" }));
    for (const odd of [undefined, null, {}, { type: "constructor" }]) assert.ok(!isToSchemaPanel(odd));
  });

  it("reads a kept state, also one that lacks what is not needed", () => {
    assert.deepEqual(parseSchemaPanelState({ root: "/w", source: "app.db", table: "t", filter: "x" }), { root: "/w", source: "app.db", table: "t", filter: "x" });
    assert.deepEqual(parseSchemaPanelState({ root: "/w", source: "app.db" }), { root: "/w", source: "app.db", table: undefined, filter: "" });
    assert.equal(parseSchemaPanelState({ source: "app.db" }), undefined);
    assert.equal(parseSchemaPanelState("app.db"), undefined);
  });
});
