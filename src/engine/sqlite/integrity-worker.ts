// A thread that looks for damage in a database while others work.
import { parentPort } from "node:worker_threads";
import type { CutoverError } from "#core/cutover-error.ts";
import { findDamage, type Damage, type DamageCheck } from "./find-damage.ts";
import { openSource, sourceProblem } from "./open-source.ts";

/** What the thread is asked, once. */
export interface IntegrityQuestion {
  readonly path: string;
  /** What a problem is said of: the database that the file is, or is a backup of. */
  readonly name: string;
  readonly tables: readonly string[];
  readonly how: DamageCheck;
}

/** What it answers. */
export type IntegrityAnswer = { readonly damage: Damage } | { readonly problem: ReturnType<CutoverError["toJSON"]> };

parentPort?.once("message", (question: IntegrityQuestion) => {
  void answerTo(question).then((answer) => parentPort?.postMessage(answer));
});

async function answerTo({ path, name, tables, how }: IntegrityQuestion): Promise<IntegrityAnswer> {
  try {
    const source = await openSource(path);
    try {
      // Every row of an index is looked for in its table: a sixth less work with room for the upper pages of both.
      source.db.pragma("cache_size = -48000");
      return { damage: findDamage(source, tables, how) };
    } finally {
      source.close();
    }
  } catch (cause) {
    return { problem: sourceProblem(name, cause).toJSON() };
  }
}
