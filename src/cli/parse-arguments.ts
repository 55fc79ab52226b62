import { parseArgs } from "node:util";
import { CutoverError } from "#core/cutover-error.ts";
import type { Arguments, Command } from "./command.ts";

/** Options that every verb has. */
const common = { verbose: { type: "boolean" }, help: { type: "boolean", short: "h" } } as const;

/**
 * Reads a verb's arguments.
 * @throws CutoverError usage, naming the option
 */
export function parseArguments(verb: string, command: Command, argv: readonly string[]): Arguments {
  const usage = (why: string): CutoverError =>
    new CutoverError({ tag: "usage", what: `cutover ${verb} cannot be run like this`, why, next: `Usage: cutover ${verb} ${command.usage}` });
  let parsed: { values: Record<string, unknown>; positionals: string[] };
  try {
    parsed = parseArgs({ args: [...argv], options: { ...command.options, ...common }, allowPositionals: true, strict: true });
  } catch (error) {
    throw usage(error instanceof Error ? error.message : String(error));
  }
  const text = (name: string): string | undefined => {
    const value = parsed.values[name];
    return typeof value === "string" ? value : undefined;
  };
  return {
    positionals: parsed.positionals,
    text,
    flag: (name) => parsed.values[name] === true,
    choice: (name, allowed, otherwise) => {
      const value = text(name);
      if (value === undefined) return otherwise;
      const found = allowed.find((a) => a === value);
      if (found === undefined) throw usage(`--${name} must be one of ${allowed.join(", ")}, not "${value}"`);
      return found;
    },
  };
}
