import type { Engine } from "./engine-name.ts";
import { engineNamed } from "./engine-name.ts";
import type { Site } from "./site.ts";

const words = "sqlite|postgresql|postgres|pgsql|pg|mysql|mariadb|mssql|sqlserver|oracle|h2|clickhouse|duckdb";
/** `sqlite=`, `"postgresql":`, `'pgsql' =>`, and a map's `"PostgreSQL", …`. */
const named = new RegExp(`(?:^|[^\\w$])["']?(${words})["']?\\s*(?:=>|[=:])\\s*[(@$frb]*\\s*$|["'](${words})["']\\s*,\\s*$`, "i");

/**
 * The engine that a site's text was written for, where the code says so by the name that the text is given:
 * `by_engine(sqlite=…, postgresql=…)`, `{ sqlite: …, postgresql: … }`. Such texts are nobody's to translate.
 */
export function engineOf(site: Site, source: string): Engine | undefined {
  const match = named.exec(source.slice(Math.max(0, site.span.start - 80), site.span.start));
  const name = match?.[1] ?? match?.[2];
  return name === undefined ? undefined : engineNamed(name.toLowerCase());
}
