/** A thread of the scan's pool: takes files and answers with what they hold. It owns its parsers and keeps nothing between two files. */
import { parentPort } from "node:worker_threads";
import type { AnalysisBasis } from "./analyze-text.ts";
import { basisOf } from "./pool-basis.ts";
import { scanFile, type FileResult } from "./scan-file.ts";
import { stateCells, type FromScanWorker, type ToScanWorker } from "./scan-pool.ts";

/** Milliseconds after which results are handed over, so that little is lost when a later file ends the thread. */
const handOver = 30;

let basis: AnalysisBasis | undefined;
let state: Int32Array = new Int32Array(2);
let turn: Promise<void> = Promise.resolve();

parentPort?.on("message", (message: ToScanWorker) => {
  turn = turn.then(() => handle(message)).catch((error: unknown) => {
    post({ kind: "broken", why: error instanceof Error ? error.message : String(error) });
  });
});

async function handle(message: ToScanWorker): Promise<void> {
  if (message.kind === "context") {
    state = new Int32Array(message.state);
    Atomics.store(state, stateCells.loading, 1);
    basis = await basisOf(message.context);
    Atomics.store(state, stateCells.loading, 0);
    return;
  }
  if (basis === undefined) throw new Error("a chunk came before its context");
  let results: [number, FileResult][] = [];
  let since = performance.now();
  for (const [id, task] of message.tasks) {
    Atomics.store(state, stateCells.file, id);
    const result = await scanFile(task, basis, (stage) => {
      Atomics.store(state, stateCells.loading, stage === "loading" ? 1 : 0);
    });
    results.push([id, result]);
    if (performance.now() - since > handOver) {
      post({ kind: "results", results, done: false });
      results = [];
      since = performance.now();
    }
  }
  Atomics.store(state, stateCells.file, 0);
  post({ kind: "results", results, done: true });
}

function post(message: FromScanWorker): void {
  parentPort?.postMessage(message);
}
