import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout. */
export const root = fileURLToPath(new URL("../../../", import.meta.url));

/** Everything that the end-to-end tests leave behind lies here. */
export const e2eFolder = join(root, ".cache", "e2e");

/** The pictures of the last run, one per step, numbered in the order in which they were taken. */
export const screenshotFolder = join(e2eFolder, "screenshots");

/** code-server, where scripts/install-code-server.mjs puts it. */
export const codeServerFolder = join(root, ".cache", "code-server", "node_modules", "code-server");

/** The Node that runs VS Code's server: this checkout's own, version 24, by its real name. */
export const nodeBinary = process.execPath;
