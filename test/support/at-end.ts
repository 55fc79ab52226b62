import { after } from "node:test";

const work: (() => unknown)[] = [];

// Registered when the file is loaded, so that it belongs to the whole test file and not to the suite or hook that asks first.
after(async () => {
  for (const step of work.reverse()) await step();
});

/** Has something done when all tests of the file are over; last asked for, first done. */
export function atEnd(step: () => unknown): void {
  work.push(step);
}
