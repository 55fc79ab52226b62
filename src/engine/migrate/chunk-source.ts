import type { CopiedTable } from "./copied-table.ts";
import type { Chunk } from "./table-reader.ts";

/** Where a job of the copy gets its rows from: one stream at a time. */
export interface ChunkSource {
  /** Chunks of a table with `from <= rowid <= to`, as `TableReader` gives them. Whoever stops early must let the generator end. */
  stream(table: CopiedTable, from: bigint | undefined, to: bigint | undefined): AsyncGenerator<Chunk>;
  close(): void;
}
