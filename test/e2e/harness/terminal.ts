import type { Page } from "playwright-core";
import { until } from "./until.ts";
import { workbench } from "./workbench.ts";

/** The text of the terminal on screen. Lines that the terminal wrapped are separate lines here. */
export async function terminalText(page: Page): Promise<string> {
  const lines = await page.locator(workbench.terminalRows).allInnerTexts();
  return lines.map((line) => line.replaceAll("\u00a0", " ").trimEnd()).join("\n").trimEnd();
}

/**
 * Waits until the terminal says something, wrapped or not; its text then.
 *
 * @param timeout in milliseconds
 */
export async function terminalSays(page: Page, text: RegExp, timeout: number): Promise<string> {
  return until(`the terminal says ${String(text)}`, () => terminalText(page), (said) => text.test(said) || text.test(said.replaceAll("\n", "")), timeout);
}
