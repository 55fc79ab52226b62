import { connect, isIP, type Socket } from "node:net";
import { connect as connectSecurely, type ConnectionOptions } from "node:tls";

/** What the server gave a session when it began; it names the session to be stopped, also to a pooler. */
export interface BackendKey {
  readonly processID: number;
  readonly secretKey: number;
}

const cancelCode = 80_877_102;
const sslCode = 80_877_103;

/**
 * Asks for the running statement of a session to be stopped, by the protocol's own request: it needs no login and no free connection, and a pooler
 * passes it on, which cannot be done with the process id that pg_backend_pid() gives. The request has no answer.
 * @throws Error when the server cannot be reached within the time.
 * @see https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-CANCELING-REQUESTS
 */
export async function requestCancel(host: string, port: number, tls: ConnectionOptions | undefined, key: BackendKey, milliseconds: number): Promise<void> {
  const socket = host.startsWith("/") ? connect(`${host}/.s.PGSQL.${port}`) : connect(port, host);
  await new Promise<void>((resolve, reject) => {
    const opened: Socket[] = [socket];
    const timer = setTimeout(() => { end(new Error("timeout expired")); }, milliseconds);
    const end = (problem?: Error): void => {
      clearTimeout(timer);
      for (const each of opened) each.destroy();
      if (problem === undefined) resolve();
      else reject(problem);
    };
    const ask = (on: Socket): void => {
      on.write(request(cancelCode, key.processID, key.secretKey));
    };
    socket.on("error", end);
    // The server closes the connection when it has passed the request on.
    socket.on("close", () => { end(); });
    socket.on("connect", () => {
      if (tls === undefined) {
        ask(socket);
        return;
      }
      socket.once("data", (answer) => {
        if (answer.toString("latin1") !== "S") {
          end(new Error("the server does not support SSL connections"));
          return;
        }
        const secure = connectSecurely({ ...tls, socket, host, ...(isIP(host) === 0 ? { servername: host } : {}) });
        opened.push(secure);
        secure.on("error", end);
        secure.on("secureConnect", () => { ask(secure); });
      });
      socket.write(request(sslCode));
    });
  });
}

function request(...words: readonly number[]): Buffer {
  const message = Buffer.allocUnsafe(4 + 4 * words.length);
  message.writeInt32BE(message.length, 0);
  for (const [i, word] of words.entries()) message.writeInt32BE(word | 0, 4 + 4 * i);
  return message;
}
