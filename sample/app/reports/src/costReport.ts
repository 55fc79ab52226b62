/** What workflows cost, and what was saved. */
import { withConnection } from "./db.ts";
import type { Value } from "./db.ts";

export interface ModelCost {
  model: string;
  workflows: number;
  cost: number;
}

/** Cost of every model; archived workflows count only when asked for. */
export function costByModel(options: { includeArchived?: boolean; since?: string } = {}): Promise<ModelCost[]> {
  const conditions: string[] = [];
  const params: Value[] = [];
  if (!options.includeArchived) conditions.push("is_archived = 0");
  if (options.since !== undefined) {
    conditions.push("created_at >= ?");
    params.push(options.since);
  }
  const where = conditions.length > 0 ? `WHERE ${conditions.join(" AND ")}` : "";
  return withConnection((db) =>
    db.all<ModelCost>(
      `SELECT ifnull(model_used, 'unknown') AS model, COUNT(*) AS workflows, round(SUM(actual_cost_total), 2) AS cost
       FROM workflow_history ${where}
       GROUP BY ifnull(model_used, 'unknown')
       ORDER BY cost DESC, model`,
      ...params,
    ),
  );
}

export interface WorkflowCost {
  adw_id: string;
  actual_cost_total: number;
  tool_calls: number;
}

/** Cost and number of tool calls of the given workflows. */
export async function costOfWorkflows(ids: readonly string[]): Promise<WorkflowCost[]> {
  if (ids.length === 0) return [];
  const placeholders = ids.map(() => "?").join(", ");
  return withConnection((db) =>
    db.all<WorkflowCost>(
      `SELECT w.adw_id, w.actual_cost_total, COUNT(c.id) AS tool_calls
       FROM workflow_history w LEFT JOIN tool_calls c ON c.workflow_id = w.adw_id
       WHERE w.adw_id IN (${placeholders})
       GROUP BY w.id
       ORDER BY w.adw_id`,
      ...ids,
    ),
  );
}

/** Dollars saved in the last seven days, estimates apart. */
export async function savedThisWeek(): Promise<{ measured: number; estimated: number }> {
  return withConnection(async (db) => {
    const row = await db.get<{ measured: number; estimated: number }>(
      `SELECT ifnull(SUM(CASE WHEN is_estimated = 0 THEN cost_saved_usd END), 0.0) AS measured,
              ifnull(SUM(CASE WHEN is_estimated = 1 THEN cost_saved_usd END), 0.0) AS estimated
       FROM cost_savings_log
       WHERE created_at >= datetime('now', '-7 days')`,
    );
    return { measured: row?.measured ?? 0, estimated: row?.estimated ?? 0 };
  });
}

/** Dollars saved in each month of a year. */
export function savedByMonth(year: string): Promise<{ month: string; saved: number }[]> {
  return withConnection((db) =>
    db.all(
      "SELECT strftime('%Y-%m', created_at) AS month, round(SUM(cost_saved_usd), 2) AS saved " +
        "FROM cost_savings_log WHERE strftime('%Y', created_at) = ? " +
        "GROUP BY strftime('%Y-%m', created_at) ORDER BY month",
      year,
    ),
  );
}
