import type { Client, ClientConfig, Connection, QueryArrayResult, Submittable } from "pg";
import type { ConnectionOptions } from "node:tls";
import { requestCancel, type BackendKey } from "./cancel-request.ts";
import { connectionProblem, endsConnection, versionProblem } from "./connection-problem.ts";
import { deferred } from "./deferred.ts";
import { makeMutex } from "./mutex.ts";
import { addressName, type ServerAddress } from "./server-address.ts";
import { PostgresFailure, type Description, type PostgresProblem, type PostgresSession, type PostgresTarget, type QueryResult, type TextRow } from "./session.ts";
import { sessionSettings, settingsScript } from "./session-settings.ts";

/** A PostgreSQL server over TCP, TLS or a Unix socket, a pooler may stand between. Nothing is connected before `connect()`. */
export function serverTarget(address: ServerAddress): PostgresTarget {
  const open = new Set<PostgresSession>();
  const name = addressName(address);
  return {
    name,
    kind: "server",
    maxSessions: address.maxSessions,
    minSessions: address.minSessions,
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

function tlsOptions(address: ServerAddress): ConnectionOptions | undefined {
  const { mode, ca, certificate, key, passphrase } = address.tls;
  if (mode === "off") return undefined;
  return {
    rejectUnauthorized: mode !== "no-verify",
    ...(ca === undefined ? {} : { ca }),
    ...(certificate === undefined ? {} : { cert: certificate }),
    ...(key === undefined ? {} : { key }),
    ...(passphrase === undefined ? {} : { passphrase }),
    ...(mode === "verify-ca" ? { checkServerIdentity: () => undefined } : {}),
  };
}

function clientConfig(address: ServerAddress): ClientConfig {
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
    // A server that is gone without a word is noticed within minutes; the system's own default is hours.
    keepAliveInitialDelayMillis: 30_000,
    ssl: tlsOptions(address) ?? false,
    enableChannelBinding: address.tls.channelBinding,
    ...(address.options === undefined ? {} : { options: address.options }),
  };
}

/** Statements that open a transaction, and those that end one. */
const opening = /^\s*(?:BEGIN|START\s+TRANSACTION)\b/i;
const ending = /^\s*(?:COMMIT|ROLLBACK|END|ABORT)\b/i;

async function connect(address: ServerAddress, name: string, onClose: () => void): Promise<PostgresSession> {
  const { default: pg } = await import("pg");
  const context = { name, secrets: [address.password, address.tls.passphrase] };
  const client = new pg.Client(clientConfig(address));
  let lost: Error | undefined;
  client.on("error", (error) => {
    lost ??= error;
  });
  let key: BackendKey | undefined;
  client.connection.on("backendKeyData", ({ processID, secretKey }: BackendKey) => {
    key = { processID, secretKey };
  });
  let met: { readonly pooled: boolean; readonly version: number; readonly settings: Map<string, string> };
  try {
    met = await withinTime(client, address.connectTimeout, async () => {
      await client.connect();
      const answer = await client.query<[string, string]>({ text: "SELECT pg_backend_pid()::text, current_setting('server_version_num')", rowMode: "array" });
      const [row] = answer.rows;
      // A pooler speaks for itself until it has to ask a server: the process that answers is not the one that it said it was.
      const pooled = key !== undefined && String(key.processID) !== row?.[0];
      const version = Math.trunc(Number(row?.[1]) / 10_000);
      const tooOld = versionProblem(name, version);
      if (tooOld !== undefined) throw tooOld;
      const settings = new Map(sessionSettings(version, { statement: address.statementTimeout, lock: address.lockTimeout }));
      // Behind a pooler they would stay with a process of the server that others get afterwards; one that takes no transactions says so here.
      for (const statement of pooled ? ["BEGIN", "ROLLBACK"] : [settingsScript(settings)]) await client.query(statement);
      return { pooled, version, settings };
    });
  } catch (cause) {
    await end(client);
    throw connectionProblem(cause, context);
  }

  const { pooled, version, settings } = met;
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

  const begin = (statement: string): Promise<unknown> => client.query(`${statement.trim() === "BEGIN" ? "BEGIN ISOLATION LEVEL READ COMMITTED" : statement}; ${settingsScript(settings, "LOCAL ")}`);
  /** Whether the next statement needs a transaction of its own for the settings to hold. */
  const isBare = (): boolean => pooled && client.getTransactionStatus() === "I";
  const settled = async <T>(work: () => Promise<T>): Promise<T> => {
    if (!isBare()) return work();
    await begin("BEGIN");
    try {
      const result = await work();
      await client.query("COMMIT");
      return result;
    } catch (cause) {
      await client.query("ROLLBACK").catch(() => undefined); // a connection that is gone has nothing to undo
      throw cause;
    }
  };

  return {
    name,
    version,
    pooled,
    query: (sql, parameters) =>
      run(async () => {
        if (isBare() && opening.test(sql)) {
          await begin(sql);
          return { columns: [], rows: [], rowCount: 0 };
        }
        const ask = async (): Promise<QueryResult> =>
          queryResult(
            await client.query<(string | null)[]>({
              text: sql,
              rowMode: "array",
              types: { getTypeParser: () => asText },
              ...(parameters === undefined || parameters.length === 0 ? {} : { values: [...parameters] }),
            }),
          );
        return ending.test(sql) ? await ask() : await settled(ask);
      }),
    script: (sql) =>
      run(async () => {
        await settled(() => client.query(sql));
      }),
    set: (changes) =>
      run(async () => {
        const added = new Map(Object.entries(changes));
        // Behind a pooler a transaction that is undone says whether the server takes them.
        if (pooled) {
          try {
            await client.query(`BEGIN; ${settingsScript(added, "LOCAL ")}`);
          } finally {
            await client.query("ROLLBACK");
          }
        } else {
          await client.query(settingsScript(added));
        }
        for (const [setting, value] of added) settings.set(setting, value);
      }),
    describe: (sql) => run(() => describe(client, sql)),
    copyIn: (sql, chunks) => run(() => settled(() => copyIn(client, sql, chunks))),
    copyOut: (sql) =>
      copyOut(client, sql, mutex.lock, mustBeOpen, translate, {
        before: async () => {
          if (!isBare()) return false;
          await begin("BEGIN");
          return true;
        },
        after: async () => {
          await client.query("COMMIT");
        },
      }),
    cancel: async () => {
      if (closed || lost !== undefined || key === undefined) return;
      try {
        await requestCancel(address.host, address.port, tlsOptions(address), key, address.connectTimeout === 0 ? 10_000 : address.connectTimeout);
      } catch (cause) {
        throw connectionProblem(cause, context);
      }
    },
    close: async () => {
      if (closed) return;
      closed = true;
      onClose();
      await end(client);
    },
  };
}

/** Runs what connecting takes; a server that hangs at whatever point is given up after the time (milliseconds, 0 for none). */
async function withinTime<T>(client: Client, milliseconds: number, work: () => Promise<T>): Promise<T> {
  const late = deferred<never>();
  const timer =
    milliseconds === 0
      ? undefined
      : setTimeout(() => {
          const problem = new Error("timeout expired");
          late.reject(problem);
          client.connection.stream.destroy(problem);
        }, milliseconds);
  const working = work();
  // What fails after the time has run out is told already.
  working.catch(() => undefined);
  try {
    return await Promise.race([working, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** How long a server may take to say goodbye, in milliseconds. */
const farewell = 3000;

async function end(client: Client): Promise<void> {
  const timer = setTimeout(() => {
    client.connection.stream.destroy();
  }, farewell);
  await client.end().catch(() => undefined);
  clearTimeout(timer);
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
  transaction: { readonly before: () => Promise<boolean>; readonly after: () => Promise<void> },
): AsyncGenerator<Uint8Array> {
  // The default export is all that a bundle keeps of a CommonJS package that is imported on first use.
  const { default: streams } = await import("pg-copy-streams");
  const unlock = await lock();
  let ended = true;
  let own = false;
  let stream: ReturnType<typeof streams.to> | undefined;
  try {
    mustBeOpen();
    own = await transaction.before();
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
    // COMMIT ends a transaction that has failed as well.
    if (own) await transaction.after().catch(() => undefined);
    unlock();
  }
}
