import type { Phase, ProgressDetail } from "#protocol/progress.ts";
import type { MigrateOptions } from "./migrate-options.ts";

/** Tells what a run does, and keeps what its report says of it. */
export interface RunLog {
  readonly warnings: readonly string[];
  readonly phases: readonly { readonly phase: Phase; readonly seconds: number }[];
  readonly emit: (event: ProgressDetail) => void;
  readonly warn: (phase: Phase, message: string) => void;
  /** The phase that runs. */
  readonly current: () => Phase;
  /** Notes that something was committed: it is worth trying further. */
  readonly advance: () => void;
  /** How often something was committed. */
  readonly advances: () => number;
  /** Does the work of a phase, its begin and end told. */
  readonly phase: <T>(phase: Phase, work: () => Promise<T>) => Promise<T>;
}

export function makeRunLog({ signal, onEvent }: Pick<MigrateOptions, "signal" | "onEvent">): RunLog {
  const warnings: string[] = [];
  const phases: { phase: Phase; seconds: number }[] = [];
  let current: Phase = "plan";
  let advances = 0;
  const emit = (event: ProgressDetail): void => onEvent?.({ version: 1, ...event });
  return {
    warnings,
    phases,
    emit,
    current: () => current,
    advance: () => {
      advances++;
    },
    advances: () => advances,
    warn: (phase, message) => {
      warnings.push(message);
      emit({ kind: "warning", phase, message });
    },
    phase: async (phase, work) => {
      signal?.throwIfAborted();
      current = phase;
      emit({ kind: "phase-start", phase });
      const started = performance.now();
      const result = await work();
      const seconds = (performance.now() - started) / 1000;
      phases.push({ phase, seconds });
      emit({ kind: "phase-end", phase, seconds });
      return result;
    },
  };
}
