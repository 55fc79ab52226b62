import type { Plan } from "#core/schema/plan.ts";
import { resolveTarget } from "#engine/postgres/resolve-target.ts";
import type { PostgresTarget } from "#engine/postgres/session.ts";
import { readPlan } from "#engine/sqlite/read-plan.ts";
import { loadConfig } from "#engine/workspace/config.ts";
import { loadEnv } from "#engine/workspace/load-env.ts";
import { chosenDatabase } from "./chosen-database.ts";
import type { Arguments, Io } from "./command.ts";

/** A source with its plan and the target it goes to. */
export interface Move {
  /** The SQLite file, absolute. */
  readonly from: string;
  readonly target: PostgresTarget;
  readonly plan: Plan;
  /** Days that backups are kept. */
  readonly backupDays: number;
}

/** The options by which migrate and validate name what they work on. */
export const moveOptions = { from: { type: "string" }, to: { type: "string" }, tables: { type: "string" } } as const;

/**
 * Does a verb's work on what --from and --to name, and closes the target afterwards.
 * @throws CutoverError
 */
export async function withMove<T>(verb: string, args: Arguments, io: Io, work: (move: Move) => Promise<T>): Promise<T> {
  const config = await loadConfig(io.cwd);
  const { from, to } = chosenDatabase(verb, args, config, io);
  const target = await resolveTarget(to, { workspace: io.cwd, env: await loadEnv(io.cwd, io.env), connections: config.connections });
  try {
    const read = await readPlan({ source: from, policies: config.policies, overrides: config.overrides, partitions: config.partitions, schema: config.schema, targetVersion: config.targetVersion, profile: true, signal: io.signal });
    read.close();
    return await work({ from, target, plan: read.plan, backupDays: config.backupDays });
  } finally {
    await target.close();
  }
}

/**
 * Does a verb's work on the target alone that --to names, or cutover.json, and closes it afterwards.
 * @throws CutoverError
 */
export async function withTarget<T>(verb: string, args: Arguments, io: Io, work: (target: PostgresTarget) => Promise<T>): Promise<T> {
  const config = await loadConfig(io.cwd);
  const target = await resolveTarget(args.text("to") ?? chosenDatabase(verb, args, config, io).to, { workspace: io.cwd, env: await loadEnv(io.cwd, io.env), connections: config.connections });
  try {
    return await work(target);
  } finally {
    await target.close();
  }
}

/** The tables that --tables names, undefined without it. */
export function namedTables(args: Arguments): readonly string[] | undefined {
  return args
    .text("tables")
    ?.split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}
