import { CutoverError, exitCodes } from "#core/cutover-error.ts";
import type { Io } from "./command.ts";

/** Tells a failure to a person: what, where, why, what next. @returns the exit code that belongs to it */
export function printError(error: unknown, io: Io, verbose: boolean): number {
  if (io.signal.aborted) {
    io.err("cancelled\n");
    return exitCodes.cancelled;
  }
  const known =
    error instanceof CutoverError
      ? error
      : new CutoverError({
          tag: "internal",
          what: "Cutover met something it was not made for",
          why: error instanceof Error ? error.message : String(error),
          next: "Run the same call with --verbose and report what it prints.",
          cause: error,
        });
  io.err(`error: ${known.message}\n`);
  if (known.where !== undefined) io.err(`  where: ${known.where}\n`);
  if (known.why !== undefined) io.err(`  why:   ${known.why}\n`);
  io.err(`  next:  ${known.next}\n`);
  if (verbose) io.err(`${stackOf(known)}\n`);
  return known.exitCode;
}

function stackOf(error: Error): string {
  const own = error.stack ?? error.message;
  return error.cause instanceof Error ? `${own}\ncaused by ${stackOf(error.cause)}` : own;
}
