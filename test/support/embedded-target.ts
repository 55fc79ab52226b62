import { atEnd } from "./at-end.ts";
import { join } from "node:path";
import { embeddedTarget as target } from "#engine/postgres/embedded.ts";
import type { PostgresTarget } from "#engine/postgres/session.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** An embedded PostgreSQL with an empty database in a folder of its own, closed and removed when the tests of the file are over. */
export function embeddedTarget(): PostgresTarget {
  const made = target(join(temporaryFolder(), "embedded"), "test");
  atEnd(() => made.close());
  return made;
}
