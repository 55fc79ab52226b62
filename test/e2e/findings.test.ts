// The way of a person who works through what is found: the list of everything, one finding left alone with a reason, one
// rule fixed everywhere through the refactor preview, a statement looked at and run on both engines.
import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import { commandIds, viewIds } from "../../src/vscode/ids.ts";
import { openWindow } from "./harness/code-window.ts";
import { chooseCodeAction, hoverAt, openCodeActions, save, squiggles, visibleLines } from "./harness/editor.ts";
import { notification } from "./harness/notifications.ts";
import { commandLabel, viewLabels } from "./harness/product-labels.ts";
import { openFile, runCommand } from "./harness/quick-input.ts";
import { stepsIn } from "./harness/steps.ts";
import { positionOf } from "./harness/text-position.ts";
import { until } from "./harness/until.ts";
import { descriptions, expand, openViewContainer, rows, view } from "./harness/views.ts";
import { workbench } from "./harness/workbench.ts";
import { sampleWorkspace } from "./harness/workspace.ts";

const file = "app/server/repositories/queue_config_repository.py";
/** A file that opens the SQLite file itself. */
const connecting = "app/server/utils/db_connection.py";
const statement = "INSERT OR IGNORE INTO queue_config (config_key, config_value, value_type) VALUES (?, ?, ?)";

test("working through the findings in VS Code", async (t) => {
  const workspace = await sampleWorkspace("findings");
  await mkdir(join(workspace.folder, ".vscode"));
  await writeFile(join(workspace.folder, ".vscode/settings.json"), '{ "cutover.codeLens.enabled": true }');
  const window = await openWindow(workspace, "findings");
  const { page } = window;
  const step = stepsIn(t, window);
  const { container, view: viewName } = viewLabels(viewIds.findings);
  const findings = view(page, viewName);
  const heading = async (): Promise<string> => findings.locator(workbench.paneHeader).innerText();
  const left = async (): Promise<number> => Number(/(\d+) left of/.exec(await heading())?.[1] ?? Number.NaN);

  const toggle = async (id: string): Promise<void> => {
    await findings.hover();
    await findings.getByRole("button", { name: commandLabel(id).replace(/^[^:]*: /, "") }).click();
  };

  try {
    await step("the Findings view lists what every file holds", async () => {
      await openViewContainer(page, container);
      await rows(findings, "null-order").first().waitFor({ timeout: 60_000 });
      assert.match(await heading(), /\d+ left of \d+/);
      const rules = await descriptions(findings);
      assert.ok(Number(rules.get("null-order")) > 10, JSON.stringify([...rules]));
    });

    await step("the same by file and by table", async () => {
      await toggle(commandIds.groupByFile);
      await rows(findings, "queueReport.ts").first().waitFor();
      await window.screenshot("by file");
      await toggle(commandIds.groupByTable);
      await rows(findings, "queue_config").first().waitFor();
    });

    const before = await workspace.read(file);
    const { line, column } = positionOf(before, statement);

    await step("a click opens a finding at its place", async () => {
      await toggle(commandIds.groupByRule);
      await expand(rows(findings, "insert-or").first());
      await rows(findings, `queue_config_repository.py:${line}`).first().click();
      await page.locator(workbench.activeTab).filter({ hasText: "queue_config_repository.py" }).waitFor();
      await until("the statement is on screen", () => visibleLines(page), (lines) => lines.some((text) => text.includes(statement)));
    });

    await step("SQL in a string is coloured as SQL", async () => {
      const line = page.locator(workbench.activeEditor).locator(workbench.viewLine).filter({ hasText: statement }).first();
      const colours = (): Promise<(readonly [string, string])[]> =>
        line.locator("span > span").evaluateAll((spans: readonly { readonly textContent: string | null; readonly className: string }[]) => spans.map((span) => [span.textContent?.trim() ?? "", span.className] as const));
      const classOf = (found: readonly (readonly [string, string])[], text: string): string | undefined => found.find(([word]) => word === text)?.[1];
      // The grammar is read in the background.
      await until("INTO has a colour of its own", colours, (found) => classOf(found, "INTO") !== undefined && classOf(found, "INTO") !== classOf(found, "queue_config"));
    });

    await step("a statement's lens shows its fixes as a diff", async () => {
      const lens = page.locator(workbench.codeLens).filter({ hasText: /finding/ }).filter({ hasText: "preview as diff" }).first();
      await lens.getByText("preview as diff").click();
      await page.locator(workbench.activeTab).filter({ hasText: /\d fix/ }).waitFor();
      await page.locator(workbench.diffLine).first().waitFor();
    });

    await step("and runs it on both engines", async () => {
      await openFile(page, file);
      const lens = page.locator(workbench.codeLens).filter({ hasText: "run on both" }).first().getByText("run on both");
      // A lens is drawn anew when the document's analysis is done; a click in that moment is lost.
      await until("it is running", async () => {
        await lens.click();
        return page.locator(workbench.notification).filter({ hasText: /Running|engines|PostgreSQL/ }).count();
      }, (count) => count > 0);
      await window.screenshot("running");
      await notification(page, /proven|prepared|rejected|unchecked/);
    });

    await step("the hover has the verdict", async () => {
      await runCommand(page, "Notifications: Clear All Notifications");
      const hover = await hoverAt(page, line, column + 3);
      assert.match(hover, /insert-or/);
    });

    await step("the light bulb says how far each fix can be trusted, and how to leave the finding alone", async () => {
      await page.keyboard.press("Escape");
      const offered = await openCodeActions(page, line, column + 3);
      assert.ok(offered.some((title) => /\((?:safe|review: .+)\)/.test(title)), offered.join("; "));
      assert.ok(offered.some((title) => title.includes("Ignore this insert-or here")), offered.join("; "));
    });

    await step("a finding is left alone, with a reason", async () => {
      const count = await left();
      await chooseCodeAction(page, "Ignore this insert-or here");
      await page.locator(workbench.quickInputBox).fill("filled once, by the installer");
      await page.keyboard.press("Enter");
      await until("the comment stands above the statement", () => visibleLines(page), (lines) => lines.some((text) => /# cutover-ignore\[insert-or\]: filled once, by the installer/.test(text)));
      await save(page);
      await until("one less is left", left, (now) => now === count - 1);
      await findings.getByText("1 finding is ignored").waitFor();
    });

    await step("a rule is fixed everywhere, each change shown first", async () => {
      const count = await left();
      await runCommand(page, commandLabel(commandIds.fixRule));
      await page.locator(workbench.quickInputRow).filter({ hasText: "like-case" }).first().click();
      const dialog = page.locator(workbench.dialog);
      await dialog.waitFor({ timeout: 60_000 });
      assert.match(await dialog.innerText(), /Make \d+ (?:safe )?fixes of like-case in \d+ files/);
      await window.screenshot("before the fixes");
      await dialog.getByRole("button", { name: "Preview" }).click();
      const apply = page.getByRole("button", { name: /^Apply/ }).first();
      await apply.waitFor();
      await page.locator(workbench.refactorCheckbox).first().click();
      await window.screenshot("refactor preview");
      await apply.click();
      await notification(page, /[1-9]\d* of \d+ findings of like-case are fixed, in 1 files/);
      await runCommand(page, "File: Save All Files");
      await until("fewer are left", left, (now) => now < count);
    });

    await step("what is safe is fixed at once", async () => {
      const count = await left();
      await runCommand(page, commandLabel(commandIds.fixSafe));
      const dialog = page.locator(workbench.dialog);
      await dialog.waitFor({ timeout: 60_000 });
      await dialog.getByRole("button", { name: "Make the Fixes" }).click();
      await notification(page, /findings of all rules are fixed/);
      await until("fewer are left", left, (now) => now < count - 20);
    });

    await step("a rule is turned off in cutover.json", async () => {
      await runCommand(page, "File: Save All Files");
      await openFile(page, connecting);
      const { line: at, column: from } = positionOf(await workspace.read(connecting), "sqlite3.connect(path)");
      await squiggles(page).first().waitFor();
      await openCodeActions(page, at, from + 2);
      await chooseCodeAction(page, "Turn direct-connection off");
      await page.locator(workbench.activeTab).filter({ hasText: "cutover.json" }).waitFor();
      await until("cutover.json says so", () => workspace.read("cutover.json"), (text) => /"severity": \{\s*"direct-connection": "off"/.test(text));
      await rows(findings, "direct-connection").first().waitFor({ state: "detached" });
    });

    await step("the explorer has the numbers", async () => {
      await runCommand(page, "View: Show Explorer");
      await page.locator(workbench.sideBar).getByText("cutover.json").first().waitFor();
    });
  } finally {
    await window.close();
  }
});
