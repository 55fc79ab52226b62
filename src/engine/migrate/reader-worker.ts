// A thread of the copy: reads a table's rows as lines, chunk by chunk as it is asked.
import { parentPort } from "node:worker_threads";
import { openSource, type Source } from "../sqlite/open-source.ts";
import { toThreadProblem } from "../thread-problem.ts";
import type { FromReader, ToReader } from "./read-in-thread.ts";
import { tableReader, type Chunk, type TableReader } from "./table-reader.ts";

let source: Source | undefined;
const readers = new Map<string, TableReader>();
let current: { readonly stream: number; readonly chunks: Generator<Chunk> } | undefined;
let before = Promise.resolve();

async function take(message: ToReader): Promise<void> {
  if (message.kind === "open") {
    source = await openSource(message.path);
    return;
  }
  if (source === undefined) return;
  if (message.kind === "begin") {
    current?.chunks.return(undefined);
    const { stream, table, from, to } = message;
    let reader = readers.get(table.name);
    if (reader === undefined) readers.set(table.name, (reader = tableReader(source.db, table)));
    current = { stream, chunks: reader.chunks(from, to) };
  } else if (message.kind === "end") {
    if (current?.stream !== message.stream) return;
    current.chunks.return(undefined);
    current = undefined;
  } else if (current?.stream === message.stream) {
    const next = current.chunks.next();
    answer({ kind: "chunk", stream: message.stream, chunk: next.done === true ? undefined : next.value });
  }
}

function answer(message: FromReader): void {
  parentPort?.postMessage(message);
}

parentPort?.on("message", (message: ToReader) => {
  before = before.then(async () => {
    try {
      await take(message);
    } catch (problem) {
      answer({ kind: "problem", ...toThreadProblem(problem) });
    }
  });
});
