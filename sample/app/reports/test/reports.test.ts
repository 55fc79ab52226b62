import assert from "node:assert/strict";
import { test } from "node:test";
import { costByModel, costOfWorkflows, savedByMonth, savedThisWeek } from "../src/costReport.ts";
import { deletePatterns, findPatterns, forgottenPatterns, savePattern } from "../src/patternReport.ts";
import { activeSettings, addMissingSettings, queueByStatus, readyOrder, saveSetting } from "../src/queueReport.ts";
import { withConnection } from "../src/db.ts";
import { fromNow, insert } from "./support.ts";

/** Rows as plain objects: drivers differ in the prototype they give them. */
const plain = <T extends object>(rows: T[]): T[] => rows.map((row) => ({ ...row }));

test("cost by model leaves archived workflows out", async () => {
  await insert(
    "workflow_history",
    { adw_id: "a", model_used: "opus", actual_cost_total: 1.25, is_archived: 0 },
    { adw_id: "b", model_used: "opus", actual_cost_total: 0.5, is_archived: 1 },
    { adw_id: "c", model_used: null, actual_cost_total: 2.0, is_archived: 0 },
  );
  assert.deepEqual(plain(await costByModel()), [
    { model: "unknown", workflows: 1, cost: 2 },
    { model: "opus", workflows: 1, cost: 1.25 },
  ]);
  assert.equal((await costByModel({ includeArchived: true }))[1]?.cost, 1.75);
  assert.deepEqual(await costByModel({ since: "2099-01-01 00:00:00" }), []);
});

test("cost of workflows counts their tool calls", async () => {
  await insert("workflow_history", { adw_id: "a", actual_cost_total: 1.5 }, { adw_id: "b" }, { adw_id: "c" });
  await insert(
    "tool_calls",
    { tool_call_id: "1", workflow_id: "a", tool_name: "x", success: 1 },
    { tool_call_id: "2", workflow_id: "a", tool_name: "y", success: 0 },
  );
  assert.deepEqual(plain(await costOfWorkflows(["b", "a", "nobody"])), [
    { adw_id: "a", actual_cost_total: 1.5, tool_calls: 2 },
    { adw_id: "b", actual_cost_total: 0, tool_calls: 0 },
  ]);
  assert.deepEqual(await costOfWorkflows([]), []);
});

const saving = (created: string, dollars: number, estimated: 0 | 1) => ({
  optimization_type: "tool_call",
  workflow_id: "a",
  baseline_tokens: 10,
  actual_tokens: 1,
  cost_saved_usd: dollars,
  is_estimated: estimated,
  created_at: created,
});

test("what was saved this week, estimates apart", async () => {
  assert.deepEqual(await savedThisWeek(), { measured: 0, estimated: 0 });
  await insert("cost_savings_log", saving(fromNow(-1), 0.5, 0), saving(fromNow(-2), 0.25, 1), saving(fromNow(-9), 8, 0));
  assert.deepEqual(await savedThisWeek(), { measured: 0.5, estimated: 0.25 });
});

test("what was saved in the months of a year", async () => {
  await insert(
    "cost_savings_log",
    saving("2024-12-31 23:59:59", 8, 0),
    saving("2025-01-01 00:00:00", 0.125, 0),
    saving("2025-01-31 23:59:59", 0.5, 1),
    saving("2025-11-05 12:00:00", 1.5, 0),
  );
  assert.deepEqual(plain(await savedByMonth("2025")), [
    { month: "2025-01", saved: 0.63 },
    { month: "2025-11", saved: 1.5 },
  ]);
});

test("the queue by status", async () => {
  await insert(
    "phase_queue",
    { queue_position: 1, status: "ready", is_paused: 0 },
    { queue_position: 2, status: "ready", is_paused: 1 },
    { queue_position: 3, status: "failed", is_paused: 0 },
  );
  assert.deepEqual(plain(await queueByStatus()), [
    { status: "failed", phases: 1, paused: 0 },
    { status: "ready", phases: 2, paused: 1 },
  ]);
});

test("phases that never became ready come first", async () => {
  await insert(
    "phase_queue",
    { queue_position: 1, ready_timestamp: "2025-02-02 00:00:00", is_paused: 0 },
    { queue_position: 2, ready_timestamp: null, is_paused: 0 },
    { queue_position: 3, ready_timestamp: "2025-02-01 00:00:00", is_paused: 0 },
    { queue_position: 4, ready_timestamp: null, is_paused: 1 },
  );
  assert.deepEqual(await readyOrder(), [2, 3, 1]);
  assert.deepEqual(await readyOrder(1), [2]);
});

test("a setting is replaced as a whole", async () => {
  await saveSetting("mode", "fast");
  await saveSetting("mode", "O'Brien's \"mode\"");
  await saveSetting("hidden", "x", false);
  assert.deepEqual(await activeSettings(), { mode: "O'Brien's \"mode\"" });
  await saveSetting("mode", "off", false);
  assert.deepEqual(await activeSettings(), {});
});

test("missing settings are added, all of them or none", async () => {
  await saveSetting("b", "kept");
  assert.equal(await addMissingSettings({ a: "1", b: "2" }), 1);
  await assert.rejects(addMissingSettings({ c: "3", d: "" }), RangeError);
  assert.deepEqual(await activeSettings(), { a: "1", b: "kept" });
});

test("patterns are found in any case", async () => {
  await savePattern({ signature: "test:Backend", type: "test", operations: ["read", "run ü"], automatable: true });
  await savePattern({ signature: "build:backend", type: "build" });
  await savePattern({ signature: "docs:readme", type: "docs" });
  assert.deepEqual(await findPatterns("BACK", "name"), [
    { id: 1, signature: "test:Backend", operations: ["read", "run ü"], automatable: true },
    { id: 2, signature: "build:backend", operations: [], automatable: false },
  ]);
});

test("a pattern saved again counts one more", async () => {
  assert.equal(await savePattern({ signature: "a", type: "git" }), 1);
  assert.equal(await savePattern({ signature: "a", type: "git", operations: ["push"] }), 2);
  assert.deepEqual((await findPatterns("a", "count"))[0]?.operations, ["push"]);
});

test("forgotten patterns, the longest first", async () => {
  const pattern = (signature: string, days: number) => ({
    pattern_signature: signature,
    pattern_type: "git",
    last_seen_at: fromNow(-days),
  });
  await insert("operation_patterns", pattern("new", 3), pattern("old", 40), pattern("older", 90));
  assert.deepEqual(plain(await forgottenPatterns(30)), [
    { pattern_signature: "older", days: 90 },
    { pattern_signature: "old", days: 40 },
  ]);
});

test("deleting patterns deletes their occurrences", async () => {
  await savePattern({ signature: "a", type: "git" });
  await savePattern({ signature: "b", type: "git" });
  await insert("pattern_occurrences", { pattern_id: 1, workflow_id: "w" }, { pattern_id: 2, workflow_id: "w" });
  assert.equal(await deletePatterns([1, 99]), 1);
  const left = await withConnection((db) => db.all<{ pattern_id: number }>("SELECT pattern_id FROM pattern_occurrences"));
  assert.deepEqual(left.map((row) => row.pattern_id), [2]);
  assert.equal(await deletePatterns([]), 0);
});
