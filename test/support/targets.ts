import type { PostgresTarget } from "#engine/postgres/session.ts";
import { embeddedTarget } from "./embedded-target.ts";
import { startServer } from "./shared-server.ts";

/** The PostgreSQLs on which the same tests run; each call gives an empty database. */
export const allTargets: readonly { readonly label: string; readonly empty: () => Promise<PostgresTarget> }[] = [
  { label: "embedded", empty: () => Promise.resolve(embeddedTarget()) },
  { label: "PostgreSQL 14", empty: async () => (await (await startServer(14)).newDatabase()).target },
  { label: "PostgreSQL 18", empty: async () => (await (await startServer(18)).newDatabase()).target },
];
