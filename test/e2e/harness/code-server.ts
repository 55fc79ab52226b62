import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, mkdirSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { freePort } from "../../support/postgres-server.ts";
import { codeServerFolder, nodeBinary } from "./run-paths.ts";
import { userSettings } from "./user-settings.ts";

/** A VS Code that serves: where, and where it keeps its files. */
export interface CodeServer {
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  readonly origin: string;
  /** The folder of this run: the user's data, the extensions, the server's logs. */
  readonly folder: string;
  readonly stop: () => Promise<void>;
}

/**
 * Installs extensions into a fresh VS Code server and starts it, with a home of its own: nothing of the person who
 * runs the tests is read or written.
 *
 * @param folder the run's folder, which must be new
 * @param vsixFiles the extensions to install
 * @param variables more environment variables for the server, its extension host and its terminals
 * @throws when an extension cannot be installed or the server does not answer within a minute; the message ends with its output
 */
export async function startCodeServer(
  folder: string,
  vsixFiles: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): Promise<CodeServer> {
  const home = join(folder, "home");
  const userData = join(folder, "user-data");
  const extensions = join(folder, "extensions");
  for (const made of [home, extensions, join(userData, "User")]) mkdirSync(made, { recursive: true });
  writeFileSync(join(userData, "User", "settings.json"), JSON.stringify(userSettings, null, 2));
  // Names of Unix sockets may have about a hundred characters; a checkout can lie deeper than that.
  const sockets = await mkdtemp(join(tmpdir(), "cutover-e2e-"));
  // Not this process's environment: what npm and a version manager set there would reach the extension and its tasks.
  const environment = {
    // No gallery: whatever would look for an extension on the internet finds none at once.
    EXTENSIONS_GALLERY: "{}",
    HOME: home,
    LANG: "C.UTF-8",
    PATH: "/usr/local/bin:/usr/bin:/bin",
    SHELL: "/bin/bash",
    TZ: "UTC",
    XDG_RUNTIME_DIR: sockets,
    ...variables,
  };
  const start = (args: readonly string[]): ChildProcess =>
    spawn(nodeBinary, args, { cwd: home, env: environment, stdio: ["ignore", "pipe", "pipe"], detached: true });

  for (const vsix of vsixFiles) {
    const installer = join(codeServerFolder, "lib", "vscode", "out", "server-main.js");
    const installing = start([installer, "--install-extension", vsix, "--extensions-dir", extensions, "--user-data-dir", userData, "--accept-server-license-terms"]);
    const said = collect(installing, join(folder, "install.log"));
    const [code] = (await once(installing, "close")) as [number | null];
    if (code !== 0 || /^(Error|Failed)/m.test(said.text())) throw new Error(`VS Code does not install ${vsix} (code ${String(code)}):\n${said.text()}`);
  }

  const port = await freePort();
  const server = start([
    join(codeServerFolder, "out", "node", "entry.js"),
    ...["--auth", "none", "--bind-addr", `127.0.0.1:${port}`],
    ...["--user-data-dir", userData, "--extensions-dir", extensions, "--config", join(folder, "config.yaml")],
    ...["--disable-telemetry", "--disable-update-check", "--disable-workspace-trust", "--disable-getting-started-override"],
    // The extension host of a closed window goes away soon, instead of waiting for hours for it to come back.
    ...["--reconnection-grace-time", "20"],
  ]);
  const said = collect(server, join(folder, "server.log"));
  const stop = async (): Promise<void> => {
    await stopGroup(server);
    await rm(sockets, { recursive: true, force: true });
  };
  const origin = `http://127.0.0.1:${port}`;
  try {
    await answers(`${origin}/healthz`, server, said.text);
  } catch (error) {
    await stop();
    throw error;
  }
  return { origin, folder, stop };
}

/** Keeps what a process prints, in a file and at hand. */
function collect(child: ChildProcess, file: string): { readonly text: () => string } {
  const log = createWriteStream(file, { flags: "a" });
  let kept = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      kept += text;
      log.write(text);
    });
  }
  child.on("close", () => log.end());
  return { text: () => kept };
}

async function answers(url: string, server: ChildProcess, said: () => string): Promise<void> {
  const patience = Date.now() + 60_000;
  for (;;) {
    if (server.exitCode !== null || server.signalCode !== null) throw new Error(`code-server ended at once:\n${said()}`);
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
      if (response.ok) return;
    } catch (error) {
      if (Date.now() > patience) throw new Error(`code-server does not answer at ${url}:\n${said()}`, { cause: error });
    }
    if (Date.now() > patience) throw new Error(`code-server does not answer at ${url}:\n${said()}`);
    await delay(200);
  }
}

/** Ends a process and all its children: extension hosts, terminals and what runs in them. */
async function stopGroup(child: ChildProcess): Promise<void> {
  if (child.pid === undefined) return;
  const ended = child.exitCode === null && child.signalCode === null ? once(child, "close") : Promise.resolve();
  signalGroup(child.pid, "SIGTERM");
  await Promise.race([ended, delay(5_000)]);
  signalGroup(child.pid, "SIGKILL");
  await Promise.race([ended, delay(5_000)]);
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    // ESRCH: all of them have ended already, which is what was wanted.
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}
