/** The state of the queue, and its settings. */
import { withConnection } from "./db.ts";

export interface QueueLine {
  status: string;
  phases: number;
  paused: number;
}

export function queueByStatus(): Promise<QueueLine[]> {
  return withConnection((db) =>
    db.all<QueueLine>(
      `SELECT status, COUNT(*) AS phases, SUM(is_paused) AS paused
       FROM phase_queue GROUP BY status ORDER BY status`,
    ),
  );
}

/** Phases in the order in which they became ready; those that did not come first. */
export async function readyOrder(limit = 50): Promise<number[]> {
  const rows = await withConnection((db) =>
    db.all<{ queue_id: number }>(
      "SELECT queue_id FROM phase_queue WHERE is_paused = 0 ORDER BY ready_timestamp, queue_id LIMIT ?",
      limit,
    ),
  );
  return rows.map((row) => row.queue_id);
}

export interface Setting {
  config_key: string;
  config_value: string;
  is_active: number;
}

/** Write a whole setting, over an older one of the same name. */
export async function saveSetting(key: string, value: string, active = true): Promise<void> {
  await withConnection((db) =>
    db.run(
      `INSERT OR REPLACE INTO queue_config (config_key, config_value, value_type, is_active, updated_at)
       VALUES (?, ?, 'string', ?, datetime('now'))`,
      key,
      value,
      active ? 1 : 0,
    ),
  );
}

/** Add settings that are missing, all of them or none; returns how many there were. */
export async function addMissingSettings(settings: Readonly<Record<string, string>>): Promise<number> {
  return withConnection(async (db) => {
    let added = 0;
    for (const [key, value] of Object.entries(settings)) {
      if (value === "") throw new RangeError(`${key} has no value`);
      const { changes } = await db.run(
        "INSERT OR IGNORE INTO queue_config (config_key, config_value) VALUES (?, ?)",
        key,
        value,
      );
      added += changes;
    }
    return added;
  });
}

export async function activeSettings(): Promise<Record<string, string>> {
  const rows = await withConnection((db) =>
    db.all<Setting>("SELECT * FROM queue_config WHERE is_active = 1 ORDER BY config_key"),
  );
  return Object.fromEntries(rows.map((row) => [row.config_key, row.config_value]));
}
