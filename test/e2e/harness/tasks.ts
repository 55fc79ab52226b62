import type { Page } from "playwright-core";
import { entry, pick, runCommand } from "./quick-input.ts";
import { workbench } from "./workbench.ts";

/**
 * Runs a task of a provider: `Tasks: Run Task`, the provider's folder, the task. VS Code asks afterwards how to scan the
 * output of a task that has no problem matcher; that is answered with "never mind".
 *
 * @param name as VS Code shows it: `source: name`
 */
export async function runTask(page: Page, type: string, name: string): Promise<void> {
  await runCommand(page, "Tasks: Run Task");
  const folder = entry(page, type);
  const task = entry(page, name);
  await folder.or(task).first().waitFor();
  if (!(await task.isVisible())) await folder.click();
  await pick(page, name);
  const unscanned = entry(page, "Continue without scanning the task output");
  const gone = page.locator(workbench.quickInput);
  await Promise.race([unscanned.waitFor(), gone.waitFor({ state: "hidden" })]);
  if (await unscanned.isVisible()) await unscanned.click();
}
