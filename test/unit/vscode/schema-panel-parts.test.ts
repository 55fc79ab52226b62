// The parts of the schema panel that need neither an editor nor a page.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { choiceHistory } from "../../../src/vscode/schema/choice-history.ts";
import { createdTable, createdTables } from "../../../src/vscode/schema/created-table.ts";
import { rowWindow } from "../../../src/webview/schema-panel/row-window.ts";
import { shownTables } from "../../../src/webview/schema-panel/shown-tables.ts";
import { typeAhead } from "../../../src/webview/schema-panel/type-ahead.ts";

describe("the schema panel's parts", () => {
  it("undoes and makes again, and forgets what was undone once there is another choice", () => {
    const history = choiceHistory();
    const step = (before: string | undefined, after: string | undefined) => ({ table: "t", column: "c", before, after });
    history.add(step(undefined, "date"));
    history.add(step("date", "date"));
    history.add(step("date", "text"));
    assert.deepEqual([history.undoable(), history.redoable()], [step("date", "text"), undefined]);
    history.undone();
    assert.deepEqual([history.undoable(), history.redoable()], [step(undefined, "date"), step("date", "text")]);
    history.redone();
    history.undone();
    history.undone();
    history.undone();
    assert.deepEqual([history.undoable(), history.redoable()], [undefined, step(undefined, "date")]);
    history.add(step(undefined, "uuid"));
    assert.deepEqual([history.undoable(), history.redoable()], [step(undefined, "uuid"), undefined]);
  });

  it("filters by tables and columns, and by what needs a look", () => {
    const tables = [{ name: "Users", columns: ["id", "created_at"], look: 0 }, { name: "orders", columns: ["id", "total"], look: 2 }];
    assert.deepEqual(shownTables(tables, " USER ", false).map(({ name, hit }) => [name, hit]), [["Users", undefined]]);
    assert.deepEqual(shownTables(tables, "created", false).map(({ name, hit }) => [name, hit]), [["Users", "created_at"]]);
    assert.deepEqual(shownTables(tables, "", true).map(({ name }) => name), ["orders"]);
    assert.deepEqual(shownTables(tables, "created", true), []);
  });

  it("makes the rows on screen and some around them", () => {
    assert.deepEqual(rowWindow(0, 240, 24, 500), { from: 0, to: 18 });
    assert.deepEqual(rowWindow(2400, 240, 24, 500), { from: 92, to: 118 });
    assert.deepEqual(rowWindow(9999, 240, 24, 3), { from: 2, to: 3 });
    assert.deepEqual(rowWindow(0, 0, 24, 0), { from: 0, to: 0 });
  });

  it("looks for what is typed, from the current entry on", () => {
    const ahead = typeAhead();
    const names = ["audit", "orders", "order_items", "users"];
    const key = (text: string, timeStamp: number, ctrlKey = false) => ({ key: text, timeStamp, ctrlKey, metaKey: false, altKey: false });
    assert.equal(ahead.find(key("o", 1000), names, 0), 1);
    assert.equal(ahead.find(key("r", 1100), names, 1), 1);
    assert.equal(ahead.find(key("o", 3000), names, 1), 2, "the same letter again goes on");
    assert.equal(ahead.find(key("o", 3100), names, 2), 1);
    assert.equal(ahead.find(key("u", 5000), names, 2), 3);
    assert.equal(ahead.find(key("x", 7000), names, 2), undefined);
    assert.equal(ahead.find(key("u", 9000, true), names, 2), undefined);
    assert.equal(ahead.find(key("Enter", 11000), names, 2), undefined);
  });

  const text = 'x = 1\ndb.execute("""create table if not exists "my users" (\n  id INTEGER, n NUMERIC(10, 2)\n)""")\ndb.execute("CREATE TEMP TABLE t AS SELECT 1")\n# creates tables';
  it("finds where tables are created, in whatever text", () => {
    assert.deepEqual(createdTables(text).map(({ name }) => name), ["my users", "t"]);
    assert.equal(createdTable(text, text.indexOf("NUMERIC"))?.name, "my users");
    assert.equal(createdTable(text, text.indexOf("x = 1")), undefined);
    assert.equal(createdTable(text, text.indexOf(')""")') + 3), undefined, "behind it");
  });
});
