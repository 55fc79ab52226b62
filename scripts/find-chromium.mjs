import { findOnPath } from "./find-on-path.mjs";

/**
 * The Chromium that the end-to-end tests drive: $CUTOVER_CHROMIUM, else the machine's own. `undefined` when there is none.
 * @returns {string | undefined}
 */
export function findChromium() {
  const named = process.env.CUTOVER_CHROMIUM;
  if (named !== undefined && named !== "") return named;
  return findOnPath([
    "chromium",
    "chromium-browser",
    "google-chrome-stable",
    "google-chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  ]);
}
