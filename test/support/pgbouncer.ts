import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { findOnPath } from "../../scripts/find-on-path.mjs";
import { atEnd } from "./at-end.ts";
import { freePort, type TestServer } from "./postgres-server.ts";

const program = findOnPath(["pgbouncer"]);

/** Why the tests of the pooler cannot run here, or false. */
export const noPgBouncer: string | false = program === undefined ? "there is no PgBouncer (Debian: apt-get install pgbouncer)" : false;

/** A PgBouncer in front of a server, on a port of its own, until the tests of the file are over. */
export interface Pooler {
  readonly port: number;
  readonly url: (database: string) => string;
}

/** Starts one; `settings` are lines of its [pgbouncer] section. */
export async function startPgBouncer(server: TestServer, settings: readonly string[]): Promise<Pooler> {
  if (program === undefined) throw new Error("there is no PgBouncer");
  const folder = mkdtempSync(join(tmpdir(), "cutover-pgbouncer-"));
  chmodSync(folder, 0o777);
  const port = await freePort();
  const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  writeFileSync(join(folder, "users.txt"), `${quoted(server.user)} ${quoted(server.password)}\n`);
  writeFileSync(
    join(folder, "pgbouncer.ini"),
    ["[databases]", `* = host=127.0.0.1 port=${server.port}`, "[pgbouncer]", "listen_addr = 127.0.0.1", `listen_port = ${port}`, "unix_socket_dir =", "auth_type = scram-sha-256", `auth_file = ${join(folder, "users.txt")}`, ...settings, ""].join("\n"),
  );
  // It does not run as root; nobody is on every system that has root.
  const child = spawn(program, [...(process.getuid?.() === 0 ? ["--user", "nobody"] : []), join(folder, "pgbouncer.ini")], { stdio: ["ignore", "ignore", "pipe"] });
  let log = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    log += text;
  });
  const ended = once(child, "exit");
  atEnd(async () => {
    child.kill("SIGKILL");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  });
  const until = Date.now() + 10_000;
  while (!(await answers(port))) {
    await wait(50);
    if (child.exitCode !== null || Date.now() > until) throw new Error(`PgBouncer does not start:\n${log}\n${readFileSync(join(folder, "pgbouncer.ini"), "utf8")}`);
  }
  return { port, url: (database) => server.url(database).replace(`:${server.port}/`, `:${port}/`) };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => {
      resolve(false);
    });
  });
}
