import type { Locator, Page } from "playwright-core";
import { workbench } from "./workbench.ts";

/** Runs a command through the palette, as `Category: Title`, by clicking its entry. */
export async function runCommand(page: Page, title: string): Promise<void> {
  await page.keyboard.press("F1");
  await page.locator(workbench.quickInputBox).fill(`>${title}`);
  await pick(page, title);
}

/** Opens a file of the workspace through quick open, by its path in the workspace. */
export async function openFile(page: Page, path: string): Promise<void> {
  const name = path.split("/").at(-1) ?? path;
  await page.keyboard.press("Control+p");
  await page.locator(workbench.quickInputBox).fill(path);
  await pick(page, name);
  await page.locator(workbench.activeTab).filter({ hasText: name }).waitFor();
  await page.locator(workbench.activeEditor).locator(workbench.viewLine).first().waitFor();
}

/** Puts the cursor of the active editor at a line and a column, both counted from 1. */
export async function goTo(page: Page, line: number, column: number): Promise<void> {
  await page.keyboard.press("Control+g");
  const box = page.locator(workbench.quickInputBox);
  await box.fill(`:${line}:${column}`);
  await box.press("Enter");
  await page.locator(workbench.quickInput).waitFor({ state: "hidden" });
}

/** Clicks the entry of an open quick pick whose label is exactly this. */
export async function pick(page: Page, label: string): Promise<void> {
  await entry(page, label).click();
  // The mouse goes where nothing shows a tooltip for it.
  await page.mouse.move(700, 890);
}

/** The entry of an open quick pick whose label is exactly this. */
export function entry(page: Page, label: string): Locator {
  const exactly = page.locator(workbench.quickInputLabel).getByText(label, { exact: true });
  return page.locator(workbench.quickInputRow).filter({ has: exactly }).first();
}
