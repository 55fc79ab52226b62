import { Worker } from "node:worker_threads";
import type { Problem, WorkerAnswer, WorkerCall, WorkerMessage, WorkerMethod, WorkerMethods, WorkerNews, WorkerReply, WorkProgress } from "#protocol/worker.ts";

/** Asks the engine, off the extension host's thread. */
export interface WorkerClient {
  /**
   * Sends one request and waits for its answer.
   * @param progress told how far a long request has come
   * @throws WorkerFailure when the engine fails, the time is over, or the worker dies
   * @throws Cancelled when `signal` is aborted
   */
  ask<M extends WorkerMethod>(method: M, request: WorkerMethods[M]["request"], signal?: AbortSignal, progress?: (news: WorkProgress) => void): Promise<WorkerMethods[M]["answer"]>;
  /** Resolves when no request of the method is under way in the worker, cancelled ones included. */
  idle(method: WorkerMethod): Promise<void>;
  dispose(): void;
}

/** A failure that a person is told about. */
export class WorkerFailure extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.what);
    this.name = "WorkerFailure";
    this.problem = problem;
  }
}

/** Nobody wants the answer any more; callers swallow it. */
export class Cancelled extends Error {
  constructor() {
    super("cancelled");
    this.name = "Cancelled";
  }
}

/** Milliseconds without an answer or news until a request is given up. The first one of a thread also pays for loading its drivers and grammars. */
const timeLimits: Record<WorkerMethod, number> = { analyze: 30_000, configuration: 10_000, database: 45_000, schema: 120_000, profile: 600_000, schemaText: 120_000, schemaTarget: 45_000, override: 10_000, scan: 600_000, fixes: 600_000, ignore: 60_000, turnOff: 10_000, preview: 30_000, trial: 180_000, proofs: 180_000 };

/** Milliseconds that the worker has to answer a request given up, before its thread is taken for stuck and ended. */
const grace = 5_000;

/** Which thread serves a method: neither a stuck connection nor a look at every file may stop the findings of what is typed. */
const lanes = {
  analyze: "analysis",
  configuration: "analysis",
  ignore: "analysis",
  turnOff: "analysis",
  preview: "analysis",
  scan: "workspace",
  fixes: "workspace",
  database: "databases",
  schema: "schemas",
  profile: "schemas",
  schemaText: "schemas",
  schemaTarget: "databases",
  override: "analysis",
  trial: "engines",
  proofs: "engines",
} as const satisfies Record<WorkerMethod, string>;
type Lane = (typeof lanes)[WorkerMethod];

interface Pending<M extends WorkerMethod> {
  readonly resolve: (answer: WorkerMethods[M]["answer"]) => void;
  readonly reject: (error: Error) => void;
  readonly progress: (news: WorkProgress) => void;
}

/**
 * Makes a client of the worker at `path`. Its threads start with the first request of their lane and are started anew
 * after they end; `log` gets what a developer of Cutover would want to know.
 */
export function createWorkerClient(path: string, log: (message: string) => void): WorkerClient {
  const threads = new Map<Lane, Worker>();
  const pending: { readonly [M in WorkerMethod]: Map<number, Pending<M>> } = {
    analyze: new Map(),
    configuration: new Map(),
    ignore: new Map(),
    turnOff: new Map(),
    preview: new Map(),
    scan: new Map(),
    fixes: new Map(),
    database: new Map(),
    schema: new Map(),
    profile: new Map(),
    schemaText: new Map(),
    schemaTarget: new Map(),
    override: new Map(),
    trial: new Map(),
    proofs: new Map(),
  };
  const idleWaits: { readonly method: WorkerMethod; readonly done: () => void }[] = [];
  let lastId = 0;
  let disposed = false;

  const settle = <M extends WorkerMethod>(reply: WorkerReply<M>): void => {
    const entry = pending[reply.method].get(reply.id);
    if (entry === undefined) return;
    pending[reply.method].delete(reply.id);
    if (reply.ok) entry.resolve(reply.answer);
    else {
      if (reply.stack !== undefined) log(reply.stack);
      entry.reject(new WorkerFailure(reply.error));
    }
    wakeIdle();
  };

  const wakeIdle = (): void => {
    for (const wait of idleWaits.filter((w) => pending[w.method].size === 0)) {
      idleWaits.splice(idleWaits.indexOf(wait), 1);
      wait.done();
    }
  };

  const ended = (lane: Lane, thread: Worker, why: string): void => {
    if (threads.get(lane) !== thread) return;
    threads.delete(lane);
    if (!disposed) log(`worker thread "${lane}" ended: ${why}`);
    for (const method of methodsOf(lane)) {
      for (const entry of pending[method].values()) entry.reject(new WorkerFailure({ tag: "internal", what: "The engine stopped", why, next: "Try again; the log has the details." }));
      pending[method].clear();
    }
    wakeIdle();
  };

  const threadOf = (lane: Lane): Worker => {
    const running = threads.get(lane);
    if (running !== undefined) return running;
    const thread = new Worker(path, { name: `cutover-${lane}` });
    threads.set(lane, thread);
    thread.on("message", (message: WorkerAnswer | WorkerNews) => {
      if ("progress" in message) pending[message.method].get(message.id)?.progress(message.progress);
      else settle(message);
    });
    thread.on("error", (error: unknown) => {
      ended(lane, thread, error instanceof Error ? (error.stack ?? error.message) : String(error));
    });
    thread.on("exit", (code) => {
      ended(lane, thread, `exit code ${code}`);
    });
    return thread;
  };

  const post = (thread: Worker, message: WorkerMessage): void => {
    thread.postMessage(message);
  };

  const send = <M extends WorkerMethod>(thread: Worker, call: WorkerCall<M>): void => {
    thread.postMessage(call);
  };

  return {
    ask(method, request, signal, progress) {
      if (disposed || signal?.aborted === true) return Promise.reject(new Cancelled());
      const lane = lanes[method];
      const thread = threadOf(lane);
      const id = ++lastId;
      return new Promise((resolve, reject) => {
        let over = false;
        const stopListening = (): void => {
          over = true;
          clearTimeout(timer);
          signal?.removeEventListener("abort", cancel);
        };
        const cancel = (): void => {
          stopListening();
          post(thread, { cancel: id });
          reject(new Cancelled());
        };
        const giveUp = (): void => {
          stopListening();
          post(thread, { cancel: id });
          reject(
            new WorkerFailure({
              tag: "internal",
              what: `No answer within ${timeLimits[method] / 1000} seconds`,
              why: lanes[method] === "databases" || lanes[method] === "schemas" || lanes[method] === "engines" ? "the database or the server is slow or stuck" : "the engine is busy",
              next: "Try again; if it stays so, look into the log.",
            }),
          );
          setTimeout(() => {
            if (!pending[method].has(id)) return;
            log(`"${method}" did not stop within ${grace / 1000} s of its time limit; ending its thread`);
            void thread.terminate();
          }, grace).unref();
        };
        let timer = setTimeout(giveUp, timeLimits[method]);
        signal?.addEventListener("abort", cancel, { once: true });
        pending[method].set(id, {
          progress(news) {
            if (over) return;
            clearTimeout(timer);
            timer = setTimeout(giveUp, timeLimits[method]);
            progress?.(news);
          },
          resolve(answer) {
            stopListening();
            resolve(answer);
          },
          reject(error) {
            stopListening();
            reject(error);
          },
        });
        send(thread, { id, method, request });
      });
    },
    idle(method) {
      if (pending[method].size === 0) return Promise.resolve();
      return new Promise((done) => {
        idleWaits.push({ method, done });
      });
    },
    dispose() {
      disposed = true;
      for (const [lane, thread] of [...threads]) {
        ended(lane, thread, "Cutover is being deactivated");
        void thread.terminate();
      }
    },
  };
}

const methodNames = Object.keys(lanes) as WorkerMethod[];

function methodsOf(lane: Lane): readonly WorkerMethod[] {
  return methodNames.filter((method) => lanes[method] === lane);
}
