import type { FrameLocator, Page } from "playwright-core";
import { workbench } from "./workbench.ts";

/** The content of the webview on screen. VS Code keeps it in a frame within a frame. */
export function webview(page: Page, nth = 0): FrameLocator {
  return page.locator(workbench.webview).nth(nth).contentFrame().locator(workbench.webviewContent).contentFrame();
}
