import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import fc from "fast-check";
import { inParallel, type LockingTask } from "#engine/migrate/in-parallel.ts";

describe("work that locks tables", () => {
  const task = fc.record({
    tables: fc.uniqueArray(fc.constantFrom<string[]>("a", "b", "c"), { minLength: 1, maxLength: 2 }),
    shares: fc.boolean(),
    stage: fc.integer({ min: 0, max: 2 }),
    weight: fc.integer({ min: 0, max: 9 }),
    turns: fc.integer({ min: 0, max: 4 }),
  });
  it("is done once each, whatever collides never at the same time, earlier stages of a table first", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(task, { maxLength: 12 }), fc.integer({ min: 1, max: 4 }), async (tasks, workers) => {
        const running = new Set<LockingTask>();
        const done = new Set<LockingTask>();
        await inParallel(Array.from({ length: workers }, (_, i) => i), tasks, async (_, own) => {
          const touches = (other: LockingTask): boolean => other.tables.some((table) => own.tables.includes(table));
          for (const other of running) assert.ok(!touches(other) || (other.shares && own.shares && other.stage === own.stage));
          for (const other of tasks) if (other.stage < own.stage && touches(other)) assert.ok(done.has(other));
          running.add(own);
          for (let turn = 0; turn < own.turns; turn++) await nextTurn();
          running.delete(own);
          done.add(own);
        });
        assert.equal(done.size, tasks.length);
      }),
      { numRuns: 300, seed: 7 },
    );
  });

  it("begins nothing after a failure, and lets what is under way end", async () => {
    const done: number[] = [];
    const tasks = [3, 2, 1, 0].map((weight) => ({ tables: [`t${weight}`], shares: false, stage: 0, weight }));
    await assert.rejects(
      inParallel(["x", "y"], tasks, async (_, { weight }) => {
        if (weight === 3) throw new Error("refused");
        await nextTurn();
        done.push(weight);
      }),
      /refused/,
    );
    assert.deepEqual(done, [2]);
  });
});
