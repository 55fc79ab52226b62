import type { ChunkSource } from "./chunk-source.ts";
import type { CopiedTable } from "./copied-table.ts";
import type { Chunk } from "./table-reader.ts";

/** A part's rows, which go into several transactions, in one stream as long as nothing has to be sent again. */
export interface PartRows {
  /** Says where the next transaction begins: where the last one ended, or at another row. */
  begin(from: bigint | undefined): Promise<void>;
  /** The next chunk, undefined behind the last one. */
  next(): Promise<Chunk | undefined>;
  end(): Promise<void>;
}

/** @param to the last rowid of the part, undefined for no bound. */
export function partRows(source: ChunkSource, table: CopiedTable, to: bigint | undefined): PartRows {
  let chunks: AsyncGenerator<Chunk> | undefined;
  let position: bigint | undefined;
  const end = async (): Promise<void> => {
    const old = chunks;
    chunks = undefined;
    await old?.return(undefined);
  };
  return {
    begin: async (from) => {
      // Rows without a key can only be read from the first on.
      if (chunks !== undefined && position !== undefined && position === from) return;
      await end();
      chunks = source.stream(table, from, to);
    },
    next: async () => {
      const chunk = await chunks?.next();
      if (chunk === undefined || chunk.done === true) return undefined;
      position = chunk.value.lastKey === undefined ? undefined : chunk.value.lastKey + 1n;
      return chunk.value;
    },
    end,
  };
}
