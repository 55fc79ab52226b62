import { postgresString } from "#core/sql/postgres-literal.ts";

/** A step of a JSON path: a member of an object, or an element of an array counted from the front or (negative) from the end. */
export type JsonStep = { readonly key: string } | { readonly index: number };

/** The steps of SQLite's path (https://www.sqlite.org/json1.html#path_arguments); undefined for one with something else, such as `[#]`. */
export function jsonSteps(path: string): readonly JsonStep[] | undefined {
  if (!path.startsWith("$")) return undefined;
  const steps: JsonStep[] = [];
  const pattern = /\.(?:"([^"\\]*)"|([^.["\\]+))|\[(\d{1,6})\]|\[#-(\d{1,6})\]/y;
  let at = 1;
  while (at < path.length) {
    pattern.lastIndex = at;
    const match = pattern.exec(path);
    if (match === null) return undefined;
    const [whole, quoted, plain, index, fromEnd] = match;
    const key = quoted ?? plain;
    if (key !== undefined) steps.push({ key });
    else if (index !== undefined) steps.push({ index: Number(index) });
    else if (fromEnd === undefined || fromEnd === "0") return undefined;
    else steps.push({ index: -Number(fromEnd) });
    at += whole.length;
  }
  return steps;
}

/**
 * The steps as operators, `-> 'a' ->> 0`, the last one as given. Of a scalar, PostgreSQL's `-> 0` gives the scalar itself where SQLite
 * has nothing: `exact` is false when an index may meet one and no member is asked for behind it.
 */
export function asOperators(steps: readonly JsonStep[], last: "->" | "->>"): { readonly sql: string; readonly exact: boolean } {
  const sql = steps.map((step, i) => `${i === steps.length - 1 ? last : "->"} ${"key" in step ? postgresString(step.key) : step.index}`).join(" ");
  const lastKey = steps.findLastIndex((step) => "key" in step);
  // The column itself holds objects and arrays only.
  const exact = steps.slice(lastKey + 1).length === 0 || (lastKey < 0 && steps.length === 1);
  return { sql, exact };
}

/** The steps as a path of PostgreSQL's own, `'strict $."a"[0]'`. */
export function asJsonPath(steps: readonly JsonStep[]): string {
  const path = steps.map((step) => ("key" in step ? `.${JSON.stringify(step.key)}` : step.index >= 0 ? `[${step.index}]` : step.index === -1 ? "[last]" : `[last - ${-step.index - 1}]`)).join("");
  return postgresString(`strict $${path}`);
}

/** The steps as a text array, `'{a,0}'`. */
export function asTextArray(steps: readonly JsonStep[]): string {
  return postgresString(`{${steps.map((step) => ("key" in step ? `"${step.key.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"` : String(step.index))).join(",")}}`);
}
