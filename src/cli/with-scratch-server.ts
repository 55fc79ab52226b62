import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PostgresSession } from "#engine/postgres/session.ts";

/** Gives a session of an embedded PostgreSQL that holds nothing, and removes it afterwards. */
export async function withScratchServer<T>(work: (session: PostgresSession) => Promise<T>): Promise<T> {
  const { embeddedTarget } = await import("#engine/postgres/embedded.ts");
  const folder = await mkdtemp(join(tmpdir(), "cutover-"));
  const target = embeddedTarget(join(folder, "embedded"), "scratch");
  try {
    return await work(await target.connect());
  } finally {
    await target.close();
    await rm(folder, { recursive: true, force: true });
  }
}
