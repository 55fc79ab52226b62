// What the panel says of a type is what the copy does: the counts of a profile against the copy's own codec, value by value.
import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { postgresTypes, typeFit } from "#core/schema/type-fit.ts";
import { encodeValue } from "#engine/migrate/value-codec.ts";
import type { SqliteCell } from "#engine/migrate/sqlite-cell.ts";
import { introspect } from "#engine/sqlite/introspect.ts";
import { openSource } from "#engine/sqlite/open-source.ts";
import { profile } from "#engine/sqlite/profile/profile.ts";
import { sqliteFile } from "../../support/sqlite-file.ts";

type Stored = Exclude<SqliteCell, { readonly kind: "null" }>;

const texts = fc.constantFrom(
  "2024-02-29 12:00:00", "2024-02-30 12:00:00", "2024-02-29T12:00:00.500", "2024-02-29", "2024-02-30", "2024-02-29 12:00", "2024-02-29 12:00:00Z", "2024-02-29 12:00:00+02:00",
  "2024-02-29 12:00:00.1234567", "0000-01-01", "24:00:00", "{}", '{"a":1,"a":2}', "[1,2]", '"x"', "1", "true", "12.50", "1e999", "no", "", "hello", "a\0b",
  "0b8e2a54-6c1a-4e8e-9f0a-0123456789ab", "0B8E2A54-6C1A-4E8E-9F0A-0123456789AB", "ä",
);
const cell: fc.Arbitrary<Stored | null> = fc.oneof(
  { weight: 3, arbitrary: texts.map((text): Stored => ({ kind: "text", bytes: Buffer.from(text) })) },
  { weight: 1, arbitrary: fc.constantFrom(Buffer.from([0xff, 0x41]), Buffer.from("{\"a\":\"\xff\"}", "latin1")).map((bytes): Stored => ({ kind: "text", bytes })) },
  { weight: 2, arbitrary: fc.constantFrom(0n, 1n, 2n, -1n, 2n ** 31n, 2n ** 53n, 2n ** 53n + 1n, -(2n ** 63n)).map((value): Stored => ({ kind: "integer", value })) },
  { weight: 2, arbitrary: fc.constantFrom(0.5, 1, -2, 19.99, 1e300, Infinity, 0.1 + 0.2).map((value): Stored => ({ kind: "real", value, rendering: String(value) })) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 3 }).map((bytes): Stored => ({ kind: "blob", bytes: Buffer.from(bytes) })) },
  { weight: 1, arbitrary: fc.constant(null) },
);
/** Columns of one kind are as likely as mixtures. */
const column = fc.oneof(fc.array(cell, { minLength: 1, maxLength: 12 }), texts.chain((text) => fc.array(fc.constantFrom(text, text, "2024-02-29 12:00:00"), { minLength: 1, maxLength: 12 }).map((all) => all.map((each): Stored => ({ kind: "text", bytes: Buffer.from(each) })))));

test("what a type refuses is counted as the copy counts it", async () => {
  await fc.assert(
    fc.asyncProperty(column, async (cells) => {
      const path = sqliteFile("CREATE TABLE t (v)", (db) => {
        for (const each of cells) {
          if (each === null) db.exec("INSERT INTO t VALUES (NULL)");
          else if (each.kind === "text") db.prepare("INSERT INTO t VALUES (CAST(? AS TEXT))").run(each.bytes);
          else db.prepare("INSERT INTO t VALUES (?)").run(each.kind === "blob" ? each.bytes : each.value);
        }
      });
      const source = await openSource(path);
      try {
        const found = (await profile(source, introspect(source))).get("t.v");
        assert.ok(found !== undefined);
        const stored = cells.flatMap((each) => (each === null ? [] : [each]));
        for (const type of postgresTypes) {
          const fit = typeFit(type, found);
          const refused = stored.filter((each) => "reason" in encodeValue(each, type, "UTF-8")).length;
          assert.equal(fit.values, stored.length);
          if (fit.exact) assert.equal(fit.refused, refused, `${type} refuses ${refused} of ${stored.length}`);
          else assert.ok(fit.refused >= refused, `${type} refuses ${refused} of ${stored.length}, said were up to ${fit.refused}`);
        }
      } finally {
        source.close();
      }
    }),
    { numRuns: 80 },
  );
});
