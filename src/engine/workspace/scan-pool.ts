import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { CutoverError } from "#core/cutover-error.ts";
import type { Mode } from "#core/rules/mode.ts";
import type { Config } from "./config.ts";
import type { FoundAdapter } from "./find-adapter.ts";
import type { FileResult, FileTask } from "./scan-file.ts";
import type { SchemaAtHand } from "./schema-at-hand.ts";

/** What the threads scan with: plain data. */
export interface PoolContext {
  /** Contexts of one name are the same. */
  readonly name: string;
  readonly config: Config;
  readonly mode: Mode;
  readonly schema: Pick<SchemaAtHand, "source" | "path" | "plan"> | undefined;
  readonly adapters: readonly FoundAdapter[];
}

/** What is posted to a thread. The first message makes it ready; `id`s start at 1. */
export type ToScanWorker =
  | { readonly kind: "context"; readonly context: PoolContext; readonly state: SharedArrayBuffer }
  | { readonly kind: "chunk"; readonly tasks: readonly (readonly [id: number, task: FileTask])[] };

/** What a thread answers: results as they come, and that its chunk is done; or that it cannot be made ready. */
export type FromScanWorker =
  | { readonly kind: "results"; readonly results: readonly (readonly [id: number, result: FileResult])[]; readonly done: boolean }
  | { readonly kind: "broken"; readonly why: string };

/** The two cells of a thread's shared state. */
export const stateCells = { file: 0, loading: 1 } as const;

/** Threads that scan files, each with its own parsers. They keep no process alive. */
export interface ScanPool {
  /**
   * Scans files in no order; `onResult` gets each one's result by its index. A file that takes too long or too much memory ends its thread,
   * and its own result says so.
   * @throws CutoverError internal when threads cannot be started; the signal's reason when aborted
   */
  run(context: PoolContext, tasks: readonly FileTask[], sizes: readonly number[], onResult: (index: number, result: FileResult) => void, signal?: AbortSignal): Promise<void>;
  dispose(): void;
}

export interface ScanPoolOptions {
  /** How many threads at most; as many as there are processors, and at most 4, unless given. */
  readonly threads?: number;
  /** Megabytes of JavaScript's memory that one thread may have. */
  readonly memory?: number;
}

/** So much source is worth a thread of its own, which takes a tenth of a second to start. */
const bytesPerThread = 1_500_000;
/** A thread is given files of about so many bytes at a time. */
const chunkBytes = 400_000;
const chunkFiles = 64;
/** How much longer a file may take while the whole process uses less of its processors than the file alone might. */
const atRest = 10;
/** Milliseconds between two looks at the clock. */
const watch = 50;
/** Milliseconds that loading a grammar, or starting, may take. */
const patience = 60_000;
/** Milliseconds after which threads with nothing to do are ended. */
const idle = 60_000;

interface Thread {
  readonly worker: Worker;
  readonly state: Int32Array;
  context: string;
  /** What it was given and has not answered. */
  readonly open: Map<number, FileTask>;
  /** What its state showed when it was last looked at, and since when. */
  seen: string;
  since: number;
  /** What the process had used of its processors then, in milliseconds. */
  used: number;
  /** Why it is being ended. */
  verdict: string | undefined;
}

interface Run {
  readonly context: PoolContext;
  readonly queue: number[];
  readonly tasks: readonly FileTask[];
  readonly sizes: readonly number[];
  readonly onResult: (index: number, result: FileResult) => void;
  left: number;
  readonly finish: (error?: Error) => void;
}

/** Milliseconds of processors that this process has used. */
function used(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Makes a pool; its threads start with the first run. */
export function createScanPool(options: ScanPoolOptions = {}): ScanPool {
  const most = Math.max(1, options.threads ?? Math.min(4, availableParallelism()));
  const entry = new URL(import.meta.url.endsWith(".ts") ? "./scan-worker.ts" : "./scan-worker.js", import.meta.url);
  const threads = new Set<Thread>();
  let run: Run | undefined;
  let before: Promise<void> = Promise.resolve();
  let disposed = false;
  let idleTimer: NodeJS.Timeout | undefined;
  let failedStarts = 0;

  const start = (): Thread => {
    const state = new SharedArrayBuffer(8);
    const worker = new Worker(entry, { name: "cutover-scan", resourceLimits: { maxOldGenerationSizeMb: options.memory ?? 2048, stackSizeMb: 8 } });
    const thread: Thread = { worker, state: new Int32Array(state), context: "", open: new Map(), seen: "", since: performance.now(), used: used(), verdict: undefined };
    threads.add(thread);
    worker.unref();
    worker.on("message", (message: FromScanWorker) => {
      if (message.kind === "broken") {
        thread.verdict = message.why;
        failedStarts = Infinity;
        void worker.terminate();
        return;
      }
      failedStarts = 0;
      for (const [id, result] of message.results) settle(thread, id, result);
      if (message.done) give(thread);
    });
    worker.on("error", (error: unknown) => {
      thread.verdict ??= error instanceof Error && "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY" ? "it needs more memory than a scan may have" : `the scan broke on it: ${error instanceof Error ? error.message : String(error)}`;
    });
    worker.on("exit", () => {
      ended(thread);
    });
    return thread;
  };

  const settle = (thread: Thread, id: number, result: FileResult): void => {
    if (run === undefined || !thread.open.delete(id)) return;
    run.left--;
    run.onResult(id - 1, result);
    if (run.left === 0) run.finish();
  };

  /** Gives a thread its next files. */
  const give = (thread: Thread): void => {
    if (run === undefined || run.queue.length === 0) return;
    const { context, queue, tasks, sizes } = run;
    if (thread.context !== context.name) {
      thread.context = context.name;
      post(thread, { kind: "context", context, state: thread.state.buffer as SharedArrayBuffer });
    }
    const chunk: [number, FileTask][] = [];
    let bytes = 0;
    // The last chunks are smaller, so that the threads end together.
    const most = Math.max(1, Math.min(chunkFiles, Math.ceil(queue.length / (2 * threads.size))));
    while (chunk.length < most && bytes < chunkBytes) {
      const index = queue.pop();
      const task = index === undefined ? undefined : tasks[index];
      if (index === undefined || task === undefined) break;
      chunk.push([index + 1, task]);
      thread.open.set(index + 1, task);
      bytes += sizes[index] ?? 0;
    }
    thread.since = performance.now();
    thread.used = used();
    post(thread, { kind: "chunk", tasks: chunk });
  };

  const post = (thread: Thread, message: ToScanWorker): void => {
    thread.worker.postMessage(message);
  };

  const ended = (thread: Thread): void => {
    threads.delete(thread);
    if (run === undefined || disposed || thread.open.size === 0) return;
    const culprit = Atomics.load(thread.state, stateCells.file);
    const why = thread.verdict ?? "its thread ended";
    if (thread.open.has(culprit)) settle(thread, culprit, { outcome: { kind: "failed", reason: why }, stamp: undefined });
    else if (++failedStarts > 2) {
      run.finish(new CutoverError({ tag: "internal", what: "the threads that scan cannot be started", why, next: "Please report this." }));
      return;
    }
    giveAway(thread);
  };

  /** What a thread had not come to when it ended is another's. */
  const giveAway = (thread: Thread): void => {
    if (run === undefined) return;
    for (const id of thread.open.keys()) run.queue.push(id - 1);
    thread.open.clear();
    if (run.queue.length > 0) give(start());
  };

  const look = (): void => {
    if (run === undefined) return;
    const now = performance.now();
    for (const thread of threads) {
      if (thread.open.size === 0 || thread.verdict !== undefined) continue;
      const loading = Atomics.load(thread.state, stateCells.loading) !== 0;
      const file = Atomics.load(thread.state, stateCells.file);
      const seen = `${file}:${loading}`;
      if (seen !== thread.seen) {
        thread.seen = seen;
        thread.since = now;
        thread.used = used();
      } else {
        const seconds = loading || file === 0 ? patience / 1000 : run.context.config.limits.maxFileSeconds;
        // On a machine that is busy with other things a file does not get the time that goes by.
        if (now - thread.since <= seconds * 1000 * (used() - thread.used > seconds * 1000 ? 1 : atRest)) continue;
        thread.verdict = `it took longer than ${seconds} s`;
        void thread.worker.terminate();
      }
    }
  };

  const stop = (): void => {
    for (const { worker, open } of threads) {
      // It ends later, when another run may be under way: what it still had is none of that one's.
      open.clear();
      void worker.terminate();
    }
    threads.clear();
  };

  const runNow = (context: PoolContext, tasks: readonly FileTask[], sizes: readonly number[], onResult: Run["onResult"], signal: AbortSignal | undefined): Promise<void> => {
    signal?.throwIfAborted();
    if (disposed) throw new CutoverError({ tag: "internal", what: "the scan's threads were ended before it began", next: "Try again." });
    if (tasks.length === 0) return Promise.resolve();
    clearTimeout(idleTimer);
    return new Promise((resolve, reject) => {
      const timer = setInterval(look, watch);
      const abort = (): void => run?.finish(signal?.reason instanceof Error ? signal.reason : new Error("the scan was ended"));
      signal?.addEventListener("abort", abort, { once: true });
      // The last index is the first to be taken.
      const queue = Array.from(tasks.keys()).reverse();
      run = {
        context,
        queue,
        tasks,
        sizes,
        onResult,
        left: tasks.length,
        finish(error) {
          clearInterval(timer);
          signal?.removeEventListener("abort", abort);
          run = undefined;
          if (error === undefined) {
            idleTimer = setTimeout(stop, idle).unref();
            resolve();
          } else {
            // What is under way is nobody's any more.
            stop();
            reject(error);
          }
        },
      };
      failedStarts = 0;
      const wanted = Math.min(most, tasks.length, Math.max(1, Math.ceil(sizes.reduce((sum, size) => sum + size, 0) / bytesPerThread)));
      while (threads.size < wanted) start();
      for (const thread of [...threads]) give(thread);
    });
  };

  return {
    run(context, tasks, sizes, onResult, signal) {
      const done = before.then(() => runNow(context, tasks, sizes, onResult, signal));
      before = done.catch(() => undefined);
      return done;
    },
    dispose() {
      disposed = true;
      clearTimeout(idleTimer);
      run?.finish(new CutoverError({ tag: "internal", what: "the scan was ended", next: "Scan again." }));
      stop();
    },
  };
}
