import type { Locator, Page } from "playwright-core";
import { workbench } from "./workbench.ts";

/** Waits for a notification that holds this text. */
export async function notification(page: Page, text: string | RegExp): Promise<Locator> {
  const found = page.locator(workbench.notification).filter({ hasText: text }).first();
  await found.waitFor();
  return found;
}
