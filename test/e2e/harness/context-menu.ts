import type { Locator } from "playwright-core";
import { workbench } from "./workbench.ts";

/** Chooses an entry of an element's context menu. */
export async function chooseInContextMenu(of: Locator, entry: string): Promise<void> {
  // A menu holds what the extensions have contributed by the time it is opened.
  await of.page().locator(`${workbench.activityBarItem}[aria-label^="Cutover"]`).waitFor();
  await of.click({ button: "right" });
  // By keyboard: a menu that has just opened takes no click for a moment.
  const item = of.page().locator(workbench.contextMenuItem).getByText(entry, { exact: true });
  await item.hover();
  await of.page().keyboard.press("Enter");
  await item.waitFor({ state: "hidden" });
}
