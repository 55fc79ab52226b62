import { parseScript } from "#core/sql/parse.ts";

/** One statement's rows; `types` are PostgreSQL's type OIDs, unknown of SQLite. */
export interface Result {
  readonly ordered: boolean;
  readonly types: readonly number[] | undefined;
  readonly rows: readonly (readonly unknown[])[];
}

/** What an engine made of a text and of what follows it. */
export type Outcome = { readonly refused: string } | { readonly results: readonly Result[] };

type Cell = string | number | null;

const boolean = 16;
const bytes = 17;
const numbers = new Set([20, 21, 23, 26, 700, 701, 1700]);
const json = new Set([114, 3802]);

/** An outcome in one rendering for both engines: flags 0 and 1, numbers by value, JSON without its blanks, the present moment as such. */
export function canonical(outcome: Outcome, like: Outcome): readonly (readonly (readonly Cell[])[])[] {
  if ("refused" in outcome) throw new Error(`refused: ${outcome.refused}`);
  return outcome.results.map((result, i) => {
    const types = result.types ?? ("results" in like ? (like.results[i]?.types ?? []) : []);
    const rows = result.rows.map((row) => row.map((value, c) => cell(value, types[c] ?? 0, result.types !== undefined)));
    return result.ordered ? rows : rows.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  });
}

function cell(value: unknown, type: number, postgres: boolean): Cell {
  if (value === null || value === undefined) return null;
  if (typeof value === "bigint" || typeof value === "number") return Number(value);
  if (value instanceof Uint8Array) return `x'${Buffer.from(value).toString("hex")}'`;
  if (typeof value !== "string") throw new Error(`a value of type ${typeof value}`);
  if (json.has(type)) return JSON.stringify(sorted(JSON.parse(value)));
  if (postgres && type === boolean) return value === "t" ? 1 : 0;
  if (postgres && type === bytes) return `x'${value.slice(2)}'`;
  if (postgres && numbers.has(type)) return Number(value);
  if (/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(value) && Math.abs(Date.now() - Date.parse(`${value}Z`)) < 120_000) return "<now>";
  return value;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([k, v]) => [k, sorted(v)]));
}

/** Whether a text's rows have an order of their own. */
export function isOrdered(sql: string): boolean {
  const [first] = parseScript(sql).statements;
  return first?.kind === "SelectStatement" && first.orderBy !== undefined;
}

export function isRead(sql: string): boolean {
  return parseScript(sql).statements[0]?.kind === "SelectStatement";
}

/** Whether a text changes rows, so that the tables' contents say what it did. */
export function isWrite(sql: string): boolean {
  return parseScript(sql).statements.some(({ kind }) => kind === "InsertStatement" || kind === "UpdateStatement" || kind === "DeleteStatement");
}
