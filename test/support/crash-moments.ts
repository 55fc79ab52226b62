import { phases, type Phase, type ProgressEvent } from "#protocol/progress.ts";

/** When a run is to be broken: some time after an event of a phase. */
export interface Moment {
  readonly phase: Phase;
  /** Of the events of the phase, its start among them, the how many-th. */
  readonly event: number;
  /** Milliseconds after it. */
  readonly delay: number;
}

/** How many events of each phase there are to choose from, and how long the phase may take, on a small source. */
const shape: Readonly<Record<Phase, readonly [events: number, milliseconds: number]>> = {
  plan: [1, 2],
  preflight: [1, 20],
  backup: [1, 40],
  "pre-data": [8, 15],
  copy: [8, 60],
  "post-data": [16, 8],
  sequences: [4, 2],
  analyze: [7, 4],
  verify: [7, 4],
};

/** A moment of a phase, by chance. */
export function momentIn(phase: Phase, random: () => number): Moment {
  const [events, milliseconds] = shape[phase];
  return { phase, event: 1 + Math.floor(random() * events), delay: random() * milliseconds };
}

/** Moments that take their turn over all phases. */
export function* moments(random: () => number): Generator<Moment> {
  for (;;) for (const phase of phases) yield momentIn(phase, random);
}

/** Has something done at a moment of a run, once; feed it the run's events. */
export function atMoment(moment: Moment, act: () => void): (event: ProgressEvent) => void {
  let seen = 0;
  return (event) => {
    if (!("phase" in event) || event.phase !== moment.phase || event.kind === "phase-end" || ++seen !== moment.event) return;
    if (moment.delay < 1) act();
    else setTimeout(act, moment.delay);
  };
}

/** The phase that a run was in, by the events that it told: the last that began, unless it ended. */
export function phaseOf(events: readonly ProgressEvent[]): Phase | "between" | "before" | "after" {
  const last = events.findLast((event) => event.kind === "phase-start" || event.kind === "phase-end" || event.kind === "done" || event.kind === "failed");
  if (last === undefined) return "before";
  if (last.kind === "phase-start") return last.phase;
  return last.kind === "phase-end" ? "between" : "after";
}

/** What was told of how many runs were broken where, as one line. */
export function tally(counts: ReadonlyMap<string, number>): string {
  return [...counts].map(([phase, count]) => `${phase} ${count}`).join(", ");
}
