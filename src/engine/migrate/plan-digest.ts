import { createHash } from "node:crypto";
import type { Plan } from "#core/schema/plan.ts";

/** A short word for a plan: the same for the same statements. */
export function planDigest(plan: Plan): string {
  return createHash("sha256").update(JSON.stringify([plan.schema, plan.objects.map((object) => object.sql)])).digest("hex").slice(0, 32);
}
