import type { Site } from "./site.ts";

const named = /(?:^|[^\w$])["']?(sqlite|postgresql|postgres)["']?\s*[=:]\s*\(?\s*$/i;

/**
 * The engine that a site's text was written for, where the code says so by the name that the text is given:
 * `by_engine(sqlite=…, postgresql=…)`, `{ sqlite: …, postgresql: … }`. Such texts are nobody's to translate.
 */
export function engineOf(site: Site, source: string): "sqlite" | "postgresql" | undefined {
  const name = named.exec(source.slice(Math.max(0, site.span.start - 80), site.span.start))?.[1]?.toLowerCase();
  if (name === undefined) return undefined;
  return name === "sqlite" ? "sqlite" : "postgresql";
}
