import { hash } from "node:crypto";
import { readdirSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

let known: string | undefined;

/**
 * Changes whenever the code that finds things may have: a digest of the state of its files, which are the bundle's when built and the
 * sources otherwise.
 */
export function engineVersion(): string {
  known ??= digest();
  return known;
}

function digest(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const source = basename(here) === "workspace" && import.meta.url.endsWith(".ts");
  const files = source ? [join(here, "../../core"), here].flatMap((folder) => below(folder, ".ts")) : readdirSync(here).filter((name) => /\.m?js$/.test(name)).map((name) => join(here, name));
  const state = files.sort().map((path) => {
    const { size, mtimeMs } = statSync(path);
    return `${path}\0${size}\0${mtimeMs}`;
  });
  return hash("sha1", [process.version, ...state].join("\n"));
}

function below(folder: string, ending: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(ending)).map((name) => join(folder, name));
}
