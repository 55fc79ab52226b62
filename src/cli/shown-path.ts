import { isAbsolute, relative } from "node:path";

/** A path as the user would write it: relative to the current folder where it lies below it. */
export function shownPath(cwd: string, path: string): string {
  const short = relative(cwd, path);
  return short === "" || short.startsWith("..") || isAbsolute(short) ? path : short;
}
