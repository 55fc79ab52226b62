import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chownSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { CutoverError } from "#core/cutover-error.ts";
import { migrate } from "#engine/migrate/migrate.ts";
import { parseServerAddress } from "#engine/postgres/server-address.ts";
import { serverTarget } from "#engine/postgres/server.ts";
import { atEnd } from "../../support/at-end.ts";
import { crashSource } from "../../support/crash-source.ts";
import { ask, planOf } from "../../support/move.ts";
import { startServer } from "../../support/shared-server.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { assertWhole } from "../../support/whole-move.ts";

/** A small file system of its own, and what makes it larger; undefined where this user may not mount one. */
function smallDisk(kilobytes: number): { readonly folder: string; readonly grow: (kilobytes: number) => void } | undefined {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return undefined;
  const folder = mkdtempSync(join(tmpdir(), "cutover-disk-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${kilobytes}k,mode=777`, "tmpfs", folder], { stdio: "pipe" });
  } catch {
    rmSync(folder, { recursive: true });
    return undefined;
  }
  atEnd(() => {
    execFileSync("umount", ["-l", folder]);
    rmSync(folder, { recursive: true, force: true });
  });
  return { folder, grow: (size) => void execFileSync("mount", ["-o", `remount,size=${size}k`, folder]) };
}

const probe = smallDisk(100);

describe("TRAP 60: the target's disk is full", { skip: probe === undefined ? "only root may mount a small file system" : false }, () => {
  // What fits besides an empty database: some tables; all rows, but not their keys; the same of tables of several transactions.
  for (const [kilobytes, large] of [[3400, false], [4500, false], [8000, true], [15_500, true]] as const) {
    it(`with ${kilobytes} kB, one error, and the run goes on when there is room`, async () => {
      const disk = smallDisk(kilobytes);
      assert.ok(disk !== undefined);
      const server = await startServer(18);
      // The server runs under a user of its own, which the first start has made.
      chownSync(disk.folder, Number(execFileSync("id", ["-u", "postgres"])), Number(execFileSync("id", ["-g", "postgres"])));
      const admin = serverTarget(parseServerAddress(server.url("postgres")));
      const name = `small_${kilobytes}`;
      const session = await admin.connect();
      await session.query(`CREATE TABLESPACE ${name} LOCATION '${disk.folder}'`);
      await session.query(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8' TABLESPACE ${name}`);
      const target = serverTarget(parseServerAddress(server.url(name)));
      atEnd(async () => {
        await target.close();
        await session.query(`DROP DATABASE ${name} WITH (FORCE)`);
        await session.query(`DROP TABLESPACE ${name}`);
        await admin.close();
      });
      const from = crashSource({ large, badRows: true });
      const plan = await planOf(from);
      const workspace = temporaryFolder();
      const options = { from, target, plan, workspace, badRows: "quarantine", jobs: 2, retryFor: 5 } as const;
      let told = "";
      await assert.rejects(migrate(options), (error) => {
        told = error instanceof CutoverError ? `${error.message}: ${error.why ?? ""} ${error.next}` : String(error);
        return error instanceof CutoverError && error.exitCode === 3 && /No space left|wrote only/.test(error.why ?? "") && /--resume/.test(error.next);
      }, told);
      disk.grow(300_000);
      const [[journal] = []] = await ask(target, "SELECT to_regclass('cutover.run')");
      const report = await migrate({ ...options, resume: true });
      assert.equal(report.resumed, journal !== null, told);
      await assertWhole(from, target, plan, told);
    });
  }
});
