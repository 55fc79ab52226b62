import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { ProgressEvent } from "#protocol/progress.ts";

const main = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));

/** A process of the real command line that migrates and tells its progress. */
export interface CliProcess {
  readonly events: readonly ProgressEvent[];
  /** What of stderr is no event. */
  readonly errors: readonly string[];
  readonly kill: (signal: NodeJS.Signals) => void;
  /** Waits for its end. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
}

/** Starts `cutover migrate` in a folder; `onEvent` sees each event as it comes. */
export function cliMigrate(cwd: string, args: readonly string[], env: Readonly<Record<string, string>>, onEvent: (event: ProgressEvent, process: CliProcess) => void = () => undefined): CliProcess {
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", main, "migrate", "--progress", "json", ...args], { cwd, env: { ...process.env, ...env }, stdio: ["ignore", "ignore", "pipe"] });
  const events: ProgressEvent[] = [];
  const errors: string[] = [];
  const lines = createInterface({ input: child.stderr });
  lines.on("line", (line) => {
    if (!line.startsWith("{")) {
      errors.push(line);
      return;
    }
    const event = JSON.parse(line) as ProgressEvent;
    events.push(event);
    onEvent(event, handle);
  });
  const handle: CliProcess = {
    events,
    errors,
    kill: (signal) => void child.kill(signal),
    ended: new Promise((resolve) => {
      child.on("close", (code, signal) => { resolve({ code, signal }); });
    }),
  };
  return handle;
}
