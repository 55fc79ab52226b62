import type { Locator, Page } from "playwright-core";
import { goTo } from "./quick-input.ts";
import { workbench } from "./workbench.ts";

/** What is asked of an element in the page. */
interface LineElement {
  getBoundingClientRect(): { readonly top: number };
  readonly textContent: string | null;
}

/** The lines of the active editor that are on screen, from top to bottom. */
export async function visibleLines(page: Page): Promise<readonly string[]> {
  // All at once: the editor takes lines away while it is asked about them one by one.
  const placed = await page.locator(workbench.activeEditor).locator(workbench.viewLine).evaluateAll((lines: readonly LineElement[]) => lines.map((line) => ({ top: line.getBoundingClientRect().top, text: line.textContent ?? "" })));
  // The editor reuses its line elements: their order in the page is not that of the text.
  return placed.sort((a, b) => a.top - b.top).map(({ text }) => text.replaceAll("\u00a0", " "));
}

/** The wavy underlines on screen in the active editor. */
export function squiggles(page: Page): Locator {
  return page.locator(workbench.activeEditor).locator(workbench.squiggle);
}

/** Puts the cursor there and shows what VS Code says of the place, by keyboard; the text of the hover. */
export async function hoverAt(page: Page, line: number, column: number): Promise<string> {
  await goTo(page, line, column);
  await page.keyboard.press("Control+k");
  await page.keyboard.press("Control+i");
  const hover = page.locator(workbench.hover).filter({ hasText: /\S/ }).first();
  await hover.waitFor();
  return hover.innerText();
}

/** Opens the menu of code actions at a place; the titles it offers. */
export async function openCodeActions(page: Page, line: number, column: number): Promise<readonly string[]> {
  await goTo(page, line, column);
  await page.keyboard.press("Control+.");
  const rows = page.locator(workbench.actionRow);
  await rows.first().waitFor();
  return rows.allInnerTexts();
}

/** Clicks an action of the open menu. */
export async function chooseCodeAction(page: Page, title: string | RegExp): Promise<void> {
  await page.locator(workbench.actionRow).filter({ hasText: title }).first().click();
  await page.locator(workbench.actionRow).first().waitFor({ state: "hidden" });
}

/** Writes the active editor to its file, and waits until it is written. */
export async function save(page: Page): Promise<void> {
  await page.keyboard.press("Control+s");
  await page.locator(`${workbench.activeTab}:not(.dirty)`).waitFor();
}
