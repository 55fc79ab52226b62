import type { ConfiguredPair } from "#protocol/worker.ts";

/** The verbs of the command line that run as tasks. */
export const taskVerbs = ["scan", "schema", "migrate", "validate"] as const;
export type TaskVerb = (typeof taskVerbs)[number];

/** A task of ours as tasks.json writes it. */
export interface CutoverTask {
  readonly verb: TaskVerb;
  /** The pair's name in cutover.json; not needed where there is one pair only, nor for `scan` and `schema`. */
  readonly database: string | undefined;
  /** Further arguments of the command line. */
  readonly args: readonly string[];
}

/** Reads a task definition; undefined when it is not one of ours. */
export function parseTask(definition: Readonly<Record<string, unknown>>): CutoverTask | undefined {
  const verb = taskVerbs.find((known) => known === definition["verb"]);
  if (verb === undefined) return undefined;
  const { database, args } = definition;
  if (database !== undefined && typeof database !== "string") return undefined;
  if (args !== undefined && !(Array.isArray(args) && args.every((arg) => typeof arg === "string"))) return undefined;
  return { verb, database, args: args ?? [] };
}

/** The pair that a task works on: the one it names, or the only one. */
export function pairOfTask<P extends ConfiguredPair>(task: CutoverTask, pairs: readonly P[]): P | undefined {
  if (task.database !== undefined) return pairs.find((pair) => pair.name === task.database);
  return pairs.length === 1 ? pairs[0] : undefined;
}

/** What the task is called behind `cutover: `. The pair's name is left out where it says nothing. */
export function taskName(task: CutoverTask, pairs: number): string {
  return task.database === undefined || pairs < 2 ? task.verb : `${task.verb} (${task.database})`;
}

/** The command line's arguments; the source and the target stand there as cutover.json has them, which holds no passwords. */
export function cliArguments(task: CutoverTask, pair: ConfiguredPair | undefined): readonly string[] {
  switch (task.verb) {
    case "scan":
      return ["scan", ".", "--format", "text", ...task.args];
    case "schema":
      // Without a name the arguments say the source, or the command line takes the only one.
      return ["schema", ...(task.database === undefined || pair === undefined ? [] : [pair.source]), ...task.args];
    case "migrate":
    case "validate":
      return pair === undefined ? [task.verb, ...task.args] : [task.verb, "--from", pair.source, "--to", pair.target, ...task.args];
  }
}
