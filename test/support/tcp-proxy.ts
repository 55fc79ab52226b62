import { createServer, connect, type Server, type Socket } from "node:net";

/** Which way bytes go: `up` to the server, `down` to the client. */
export type Direction = "up" | "down";

/** A TCP proxy before a server, whose connections can be broken in the ways in which networks break them. */
export interface TcpProxy {
  readonly port: number;
  /** How many connections were taken so far. */
  readonly taken: () => number;
  /** Breaks all connections with a reset on both sides. */
  readonly reset: () => void;
  /** Lets nothing through any more on the connections that there are, and tells nobody: both sides believe that the other one is there. */
  readonly freeze: () => void;
  /** Breaks the connection over which `bytes` more went in a direction: what is beyond them is lost. New connections count, too. */
  readonly cutAfter: (direction: Direction, bytes: number, how: "reset" | "freeze") => void;
  /** Undoes what is armed by `cutAfter`. */
  readonly disarm: () => void;
  readonly close: () => Promise<void>;
}

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
  frozen: boolean;
}

/** Starts a proxy on a port of its own before one of 127.0.0.1. */
export async function startProxy(behind: number): Promise<TcpProxy> {
  const pairs = new Set<Pair>();
  let taken = 0;
  let armed: { readonly direction: Direction; left: number; readonly how: "reset" | "freeze" } | undefined;
  const breakPair = (pair: Pair): void => {
    pair.client.resetAndDestroy();
    pair.server.resetAndDestroy();
  };
  const pass = (pair: Pair, direction: Direction, from: Socket, to: Socket): void => {
    from.on("data", (data) => {
      if (pair.frozen) return;
      if (armed?.direction === direction) {
        if (data.length > armed.left) {
          const { left, how } = armed;
          armed = undefined;
          if (left > 0) to.write(data.subarray(0, left));
          if (how === "freeze") pair.frozen = true;
          // What was written before is to arrive.
          else setTimeout(() => { breakPair(pair); }, 5);
          if (how === "reset") pair.frozen = true;
          return;
        }
        armed.left -= data.length;
      }
      if (!to.write(data)) {
        from.pause();
        to.once("drain", () => from.resume());
      }
    });
    from.on("end", () => { if (!pair.frozen) to.end(); });
    from.on("close", () => {
      pairs.delete(pair);
      if (!pair.frozen) to.destroy();
    });
    from.on("error", () => { if (!pair.frozen) to.destroy(); });
  };
  const frozen: Pair[] = [];
  const listener: Server = createServer({ allowHalfOpen: true }, (client) => {
    taken++;
    const pair: Pair = { client, server: connect({ port: behind, host: "127.0.0.1", allowHalfOpen: true }), frozen: false };
    pairs.add(pair);
    frozen.push(pair);
    client.setNoDelay(true);
    pair.server.setNoDelay(true);
    pass(pair, "up", client, pair.server);
    pass(pair, "down", pair.server, client);
  });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const address = listener.address();
  if (address === null || typeof address === "string") throw new Error("no TCP port");
  return {
    port: address.port,
    taken: () => taken,
    reset: () => { for (const pair of pairs) breakPair(pair); },
    freeze: () => { for (const pair of pairs) pair.frozen = true; },
    cutAfter: (direction, bytes, how) => { armed = { direction, left: bytes, how }; },
    disarm: () => { armed = undefined; },
    close: async () => {
      for (const pair of frozen) breakPair(pair);
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}
