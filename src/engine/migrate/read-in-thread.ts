import { Worker } from "node:worker_threads";
import { fromThreadProblem, type ThreadProblem } from "../thread-problem.ts";
import type { ChunkSource } from "./chunk-source.ts";
import type { CopiedTable } from "./copied-table.ts";
import type { Chunk } from "./table-reader.ts";

/** What is posted to a reading thread. Streams have numbers, so that a chunk of one that was left early is known. */
export type ToReader =
  | { readonly kind: "open"; readonly path: string }
  | { readonly kind: "begin"; readonly stream: number; readonly table: CopiedTable; readonly from: bigint | undefined; readonly to: bigint | undefined }
  | { readonly kind: "pull" | "end"; readonly stream: number };

/** What a thread answers: a chunk, or undefined behind the last one, for each pull. */
export type FromReader =
  | { readonly kind: "chunk"; readonly stream: number; readonly chunk: Chunk | undefined }
  | ({ readonly kind: "problem" } & ThreadProblem);

/** Chunks that are read ahead of their being sent. */
const ahead = 2;

/** Reads a file on a thread of its own, some chunks ahead. */
export function readInThread(path: string): ChunkSource {
  const entry = new URL(import.meta.url.endsWith(".ts") ? "./reader-worker.ts" : "./reader-worker.js", import.meta.url);
  const worker = new Worker(entry, { name: "cutover-reader" });
  const post = (message: ToReader): void => { worker.postMessage(message); };
  let streams = 0;
  let broken: Error | undefined;
  let arrived: (Chunk | undefined)[] = [];
  let wake: () => void = () => undefined;
  const fail = (problem: Error): void => {
    broken ??= problem;
    wake();
  };
  worker.on("message", (answer: FromReader) => {
    if (answer.kind === "problem") {
      fail(fromThreadProblem(answer));
    } else if (answer.stream === streams) {
      const { chunk } = answer;
      // A buffer arrives as the bytes that it is.
      arrived.push(chunk === undefined ? undefined : { ...chunk, bytes: Buffer.from(chunk.bytes.buffer, chunk.bytes.byteOffset, chunk.bytes.byteLength) });
      wake();
    }
  });
  worker.on("error", (problem) => { fail(problem instanceof Error ? problem : new Error(String(problem))); });
  worker.on("exit", () => { fail(new Error("the thread that read the database ended")); });
  post({ kind: "open", path });
  return {
    async *stream(table, from, to) {
      const stream = ++streams;
      arrived = [];
      post({ kind: "begin", stream, table, from, to });
      for (let i = 0; i < ahead; i++) post({ kind: "pull", stream });
      try {
        for (;;) {
          while (arrived.length === 0) {
            if (broken !== undefined) throw broken;
            await new Promise<void>((resolve) => { wake = resolve; });
          }
          const chunk = arrived.shift();
          if (chunk === undefined) return;
          post({ kind: "pull", stream });
          yield chunk;
        }
      } finally {
        post({ kind: "end", stream });
      }
    },
    close: () => {
      broken ??= new Error("the copy was ended");
      void worker.terminate();
    },
  };
}
