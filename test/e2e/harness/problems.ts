import type { Locator, Page } from "playwright-core";
import { runCommand } from "./quick-input.ts";
import { workbench } from "./workbench.ts";

/** Opens the Problems panel. */
export async function openProblems(page: Page): Promise<void> {
  await runCommand(page, "Problems: Focus on Problems View");
  await page.locator(workbench.panel).waitFor();
}

/** The rows of the Problems panel that hold this text: files and their problems, as far as they are on screen. */
export function problems(page: Page, text: string | RegExp): Locator {
  return page.locator(workbench.problemRow).filter({ hasText: text });
}
