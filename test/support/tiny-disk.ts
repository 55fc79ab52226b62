import { spawnSync } from "node:child_process";
import { chmodSync } from "node:fs";
import { atEnd } from "./at-end.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** A file system of its own with so many bytes, until the tests of the file are over; undefined where this user may not make one. */
export function tinyDisk(bytes: number): string | undefined {
  const folder = temporaryFolder();
  if (spawnSync("mount", ["-t", "tmpfs", "-o", `size=${bytes},mode=0777`, "tmpfs", folder], { stdio: "ignore" }).status !== 0) return undefined;
  atEnd(() => spawnSync("umount", ["--lazy", folder]));
  chmodSync(folder, 0o777);
  return folder;
}
