/** Patterns of operations: which there are, and what is known about them. */
import { withConnection } from "./db.ts";

const SORTABLE = { confidence: "confidence_score", count: "occurrence_count", name: "pattern_signature" } as const;

export interface Pattern {
  id: number;
  signature: string;
  operations: string[];
  automatable: boolean;
}

interface PatternRow {
  id: number;
  pattern_signature: string;
  typical_operations: string | null;
  is_automatable: number;
}

/** Patterns whose signature contains the text, whatever its case. */
export async function findPatterns(text: string, sortBy: keyof typeof SORTABLE = "confidence"): Promise<Pattern[]> {
  const rows = await withConnection((db) =>
    db.all<PatternRow>(
      `SELECT id, pattern_signature, typical_operations, is_automatable
       FROM operation_patterns
       WHERE pattern_signature LIKE ?
       ORDER BY ${SORTABLE[sortBy]} DESC, id`,
      `%${text}%`,
    ),
  );
  return rows.map((row) => ({
    id: row.id,
    signature: row.pattern_signature,
    operations: row.typical_operations === null ? [] : (JSON.parse(row.typical_operations) as string[]),
    automatable: row.is_automatable === 1,
  }));
}

export interface NewPattern {
  signature: string;
  type: "test" | "build" | "format" | "git" | "deps" | "docs";
  operations?: readonly string[];
  automatable?: boolean;
}

/** Add a pattern, or bring its operations up to date; returns how often it was seen. */
export async function savePattern(pattern: NewPattern): Promise<number> {
  return withConnection(async (db) => {
    await db.run(
      `INSERT INTO operation_patterns (pattern_signature, pattern_type, typical_operations, is_automatable)
       VALUES (?, ?, ?, ?)
       ON CONFLICT(pattern_signature) DO UPDATE SET
         typical_operations = excluded.typical_operations,
         occurrence_count = operation_patterns.occurrence_count + 1`,
      pattern.signature,
      pattern.type,
      JSON.stringify(pattern.operations ?? []),
      pattern.automatable ? 1 : 0,
    );
    const row = await db.get<{ occurrence_count: number }>(
      "SELECT occurrence_count FROM operation_patterns WHERE pattern_signature = ?",
      pattern.signature,
    );
    return row?.occurrence_count ?? 0;
  });
}

/** Patterns that nobody saw for so many days, with the days that have passed. */
export function forgottenPatterns(days: number): Promise<{ pattern_signature: string; days: number }[]> {
  return withConnection((db) =>
    db.all(
      `SELECT pattern_signature, round(julianday('now') - julianday(last_seen_at)) AS days
       FROM operation_patterns
       WHERE last_seen_at < datetime('now', ?)
       ORDER BY last_seen_at, pattern_signature`,
      `-${days} days`,
    ),
  );
}

/** Delete patterns by id, with their occurrences; returns how many there were. */
export async function deletePatterns(ids: readonly number[]): Promise<number> {
  if (ids.length === 0) return 0;
  const { changes } = await withConnection((db) =>
    db.run(`DELETE FROM operation_patterns WHERE id IN (${ids.map(() => "?").join(", ")})`, ...ids),
  );
  return changes;
}
