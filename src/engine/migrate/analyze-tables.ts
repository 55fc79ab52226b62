import { targetRelation } from "#core/schema/target-names.ts";
import { postgresQualified } from "#core/sql/postgres-identifier.ts";
import { onAll, type Work } from "./work.ts";

/**
 * Has the target look at the rows of every table, so that its plans are good from the first query on.
 * @param done the tables that were looked at; it grows.
 * @throws PostgresFailure
 */
export async function analyzeTables({ options, log, connections, selection }: Work, done: Set<string>): Promise<void> {
  const { plan, signal } = options;
  const queue = selection.tables.filter(({ name }) => !done.has(name));
  await onAll(connections, async (on) => {
    for (let table = queue.shift(); table !== undefined; table = queue.shift()) {
      signal?.throwIfAborted();
      await on.query(`ANALYZE ${postgresQualified(plan.schema, targetRelation(plan.names, table.name))}`);
      done.add(table.name);
      log.advance();
      log.emit({ kind: "step", phase: "analyze", name: table.name, done: done.size, of: selection.tables.length });
    }
  });
}
