// Puts code-server, a VS Code that runs as a web server, into .cache/code-server. It is kept out of package.json:
// it is large, and only the end-to-end tests need it. Prints the folder of the installed package as its last line.
//
// Its own postinstall script takes two and a half minutes and wants the headers of Kerberos, libsecret and X11: it
// builds everything that VS Code's desktop and agent parts use. The server itself needs three small native modules, so
// the steps of that script are done here one by one, without the packages in `leftOut`.
import { spawn } from "node:child_process";
import { createWriteStream, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { cache, environment, node, nodeHeaders, npm } from "./paths.mjs";

export const version = "4.139.1";

/** Raised when the steps below change, so that an older cache is thrown away. */
const recipe = 1;

/** Loaded by the agent host, by the desktop or on Windows only; the server starts and works without them. */
const leftOut = [
  "@devcontainers/cli",
  "@github/copilot-sdk",
  "@microsoft/mxc-sdk",
  "@vscode/copilot-api",
  "@vscode/sandbox-runtime",
  "@vscode/sqlite3",
  "@vscode/windows-process-tree",
  "@vscode/windows-registry",
  "kerberos",
  "ssh2",
];

/** Built from source: the log files, the end of an extension host whose server is gone, what the git extension copies files with. */
const built = ["@vscode/spdlog", "@vscode/native-watchdog", "@vscode/fs-copyfile"];

/** Prebuilt for the usual platforms inside their packages; must load, or terminals and file watching would not work. */
const prebuilt = ["node-pty", "@parcel/watcher"];

const home = join(cache, "code-server");
const stamp = join(home, "installed.json");
const packageOf = (folder) => join(folder, "node_modules", "code-server");

/** The folder of the installed package, or `undefined` when it is not there or not this version. */
export function installedCodeServer() {
  try {
    const is = JSON.parse(readFileSync(stamp, "utf8"));
    return is.version === version && is.recipe === recipe && existsSync(join(packageOf(home), "out", "node", "entry.js"))
      ? packageOf(home)
      : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Installs code-server unless it is there already.
 * @returns {Promise<string>} the folder of the package
 * @throws an error whose message says which step failed, with the end of its output and where the rest is
 */
export async function installCodeServer({ log = (line) => process.stderr.write(`${line}\n`) } = {}) {
  const there = installedCodeServer();
  if (there !== undefined) return there;

  const started = Date.now();
  // Built aside and moved into place when it is whole: a half-made folder is never taken for an installation.
  const making = join(cache, `code-server.${process.pid}`);
  const logFile = join(cache, "code-server-install.log");
  rmSync(making, { recursive: true, force: true });
  mkdirSync(making, { recursive: true });
  writeFileSync(join(making, "package.json"), `${JSON.stringify({ private: true }, null, 2)}\n`);
  writeFileSync(logFile, "");
  const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=warn"];
  const vscode = join(packageOf(making), "lib", "vscode");
  const run = (what, args, cwd, tries) => npmStep({ what, args, cwd, tries, logFile, log });
  try {
    await run(`downloading code-server ${version}`, ["install", `code-server@${version}`, ...quiet], making, 3);
    leaveOut(join(vscode, "package.json"));
    await run("downloading the packages of its VS Code", ["install", "--omit=dev", ...quiet], vscode, 3);
    await run("downloading the packages of its extensions", ["install", "--omit=dev", ...quiet], join(vscode, "extensions"), 3);
    await run(`building ${built.join(", ")}`, ["rebuild", ...built, "--foreground-scripts", "--loglevel=warn"], vscode, 1);
    await loads([...built, ...prebuilt], vscode, { making, logFile, log });
    writeFileSync(join(making, "installed.json"), `${JSON.stringify({ version, recipe })}\n`);
    rmSync(home, { recursive: true, force: true });
    renameSync(making, home);
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
  log(`code-server ${version} is installed (${Math.round((Date.now() - started) / 1000)} s)`);
  return packageOf(home);
}

/** Takes the packages that are not wanted out of what `npm install` will fetch; its lock still pins the rest. */
function leaveOut(file) {
  const description = JSON.parse(readFileSync(file, "utf8"));
  for (const name of leftOut) {
    if (!(name in description.dependencies)) throw new Error(`code-server ${version} does not depend on ${name}: the list of what is left out is for another version`);
    delete description.dependencies[name];
  }
  writeFileSync(file, `${JSON.stringify(description, null, 2)}\n`);
}

async function npmStep({ what, args, cwd, tries, logFile, log }) {
  const { command, first } = npm();
  const headers = nodeHeaders();
  const env = environment({
    // Addons are built for the Node that will load them, with the headers that came with it: nothing is downloaded for it.
    ...(headers === undefined ? {} : { npm_config_nodedir: headers }),
    npm_config_update_notifier: "false",
  });
  for (let attempt = 1; ; attempt += 1) {
    log(`code-server: ${what}${attempt > 1 ? ` (attempt ${attempt})` : ""}`);
    const { code, output } = await record(command, [...first, ...args], { cwd, env }, logFile);
    if (code === 0) return;
    if (attempt >= tries) throw failure(`${what} failed with code ${code}`, output, logFile);
  }
}

/** npm reports success also when an install script was left out, so the modules themselves are asked, on the Node of the server. */
async function loads(modules, cwd, { making, logFile, log }) {
  log("code-server: trying it");
  const ask = `for (const name of ${JSON.stringify(modules)}) require(name);`;
  const native = await record(node, ["-e", ask], { cwd, env: environment() }, logFile);
  if (native.code !== 0) throw failure("its native modules do not load", native.output, logFile);
  const env = environment({ HOME: making, XDG_CONFIG_HOME: join(making, "config"), XDG_DATA_HOME: join(making, "data") });
  const started = await record(node, [join(packageOf(making), "out", "node", "entry.js"), "--version"], { cwd: making, env }, logFile);
  if (started.code !== 0 || !started.output.includes(version)) throw failure("it does not start", started.output, logFile);
}

/** Runs a program to its end; its output goes to the log file and, whole, to the caller. */
function record(command, args, options, logFile) {
  return new Promise((resolve, reject) => {
    const file = createWriteStream(logFile, { flags: "a" });
    file.write(`$ ${command} ${args.join(" ")}\n`);
    const child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text) => {
        output += text;
        file.write(text);
      });
    }
    child.on("error", (error) => file.end(() => reject(error)));
    child.on("close", (code, signal) => file.end(() => resolve({ code: code ?? String(signal), output })));
  });
}

function failure(what, output, logFile) {
  const end = output.trimEnd().split("\n").slice(-30).join("\n");
  return new Error(`code-server: ${what}\n${end}\n(everything it printed: ${logFile})`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    process.stdout.write(`${await installCodeServer()}\n`);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
