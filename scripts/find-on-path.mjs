import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/**
 * The first executable file of one of these names on PATH (and in the usual system folders); an absolute name is taken as it is.
 * @param {readonly string[]} names
 * @returns {string | undefined}
 */
export function findOnPath(names) {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/bin", "/usr/local/bin", "/usr/sbin"].filter((f) => f !== "");
  for (const name of names) {
    const candidates = name.startsWith("/") ? [name] : folders.map((folder) => join(folder, name));
    const found = candidates.find(isExecutable);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
