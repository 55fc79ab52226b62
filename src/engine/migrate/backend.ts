import type { PostgresSession, PostgresTarget } from "../postgres/session.ts";

/** A process of the server; the moment it began tells it from a later one with the same number. */
export interface Backend {
  readonly pid: string;
  readonly started: string;
}

/** The process that works for a session. */
export async function ownBackend(session: PostgresSession): Promise<Backend> {
  const { rows } = await session.query("SELECT pid, backend_start FROM pg_stat_activity WHERE pid = pg_backend_pid()");
  return { pid: rows[0]?.[0] ?? "", started: rows[0]?.[1] ?? "" };
}

/** What a process does, as another session sees it. */
export interface BackendActivity {
  /** It waits for its client: for the next statement, for more rows, or for an answer to be taken. */
  readonly waitsForClient: boolean;
  /** The processes that hold what it waits for. */
  readonly blockedBy: string;
  /** The same text for as long as nothing has happened. */
  readonly mark: string;
}

/** Looks at a process from a session of its own; undefined when there is no such process. @throws CutoverError when the server cannot be reached */
export async function lookAtBackend(target: PostgresTarget, { pid, started }: Backend): Promise<BackendActivity | undefined> {
  const session = await target.connect();
  try {
    const { rows } = await session.query(
      `SELECT a.state LIKE 'idle%' OR coalesce(a.wait_event_type, '') = 'Client', array_to_string(pg_blocking_pids(a.pid), ', '),
         concat_ws(' ', a.state, a.state_change, a.query_start, a.xact_start, (SELECT p.bytes_processed FROM pg_stat_progress_copy p WHERE p.pid = a.pid))
       FROM pg_stat_activity a WHERE a.pid = $1::int AND a.backend_start = $2::timestamptz`,
      [pid, started],
    );
    const [row] = rows;
    return row === undefined ? undefined : { waitsForClient: row[0] === "t", blockedBy: row[1] ?? "", mark: row[2] ?? "" };
  } finally {
    await session.close();
  }
}
