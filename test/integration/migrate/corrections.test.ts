import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { addCorrection, makeJournal, readParts } from "#engine/migrate/journal.ts";
import { allTargets } from "../../support/targets.ts";

describe("corrections of a table's rows and checksum", () => {
  for (const { label, empty } of allTargets) {
    it(`add up on ${label} to the last bit, beyond 64 bits as well`, async () => {
      const target = await empty();
      const session = await target.connect();
      try {
        await makeJournal(session);
        const sums = [1n, 2n ** 63n - 1n, 2n ** 63n, 2n ** 64n - 1n, 0x8000_0000_0000_0001n, 0xdead_beef_cafe_f00dn, -(2n ** 62n) - 3n, -5n, 0x7fff_ffff_ffff_fff1n];
        let expected = 0n;
        for (const [i, checksum] of [...sums, ...sums.toReversed()].entries()) {
          await addCorrection(session, "run", "t", { rows: i, checksum });
          expected = BigInt.asUintN(64, expected - checksum);
          const [part] = await readParts(session, "run");
          assert.equal(part?.checksum, expected, `after ${i + 1} corrections`);
        }
      } finally {
        await session.close();
      }
    });
  }
});
