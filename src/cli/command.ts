import type { ParseArgsOptionsConfig } from "node:util";

/** Where a verb reads and writes; the same for a terminal, a task and a test. */
export interface Io {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whole lines or parts of lines of the verb's result. */
  readonly out: (text: string) => void;
  /** Progress and notes, which are never part of the result. */
  readonly err: (text: string) => void;
  /** What the caller hands in (stdin), as text in UTF-8, part by part. */
  readonly input: () => AsyncIterable<string>;
  /** Whether progress goes to a terminal that can redraw a line. */
  readonly terminal: boolean;
  /** Aborted when the user asks to stop. */
  readonly signal: AbortSignal;
}

/** The options of a call, as given. */
export interface Arguments {
  readonly positionals: readonly string[];
  /** The last value given for an option that takes one. */
  readonly text: (name: string) => string | undefined;
  readonly flag: (name: string) => boolean;
  /** The value of an option that must be one of a few. @throws CutoverError usage */
  readonly choice: <T extends string>(name: string, allowed: readonly T[], otherwise: T) => T;
}

/** One verb of the command line. */
export interface Command {
  /** Behind the verb's name, such as `[PATH…] [--format text|json|sarif]`. */
  readonly usage: string;
  readonly summary: string;
  readonly options: ParseArgsOptionsConfig;
  /** @returns the exit code. @throws CutoverError */
  readonly run: (args: Arguments, io: Io) => Promise<number>;
}
