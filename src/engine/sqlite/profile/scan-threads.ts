import { Worker } from "node:worker_threads";
import type { TextEncoding } from "#engine/migrate/sqlite-cell.ts";
import { fromThreadProblem, type ThreadProblem } from "../../thread-problem.ts";
import type { ChunkScanner } from "./profile.ts";
import type { Chunk, ScannedChunk, ScannedTable } from "./scan-table.ts";

/** What is posted to a thread: first what it reads, then pieces of it. */
export type ToProfileWorker =
  | { readonly kind: "open"; readonly path: string; readonly tables: readonly ScannedTable[]; readonly encoding: TextEncoding }
  | { readonly kind: "chunk"; readonly table: number; readonly chunk: Chunk };

/** What a thread answers, in the order in which it was asked. */
export type FromProfileWorker =
  | { readonly kind: "chunk"; readonly chunk: ScannedChunk }
  | ({ readonly kind: "problem" } & ThreadProblem);

/** Chunks that each thread has at a time, so that it need not wait for the next. */
const ahead = 2;

interface Thread {
  readonly worker: Worker;
  readonly waiting: { readonly resolve: (chunk: ScannedChunk) => void; readonly reject: (problem: Error) => void }[];
}

/** Threads that read one file, each through a connection of its own. A problem in one is the end of all. */
export function scanThreads(path: string, tables: readonly ScannedTable[], encoding: TextEncoding, count: number): ChunkScanner {
  const entry = new URL(import.meta.url.endsWith(".ts") ? "./profile-worker.ts" : "./profile-worker.js", import.meta.url);
  let broken: Error | undefined;
  const post = (thread: Thread, message: ToProfileWorker): void => { thread.worker.postMessage(message); };
  const fail = (problem: Error): void => {
    broken ??= problem;
    for (const { waiting } of threads) for (const { reject } of waiting.splice(0)) reject(broken);
  };
  const threads = Array.from({ length: count }, (): Thread => {
    const thread: Thread = { worker: new Worker(entry, { name: "cutover-profile" }), waiting: [] };
    thread.worker.on("message", (answer: FromProfileWorker) => {
      if (answer.kind === "chunk") thread.waiting.shift()?.resolve(answer.chunk);
      else fail(fromThreadProblem(answer));
    });
    thread.worker.on("error", (problem) => { fail(problem instanceof Error ? problem : new Error(String(problem))); });
    thread.worker.on("exit", () => { fail(new Error("a thread that read the database ended")); });
    post(thread, { kind: "open", path, tables, encoding });
    return thread;
  });
  return {
    lanes: count * ahead,
    scan: (table, chunk) =>
      new Promise((resolve, reject) => {
        const free = threads.toSorted((a, b) => a.waiting.length - b.waiting.length)[0];
        if (broken !== undefined || free === undefined) {
          reject(broken ?? new Error("there is no thread to read the database"));
          return;
        }
        free.waiting.push({ resolve, reject });
        post(free, { kind: "chunk", table, chunk });
      }),
    close() {
      for (const { worker } of threads) void worker.terminate();
      fail(new Error("the profile was ended"));
    },
  };
}
