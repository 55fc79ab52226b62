import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { atEnd } from "./at-end.ts";

/** A folder of its own, removed when the tests of the file are over. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "cutover-test-"));
  atEnd(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}
