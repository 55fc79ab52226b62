import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { chromium, type Page } from "playwright-core";
import { findChromium } from "../../../scripts/find-chromium.mjs";
import { screenshotFolder } from "./run-paths.ts";
import { readRun } from "./run.ts";
import { workbench } from "./workbench.ts";
import type { Workspace } from "./workspace.ts";

/** A window of VS Code that shows a workspace, in a browser of its own. */
export interface CodeWindow {
  readonly page: Page;
  /** Takes a picture into the screenshot folder; pictures are numbered by window. */
  readonly screenshot: (name: string) => Promise<void>;
  /** Takes a picture of what went wrong and prints what VS Code and the extensions logged. */
  readonly reportFailure: (name: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** No sandbox (it does not work as root), no display, and nothing that calls home. */
const chromiumArguments = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/**
 * Opens a workspace.
 *
 * @param title begins the names of the window's pictures
 * @throws when there is no Chromium, or VS Code does not come up within a minute
 */
export async function openWindow(workspace: Workspace, title: string): Promise<CodeWindow> {
  const { origin, folder } = readRun();
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error("There is no Chromium on PATH; CUTOVER_CHROMIUM can name one");
  const browser = await chromium.launch({
    executablePath,
    headless: true,
    args: chromiumArguments,
    // Its crash reports go to the run's home, not to that of the person who runs the tests.
    env: { ...process.env, HOME: join(folder, "home"), XDG_CONFIG_HOME: join(folder, "home", ".config") },
  });
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 }, locale: "en-US" });
  page.setDefaultTimeout(40_000);
  const said: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") said.push(message.text());
  });
  page.on("pageerror", (error) => {
    said.push(String(error));
  });

  let pictures = 0;
  const screenshot = async (name: string): Promise<void> => {
    pictures += 1;
    const file = `${title}-${String(pictures).padStart(2, "0")}-${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-").replaceAll(/^-|-$/g, "")}.png`;
    await page.screenshot({ path: join(screenshotFolder, file) });
  };
  const reportFailure = async (name: string): Promise<void> => {
    await screenshot(`failed ${name}`);
    console.error(`--- the browser's console\n${said.slice(-20).join("\n")}`);
    for (const file of logFiles(join(folder, "user-data", "logs"))) {
      const text = readFileSync(file, "utf8").trim();
      if (text !== "") console.error(`--- ${file}\n${text.split("\n").slice(-60).join("\n")}`);
    }
  };

  try {
    await page.goto(`${origin}/?folder=${encodeURIComponent(workspace.folder)}`);
    await page.locator(workbench.ready).waitFor({ timeout: 60_000 });
    // The explorer has the folder's files: the server side of the window is up, too.
    await page.locator(`${workbench.sideBar} ${workbench.treeRow}`).first().waitFor({ timeout: 60_000 });
  } catch (error) {
    await reportFailure("open");
    await browser.close();
    throw error;
  }
  return { page, screenshot, reportFailure, close: () => browser.close() };
}

/** The logs of the extension hosts and of the product. The others say nothing that a failing test of ours needs. */
function logFiles(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => /remoteexthost\.log$|cutover[^/]*\/[^/]*\.log$/i.test(path))
    .map((path) => join(folder, path));
}
