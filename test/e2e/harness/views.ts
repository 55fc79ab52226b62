import type { Locator, Page } from "playwright-core";
import { workbench } from "./workbench.ts";

/** Opens a view container by its icon in the activity bar; does nothing when it is open. */
export async function openViewContainer(page: Page, title: string): Promise<void> {
  const icon = page.locator(workbench.activityBarItem).and(page.getByRole("tab", { name: title })).or(page.locator(`${workbench.activityBarItem}[aria-label^="${title}"]`)).first();
  await icon.waitFor();
  const shown = page.locator(workbench.sideBar).filter({ has: page.locator(".composite.title", { hasText: new RegExp(title, "i") }) });
  // The badge lies over the icon and hands its clicks on.
  if (!(await shown.isVisible())) await icon.click({ force: true });
  await shown.waitFor();
}

/** A view of the open container. A container with one view shows no header for it. */
export function view(page: Page, title: string): Locator {
  const panes = page.locator(workbench.sideBar).locator(workbench.pane);
  const named = panes.filter({ has: page.locator(`${workbench.paneHeader}[aria-label*="${title}" i]`) });
  return named.first();
}

/** Closes a view of the open container by clicking its header; does nothing when it is closed. */
export async function collapse(pane: Locator): Promise<void> {
  const header = pane.locator(workbench.paneHeader);
  await header.waitFor();
  if ((await header.getAttribute("aria-expanded")) === "true") await header.click();
  await header.and(pane.page().locator("[aria-expanded='false']")).waitFor();
}

/** The rows of a tree that hold this text, as far as they are on screen. */
export function rows(tree: Locator, text: string | RegExp): Locator {
  return tree.locator(workbench.treeRow).filter({ hasText: text });
}

/** Opens a node of a tree by clicking its twistie; does nothing when it is open. */
export async function expand(row: Locator): Promise<void> {
  await row.waitFor();
  if ((await row.getAttribute("aria-expanded")) !== "true") await row.locator(workbench.treeTwistie).click();
  await row.and(row.page().locator("[aria-expanded='true']")).waitFor();
}

/** What stands behind the label of a tree's rows, by label, as far as they are on screen; rows without it are left out. */
export async function descriptions(tree: Locator): Promise<ReadonlyMap<string, string>> {
  const described = await tree.locator(workbench.treeRow).filter({ has: tree.page().locator(workbench.treeDescription) }).all();
  return new Map(
    await Promise.all(
      described.map(async (row): Promise<[string, string]> => [await row.locator(workbench.treeLabel).innerText(), await row.locator(workbench.treeDescription).innerText()]),
    ),
  );
}
