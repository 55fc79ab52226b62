import { runStep, sequenceStatements } from "./finish-tables.ts";
import { stepsDone } from "./journal.ts";
import type { Work } from "./work.ts";

/** Sets the sequence of every generated key behind the last key that was given out. @throws PostgresFailure */
export async function setSequences({ options, log, connections, run, snapshot, selection }: Work): Promise<void> {
  const statements = sequenceStatements(snapshot, options.plan, selection);
  const done = await stepsDone(connections.main(), run);
  for (const [i, { name, sql }] of statements.entries()) {
    if (done.has(name)) continue;
    await runStep(connections.main(), run, name, sql);
    log.advance();
    log.emit({ kind: "step", phase: "sequences", name, done: i + 1, of: statements.length });
  }
}
