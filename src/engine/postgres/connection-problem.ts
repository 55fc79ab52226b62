import { CutoverError, type ErrorTag } from "#core/cutover-error.ts";
import { redactSecrets } from "./redact.ts";
import type { PostgresProblem } from "./session.ts";

/** The oldest major version that Cutover writes to. */
export const oldestSupported = 14;

interface ConnectionContext {
  /** The target's name, without a password. */
  readonly name: string;
  readonly secrets: readonly (string | undefined)[];
}

/** One way in which no connection comes about, by the code (SQLSTATE, or Node's) and the words of the error, and what its user does about it. */
interface Failure {
  readonly code?: RegExp;
  readonly words?: RegExp;
  readonly tag: ErrorTag;
  readonly what: string;
  readonly next: string;
}

/**
 * The first one that fits counts. Poolers send most of their refusals as 08P01, so that their words decide.
 * @see https://www.postgresql.org/docs/current/errcodes-appendix.html
 * @see https://nodejs.org/api/tls.html#x509-certificate-error-codes
 */
const failures: readonly Failure[] = [
  // Certificates, as Node names what is wrong with them.
  { code: /^DEPTH_ZERO_SELF_SIGNED_CERT$/, tag: "target-tls", what: "The server's certificate is signed by itself", next: "Give that certificate with sslrootcert=FILE, so that it is known; sslmode=no-verify encrypts without knowing to whom." },
  { code: /^(SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_.*|INVALID_CA|CERT_UNTRUSTED)$/, tag: "target-tls", what: "The server's certificate is signed by somebody who is not known here", next: "Give the CA's certificate with sslrootcert=FILE; hosters offer it for download." },
  { code: /^CERT_HAS_EXPIRED$/, tag: "target-tls", what: "The server's certificate has expired", next: "Have it renewed on the server; check this machine's clock, too." },
  { code: /^CERT_NOT_YET_VALID$/, tag: "target-tls", what: "The server's certificate is not valid yet", next: "Check this machine's clock." },
  { code: /^(ERR_TLS_CERT_ALTNAME_INVALID|HOSTNAME_MISMATCH)$/, tag: "target-tls", what: "The server's certificate is for another name", next: "Name the host as the certificate does, or check its signature only with sslmode=verify-ca." },
  { words: /server does not support SSL/i, tag: "target-tls", what: "The server speaks no TLS", next: "Turn on ssl on the server; only for a network that you trust, sslmode=disable speaks plainly." },
  { words: /bad decrypt|passphrase|ERR_OSSL_.*(?:DECRYPT|BAD_PASSWORD)|interrupted or cancelled/i, tag: "config-invalid", what: "The key of the client certificate cannot be opened", next: "Give its passphrase with sslpassword, in a URL that stands in .env." },
  { words: /key values mismatch|PEM|ASN1|asn1|wrong tag|no start line|DECODER routines|unsupported.*key/i, tag: "config-invalid", what: "A certificate or key cannot be used", next: "Check the files behind sslrootcert, sslcert and sslkey: PEM text, the key that belongs to the certificate, its passphrase (sslpassword)." },
  { words: /requires a valid client certificate|certificate required|certificate authentication failed|handshake failure|alert (?:decrypt error|unknown ca|bad certificate|unsupported certificate|certificate \w+)/i, tag: "target-tls", what: "The server wants a client certificate that it can check", next: "Give one of its CA, for this user, with sslcert=FILE and sslkey=FILE." },
  { words: /pg_hba\.conf.*(?:no encryption|SSL off)|SSL required|TLS required|SSL connection is required/i, tag: "target-tls", what: "The server takes encrypted connections only, or nobody like this", next: "Give sslmode=verify-full (with sslrootcert=FILE for a CA of your own)." },
  { code: /^(CERT_|ERR_TLS_|ERR_SSL_|EPROTO|ERR_OSSL|DEPTH_ZERO_|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED|CRL_)/, tag: "target-tls", what: "No secure connection comes about", next: "Give the server's CA with sslrootcert=FILE; only for a network that you trust, sslmode=disable speaks plainly." },
  { words: /establishing an SSL connection/i, tag: "target-tls", what: "No secure connection comes about", next: "Check that the port is PostgreSQL's, and the server's log." },

  // What a server or a pooler says of who we are.
  { words: /no password|password must be a (?:non-empty )?string|empty password/i, tag: "target-refused", what: "The server asks for a password", next: "Give it in the URL's place in .env, set PGPASSWORD, or write it into .pgpass." },
  { words: /channel binding/i, tag: "target-refused", what: "The server does not bind passwords to the TLS connection", next: "Leave out channel_binding=require." },
  { code: /^28P01$/, tag: "target-refused", what: "The server refuses the user or the password", next: "Check the user's name and the password; where the server asks for a client certificate, it must be this user's." },
  { words: /(?:password|SASL|auth\w*) (?:authentication )?failed|no such user|wrong password|auth_query/i, tag: "target-refused", what: "The server refuses the user or the password", next: "Check the user's name and the password; a pooler has a list of users of its own." },
  { words: /no pg_hba\.conf entry|pg_hba\.conf rejects/i, tag: "target-refused", what: "The server does not let this user in from here", next: "Check the user's and the database's name, and add a line for them to pg_hba.conf of the server." },
  { code: /^28000$/, tag: "target-refused", what: "The server refuses the user", next: "Check the user's name, and that pg_hba.conf of the server lets this user in from here." },
  { words: /unsupported startup parameter/i, tag: "target-refused", what: "The pooler does not take the options of the URL", next: "Leave options out of the URL and PGOPTIONS, or name the server itself instead of the pooler." },
  { words: /statement pooling mode/i, tag: "target-refused", what: "The pooler takes no transactions", next: "Set its pool_mode to transaction or session for this database, or name the server itself instead of the pooler." },
  { code: /^3D000$/, tag: "target-refused", what: "There is no such database", next: "Create it first: CREATE DATABASE … TEMPLATE template0 ENCODING 'UTF8'." },
  { words: /no such database|database .* does not exist/i, tag: "target-refused", what: "There is no such database", next: "Create it first, and name it to the pooler if there is one." },
  { code: /^42501$/, tag: "target-refused", what: "The user may not connect to this database", next: "Ask the owner of the database to GRANT CONNECT." },
  { code: /^55000$/, words: /not currently accepting connections/i, tag: "target-refused", what: "The database takes no connections", next: "Name another database, or allow connections to this one." },

  // What passes, or is somewhere else.
  { code: /^53300$/, tag: "target-unreachable", what: "The server has no connection left", next: "Close other connections, raise the limit (max_connections, or the role's or the database's CONNECTION LIMIT), or give fewer --jobs." },
  { words: /no more connections allowed|too many (?:connections|clients)|max_client_conn|remaining connection slots/i, tag: "target-unreachable", what: "The server has no connection left", next: "Close other connections, raise the limit (the pooler's max_client_conn), or give fewer --jobs." },
  { words: /query_wait_timeout/i, tag: "target-unreachable", what: "The pooler had no connection to the server free in time", next: "Give fewer --jobs, or raise the pooler's pool size (default_pool_size)." },
  { words: /cannot connect to server|server login (?:has been|failed)|server_login_retry|server conn crashed|connect failed/i, tag: "target-unreachable", what: "The pooler does not reach its server", next: "Check that the server behind the pooler runs, and what the pooler is told about it." },
  { code: /^57P03$/, tag: "target-unreachable", what: "The server is starting or stopping", next: "Wait a moment and run this again." },
  { code: /^25P03$|^25P04$|^57P05$/, tag: "target-unreachable", what: "The server has ended the session by a time-out of its own", next: "Turn the time-out off for this user, or name the server itself instead of a pooler." },
  { code: /^(ENOTFOUND|EAI_AGAIN|EAI_NONAME)$/, tag: "target-unreachable", what: "There is no such host", next: "Check the host's name." },
  { code: /^ENOENT$/, tag: "target-unreachable", what: "There is no such socket", next: "Check the folder (unix_socket_directories of the server) and the port, and that the server runs." },
  { code: /^EACCES$/, tag: "target-unreachable", what: "This user may not use the socket", next: "Ask for the right to the socket's folder, or connect by host name." },
  { words: /timeout expired|ETIMEDOUT/i, tag: "target-unreachable", what: "The server does not answer in time", next: "Check the host and the port, and that no firewall is between; connect_timeout=SECONDS waits longer." },
  { code: /^(08|57P|ECONN|EHOST|ENET|EPIPE|ETIMEDOUT|EADDRNOTAVAIL|EAFNOSUPPORT)/, tag: "target-unreachable", what: "No server answers", next: "Check the host and the port, that the server runs, and that no firewall is between." },
  { words: /timeout|timed out|terminated|Connection ended|socket/i, tag: "target-unreachable", what: "No server answers", next: "Check the host and the port, that the server runs, and that no firewall is between." },
];

/** Says what a failure to connect, or the loss of a connection, means to its user; no password gets through. */
export function connectionProblem(cause: unknown, { name, secrets }: ConnectionContext): CutoverError {
  if (cause instanceof CutoverError) return cause;
  // A name with several addresses fails once for each of them.
  const inner = cause instanceof AggregateError && cause.errors.length > 0 ? (cause.errors[0] as unknown) : cause;
  const code = inner instanceof Error && "code" in inner && typeof inner.code === "string" ? inner.code : "";
  const text = inner instanceof Error ? inner.message || code : String(inner);
  // OpenSSL's own text has the place in its sources around the reason.
  const why = redactSecrets(/:SSL routines:[^:]*:([^:]+):/.exec(text)?.[1] ?? text, secrets);
  const found = failures.find((failure) => (failure.code?.test(code) ?? true) && (failure.words === undefined || failure.words.test(`${code} ${why}`)));
  const { tag, what, next } = found ?? { tag: "target-refused" as const, what: "The connection fails", next: "Check the URL and the server's log." };
  return new (tag === "target-unreachable" ? LostConnection : CutoverError)({ tag, what, where: name, why, next });
}

/** No connection comes about, or one is gone: trying again may do. */
export class LostConnection extends CutoverError {}

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

/** Whether a server's error means that the connection is gone with it (class 08, what an administrator's stop sends, time-outs of whole sessions). */
export function endsConnection(problem: PostgresProblem): boolean {
  return /^(08...|57P0[1235]|25P0[34])$/.test(problem.code);
}
