import { resolve } from "node:path";
import { CutoverError } from "#core/cutover-error.ts";
import type { Config } from "#engine/workspace/config.ts";
import type { Arguments, Io } from "./command.ts";

/** A source and a target, as given by --from and --to or by cutover.json. */
export interface ChosenDatabase {
  /** The SQLite file, absolute. */
  readonly from: string;
  /** As `resolveTarget` reads it. */
  readonly to: string;
}

/**
 * What a verb works on: --from and --to; what is missing comes from cutover.json when it names one database only, or the
 * one whose source is --from.
 * @throws CutoverError usage
 */
export function chosenDatabase(verb: string, args: Arguments, config: Config, io: Io): ChosenDatabase {
  const from = args.text("from");
  const to = args.text("to");
  const configured = config.databases.filter((d) => from === undefined || resolve(io.cwd, d.source) === resolve(io.cwd, from));
  const only = configured.length === 1 ? configured[0] : undefined;
  const source = from ?? only?.source;
  const target = to ?? only?.target;
  if (source !== undefined && target !== undefined) return { from: resolve(io.cwd, source), to: target };
  const missing = source === undefined ? "--from" : "--to";
  throw new CutoverError({
    tag: "usage",
    what: `cutover ${verb} does not know ${missing === "--from" ? "what to read" : "where to go"}`,
    why: config.databases.length > 1 ? `cutover.json names several databases: ${config.databases.map((d) => d.source).join(", ")}` : `${missing} is missing, and cutover.json names no database for it`,
    next: missing === "--from" ? "Pass --from FILE." : "Pass --to embedded, --to env:DATABASE_URL or --to postgres://user@host/database.",
  });
}
