import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const folder = join(import.meta.dirname, "../../../../../shared/corpus");

/** The two corpora: statements of real applications, and of SQLite's own test suite. */
export const corpusNames = ["app-statements", "sqlite-suite-statements"] as const;
export type CorpusName = (typeof corpusNames)[number];

/** Why the corpus tests cannot run here, or false. */
export const corpusMissing: string | false = existsSync(folder) ? false : "the corpus is not here: ../shared/corpus, beside the repository";

/** The statements of a corpus. */
export function readCorpus(name: CorpusName): string[] {
  const lines = readFileSync(join(folder, `${name}.jsonl`), "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line) => (JSON.parse(line) as { readonly sql: string }).sql);
}
