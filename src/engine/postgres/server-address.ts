import { readFileSync } from "node:fs";
import { userInfo } from "node:os";
import { CutoverError } from "#core/cutover-error.ts";
import { redact } from "./redact.ts";

/** How the connection is encrypted. `verify-full` checks the certificate's chain and name, `verify-ca` the chain, `no-verify` nothing. */
export type TlsMode = "off" | "no-verify" | "verify-ca" | "verify-full";

/** Where a server is and who we are to it; parsed from a URL. */
export interface ServerAddress {
  /** A host name, an address, or the folder of a Unix socket (begins with `/`). */
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string | undefined;
  readonly tls: {
    readonly mode: TlsMode;
    /** PEM text. */
    readonly ca: string | undefined;
    readonly certificate: string | undefined;
    readonly key: string | undefined;
  };
  /** Milliseconds that connecting may take. */
  readonly connectTimeout: number;
  /** Milliseconds, 0 for none; set on every session. */
  readonly statementTimeout: number;
  readonly lockTimeout: number;
}

const defaultConnectTimeout = 10_000;

/** Whether a host is this machine: only then is a connection without TLS taken without being asked for. */
export function isLocalHost(host: string): boolean {
  return host.startsWith("/") || host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);
}

/**
 * Parses `postgres://user:password@host:port/database?…`. Parameters: host (also a socket's folder), port, dbname, user, password,
 * sslmode, sslrootcert, sslcert, sslkey, connect_timeout (seconds), statement_timeout and lock_timeout (milliseconds). What is missing comes
 * from the PG… variables of `env`, then from libpq's defaults. `sslmode=require` verifies as `verify-full` does;
 * encryption without verification must be asked for by name, `no-verify`. Without an sslmode a local host is spoken to plainly,
 * any other under `verify-full`.
 * @throws CutoverError usage, with no password in it.
 * @see https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING
 */
export function parseServerAddress(url: string, env: Readonly<Record<string, string | undefined>> = {}): ServerAddress {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    throw badUrl(url, "it is not a URL");
  }
  const known = new Set(["host", "port", "dbname", "user", "password", "sslmode", "sslrootcert", "sslcert", "sslkey", "connect_timeout", "statement_timeout", "lock_timeout", "application_name"]);
  const parameters = new Map<string, string>();
  for (const [name, value] of parsed.searchParams) {
    if (!known.has(name)) throw badUrl(url, `the parameter ${name} is not known`);
    parameters.set(name, value);
  }
  const part = (text: string): string | undefined => {
    try {
      return text === "" ? undefined : decodeURIComponent(text);
    } catch {
      throw badUrl(url, "a percent sign in it must be written %25");
    }
  };
  const given = (...candidates: (string | undefined)[]): string | undefined => candidates.find((c) => c !== undefined && c !== "");

  const host = given(parameters.get("host"), part(parsed.hostname)?.replace(/^\[(.*)\]$/, "$1"), env["PGHOST"]) ?? "localhost";
  const user = given(parameters.get("user"), part(parsed.username), env["PGUSER"]) ?? userInfo().username;
  const file = (name: string, variable: string): string | undefined => {
    const path = given(parameters.get(name), env[variable]);
    if (path === undefined || path === "system") return undefined;
    try {
      return readFileSync(path, "utf8");
    } catch (cause) {
      throw badUrl(url, `${name} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`);
    }
  };
  return {
    host,
    port: wholeNumber(url, "port", given(parameters.get("port"), parsed.port, env["PGPORT"]), 5432),
    database: given(parameters.get("dbname"), part(parsed.pathname.slice(1)), env["PGDATABASE"]) ?? user,
    user,
    password: given(parameters.get("password"), part(parsed.password), env["PGPASSWORD"]),
    tls: {
      mode: tlsMode(url, given(parameters.get("sslmode"), env["PGSSLMODE"]), host),
      ca: file("sslrootcert", "PGSSLROOTCERT"),
      certificate: file("sslcert", "PGSSLCERT"),
      key: file("sslkey", "PGSSLKEY"),
    },
    connectTimeout: parameters.has("connect_timeout") ? 1000 * wholeNumber(url, "connect_timeout", parameters.get("connect_timeout"), 10) : defaultConnectTimeout,
    statementTimeout: wholeNumber(url, "statement_timeout", parameters.get("statement_timeout"), 0),
    lockTimeout: wholeNumber(url, "lock_timeout", parameters.get("lock_timeout"), 0),
  };
}

function tlsMode(url: string, mode: string | undefined, host: string): TlsMode {
  switch (mode) {
    // These two promise nothing, so they are read as "decide for me".
    case undefined:
    case "allow":
    case "prefer":
      return isLocalHost(host) ? "off" : "verify-full";
    case "disable":
      return "off";
    case "no-verify":
      return "no-verify";
    case "verify-ca":
      return "verify-ca";
    case "require":
    case "verify-full":
      // A Unix socket carries no TLS.
      return host.startsWith("/") ? "off" : "verify-full";
    default:
      throw badUrl(url, `sslmode must be one of disable, require, verify-ca, verify-full, no-verify, not ${mode}`);
  }
}

function wholeNumber(url: string, name: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  if (!/^\d{1,9}$/.test(text)) throw badUrl(url, `${name} must be a whole number`);
  return Number(text);
}

function badUrl(url: string, why: string): CutoverError {
  return new CutoverError({
    tag: "usage",
    what: "The target's URL cannot be used",
    where: redact(url),
    why,
    next: "Write it as postgres://user@host:5432/database and keep the password in .env or PGPASSWORD.",
  });
}

/** `host:port/database`, or `folder/database` for a Unix socket. */
export function addressName(address: ServerAddress): string {
  if (address.host.startsWith("/")) return `${address.host}:${address.port}/${address.database}`;
  return `${address.host.includes(":") ? `[${address.host}]` : address.host}:${address.port}/${address.database}`;
}
