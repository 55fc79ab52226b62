// The way of a person who has just installed the extension and opens an application that is to move: the findings in a
// file, a fix by the light bulb, the translated schema, both databases side by side, the data moved and compared.
import assert from "node:assert/strict";
import { basename, join } from "node:path";
import test from "node:test";
import { commandIds, diagnosticSource, taskType, viewIds } from "../../src/vscode/ids.ts";
import { openWindow } from "./harness/code-window.ts";
import { chooseCodeAction, hoverAt, openCodeActions, save, squiggles, visibleLines } from "./harness/editor.ts";
import { openProblems, problems } from "./harness/problems.ts";
import { commandLabel, viewLabels } from "./harness/product-labels.ts";
import { openFile, runCommand } from "./harness/quick-input.ts";
import { postgresRowCounts, sqliteRowCounts } from "./harness/row-counts.ts";
import { onServer } from "./harness/on-server.ts";
import { readRun } from "./harness/run.ts";
import { stepsIn } from "./harness/steps.ts";
import { runTask } from "./harness/tasks.ts";
import { terminalSays } from "./harness/terminal.ts";
import { positionOf } from "./harness/text-position.ts";
import { until } from "./harness/until.ts";
import { collapse, descriptions, expand, openViewContainer, rows, view } from "./harness/views.ts";
import { webview } from "./harness/webview.ts";
import { workbench } from "./harness/workbench.ts";
import { sampleDatabase, sampleWorkspace } from "./harness/workspace.ts";

/** What the person works on, and what the product is expected to say about it. */
const file = "app/server/repositories/queue_config_repository.py";
const statement = "INSERT OR IGNORE INTO queue_config (config_key, config_value, value_type) VALUES (?, ?, ?)";
const rewritten = "INSERT INTO queue_config (config_key, config_value, value_type) VALUES (?, ?, ?) ON CONFLICT DO NOTHING";
const fix = "Use ON CONFLICT DO NOTHING";
const pair = `${basename(sampleDatabase)} → env:DATABASE_URL`;

/** What VS Code writes under a task that ended well; after another exit code it writes `terminated with exit code`. */
const ended = /press\s+any\s+key\s+to\s+close/i;

test("the whole way in VS Code", async (t) => {
  const workspace = await sampleWorkspace("sample");
  const source = sqliteRowCounts(join(workspace.folder, sampleDatabase));
  const password = decodeURIComponent(new URL(readRun().databaseUrl).password);
  const window = await openWindow(workspace, "cutover");
  const { page } = window;
  const step = stepsIn(t, window);
  const { container, view: viewName } = viewLabels(viewIds.databases);
  const databases = view(page, viewName);

  /** The tables in the tree, with what stands behind their names. */
  const counts = async (): Promise<ReadonlyMap<string, string>> => new Map([...(await descriptions(databases))].filter(([, text]) => text.includes("|")));
  const expected = (label: (count: string) => string): ReadonlyMap<string, string> => new Map([...source].map(([name, count]) => [name, label(count.toLocaleString("en"))]));

  try {
    const before = await workspace.read(file);
    const { line, column } = positionOf(before, statement);

    await step("findings are underlined", async () => {
      await openFile(page, file);
      await squiggles(page).first().waitFor();
      assert.match(await hoverAt(page, line, column + 3), /INSERT OR IGNORE/);
    });

    await step("the Problems panel lists them", async () => {
      await openProblems(page);
      const listed = problems(page, diagnosticSource).filter({ hasText: "INSERT OR IGNORE" });
      await listed.first().waitFor();
      assert.match(await listed.first().innerText(), new RegExp(`Ln ${line}, Col ${column}\\b`));
    });

    await step("the light bulb offers a fix", async () => {
      await runCommand(page, "View: Focus Active Editor Group");
      const offered = await openCodeActions(page, line, column + 3);
      assert.ok(offered.some((title) => title.includes(fix)), `offered: ${offered.join("; ")}`);
    });

    await step("a click rewrites the statement and nothing else", async () => {
      await chooseCodeAction(page, fix);
      await until("the editor shows the rewritten statement", () => visibleLines(page), (lines) => lines.some((text) => text.includes(rewritten)));
      await save(page);
      assert.equal(await workspace.read(file), before.replace(statement, rewritten));
    });

    await step("the schema panel shows SQLite beside PostgreSQL", async () => {
      await runCommand(page, "View: Toggle Panel Visibility");
      await runCommand(page, "View: Close All Editors");
      await runCommand(page, commandLabel(commandIds.translateSchema));
      const panel = webview(page).locator("body");
      await panel.getByText("queue_config").first().waitFor();
      const text = await until("both schemas are on screen", () => panel.innerText(), (shown) => /SQLite/i.test(shown) && /PostgreSQL/i.test(shown) && /CREATE TABLE/.test(shown));
      assert.match(text, /timestamp/, "a PostgreSQL type");
    });

    await step("the tree pairs both databases, with the source's row counts", async () => {
      await runCommand(page, "View: Close All Editors");
      await openViewContainer(page, container);
      // Room for every table: a tree shows in the page what is on screen only.
      await collapse(view(page, viewLabels(viewIds.findings).view));
      await expand(rows(databases, pair));
      const shown = await until("every table has a row", counts, (found) => found.size === source.size, 60_000);
      assert.deepEqual(shown, expected((count) => `${count} | –`));
    });

    await step("the task migrates to the end", async () => {
      await runTask(page, taskType, "cutover: migrate");
      const said = await terminalSays(page, /press\s+any\s+key\s+to\s+close|exit\s+code/i, 120_000);
      assert.match(said, ended);
      assert.doesNotMatch(said, /exit\s+code/i);
      assert.doesNotMatch(said, new RegExp(`${password}|${encodeURIComponent(password)}`), "the target's password is on screen");
      assert.deepEqual(await postgresRowCounts(readRun().databaseUrl, "public", source.keys()), source);
    });

    await step("the tree shows every table on both sides with equal counts", async () => {
      const shown = await until("the tree has been refreshed", counts, (found) => found.size === source.size && [...found.values()].every((text) => text.endsWith("✓")), 60_000);
      assert.deepEqual(shown, expected((count) => `${count} | ${count} ✓`));
    });

    await step("the task validates what was migrated", async () => {
      await runTask(page, taskType, "cutover: validate");
      const said = await terminalSays(page, /(?:equal|differences):[\s\S]*(press\s+any\s+key\s+to\s+close|exit\s+code)/i, 120_000);
      assert.match(said, /\bequal: /);
      assert.match(said, ended);
      assert.doesNotMatch(said, /exit\s+code/i);
    });

    await step("a migration that is not finished is gone on with", async () => {
      // As a run leaves it that is killed before its last commit.
      await onServer(readRun().databaseUrl, "UPDATE cutover.run SET finished = NULL; DELETE FROM cutover.step WHERE name = 'run finished'");
      await runCommand(page, commandLabel(commandIds.refresh));
      await runCommand(page, commandLabel(commandIds.migrate));
      const dialog = page.locator(workbench.dialog);
      await dialog.waitFor({ timeout: 60_000 });
      assert.match(await dialog.innerText(), /has begun and is not finished/);
      await dialog.getByRole("button", { name: "Go On" }).click();
      const said = await terminalSays(page, /\(resumed\)[\s\S]*(press\s+any\s+key\s+to\s+close|exit\s+code)/i, 120_000);
      assert.match(said, ended);
      assert.deepEqual(await postgresRowCounts(readRun().databaseUrl, "public", source.keys()), source);
    });
  } finally {
    await window.close();
  }
});
