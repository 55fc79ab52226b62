#!/usr/bin/env node
import { run } from "./run.ts";

const controller = new AbortController();
const requests = ["SIGINT", "SIGTERM"] as const;
for (const name of requests) {
  process.on(name, () => {
    // A second request does not wait for the tidy end: it gets the system's own answer, which no long statement of SQLite's holds up.
    for (const each of requests) process.removeAllListeners(each);
    controller.abort();
  });
}
// A reader that goes away (`| head`) ends the output, not with a stack trace.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

process.exitCode = await run(process.argv.slice(2), {
  cwd: process.cwd(),
  env: process.env,
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  input: () => process.stdin.setEncoding("utf8"),
  terminal: process.stderr.isTTY,
  signal: controller.signal,
});
