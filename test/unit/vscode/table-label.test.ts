import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { TablePair, TableSide } from "#protocol/worker.ts";
import { countsLabel, pairColumns, tableState } from "../../../src/vscode/databases/table-label.ts";

const side = (rows: number, ...columns: readonly (readonly [string, string])[]): TableSide => ({ rows, columns: columns.map(([name, type]) => ({ name, type })) });
const both = { source: true, target: true };

const cases: readonly { readonly name: string; readonly table: Omit<TablePair, "name">; readonly readable?: typeof both; readonly label: string }[] = [
  { name: "equal counts", table: { source: side(1204), target: side(1204) }, label: "1,204 | 1,204 ✓" },
  { name: "different counts", table: { source: side(1204), target: side(1200) }, label: "1,204 | 1,200 ≠" },
  { name: "two empty tables", table: { source: side(0), target: side(0) }, label: "0 | 0 ✓" },
  { name: "a table that the target lacks", table: { source: side(3), target: undefined }, label: "3 | –" },
  { name: "a table that only the target has", table: { source: undefined, target: side(3) }, label: "– | 3 ≠" },
  { name: "a target that could not be read", table: { source: side(3), target: undefined }, readable: { source: true, target: false }, label: "3 | ?" },
  { name: "a source that could not be read", table: { source: undefined, target: side(3) }, readable: { source: false, target: true }, label: "? | 3" },
  { name: "counts beyond 32 bits", table: { source: side(9_007_199_254_740_991), target: side(9_007_199_254_740_990) }, label: "9,007,199,254,740,991 | 9,007,199,254,740,990 ≠" },
];

describe("the label of a table pair", () => {
  for (const { name, table, readable = both, label } of cases) {
    it(name, () => {
      const pair = { name: "t", ...table };
      assert.equal(countsLabel(pair, tableState(pair, readable), "en"), label);
    });
  }

  it("writes numbers as the editor's language does", () => {
    const pair = { name: "t", source: side(1204), target: side(1204) };
    assert.equal(countsLabel(pair, "equal", "de"), "1.204 | 1.204 ✓");
  });
});

describe("pairColumns", () => {
  it("pairs by name whatever the case, in the source's order, the target's own last", () => {
    const table = { name: "t", source: side(0, ["Id", "INTEGER"], ["note", ""]), target: side(0, ["added", "text"], ["id", "bigint"]) };
    assert.deepEqual(pairColumns(table), [
      { name: "Id", sourceType: "INTEGER", targetType: "bigint" },
      { name: "note", sourceType: "", targetType: undefined },
      { name: "added", sourceType: undefined, targetType: "text" },
    ]);
  });
});
