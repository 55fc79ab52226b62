// A person looks at a schema: opens a database from the explorer, finds what needs a look, changes a type by keyboard, sees both
// DDLs and cutover.json follow, undoes it, and makes the schema in a PostgreSQL. Pictures in light, dark and both high contrasts.
import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import Database from "better-sqlite3";
import type { Locator } from "playwright-core";
import { commandIds } from "../../src/vscode/ids.ts";
import { openWindow } from "./harness/code-window.ts";
import { colorTheme } from "./harness/color-theme.ts";
import { chooseInContextMenu } from "./harness/context-menu.ts";
import { chooseCodeAction, openCodeActions } from "./harness/editor.ts";
import { commandLabel } from "./harness/product-labels.ts";
import { emptyDatabase } from "./harness/empty-database.ts";
import { entry, openFile, runCommand } from "./harness/quick-input.ts";
import { stepsIn } from "./harness/steps.ts";
import { terminalSays } from "./harness/terminal.ts";
import { postgresRowCounts } from "./harness/row-counts.ts";
import { positionOf } from "./harness/text-position.ts";
import { until } from "./harness/until.ts";
import { webview } from "./harness/webview.ts";
import { workbench } from "./harness/workbench.ts";
import { plainWorkspace } from "./harness/workspace.ts";

const config = `{
  // What we move.
  "databases": [{ "source": "shop.db", "target": "env:DATABASE_URL" }],
  "overrides": {
    "customers.balance": "numeric" // money
  }
}
`;

const shop = `
  CREATE TABLE customers (
    id INTEGER PRIMARY KEY,
    email VARCHAR(120) NOT NULL UNIQUE COLLATE NOCASE,
    is_active INTEGER NOT NULL DEFAULT 1,
    balance REAL DEFAULT 0.0,
    created_at TEXT DEFAULT CURRENT_TIMESTAMP
  );
  CREATE TABLE orders (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    customer_id INTEGER NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    placed_at DATETIME NOT NULL,
    total DECIMAL(10, 2) CHECK (total >= 0),
    note,
    payload TEXT
  );
  CREATE INDEX orders_customer ON orders (customer_id, placed_at DESC);
  CREATE TABLE sessions (token TEXT PRIMARY KEY, data BLOB, seen INTEGER) WITHOUT ROWID;
  CREATE VIEW open_orders AS SELECT o.id, c.email FROM orders o JOIN customers c ON c.id = o.customer_id WHERE c.is_active = 1;
  INSERT INTO customers (email, is_active, balance, created_at) VALUES ('a@x.org', 1, 12.5, '2024-05-01 10:00:00'), ('b@x.org', 0, 3, '2024-05-02 11:30:00'), ('c@x.org', 1, 0.1, '2024-05-03 09:15:00');
  INSERT INTO orders (customer_id, placed_at, total, note, payload) VALUES (1, '2024-06-01 08:00:00', 19.99, 'gift', '{"a": 1}'), (1, '2024-06-02 08:00:00', 5, 3, '[]'), (2, 1717320000, 7.5, NULL, '{}');
  INSERT INTO sessions VALUES ('t1', x'00ff', 1), ('t2', x'01', 0);`;

/** What is asked of an element in the page. */
interface ScrolledElement {
  readonly childElementCount: number;
}

test("a schema, looked at and changed", async (t) => {
  const code = 'import sqlite3\n\nDDL = """\nCREATE TABLE audit (\n    id INTEGER PRIMARY KEY,\n    at TEXT DEFAULT CURRENT_TIMESTAMP\n)"""\n';
  const databaseUrl = await emptyDatabase("schema_panel");
  const workspace = await plainWorkspace("schema-panel", { "cutover.json": config, "audit.py": code, ".env": `DATABASE_URL=${databaseUrl}\n` });
  make(join(workspace.folder, "shop.db"), shop);
  make(join(workspace.folder, "wide.db"), Array.from({ length: 500 }, (_, i) => `CREATE TABLE table_${String(i).padStart(3, "0")} (id INTEGER PRIMARY KEY, ${Array.from({ length: 19 }, (__, c) => `column_${c} TEXT`).join(", ")});`).join("\n"));
  make(join(workspace.folder, "large.db"), `CREATE TABLE events (id INTEGER PRIMARY KEY, at TEXT, kind TEXT, body TEXT);
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500000)
    INSERT INTO events SELECT i, datetime(1700000000 + i, 'unixepoch'), 'kind ' || (i % 7), '{"n": ' || i || ', "text": "some words to read"}' FROM n`);
  await mkdir(join(workspace.folder, "migrations"));
  await writeFile(join(workspace.folder, "migrations", "0001_users.up.sql"), "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT);");
  await writeFile(join(workspace.folder, "migrations", "0002_age.up.sql"), "ALTER TABLE users ADD COLUMN age INTEGER;");
  await writeFile(join(workspace.folder, "migrations", "0002_age.down.sql"), "ALTER TABLE users DROP COLUMN age;");
  const window = await openWindow(workspace, "schema");
  const { page } = window;
  const step = stepsIn(t, window);
  const panel = webview(page).locator("body");
  const ddl = (side: "SQLite" | "PostgreSQL"): Locator => panel.getByLabel(new RegExp(`^${side}: `)).locator("code");
  const picker = (column: string): Locator => panel.getByRole("combobox", { name: `PostgreSQL type of ${column}:` });
  const explorerRow = (name: string): Locator => page.locator(`${workbench.sideBar} ${workbench.treeRow}`).filter({ hasText: name });

  try {
    await step("a database opens from the explorer, its types by all values", async () => {
      await chooseInContextMenu(explorerRow("shop.db"), "Translate Schema");
      await picker("created_at").waitFor();
      await until("the values are read", () => picker("created_at").innerText(), (type) => type === "timestamp");
      assert.equal(await picker("balance").innerText(), "numeric");
      assert.match(await ddl("PostgreSQL").innerText(), /is_active boolean/);
    });

    await step("a column is lit on both sides", async () => {
      await panel.getByRole("rowheader", { name: "is_active" }).hover();
      assert.deepEqual(await panel.locator(".definition.lit").allInnerTexts().then((texts) => texts.map((each) => /\w+/.exec(each)?.[0])), ["is_active", "is_active"]);
    });

    await step("what needs a look is listed by itself, and tables are walked by keyboard", async () => {
      await panel.getByText("Needs a look", { exact: true }).click();
      await panel.getByText(/of 6 columns need a look/).waitFor({ state: "hidden" });
      const list = panel.getByRole("listbox", { name: "Tables" });
      await list.focus();
      await page.keyboard.press("o");
      await panel.getByText(/of 6 columns need a look/).waitFor();
      await panel.getByText(/are numbers and become their digits/).first().waitFor();
      await panel.getByText("Needs a look", { exact: true }).click();
      await list.focus();
      await page.keyboard.press("Home");
      await picker("created_at").waitFor();
    });

    await step("the drop-down says what each type would do", async () => {
      await picker("balance").focus();
      await page.keyboard.press("ArrowDown");
      assert.match((await panel.locator(":focus").getAttribute("aria-label")) ?? "", /created_at/);
      await page.keyboard.press("Enter");
      const types = panel.getByRole("listbox", { name: /created_at/ });
      await types.waitFor();
      const said = await types.getByRole("option").allInnerTexts();
      assert.match(said[0] ?? "", /Automatic \(timestamp\)/);
      assert.ok(said.some((text) => /text\s+holds every value/.test(text)), said.join("; "));
      assert.ok(said.some((text) => /bigint\s+3 of 3 values do not fit/.test(text)), said.join("; "));
    });

    await step("a type is chosen by keyboard, and the DDL and cutover.json follow", async () => {
      await page.keyboard.press("t");
      await page.keyboard.press("e");
      const began = Date.now();
      await page.keyboard.press("Enter");
      await until("the DDL says text", () => ddl("PostgreSQL").innerText(), (text) => /created_at text/.test(text));
      t.diagnostic(`from the choice to the new DDL: ${Date.now() - began} ms`);
      const written = config.replace('"numeric" // money\n', '"numeric", // money\n    "customers.created_at": "text"\n');
      await until("cutover.json has the choice", () => workspace.read("cutover.json"), (text) => text === written);
      assert.match((await panel.locator(":focus").getAttribute("aria-label")) ?? "", /created_at: text/, "the focus stays");
      await until("a screen reader is told", () => panel.locator(".for-readers").innerText(), (text) => /customers\.created_at is text now/.test(text));
    });

    await step("undo and redo, and back to automatic", async () => {
      await page.keyboard.press("Control+z");
      await until("the DDL says timestamp", () => ddl("PostgreSQL").innerText(), (text) => /created_at timestamp/.test(text));
      await until("cutover.json is as it was", () => workspace.read("cutover.json"), (text) => text === config);
      await page.keyboard.press("Control+Shift+z");
      await until("the DDL says text again", () => ddl("PostgreSQL").innerText(), (text) => /created_at text/.test(text));
      await picker("created_at").focus();
      await page.keyboard.press("Delete");
      await until("the DDL says timestamp", () => ddl("PostgreSQL").innerText(), (text) => /created_at timestamp/.test(text));
      await until("cutover.json is as it was", () => workspace.read("cutover.json"), (text) => text === config);
    });

    await step("it follows cutover.json and the database", async () => {
      await writeFile(join(workspace.folder, "cutover.json"), config.replace("numeric", "text"));
      await until("the panel follows cutover.json", () => picker("balance").innerText(), (type) => type === "text");
      make(join(workspace.folder, "shop.db"), "ALTER TABLE customers ADD COLUMN phone TEXT");
      await picker("phone").waitFor();
    });

    for (const theme of ["Light Modern", "Dark High Contrast", "Light High Contrast", "Dark Modern"]) {
      await step(`in the theme ${theme}`, async () => {
        await colorTheme(page, theme);
        await picker("is_active").click();
        await panel.getByRole("option", { name: /integer/ }).first().waitFor();
        await window.screenshot(`drop-down ${theme}`);
        await page.keyboard.press("Escape");
        await panel.getByRole("rowheader", { name: "balance" }).hover();
      });
    }

    await step("the schema is made in a target, which is asked for by name", async () => {
      await panel.getByRole("button", { name: "Apply…" }).click();
      await entry(page, "env:DATABASE_URL").click();
      const dialog = page.locator(workbench.dialog);
      await dialog.waitFor();
      assert.ok((await dialog.innerText()).includes(`Make the schema of shop.db in ${new URL(databaseUrl).host}/schema_panel?`));
      await window.screenshot("before anything is made");
      await dialog.getByRole("button", { name: "Make the Schema" }).click();
      assert.match(await terminalSays(page, /made \d+ objects in 127\.0\.0\.1:\d+\/schema_panel/, 60_000), /press\s+any\s+key|made/);
      assert.deepEqual(await postgresRowCounts(databaseUrl, "public", ["customers", "orders", "sessions"]), new Map([["customers", 0], ["orders", 0], ["sessions", 0]]));
      await runCommand(page, "View: Toggle Panel Visibility");
    });

    await step("the first table is there while the values of a large file are read, and reading can be stopped", async () => {
      await runCommand(page, "View: Close All Editors");
      const began = Date.now();
      await chooseInContextMenu(explorerRow("large.db"), "Translate Schema");
      await picker("at").waitFor();
      t.diagnostic(`from the menu to the first table of a large file: ${Date.now() - began} ms`);
      const reading = panel.getByText(/reading the values/);
      const stop = panel.getByRole("button", { name: "Stop" });
      // Where the machine is quick, it is over before it is seen.
      if (await reading.isVisible()) {
        assert.equal(await picker("at").innerText(), "text", "by its declaration");
        await window.screenshot("while the values are read");
        await stop.click().catch(() => undefined);
        await panel.getByText(/have not been read/).or(panel.getByText(/ISO timestamps/)).first().waitFor();
        const read = panel.getByRole("button", { name: "Read the Values" });
        if (await read.isVisible()) await read.click();
      }
      await until("the values are read", () => picker("at").innerText(), (type) => type === "timestamp", 60_000);
      t.diagnostic(`from the menu to the types by all values: ${Date.now() - began} ms`);
    });

    await step("500 tables with 10,000 columns", async () => {
      await runCommand(page, "View: Close All Editors");
      const began = Date.now();
      await chooseInContextMenu(explorerRow("wide.db"), "Translate Schema");
      await picker("column_0").waitFor();
      t.diagnostic(`from the menu to the first table of 500: ${Date.now() - began} ms`);
      const list = panel.getByRole("listbox", { name: "Tables" });
      assert.ok((await list.evaluate((shown: ScrolledElement) => shown.childElementCount)) < 100, "every row of the list is in the page");
      await list.focus();
      await page.keyboard.press("End");
      await panel.getByRole("heading", { name: "table_499" }).waitFor();
      await picker("column_3").click();
      const chosen = Date.now();
      await panel.getByRole("option", { name: /jsonb/ }).click();
      await until("the DDL says jsonb", () => ddl("PostgreSQL").innerText(), (text) => /column_3 jsonb/.test(text));
      t.diagnostic(`from the choice to the new DDL, of 10,000 columns: ${Date.now() - chosen} ms`);
    });

    await step("a folder of migrations, from the explorer", async () => {
      await runCommand(page, "View: Close All Editors");
      await chooseInContextMenu(explorerRow("migrations"), "Translate Schema");
      await picker("age").waitFor();
      assert.match(await ddl("PostgreSQL").innerText(), /age bigint/);
    });

    await step("a CREATE TABLE in code", async () => {
      await runCommand(page, "View: Close All Editors");
      await openFile(page, "audit.py");
      const { line, column } = positionOf(code, "at TEXT");
      await openCodeActions(page, line, column);
      await chooseCodeAction(page, "Show audit as PostgreSQL");
      await picker("at").waitFor();
      assert.match(await ddl("PostgreSQL").innerText(), /CREATE TABLE public\.audit/);
      assert.equal(await panel.getByRole("button", { name: "Apply…" }).count(), 0);
    });

    await step("one table, from the command palette", async () => {
      await runCommand(page, "View: Close All Editors");
      await runCommand(page, commandLabel(commandIds.translateTable));
      await entry(page, "orders").click();
      await panel.getByRole("heading", { name: "orders" }).waitFor();
    });
  } finally {
    await window.close();
  }
});

function make(path: string, script: string): void {
  const db = new Database(path);
  db.exec(script);
  db.close();
}
