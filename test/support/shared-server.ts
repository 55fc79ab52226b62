import { atEnd } from "./at-end.ts";
import { start, type Major, type TestServer } from "./postgres-server.ts";

const running = new Map<Major, Promise<TestServer>>();

/** Gives the process's server of a major version, started on first use and stopped when the tests of the file are over. */
export function startServer(major: Major): Promise<TestServer> {
  let server = running.get(major);
  if (server === undefined) {
    server = start(major);
    running.set(major, server);
    atEnd(async () => {
      running.delete(major);
      await (await server)?.stop();
    });
  }
  return server;
}
