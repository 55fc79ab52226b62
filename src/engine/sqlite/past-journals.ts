import type { Database, Statement } from "better-sqlite3";

/** How long is waited before a read is begun again, in milliseconds. */
const pause = 3;

/**
 * Has a read-only connection begin a read again, for as long as it waits for locks, when it has met the journal of a transaction that has just begun and takes it for one
 * that a crash left: where journals stay (PERSIST, TRUNCATE) the two look alike for a moment, and a connection that may write would have waited.
 * A journal that a crash did leave is told after that time.
 * @param patience milliseconds
 * @see https://www.sqlite.org/rescode.html#readonly_rollback
 */
export function readPastJournals(db: Database, patience: number): void {
  const again = <T>(read: () => T): T => {
    const until = performance.now() + patience;
    for (;;) {
      try {
        return read();
      } catch (cause) {
        if (!isMetJournal(cause) || performance.now() >= until) throw cause;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pause);
      }
    }
  };
  const prepare = db.prepare.bind(db);
  const pragma = db.pragma.bind(db);
  Object.defineProperties(db, {
    prepare: { value: (sql: string) => patient(again(() => prepare(sql)), again) },
    pragma: { value: (...given: Parameters<Database["pragma"]>) => again(() => pragma(...given)) },
  });
}

function patient(statement: Statement, again: <T>(read: () => T) => T): Statement {
  if (!statement.reader) return statement;
  const get = statement.get.bind(statement);
  const all = statement.all.bind(statement);
  const iterate = statement.iterate.bind(statement);
  return Object.defineProperties(statement, {
    get: { value: (...parameters: unknown[]) => again(() => get(...parameters)) },
    all: { value: (...parameters: unknown[]) => again(() => all(...parameters)) },
    iterate: {
      value: function* (...parameters: unknown[]) {
        // A read begins with its first row.
        const { rows, first } = again(() => {
          const rows = iterate(...parameters);
          return { rows, first: rows.next() };
        });
        if (first.done === true) return;
        try {
          yield first.value;
          yield* rows;
        } finally {
          rows.return?.();
        }
      },
    },
  });
}

function isMetJournal(cause: unknown): boolean {
  return cause instanceof Error && "code" in cause && cause.code === "SQLITE_READONLY_ROLLBACK";
}
