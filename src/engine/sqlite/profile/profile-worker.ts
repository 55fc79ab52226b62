// A thread of the profile: counts what the chunks hold that it is given.
import { parentPort } from "node:worker_threads";
import { toThreadProblem } from "../../thread-problem.ts";
import { openSource } from "../open-source.ts";
import { tableScanner, type Chunk, type ScannedChunk } from "./scan-table.ts";
import type { FromProfileWorker, ToProfileWorker } from "./scan-threads.ts";

let scan: ((table: number, chunk: Chunk) => ScannedChunk) | undefined;
let before = Promise.resolve();

async function open({ path, tables, encoding }: Extract<ToProfileWorker, { readonly kind: "open" }>): Promise<void> {
  const { db } = await openSource(path);
  // A scanner knows what its table is like; only the table that is under way needs one.
  let current: { readonly table: number; readonly scan: (chunk: Chunk) => ScannedChunk } | undefined;
  scan = (table, chunk) => {
    const wanted = tables[table];
    if (wanted === undefined) throw new Error(`there is no table ${table}`);
    current = current?.table === table ? current : { table, scan: tableScanner(db, wanted, encoding) };
    return current.scan(chunk);
  };
}

const answer = (message: FromProfileWorker): void => parentPort?.postMessage(message);

parentPort?.on("message", (message: ToProfileWorker) => {
  before = before.then(async () => {
    try {
      if (message.kind === "open") await open(message);
      else if (scan !== undefined) answer({ kind: "chunk", chunk: scan(message.table, message.chunk) });
    } catch (problem) {
      answer({ kind: "problem", ...toThreadProblem(problem) });
    }
  });
});
