import { resolve } from "node:path";
import { CutoverError } from "#core/cutover-error.ts";
import { resolveTarget } from "#engine/postgres/resolve-target.ts";
import { loadConfig } from "#engine/workspace/config.ts";
import { loadEnv } from "#engine/workspace/load-env.ts";
import type { DatabasePair, Problem, TablePair, TableSide, WorkerMethods } from "#protocol/worker.ts";
import { readSourceTables } from "./source-tables.ts";
import { readTargetTables } from "./target-tables.ts";

/**
 * Opens both sides of one configured pair, counts, and closes them again. A side that fails carries its problem, so that
 * the other one is still shown.
 * @throws CutoverError config-invalid when cutover.json cannot be used or no longer names the pair
 */
export async function database({ root, name, connect }: WorkerMethods["database"]["request"], signal: AbortSignal): Promise<DatabasePair> {
  const config = await loadConfig(root);
  const pair = config.databases.find((configured) => configured.name === name);
  if (pair === undefined) throw new CutoverError({ tag: "config-invalid", what: `cutover.json no longer names "${name}"`, where: root, next: "Refresh the view." });
  const source = await side(() => readSourceTables(resolve(root, pair.source)));
  signal.throwIfAborted();
  let targetName: string | undefined;
  let unfinishedRun = false;
  const target = connect
    ? await side(async () => {
        const resolved = await resolveTarget(pair.target, { workspace: root, env: await loadEnv(root, process.env), connections: config.connections });
        targetName = resolved.name;
        const contents = await readTargetTables(resolved, pair.target, { schema: config.schema, workspace: root }, signal);
        ({ unfinishedRun } = contents);
        return contents.tables;
      })
    : { tables: new Map<string, TableSide>(), problem: untrusted };
  signal.throwIfAborted();
  return {
    name: pair.name,
    source: pair.source,
    target: pair.target,
    targetName,
    unfinishedRun,
    tables: pairTables(source.tables, target.tables),
    sourceProblem: source.problem,
    targetProblem: target.problem,
  };
}

const untrusted: Problem = { tag: "untrusted", what: "The folder is not trusted, so nothing is connected to", next: "Trust the workspace (Workspaces: Manage Workspace Trust) to see the target." };

interface Side {
  readonly tables: ReadonlyMap<string, TableSide>;
  readonly problem: Problem | undefined;
}

async function side(read: () => Promise<ReadonlyMap<string, TableSide>>): Promise<Side> {
  try {
    return { tables: await read(), problem: undefined };
  } catch (error) {
    if (error instanceof CutoverError) return { tables: new Map(), problem: error.toJSON() };
    throw error;
  }
}

/** Pairs tables by exact name, else by the name that PostgreSQL folds it to; what only the target has comes last. */
export function pairTables(source: ReadonlyMap<string, TableSide>, target: ReadonlyMap<string, TableSide>): readonly TablePair[] {
  const left = new Map(target);
  const paired = [...source].map(([name, table]): TablePair => {
    const targetName = left.has(name) ? name : name.toLowerCase();
    const other = left.get(targetName);
    if (other !== undefined) left.delete(targetName);
    return { name, source: table, target: other };
  });
  return [...paired, ...[...left].map(([name, table]): TablePair => ({ name, source: undefined, target: table }))];
}
