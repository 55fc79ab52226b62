import { Worker } from "node:worker_threads";
import { CutoverError } from "#core/cutover-error.ts";
import type { IntegrityAnswer, IntegrityQuestion } from "./integrity-worker.ts";

/** What came of looking for damage: nothing may be written before it is known. */
export interface Integrity {
  readonly problem: CutoverError | undefined;
  readonly warnings: readonly string[];
}

/** A check under way. `stop` ends it early; `done` then never settles. */
export interface IntegrityCheck {
  readonly done: Promise<Integrity>;
  readonly stop: () => void;
}

/** Begins to look for damage in a database, in a thread of its own: it costs about as much as reading the file and its indexes once. */
export function startIntegrityCheck(question: IntegrityQuestion): IntegrityCheck {
  const entry = new URL(import.meta.url.endsWith(".ts") ? "./integrity-worker.ts" : "./integrity-worker.js", import.meta.url);
  const worker = new Worker(entry, { name: "cutover-integrity" });
  worker.postMessage(question);
  const done = new Promise<Integrity>((resolve, reject) => {
    worker.on("message", (answer: IntegrityAnswer) => {
      if ("problem" in answer) {
        resolve({ problem: new CutoverError(answer.problem), warnings: [] });
        return;
      }
      const { lines, warnings } = answer.damage;
      resolve({ problem: lines.length === 0 ? undefined : damaged(question.name, lines), warnings });
    });
    worker.on("error", (cause) => { reject(cause instanceof Error ? cause : new Error(String(cause))); });
  });
  // Whoever waits for it hears of it; a run that has failed meanwhile does not.
  done.catch(() => undefined);
  return { done, stop: () => void worker.terminate() };
}

function damaged(name: string, lines: readonly string[]): CutoverError {
  return new CutoverError({
    tag: "source-unreadable",
    what: "The source is damaged",
    where: name,
    why: lines.join("\n"),
    next: "Where only indexes are named, REINDEX mends them; else recover it with `sqlite3 FILE .recover` into a new file, or take a backup.",
  });
}
