/**
 * The worker's entry: answers the extension host's requests off its thread. It owns the loaded drivers and grammars, and
 * keeps no database open between two requests, but for the one that statements are tried on (proof-server.ts), for some minutes.
 */
import { parentPort } from "node:worker_threads";
import { CutoverError } from "#core/cutover-error.ts";
import type { Problem, WorkerCall, WorkerNews, WorkProgress, WorkerMessage, WorkerMethod, WorkerMethods, WorkerReply } from "#protocol/worker.ts";

type Handler<M extends WorkerMethod> = (request: WorkerMethods[M]["request"], signal: AbortSignal, progress: (news: WorkProgress) => void) => Promise<WorkerMethods[M]["answer"]>;

/** One handler for each method. Each is loaded with its first request: findings need no driver, databases no grammar. */
const handlers: { readonly [M in WorkerMethod]: Handler<M> } = {
  analyze: async (request, signal) => (await import("./analyze.ts")).analyze(request, signal),
  configuration: async (request) => (await import("./configuration.ts")).configuration(request),
  database: async (request, signal) => (await import("./database.ts")).database(request, signal),
  scan: async (request, signal, progress) => (await import("./scan.ts")).scan(request, signal, progress),
  fixes: async (request, signal, progress) => (await import("./scan.ts")).fixes(request, signal, progress),
  ignore: async (request) => (await import("./ignore.ts")).ignore(request),
  turnOff: async (request) => (await import("./turn-off.ts")).turnOff(request),
  preview: async (request) => (await import("./preview.ts")).preview(request),
  trial: async (request, signal) => (await import("./trial.ts")).trial(request, signal),
  proofs: async (request, signal) => (await import("./proofs.ts")).proofs(request, signal),
  schema: async (request) => (await import("./schema.ts")).schema(request),
  profile: async (request, signal, progress) => (await import("./schema.ts")).profile(request, signal, progress),
  schemaText: async (request) => (await import("./schema.ts")).schemaText(request),
  schemaTarget: async (request) => (await import("./schema.ts")).schemaTarget(request),
  override: async (request) => (await import("./schema.ts")).override(request),
};

const underWay = new Map<number, AbortController>();

parentPort?.on("message", (message: WorkerMessage) => {
  if ("cancel" in message) underWay.get(message.cancel)?.abort();
  else void serve(message);
});

async function serve<M extends WorkerMethod>(call: WorkerCall<M>): Promise<void> {
  const controller = new AbortController();
  underWay.set(call.id, controller);
  const reply = await answer(call, controller.signal);
  underWay.delete(call.id);
  parentPort?.postMessage(reply);
}

async function answer<M extends WorkerMethod>({ id, method, request }: WorkerCall<M>, signal: AbortSignal): Promise<WorkerReply<M>> {
  try {
    // Messages that already wait are looked at first, so that a request is not begun whose cancellation is next in line.
    await new Promise(setImmediate);
    signal.throwIfAborted();
    return { id, method, ok: true, answer: await handlers[method](request, signal, (progress) => { parentPort?.postMessage({ id, method, progress } satisfies WorkerNews); }) };
  } catch (error) {
    if (error instanceof CutoverError) return { id, method, ok: false, error: error.toJSON() };
    return { id, method, ok: false, error: unforeseen(error), ...(signal.aborted || !(error instanceof Error) || error.stack === undefined ? {} : { stack: error.stack }) };
  }
}

function unforeseen(error: unknown): Problem {
  return { tag: "internal", what: "Something unforeseen happened", why: error instanceof Error ? error.message : String(error), next: "The log has the details (Cutover: Show Log)." };
}
