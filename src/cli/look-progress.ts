import { grouped } from "#core/report/text-table.ts";
import type { ProfileProgress } from "#engine/sqlite/profile/profile.ts";
import type { Io } from "./command.ts";

/** Milliseconds between two lines that a person could read. */
const pause = 100;

/** Tells on a terminal how far the data has been looked at, in one line that goes away at the end; elsewhere nothing. */
export function lookProgress(io: Io): { readonly onProgress: (progress: ProfileProgress) => void; readonly end: () => void } {
  let last = performance.now();
  let shown = false;
  return {
    onProgress({ table, rows, tablesDone, tables }) {
      if (!io.terminal || performance.now() - last < pause) return;
      last = performance.now();
      shown = true;
      io.err(`\r\u001b[Klooking at the data: ${tablesDone} of ${tables} tables done, ${table}: ${grouped(rows)} rows`);
    },
    end() {
      if (shown) io.err("\r\u001b[K");
    },
  };
}
