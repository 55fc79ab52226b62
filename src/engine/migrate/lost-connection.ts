import { CutoverError } from "#core/cutover-error.ts";
import { LostConnection } from "../postgres/connection-problem.ts";
import { PostgresFailure } from "../postgres/session.ts";

/** Whether the connection is gone, or none comes about: the server may be back in a moment. */
export function isLost(cause: unknown): cause is LostConnection {
  return cause instanceof LostConnection;
}

/** What two transactions do to each other: a serialization failure, a deadlock, a lock that was not free in time. */
const passing = new Set(["40001", "40P01", "55P03"]);

/** Whether the server took a transaction back for what others did meanwhile, so that the same may do when it is sent again. */
export function mayPass(cause: unknown): cause is Error {
  if (cause instanceof CutoverError) return mayPass(cause.cause);
  return cause instanceof PostgresFailure && passing.has(cause.problem.code);
}
