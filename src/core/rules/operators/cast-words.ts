import type { CastExpression } from "#core/sql/nodes.ts";
import { nameOf } from "../scope.ts";

/** The type of a CAST as it is written, in capitals and with one blank between words; undefined when parts of it are not known. */
export function castWords({ type }: CastExpression): string | undefined {
  if (type === undefined) return undefined;
  const words = type.words.map(nameOf);
  if (words.includes(undefined)) return undefined;
  // A width is part of what PostgreSQL reads.
  return words.join(" ").toUpperCase() + (type.argumentsSpan === undefined ? "" : "(…)");
}
