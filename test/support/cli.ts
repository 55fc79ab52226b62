import { Readable } from "node:stream";
import { run } from "../../src/cli/run.ts";

/** What one call of the command line left behind. */
export interface CliResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the command line in this process, as `cutover …args` in a folder would; `input` is its stdin. */
export async function cli(cwd: string, args: readonly string[], env: Readonly<Record<string, string | undefined>> = {}, input = ""): Promise<CliResult> {
  let out = "";
  let err = "";
  const code = await run(args, {
    cwd,
    env,
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    input: () => Readable.from([input]),
    terminal: false,
    signal: new AbortController().signal,
  });
  return { code, out, err };
}
