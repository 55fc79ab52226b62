import { existsSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Everything that the scripts download, build or record lies here, and nowhere else. */
export const cache = join(root, ".cache");

const bin = join(root, "node_modules", ".bin");

/** The Node that the tests run on: the npm package `node` of this checkout, whatever the machine has. */
export const node = existsSync(join(bin, "node")) ? join(bin, "node") : process.execPath;

/** The folder of the Node distribution inside the npm package `node`; it has the headers that native addons are built with. */
export function nodeHeaders() {
  const packages = [join(root, "node_modules", "node", "node_modules"), join(root, "node_modules")];
  return packages
    .map((folder) => join(folder, `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`))
    .find((folder) => existsSync(join(folder, "include", "node", "node.h")));
}

/** This process's environment with the checkout's Node and tools first on PATH. */
export function environment(more = {}) {
  return { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ""}`, ...more };
}

/** How to start npm without a shell: the one that runs us, else the one on PATH. */
export function npm() {
  const running = process.env.npm_execpath;
  return running?.endsWith("npm-cli.js") && existsSync(running) ? { command: node, first: [running] } : { command: "npm", first: [] };
}
