import { CutoverError } from "../cutover-error.ts";
import type { Plan } from "./plan.ts";
import { sourceObjects, type SourceKind } from "./source-objects.ts";

/** Objects of one kind: how many the source has and what became of them. `found = translated + leftOut`. */
export interface Account {
  readonly found: number;
  readonly translated: number;
  /** Of the translated ones, those that the report has a remark on. */
  readonly changed: number;
  readonly leftOut: number;
}

/** Accounts for every object of the source, by kind, and in all. */
export interface Accounts {
  readonly total: Account;
  readonly kinds: ReadonlyMap<SourceKind, Account>;
}

/**
 * Counts what became of every object of the source.
 * @throws CutoverError internal, naming them, when an object is neither translated nor reported, or both, or made up.
 */
export function accountFor(plan: Plan): Accounts {
  const translated = new Set(plan.objects.flatMap((object) => object.sources));
  const leftOut = new Set(plan.reported.filter((object) => object.outcome === "left-out").map((object) => object.source));
  const changed = new Set(plan.reported.filter((object) => object.outcome === "changed").map((object) => object.source));
  const objects = sourceObjects(plan.catalog);
  const known = new Set(objects.map((object) => object.key));
  const wrong = [
    ...objects.filter(({ key }) => translated.has(key) === leftOut.has(key)).map(({ key }) => `${key} is ${translated.has(key) ? "translated and left out" : "neither translated nor reported"}`),
    ...[...translated, ...leftOut, ...changed].filter((key) => !known.has(key)).map((key) => `${key} is not in the source`),
  ];
  if (wrong.length > 0) {
    throw new CutoverError({
      tag: "internal",
      what: "The plan does not account for every object of the source",
      where: plan.catalog.origin.name,
      why: wrong.join("; "),
      next: "Please report this with the schema, which holds no data.",
    });
  }
  const kinds = new Map<SourceKind, Account>();
  const none: Account = { found: 0, translated: 0, changed: 0, leftOut: 0 };
  let total = none;
  const plus = (account: Account, key: string): Account => ({
    found: account.found + 1,
    translated: account.translated + (translated.has(key) ? 1 : 0),
    changed: account.changed + (translated.has(key) && changed.has(key) ? 1 : 0),
    leftOut: account.leftOut + (leftOut.has(key) ? 1 : 0),
  });
  for (const { kind, key } of objects) {
    kinds.set(kind, plus(kinds.get(kind) ?? none, key));
    total = plus(total, key);
  }
  return { total, kinds };
}
