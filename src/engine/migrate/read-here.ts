import { setImmediate as nextTurn } from "node:timers/promises";
import { openSource } from "../sqlite/open-source.ts";
import type { ChunkSource } from "./chunk-source.ts";
import { tableReader, type TableReader } from "./table-reader.ts";

/** Reads a file on the thread of the caller. @throws CutoverError */
export async function readHere(path: string): Promise<ChunkSource> {
  const source = await openSource(path);
  const readers = new Map<string, TableReader>();
  return {
    async *stream(table, from, to) {
      let reader = readers.get(table.name);
      if (reader === undefined) readers.set(table.name, (reader = tableReader(source.db, table)));
      for (const chunk of reader.chunks(from, to)) {
        yield chunk;
        // Others are to get their turn between two chunks.
        await nextTurn();
      }
    },
    close: () => {
      source.close();
    },
  };
}
