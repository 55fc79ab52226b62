import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isToSchemaPanel, parseFromSchemaPanel, parseSchemaPanelState } from "#protocol/schema-panel.ts";

describe("messages of the schema panel", () => {
  it("takes the panel's requests and nothing else", () => {
    assert.deepEqual(parseFromSchemaPanel({ type: "save", path: "/etc/passwd" }), { type: "save" });
    assert.deepEqual(parseFromSchemaPanel({ type: "show", table: "t" }), { type: "show", table: "t" });
    assert.deepEqual(parseFromSchemaPanel({ type: "choose", table: "t", column: "c", postgresType: "date" }), { type: "choose", table: "t", column: "c", postgresType: "date" });
    assert.deepEqual(parseFromSchemaPanel({ type: "choose", table: "t", column: "c" }), { type: "choose", table: "t", column: "c", postgresType: undefined });
    for (const odd of [{ type: "show" }, { type: "choose", table: "t" }, { type: "choose", table: "t", column: "c", postgresType: 1 }]) assert.equal(parseFromSchemaPanel(odd), undefined);
    for (const odd of [undefined, null, "save", {}, { type: "delete" }, { type: "toString" }, { type: 1 }]) assert.equal(parseFromSchemaPanel(odd), undefined);
  });

  it("takes the extension's news and nothing else", () => {
    assert.ok(isToSchemaPanel({ type: "loading" }));
    for (const odd of [undefined, null, {}, { type: "constructor" }]) assert.ok(!isToSchemaPanel(odd));
  });

  it("reads a kept state, also one that lacks what is not needed", () => {
    assert.deepEqual(parseSchemaPanelState({ root: "/w", source: "app.db", code: true, table: "t", filter: "x", look: true }), { root: "/w", source: "app.db", code: true, table: "t", filter: "x", look: true });
    assert.deepEqual(parseSchemaPanelState({ root: "/w", source: "app.db" }), { root: "/w", source: "app.db", code: false, table: undefined, filter: "", look: false });
    assert.equal(parseSchemaPanelState({ source: "app.db" }), undefined);
    assert.equal(parseSchemaPanelState("app.db"), undefined);
  });
});
