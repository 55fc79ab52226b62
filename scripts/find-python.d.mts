/** A Python 3 of this machine, and the PostgreSQL drivers that it can import. */
export interface Python {
  readonly path: string;
  readonly version: string;
  readonly drivers: readonly string[];
}

/** Every Python 3 of this machine that starts, in the order of preference. */
export function listPythons(): Python[];

/** The Python to run database tests with; `undefined` when none can import psycopg2 or psycopg. */
export function findPython():
  | { readonly path: string; readonly version: string; readonly driver: "psycopg2" | "psycopg" }
  | undefined;

/** What to tell a person whose machine has none. */
export const pythonHint: string;
