import { setTimeout as sleep } from "node:timers/promises";
import { CutoverError } from "#core/cutover-error.ts";
import type { Phase } from "#protocol/progress.ts";
import { backOff } from "./back-off.ts";
import { LostConnection } from "../postgres/connection-problem.ts";
import { isLost, mayPass } from "./lost-connection.ts";
import type { MigrateOptions } from "./migrate-options.ts";
import type { RunLog } from "./run-log.ts";

/** For how long a lost server is waited for, in seconds, unless the options say otherwise. */
export const defaultRetryFor = 120;

/**
 * Does a phase's work; when its connection is lost, or the server took a transaction back because of others, waits, has the connections
 * opened again, and does it again. The work must take from the journal what is done: whether a commit counts whose answer was lost is
 * known there only. The time for trying begins anew whenever something was committed in between.
 * @throws CutoverError target-unreachable when the time is up; the signal's reason, also while it waits; whatever else the work throws.
 */
export async function keepTrying<T>(
  phase: Phase,
  { options, log, reopen }: { readonly options: Pick<MigrateOptions, "signal" | "retryFor" | "target">; readonly log: RunLog; readonly reopen: () => Promise<void> },
  work: () => Promise<T>,
): Promise<T> {
  const { signal, retryFor = defaultRetryFor, target } = options;
  const waits = backOff(retryFor);
  let tried = 0;
  let advanced = log.advances();
  for (let first = true; ; first = false) {
    try {
      if (!first) await reopen();
      return await work();
    } catch (cause) {
      signal?.throwIfAborted();
      const lost = isLost(cause);
      if (target.kind === "embedded" || (!lost && !mayPass(cause))) throw cause;
      if (log.advances() !== advanced) tried = 0;
      advanced = log.advances();
      const wait = waits[tried];
      if (wait === undefined) throw waits.length === 0 ? cause : gaveUp(cause, tried, target.name);
      tried++;
      const why = cause instanceof CutoverError ? (cause.why ?? cause.message) : cause.message;
      log.emit({ kind: "retry", phase, attempt: tried, of: waits.length, seconds: wait / 1000, why });
      log.warn(phase, `${lost ? "connection lost" : "the server took a transaction back"} (${why}), trying again in ${(wait / 1000).toFixed(1)} s (${tried} of ${waits.length})`);
      await sleep(wait, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
      signal?.throwIfAborted();
    }
  }
}

function gaveUp(cause: Error, tried: number, where: string): CutoverError {
  const why = cause instanceof CutoverError ? [cause.message, cause.why].filter((part) => part !== undefined).join(": ") : cause.message;
  return new LostConnection({
    tag: "target-unreachable",
    what: isLost(cause) ? `The connection was lost and could not be opened again in ${tried} tries` : `The server took the same transaction back ${tried} times`,
    where,
    why,
    next: isLost(cause) ? "When the server is back, go on with --resume; what was committed is kept." : "Let the other sessions on these tables end, or give a longer lock_timeout, then go on with --resume; what was committed is kept.",
    cause,
  });
}
