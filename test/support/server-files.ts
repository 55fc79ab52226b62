import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, copyFileSync, cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { parseServerAddress } from "#engine/postgres/server-address.ts";
import { serverTarget } from "#engine/postgres/server.ts";
import { atEnd } from "./at-end.ts";
import type { Certificate } from "./certificates.ts";
import { ask } from "./move.ts";
import { freePort, type TestServer } from "./postgres-server.ts";

/** Runs statements on a server's database `postgres`, as its superuser, through TCP without TLS. */
export async function administer(server: TestServer, ...statements: readonly string[]): Promise<readonly (string | null)[]> {
  const target = serverTarget(parseServerAddress(`${server.url("postgres")}?sslmode=disable`));
  let first: readonly (string | null)[] = [];
  for (const statement of statements) [first = []] = await ask(target, statement);
  await target.close();
  return first;
}

/** Has a server speak TLS with a certificate; `ca` is asked of clients who must have one. New connections get it. */
export async function speakTls(server: TestServer, { certificate, key }: Certificate, ca: string): Promise<void> {
  const [folder] = await administer(server, "SHOW data_directory");
  const put = (from: string, name: string): void => {
    const path = join(folder ?? "", name);
    copyFileSync(from, path);
    const { uid, gid } = statSync(folder ?? "");
    chownSync(path, uid, gid);
    chmodSync(path, 0o600);
  };
  put(certificate, "server.crt");
  put(key, "server.key");
  put(ca, "ca.crt");
  await administer(server, "ALTER SYSTEM SET ssl_ca_file = 'ca.crt'", "ALTER SYSTEM SET ssl = on", "SELECT pg_reload_conf()");
  await settled();
}

/** Puts lines before the others of a server's pg_hba.conf. */
export async function letIn(server: TestServer, ...lines: readonly string[]): Promise<void> {
  const [file] = await administer(server, "SHOW hba_file");
  writeFileSync(file ?? "", `${lines.join("\n")}\n${readFileSync(file ?? "", "utf8")}`);
  await administer(server, "SELECT pg_reload_conf()");
  await settled();
}

/** The server's first process reads its files a moment after it was told to. */
async function settled(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 300));
}

/**
 * Starts a hot standby on a copy of a server's files, until the tests of the file are over: it answers queries and takes no writes. It follows nobody.
 * @returns the URL of one of its databases
 */
export async function startStandby(server: TestServer): Promise<(database: string) => string> {
  const [folder, programs] = await administer(server, "SELECT current_setting('data_directory'), (SELECT setting FROM pg_config WHERE name = 'BINDIR')");
  const copy = mkdtempSync(join(tmpdir(), "cutover-standby-"));
  const target = serverTarget(parseServerAddress(server.url("postgres")));
  const session = await target.connect();
  const [start, stop] = session.version >= 15 ? ["pg_backup_start('copy', true)", "pg_backup_stop()"] : ["pg_start_backup('copy', true, false)", "pg_stop_backup(false, false)"];
  await session.query(`SELECT ${start}`);
  cpSync(folder ?? "", copy, { recursive: true, filter: (path) => !path.endsWith("postmaster.pid") });
  const [stopped] = (await session.query(`SELECT labelfile FROM ${stop}`)).rows;
  await target.close();
  // The log of the copy's end was written after the copy began.
  cpSync(join(folder ?? "", "pg_wal"), join(copy, "pg_wal"), { recursive: true });
  writeFileSync(join(copy, "backup_label"), stopped?.[0] ?? "");
  writeFileSync(join(copy, "standby.signal"), "");
  const { uid, gid } = statSync(folder ?? "");
  for (const name of ["", ...readdirSync(copy, { recursive: true, encoding: "utf8" })]) chownSync(join(copy, name), uid, gid);
  chmodSync(copy, 0o700);
  const port = await freePort();
  const log: string[] = [];
  const child = spawn(join(programs ?? "", "postgres"), ["-D", copy, "-p", String(port), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "hot_standby=on"], {
    stdio: ["ignore", "ignore", "pipe"],
    ...(process.getuid?.() === 0 ? { uid, gid } : {}),
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => log.push(text));
  const ended = once(child, "exit");
  atEnd(async () => {
    child.kill("SIGQUIT");
    await ended;
    rmSync(copy, { recursive: true, force: true });
  });
  const until = Date.now() + 30_000;
  while (!log.join("").includes("ready to accept read")) {
    await wait(50);
    if (child.exitCode !== null || Date.now() > until) throw new Error(`the standby does not start:\n${log.join("")}`);
  }
  return (database) => server.url(database).replace(`:${server.port}/`, `:${port}/`);
}
