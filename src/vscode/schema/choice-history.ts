/** A choice of type as it was made: what cutover.json said before and says after; undefined where it said nothing. */
export interface ChoiceStep {
  readonly table: string;
  readonly column: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** The choices of one panel, to be undone and made again. */
export interface ChoiceHistory {
  /** Adds a choice; what had been undone is forgotten. One that changes nothing is none. */
  add(step: ChoiceStep): void;
  /** The choice that an undo would take back, without taking it. */
  readonly undoable: () => ChoiceStep | undefined;
  readonly redoable: () => ChoiceStep | undefined;
  /** Moves over the last choice, once it has been taken back. */
  undone(): void;
  redone(): void;
}

export function choiceHistory(): ChoiceHistory {
  const steps: ChoiceStep[] = [];
  let made = 0;
  return {
    add(step) {
      if (step.before === step.after) return;
      steps.splice(made, steps.length, step);
      made = steps.length;
    },
    undoable: () => steps[made - 1],
    redoable: () => steps[made],
    undone() {
      made = Math.max(0, made - 1);
    },
    redone() {
      made = Math.min(steps.length, made + 1);
    },
  };
}
