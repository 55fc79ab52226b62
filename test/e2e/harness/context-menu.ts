import type { Locator } from "playwright-core";
import { workbench } from "./workbench.ts";

/** Chooses an entry of an element's context menu. */
export async function chooseInContextMenu(of: Locator, entry: string): Promise<void> {
  await of.click({ button: "right" });
  await of.page().locator(workbench.contextMenuItem).getByText(entry, { exact: true }).first().click();
}
