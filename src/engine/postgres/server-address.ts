import { readFileSync } from "node:fs";
import { homedir, userInfo } from "node:os";
import { join } from "node:path";
import { CutoverError } from "#core/cutover-error.ts";
import { passwordFromFile } from "./password-file.ts";
import { redactUrl } from "./redact.ts";

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
    /** What the key is encrypted with. */
    readonly passphrase: string | undefined;
    /** Whether the password's exchange must be bound to the TLS connection. */
    readonly channelBinding: boolean;
  };
  /** libpq's `options`: settings for the server's process (`-c name=value`), as some hosters ask for. */
  readonly options: string | undefined;
  /** Milliseconds that connecting may take, 0 for as long as it takes. */
  readonly connectTimeout: number;
  /** Milliseconds, 0 for none; set on every session. */
  readonly statementTimeout: number;
  readonly lockTimeout: number;
  /** Sessions: without `minSessions` a run does not begin, more than `maxSessions` are never open. */
  readonly minSessions: number;
  readonly maxSessions: number;
}

/** What cutover.json says of connections (`connections`): it stands behind the URL's parameters and before the environment. */
export interface ConnectionDefaults {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  /** Seconds that connecting may take. */
  readonly timeout?: number | undefined;
  /** Milliseconds. */
  readonly statementTimeout?: number | undefined;
  readonly lockTimeout?: number | undefined;
}

/** Stands for a host that a URL does not name; `.invalid` names none by definition. */
const noHost = "cutover.invalid";

type Env = Readonly<Record<string, string | undefined>>;

/** Seconds. */
const defaultConnectTimeout = 10;
const defaultMaxSessions = 10;

/** The parameters of a URL that are read. */
const known = new Set([
  "host", "port", "dbname", "user", "password", "passfile", "sslmode", "sslrootcert", "sslcert", "sslkey", "sslpassword", "channel_binding", "options",
  "connect_timeout", "statement_timeout", "lock_timeout", "application_name",
]);

/** Parameters that people have in their URLs, and what to do about each. */
const elsewhere: Readonly<Record<string, string>> = {
  service: "service files are not read: write the service's host, port, dbname and user into the URL",
  servicefile: "service files are not read: write the service's host, port, dbname and user into the URL",
  target_session_attrs: "one server is written to, so there is nothing to choose from: name the primary server and leave it out",
  load_balance_hosts: "one server is written to, so there is nothing to choose from: leave it out",
  hostaddr: "give the address as the host",
  sslnegotiation: "TLS is negotiated as PostgreSQL 14 does: leave it out",
  sslcrl: "revocation lists are not read: leave it out, or have the proxy or the system check them",
  gssencmode: "GSSAPI is not spoken: leave it out",
  krbsrvname: "GSSAPI is not spoken: leave it out",
  pgbouncer: "it is Prisma's: leave it out, a pooler is recognised",
  connection_limit: "it is Prisma's: leave it out, --jobs and connections in cutover.json say how many",
  pool_timeout: "it is Prisma's: leave it out, connections.timeout in cutover.json says how long",
  schema: "it is Prisma's: leave it out, schema in cutover.json says it",
};

/** Whether a host is this machine: only then is a connection without TLS taken without being asked for. */
export function isLocalHost(host: string): boolean {
  return host.startsWith("/") || host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);
}

/**
 * Parses `postgres://user:password@host:port/database?…`; docs/migrate.md has the parameters. What is missing comes from cutover.json's `connections`,
 * the PG… variables of `env`, libpq's password file and certificates at home, then from libpq's defaults. `sslmode=require` verifies as `verify-full`
 * does; encryption without verification must be asked for by name, `no-verify`. Without an sslmode a local host is spoken to plainly, any other
 * under `verify-full`.
 * @throws CutoverError usage, with no password in it.
 * @see https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING
 */
export function parseServerAddress(url: string, env: Env = {}, defaults: ConnectionDefaults = {}): ServerAddress {
  if (/^[a-z]+:\/\/(?:[^/?#]*@)?[^/?#@]*,/i.test(url)) throw severalHosts(url);
  let parsed: URL;
  try {
    // To libpq a user without a host is fine; a URL's host is written before it can be read.
    parsed = new URL(url.replace(/^([a-z]+:\/\/[^/?#]*@)(?=[/?#]|$)/i, `$1${noHost}`));
  } catch {
    throw badUrl(url, "it is not a URL: a character of the user, the password or the database may have to be written as %XX");
  }
  // Of a password with such a character in it the rest would be taken for a path, a parameter or a fragment, and shown.
  if (parsed.hash !== "" || parsed.pathname.includes("@") || [...parsed.searchParams.keys()].some((name) => !/^\w+$/.test(name))) {
    throw badUrl(url, "a character of the user, the password or the database must be written as %XX (# as %23, / as %2F, ? as %3F, @ as %40)");
  }
  const parameters = new Map<string, string>();
  for (const [name, value] of parsed.searchParams) {
    if (!known.has(name)) throw badUrl(url, `the parameter ${name} is not known${elsewhere[name] === undefined ? "" : `: ${elsewhere[name]}`}`);
    parameters.set(name, value);
  }
  const part = (text: string): string | undefined => {
    try {
      return text === "" ? undefined : decodeURIComponent(text);
    } catch {
      throw badUrl(url, "a percent sign in it must be written %25");
    }
  };

  const ownHost = given(parameters.get("host"), parsed.hostname === noHost ? undefined : part(parsed.hostname)?.replace(/^\[(.*)\]$/, "$1"));
  if (ownHost === undefined && given(env["PGSERVICE"]) !== undefined) {
    throw badUrl(url, `it names no host and PGSERVICE is set: ${elsewhere["service"] ?? ""}`);
  }
  const host = given(ownHost, env["PGHOST"]) ?? "localhost";
  const port = given(parameters.get("port"), parsed.port, env["PGPORT"]);
  if (host.includes(",") || port?.includes(",") === true) throw severalHosts(url);
  const user = given(parameters.get("user"), part(parsed.username), env["PGUSER"]) ?? userInfo().username;
  const database = given(parameters.get("dbname"), part(parsed.pathname.slice(1)), env["PGDATABASE"]) ?? user;
  const portNumber = wholeNumber(url, "port", port) ?? 5432;
  const passfile = parameters.get("passfile");
  const password =
    given(parameters.get("password"), part(parsed.password), env["PGPASSWORD"]) ??
    passwordFromFile({ host, port: portNumber, database, user }, passfile === undefined ? env : { ...env, PGPASSFILE: passfile });
  const seconds =
    wholeNumber(url, "connect_timeout", given(parameters.get("connect_timeout"))) ??
    defaults.timeout ??
    wholeNumber(url, "PGCONNECT_TIMEOUT", given(env["PGCONNECT_TIMEOUT"])) ??
    wholeNumber(url, "POSTGRES_TIMEOUT", given(env["POSTGRES_TIMEOUT"])) ??
    defaultConnectTimeout;
  const maxSessions = defaults.max ?? wholeNumber(url, "POSTGRES_POOL_MAX", given(env["POSTGRES_POOL_MAX"])) ?? defaultMaxSessions;
  const minSessions = defaults.min ?? Math.min(wholeNumber(url, "POSTGRES_POOL_MIN", given(env["POSTGRES_POOL_MIN"])) ?? 1, maxSessions);
  return {
    host,
    port: portNumber,
    database,
    user,
    password,
    tls: tlsOf(url, host, parameters, env),
    options: given(parameters.get("options"), env["PGOPTIONS"]),
    connectTimeout: 1000 * seconds,
    statementTimeout: wholeNumber(url, "statement_timeout", given(parameters.get("statement_timeout"))) ?? defaults.statementTimeout ?? 0,
    lockTimeout: wholeNumber(url, "lock_timeout", given(parameters.get("lock_timeout"))) ?? defaults.lockTimeout ?? 0,
    minSessions: Math.max(1, minSessions),
    maxSessions: Math.max(1, maxSessions),
  };
}

function given(...candidates: (string | undefined)[]): string | undefined {
  return candidates.find((candidate) => candidate !== undefined && candidate !== "");
}

function tlsOf(url: string, host: string, parameters: ReadonlyMap<string, string>, env: Env): ServerAddress["tls"] {
  const mode = tlsMode(url, given(parameters.get("sslmode"), env["PGSSLMODE"]), host);
  const none = { mode, ca: undefined, certificate: undefined, key: undefined, passphrase: undefined, channelBinding: false };
  const binding = given(parameters.get("channel_binding"), env["PGCHANNELBINDING"]);
  if (binding !== undefined && !["disable", "prefer", "require"].includes(binding)) throw badUrl(url, `channel_binding must be one of disable, prefer, require, not ${binding}`);
  if (mode === "off") {
    if (binding === "require") throw badUrl(url, "channel_binding=require needs TLS, and there is none: give an sslmode");
    return none;
  }
  /** A file that was named must be readable; libpq's own place is looked at when none was. */
  const file = (name: string, variable: string, usual: string): string | undefined => {
    const named = given(parameters.get(name), env[variable]);
    if (named === "system") return undefined;
    try {
      return readFileSync(named ?? join(env["HOME"] ?? homedir(), ".postgresql", usual), "utf8");
    } catch (cause) {
      if (named === undefined) return undefined;
      throw badUrl(url, `${name} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`);
    }
  };
  const certificate = file("sslcert", "PGSSLCERT", "postgresql.crt");
  const key = certificate === undefined ? undefined : file("sslkey", "PGSSLKEY", "postgresql.key");
  if (certificate !== undefined && key === undefined) throw badUrl(url, "there is a client certificate without its key: give it with sslkey");
  return {
    mode,
    ca: file("sslrootcert", "PGSSLROOTCERT", "root.crt"),
    certificate,
    key,
    passphrase: given(parameters.get("sslpassword")),
    channelBinding: binding === "require" || binding === "prefer",
  };
}

function tlsMode(url: string, mode: string | undefined, host: string): TlsMode {
  if (mode !== undefined && !["disable", "allow", "prefer", "require", "verify-ca", "verify-full", "no-verify"].includes(mode)) {
    throw badUrl(url, `sslmode must be one of disable, require, verify-ca, verify-full, no-verify, not ${mode}`);
  }
  // A Unix socket carries no TLS, whatever is asked for.
  if (host.startsWith("/")) return "off";
  switch (mode) {
    case "disable":
      return "off";
    case "no-verify":
    case "verify-ca":
      return mode;
    case "require":
    case "verify-full":
      return "verify-full";
    default:
      // The others promise nothing, so they are read as "decide for me".
      return isLocalHost(host) ? "off" : "verify-full";
  }
}

function wholeNumber(url: string, name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,9}$/.test(text)) throw badUrl(url, `${name} must be a whole number`);
  return Number(text);
}

function severalHosts(url: string): CutoverError {
  return badUrl(url, "it names several hosts, and Cutover writes to one server: name the primary");
}

function badUrl(url: string, why: string): CutoverError {
  return new CutoverError({
    tag: "usage",
    what: "The target's URL cannot be used",
    where: redactUrl(url),
    why,
    next: "Write it as postgres://user@host:5432/database and keep the password in .env, PGPASSWORD or .pgpass.",
  });
}

/** `host:port/database`, or `folder/database` for a Unix socket. */
export function addressName(address: ServerAddress): string {
  if (address.host.startsWith("/")) return `${address.host}:${address.port}/${address.database}`;
  return `${address.host.includes(":") ? `[${address.host}]` : address.host}:${address.port}/${address.database}`;
}
