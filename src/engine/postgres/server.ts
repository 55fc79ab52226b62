import type { Client, ClientConfig, Connection, QueryArrayResult, Submittable } from "pg";
import { connectionProblem, endsConnection, versionProblem } from "./connection-problem.ts";
import { deferred } from "./deferred.ts";
import { makeMutex } from "./mutex.ts";
import { addressName, type ServerAddress } from "./server-address.ts";
import { PostgresFailure, type Description, type PostgresProblem, type PostgresSession, type PostgresTarget, type QueryResult, type TextRow } from "./session.ts";
import { settingsScript } from "./session-settings.ts";

/** A server's own limits are not known before a connection; this is what we never go beyond. */
const maxSessions = 16;

/** A PostgreSQL server over TCP, TLS or a Unix socket. Nothing is connected before `connect()`. */
export function serverTarget(address: ServerAddress): PostgresTarget {
  const open = new Set<PostgresSession>();
  const name = addressName(address);
  return {
    name,
    kind: "server",
    maxSessions,
    connect: async () => {
      const session = await connect(address, name, () => open.delete(session));
      open.add(session);
      return session;
    },
    close: async () => {
      await Promise.all([...open].map((session) => session.close()));
    },
  };
}

function clientConfig(address: ServerAddress): ClientConfig {
  const { mode, ca, certificate, key } = address.tls;
  return {
    host: address.host,
    port: address.port,
    database: address.database,
    user: address.user,
    // An empty password keeps pg from looking for one in places that were not asked for; the server says when it wants one.
    password: address.password ?? "",
    application_name: "cutover",
    connectionTimeoutMillis: address.connectTimeout,
    keepAlive: true,
    ssl:
      mode === "off"
        ? false
        : {
            rejectUnauthorized: mode !== "no-verify",
            ...(ca === undefined ? {} : { ca }),
            ...(certificate === undefined ? {} : { cert: certificate }),
            ...(key === undefined ? {} : { key }),
            ...(mode === "verify-ca" ? { checkServerIdentity: () => undefined } : {}),
          },
  };
}

async function connect(address: ServerAddress, name: string, onClose: () => void): Promise<PostgresSession> {
  const { default: pg } = await import("pg");
  const context = { name, secrets: [address.password] };
  const client = new pg.Client(clientConfig(address));
  let lost: Error | undefined;
  client.on("error", (error) => {
    lost ??= error;
  });
  let pid: string;
  let version: number;
  try {
    await client.connect();
    await client.query(settingsScript(address.statementTimeout, address.lockTimeout));
    const answer = await client.query<[string, string]>({ text: "SELECT pg_backend_pid()::text, current_setting('server_version_num')", rowMode: "array" });
    const [row] = answer.rows;
    pid = row?.[0] ?? "";
    version = Math.trunc(Number(row?.[1]) / 10_000);
  } catch (cause) {
    await client.end().catch(() => undefined);
    throw connectionProblem(cause, context);
  }
  const tooOld = versionProblem(name, version);
  if (tooOld !== undefined) {
    await client.end();
    throw tooOld;
  }

  const mutex = makeMutex();
  let closed = false;
  const translate = (cause: unknown): Error => {
    const problem = serverProblem(cause);
    if (problem !== undefined && !endsConnection(problem)) return new PostgresFailure(problem, cause);
    return connectionProblem(cause, context);
  };
  const mustBeOpen = (): void => {
    if (lost !== undefined) throw connectionProblem(lost, context);
    if (closed) throw connectionProblem(new Error("Connection ended: the session is closed"), context);
  };
  /** Runs work in its turn, and says every failure in our words. */
  const run = async <T>(work: () => Promise<T>): Promise<T> =>
    await mutex.run(async () => {
      mustBeOpen();
      try {
        return await work();
      } catch (cause) {
        throw cause instanceof ProducerFailure ? cause.cause : translate(cause);
      }
    });

  return {
    name,
    version,
    query: (sql, parameters) =>
      run(async () => {
        const result = await client.query<(string | null)[]>({
          text: sql,
          rowMode: "array",
          types: { getTypeParser: () => asText },
          ...(parameters === undefined || parameters.length === 0 ? {} : { values: [...parameters] }),
        });
        return queryResult(result);
      }),
    script: (sql) =>
      run(async () => {
        await client.query(sql);
      }),
    describe: (sql) => run(() => describe(client, sql)),
    copyIn: (sql, chunks) => run(() => copyIn(client, sql, chunks)),
    copyOut: (sql) => copyOut(client, sql, mutex.lock, mustBeOpen, translate),
    cancel: async () => {
      if (closed || lost !== undefined) return;
      const second = new pg.Client(clientConfig(address));
      second.on("error", () => undefined);
      try {
        await second.connect();
        await second.query("SELECT pg_cancel_backend($1::int)", [pid]);
      } catch (cause) {
        throw connectionProblem(cause, context);
      } finally {
        await second.end().catch(() => undefined);
      }
    },
    close: async () => {
      if (closed) return;
      closed = true;
      onClose();
      await client.end().catch(() => undefined);
    },
  };
}

const asText = (value: string | Buffer): string => (typeof value === "string" ? value : value.toString("utf8"));

function queryResult(result: QueryArrayResult<(string | null)[]>): QueryResult {
  // Several statements in one text give several results, in spite of the types; the last one is the answer.
  const last = Array.isArray(result) ? (result.at(-1) as QueryArrayResult<(string | null)[]> | undefined) : result;
  const rows: readonly TextRow[] = last?.rows ?? [];
  return { columns: (last?.fields ?? []).map((field) => field.name), rows, rowCount: last?.rowCount ?? 0 };
}

/** The parts of a server's error, or undefined for an error that no server sent. */
function serverProblem(cause: unknown): PostgresProblem | undefined {
  if (!(cause instanceof Error) || !("severity" in cause) || !("code" in cause) || typeof cause.code !== "string") return undefined;
  const text = (name: string): string | undefined => {
    const value = (cause as unknown as Record<string, unknown>)[name];
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const position = text("position");
  return {
    code: cause.code,
    message: cause.message,
    // A COPY names the line and the column in its context only.
    detail: text("detail") ?? text("where"),
    hint: text("hint"),
    position: position === undefined ? undefined : Number(position),
    table: text("table"),
    column: text("column"),
    constraint: text("constraint"),
  };
}

/** The extended protocol's Parse, Describe and Sync, which pg has no call for. */
function describe(client: Client, sql: string): Promise<Description> {
  const { promise, resolve, reject } = deferred<Description>();
  let parameters: readonly number[] = [];
  let columns: Description["columns"] = [];
  let connection: Connection | undefined;
  const onParameters = (message: { readonly dataTypeIDs: readonly number[] }): void => {
    parameters = [...message.dataTypeIDs];
  };
  const done = (): void => {
    connection?.off("parameterDescription", onParameters);
  };
  const query = {
    submit: (c: Connection): void => {
      connection = c;
      c.on("parameterDescription", onParameters);
      c.parse({ name: "", text: sql, types: [] }, true);
      c.describe({ type: "S", name: "" }, true);
      c.sync();
    },
    handleRowDescription: (message: { readonly fields: readonly { readonly name: string; readonly dataTypeID: number }[] }): void => {
      columns = message.fields.map((field) => ({ name: field.name, typeOid: field.dataTypeID }));
    },
    // The server skips everything up to the Sync, which is on its way already.
    handleError: (error: Error): void => {
      done();
      reject(error);
    },
    handleReadyForQuery: (): void => {
      done();
      resolve({ parameters, columns });
    },
  };
  client.query<Submittable>(query);
  return promise;
}

/** An error of the caller's own chunks, to be told from the server's. */
class ProducerFailure extends Error {
  override readonly cause: unknown;
  constructor(cause: unknown) {
    super("the chunks failed");
    this.cause = cause;
  }
}

async function copyIn(client: Client, sql: string, chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<number> {
  const ready = deferred<Connection>();
  const finished = deferred<number>();
  const state = { failed: false, rows: 0 };
  // The error may come while nobody waits for it yet.
  finished.promise.catch(() => undefined);
  ready.promise.catch(() => undefined);
  const query = {
    submit: (c: Connection): void => {
      c.query(sql);
    },
    handleCopyInResponse: (c: Connection): void => {
      ready.resolve(c);
    },
    handleCommandComplete: (message: { readonly text: string }): void => {
      state.rows = Number(/^COPY (\d+)/.exec(message.text)?.[1] ?? 0);
    },
    handleRowDescription: (): void => undefined,
    handleDataRow: (): void => undefined,
    handleEmptyQuery: (): void => undefined,
    handleError: (error: Error): void => {
      state.failed = true;
      ready.reject(error);
      finished.reject(error);
    },
    handleReadyForQuery: (): void => {
      ready.reject(new Error("the statement is no COPY … FROM STDIN"));
      finished.resolve(state.rows);
    },
  };
  client.query<Submittable>(query);
  const connection = await ready.promise;
  const { stream } = connection;
  let producer: ProducerFailure | undefined;
  try {
    for await (const chunk of chunks) {
      // The server has refused a row already: what is still to come would only be thrown away.
      if (state.failed) break;
      if (chunk.length === 0) continue;
      const header = Buffer.allocUnsafe(5);
      header[0] = 0x64; // CopyData
      header.writeUInt32BE(chunk.length + 4, 1);
      stream.cork();
      stream.write(header);
      const flowing = stream.write(chunk);
      stream.uncork();
      if (!flowing) await Promise.race([drained(stream), finished.promise]);
    }
  } catch (cause) {
    if (!state.failed) producer = new ProducerFailure(cause);
  }
  if (producer !== undefined) {
    const reason = Buffer.from("the rows could not be read\0");
    const message = Buffer.allocUnsafe(5);
    message[0] = 0x66; // CopyFail
    message.writeUInt32BE(reason.length + 4, 1);
    stream.write(Buffer.concat([message, reason]));
    await finished.promise.catch(() => undefined);
    throw producer;
  }
  if (!state.failed) stream.write(Buffer.from([0x63, 0, 0, 0, 4])); // CopyDone
  return await finished.promise;
}

async function drained(stream: Connection["stream"]): Promise<void> {
  if (!stream.writableNeedDrain) return;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      stream.off("drain", done);
      stream.off("close", done);
      resolve();
    };
    stream.once("drain", done);
    stream.once("close", done);
  });
}

async function* copyOut(
  client: Client,
  sql: string,
  lock: () => Promise<() => void>,
  mustBeOpen: () => void,
  translate: (cause: unknown) => Error,
): AsyncGenerator<Uint8Array> {
  // The default export is all that a bundle keeps of a CommonJS package that is imported on first use.
  const { default: streams } = await import("pg-copy-streams");
  const unlock = await lock();
  let ended = true;
  let stream: ReturnType<typeof streams.to> | undefined;
  try {
    mustBeOpen();
    stream = client.query(streams.to(sql, { highWaterMark: 1 << 18 }));
    ended = false;
    for await (const chunk of stream.iterator({ destroyOnReturn: false })) yield chunk as Uint8Array;
    ended = true;
  } catch (cause) {
    ended = true;
    throw translate(cause);
  } finally {
    // A consumer that stops early leaves the rest on the wire, where it would be taken for the next answer.
    if (!ended && stream !== undefined) {
      const rest = stream.iterator();
      while ((await rest.next()).done !== true);
    }
    unlock();
  }
}
