import type { Phase, ProgressDetail } from "#protocol/progress.ts";
import type { MigrateOptions } from "./migrate-options.ts";

/** Tells what a run does, and keeps what its report says of it. */
export interface RunLog {
  readonly warnings: readonly string[];
  readonly phases: readonly { readonly phase: Phase; readonly seconds: number }[];
  readonly emit: (event: ProgressDetail) => void;
  readonly warn: (phase: Phase, message: string) => void;
  /** Does the work of a phase, its begin and end told. */
  readonly phase: <T>(phase: Phase, work: () => Promise<T>) => Promise<T>;
}

export function makeRunLog({ signal, onEvent }: Pick<MigrateOptions, "signal" | "onEvent">): RunLog {
  const warnings: string[] = [];
  const phases: { phase: Phase; seconds: number }[] = [];
  const emit = (event: ProgressDetail): void => onEvent?.({ version: 1, ...event });
  return {
    warnings,
    phases,
    emit,
    warn: (phase, message) => {
      warnings.push(message);
      emit({ kind: "warning", phase, message });
    },
    phase: async (phase, work) => {
      signal?.throwIfAborted();
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
