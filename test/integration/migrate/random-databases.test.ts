import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "node:test";
import { CutoverError } from "#core/cutover-error.ts";
import { validate } from "#engine/validate/validate.ts";
import { compareDatabases } from "../../support/compare-databases.ts";
import { move, planOf, stateOf } from "../../support/move.ts";
import { randomDatabase, type RandomSize } from "../../support/random-database.ts";
import { allTargets } from "../../support/targets.ts";

/** More by hand: CUTOVER_RUNS=500 CUTOVER_SEED=1 node --test … */
const seed = Number(process.env["CUTOVER_SEED"] ?? 20261122);
const byHand = process.env["CUTOVER_RUNS"];

const runs: Readonly<Record<string, number>> = { embedded: 3, "PostgreSQL 14": 10, "PostgreSQL 18": 10 };
const size: RandomSize = { tables: 4, columns: 12, rows: 25 };
const wide: RandomSize = { tables: 1, columns: 900, rows: 8 };

for (const { label, empty } of allTargets) {
  describe(`random databases onto ${label}`, () => {
    const arrives = async (of: RandomSize, numRuns: number): Promise<void> => {
      const sum = { databases: 0, rows: 0, cells: 0, quarantined: 0 };
      const reasons = new Set<string>();
      await fc.assert(
        fc.asyncProperty(fc.gen(), async (g) => {
          const database = randomDatabase(g, of);
          const target = await empty();
          try {
            const plan = await planOf(database.file);
            const report = await move(database.file, target, { plan, badRows: "quarantine", jobs: 2 });
            for (const table of report.tables) assert.equal(table.copied + table.quarantined, table.sourceRows);
            const compared = await compareDatabases(database.file, target, plan);
            assert.equal(compared.rows, report.tables.reduce((all, table) => all + table.sourceRows, 0));
            assert.deepEqual((await validate({ from: database.file, target, plan, level: "cells" })).differences, []);
            sum.databases++;
            sum.rows += compared.rows;
            sum.cells += compared.cells;
            sum.quarantined += compared.quarantined;
            for (const reason of compared.others) reasons.add(reason.replace(/"[^"]*"/g, '"…"'));
            await failsWhole(database.file, plan, compared.quarantined);
          } catch (cause) {
            if (cause instanceof Error) cause.message += `\n${database.script.join(";\n")}\n${database.file}`;
            throw cause;
          } finally {
            await target.close();
          }
        }),
        { numRuns: Number(byHand ?? numRuns), seed, endOnFailure: true },
      );
      if (byHand !== undefined) console.log(label, sum, reasons);
    };

    /** Under the policy `fail` such a database stops the run and leaves nothing, or arrives whole. */
    const failsWhole = async (file: string, plan: Awaited<ReturnType<typeof planOf>>, bad: number): Promise<void> => {
      if (label === "embedded") return;
      const target = await empty();
      try {
        const before = await stateOf(target);
        if (bad === 0) {
          await move(file, target, { plan });
          assert.equal((await compareDatabases(file, target, plan)).quarantined, 0);
        } else {
          await assert.rejects(move(file, target, { plan }), (error) => error instanceof CutoverError && error.tag === "bad-rows");
          assert.deepEqual(await stateOf(target), before);
        }
      } finally {
        await target.close();
      }
    };

    it("arrive exactly, or are kept aside exactly", () => arrives(size, runs[label] ?? 0));
    it("arrive exactly with hundreds of columns", () => arrives(wide, Math.ceil((runs[label] ?? 0) / 5)));
  });
}
