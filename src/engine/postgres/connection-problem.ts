import { CutoverError, type ErrorTag } from "#core/cutover-error.ts";
import { redactSecrets } from "./redact.ts";
import type { PostgresProblem } from "./session.ts";

/** The oldest major version that Cutover writes to. */
export const oldestSupported = 14;

const unreachable = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH", "ECONNRESET", "EPIPE", "ENOENT", "EACCES", "EADDRNOTAVAIL"]);
const certificate = /^(CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|ERR_TLS_|ERR_SSL_|EPROTO|HOSTNAME_MISMATCH|INVALID_CA|ERR_OSSL)/;

/** SQLSTATEs with which a server turns a connection away, by what its user does about it. */
const refusals: Readonly<Record<string, string>> = {
  "28P01": "Check the user's name and the password.",
  "28000": "Check the user's name, and that pg_hba.conf of the server lets this user in from here.",
  "3D000": "Create the database first: CREATE DATABASE … ENCODING 'UTF8'.",
  "42501": "Ask the owner of the database to grant the right that is missing.",
};

interface ConnectionContext {
  /** The target's name, without a password. */
  readonly name: string;
  readonly secrets: readonly (string | undefined)[];
}

/** Says what a failure to connect, or the loss of a connection, means to its user; no password gets through. */
export function connectionProblem(cause: unknown, { name, secrets }: ConnectionContext): CutoverError {
  if (cause instanceof CutoverError) return cause;
  const inner = cause instanceof AggregateError && cause.errors.length > 0 ? (cause.errors[0] as unknown) : cause;
  const code = inner instanceof Error && "code" in inner && typeof inner.code === "string" ? inner.code : "";
  const why = redactSecrets(inner instanceof Error ? inner.message || code : String(inner), secrets);
  const problem = (tag: ErrorTag, what: string, next: string): CutoverError => new CutoverError({ tag, what, where: name, why, next });

  const advice = refusals[code];
  if (advice !== undefined) return problem("target-refused", "The server refuses the connection", advice);
  if (/no password|password must be a string|SASL/i.test(why)) return problem("target-refused", "The server asks for a password", "Give it in the URL's place in .env, or set PGPASSWORD.");
  if (certificate.test(code) || /does not support SSL|certificate|TLS|SSL/i.test(why)) {
    return problem("target-tls", "No secure connection comes about", "Give the server's CA with sslrootcert=FILE; only for a network that you trust, sslmode=disable speaks plainly.");
  }
  if (code === "53300") return problem("target-unreachable", "The server has no connection left", "Close other connections, or give fewer --jobs.");
  if (code === "57P03") return problem("target-unreachable", "The server is starting or stopping", "Wait a moment and run this again.");
  if (unreachable.has(code) || code.startsWith("08") || code.startsWith("57P") || /timeout|timed out|terminated|Connection ended/i.test(why)) {
    return problem("target-unreachable", "No server answers", "Check the host and the port, that the server runs, and that no firewall is between.");
  }
  return problem("target-refused", "The connection fails", "Check the URL and the server's log.");
}

/** A version that is too old, as an error; undefined for one that will do. */
export function versionProblem(name: string, version: number): CutoverError | undefined {
  if (version >= oldestSupported) return undefined;
  return new CutoverError({
    tag: "target-unsupported",
    what: `PostgreSQL ${version} is too old`,
    where: name,
    next: `Use PostgreSQL ${oldestSupported} or newer.`,
  });
}

/** Whether a server's error means that the connection is gone with it (class 08, and what an administrator's stop sends). */
export function endsConnection(problem: PostgresProblem): boolean {
  return problem.code.startsWith("08") || problem.code === "57P01" || problem.code === "57P02" || problem.code === "57P03" || problem.code === "57P05";
}
