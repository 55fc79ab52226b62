import type { Page } from "playwright-core";
import { pick, runCommand } from "./quick-input.ts";
import { workbench } from "./workbench.ts";

/** Takes another colour theme, by its name, as a person does. */
export async function colorTheme(page: Page, name: string): Promise<void> {
  await runCommand(page, "Preferences: Color Theme");
  await page.locator(workbench.quickInputBox).fill(name);
  await pick(page, name);
  await page.locator(workbench.quickInput).waitFor({ state: "hidden" });
}
